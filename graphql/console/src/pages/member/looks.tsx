import { Plural, Trans, useLingui } from "@lingui/react/macro";
import type { ResultOf } from "../../api/graphql";
import { usePart } from "../../api/use_page";
import { Badge } from "../../components/badge";
import { type Column, DataTable } from "../../components/data_table";
import { Day } from "../../components/moment";
import { Person } from "../../components/person";
import { Empty, Part } from "../../components/states";
import { MemberLooksQuery } from "./documents";

type Look = NonNullable<NonNullable<ResultOf<typeof MemberLooksQuery>["member"]>["looks"]>[number];

/** Who looked at this person's data within a year, week by week. */
export function Looks({ id }: { id: string }) {
  const { t } = useLingui();
  const asked = usePart(MemberLooksQuery, { id });
  const rows = (asked.data?.member?.looks ?? []).map((look, place) => ({ ...look, id: String(place) }));
  const columns: Column<Look & { id: string }>[] = [
    {
      id: "actor",
      title: t`Who`,
      isRowHeader: true,
      cell: ({ actor, actorKind }) => (
        <>
          {actorKind === "privacy_team" ? t`The provider’s privacy team` : <Person person={actor} />}{" "}
          {actorKind === "token" && <Badge>{t`by a program`}</Badge>}
        </>
      ),
    },
    { id: "week", title: t`Week of`, cell: ({ beginsAt }) => <Day at={beginsAt} /> },
    { id: "count", title: t`How often`, cell: ({ count }) => <Plural value={count} one="once" other="# times" /> },
  ];
  return (
    <Part asked={asked} lines={6}>
      {rows.length === 0 ? (
        <Empty>
          <Trans>Nobody has looked at this person’s data within a year. Who does will stand here; the person can read the same.</Trans>
        </Empty>
      ) : (
        <DataTable label={t`Who looked`} columns={columns} rows={rows} nameOf={({ actor }) => actor?.displayName ?? ""} />
      )}
    </Part>
  );
}
