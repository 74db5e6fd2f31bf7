import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import type { ResultOf } from "../../api/graphql";
import { usePart } from "../../api/use_page";
import { type Column, DataTable } from "../../components/data_table";
import { Moment } from "../../components/moment";
import { Paging } from "../../components/paging";
import { Empty, Part } from "../../components/states";
import { useFormats } from "../../language/formats";
import { ActivityQuery } from "./documents";
import { securityRoute } from "./route";

type Row = NonNullable<ResultOf<typeof ActivityQuery>["viewer"]["account"]>["activity"]["edges"][number]["node"] & { id: string };

/** What happened to the account within a year. */
export function Activity() {
  const { t } = useLingui();
  const formats = useFormats();
  const { after } = securityRoute.useSearch();
  const navigate = useNavigate({ from: securityRoute.fullPath });
  const asked = usePart(ActivityQuery, { after: after ?? null });
  const list = asked.data?.viewer.account?.activity;
  const rows: Row[] = list?.edges.map(({ node }, place) => ({ ...node, id: String(place) })) ?? [];
  const columns: Column<Row>[] = [
    { id: "what", title: t`What`, isRowHeader: true, cell: ({ text, organisationName }) => <span data-of-server>{[text, organisationName].filter(Boolean).join(" · ")}</span> },
    { id: "at", title: t`When`, cell: ({ at }) => <Moment at={at} isExact /> },
    { id: "where", title: t`From where`, isSecondary: true, cell: ({ network }) => <bdi>{network}</bdi> },
    { id: "device", title: t`Browser or program`, isSecondary: true, cell: ({ userAgent }) => <bdi>{userAgent}</bdi> },
  ];
  return (
    <Part asked={asked} lines={8}>
      {rows.length === 0 ? (
        <Empty>
          <Trans>Nothing happened to your account within a year. Sign-ins, changes of what opens it, and looks of the provider's staff stand here.</Trans>
        </Empty>
      ) : (
        <DataTable label={t`Activity`} columns={columns} rows={rows} nameOf={({ at, text }) => `${text} ${formats.dateTime(at)}`} />
      )}
      {list && <Paging page={list.pageInfo} after={after} onGo={(next) => void navigate({ search: (now) => ({ ...now, after: next }) })} />}
    </Part>
  );
}
