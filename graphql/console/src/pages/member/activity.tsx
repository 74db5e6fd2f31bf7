import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import type { ResultOf } from "../../api/graphql";
import { usePart } from "../../api/use_page";
import { type Column, DataTable } from "../../components/data_table";
import { Moment } from "../../components/moment";
import { Paging } from "../../components/paging";
import { Person } from "../../components/person";
import { Empty, Part } from "../../components/states";
import { ACTION_NAMES } from "./actions";
import { MemberActivityQuery } from "./documents";
import { memberRoute } from "./route";

type Entry = ResultOf<typeof MemberActivityQuery>["auditLog"]["edges"][number]["node"];

/** What was done to this membership: the entries of the audit log that name it. */
export function Activity({ id }: { id: string }) {
  const { t, i18n } = useLingui();
  const { after } = memberRoute.useSearch();
  const navigate = useNavigate({ from: memberRoute.fullPath });
  const asked = usePart(MemberActivityQuery, { id, after: after ?? null });
  const list = asked.data?.auditLog;
  const rows = list?.edges.map(({ node }) => node) ?? [];
  const columns: Column<Entry>[] = [
    {
      id: "action",
      title: t`What`,
      isRowHeader: true,
      cell: ({ action }) => {
        const name = ACTION_NAMES[action];
        return name ? i18n._(name) : <code>{action}</code>;
      },
    },
    {
      id: "actor",
      title: t`By`,
      cell: ({ actor, actorKind }) =>
        actorKind === "member" || actorKind === "token" ? <Person person={actor} /> : actorKind === "system" ? t`Wardship, by itself` : <code>{actorKind}</code>,
    },
    { id: "at", title: t`When`, cell: ({ at }) => <Moment at={at} isExact /> },
  ];
  return (
    <Part asked={asked} lines={6}>
      {rows.length === 0 ? (
        <Empty>
          <Trans>Nothing was done to this membership yet. Roles, groups, deactivation and the like will stand here, with who did it and when.</Trans>
        </Empty>
      ) : (
        <DataTable label={t`What was done`} columns={columns} rows={rows} nameOf={({ action }) => action} />
      )}
      {list && <Paging page={list.pageInfo} after={after} onGo={(next) => void navigate({ search: (now) => ({ ...now, after: next }) })} />}
    </Part>
  );
}
