import { useLingui } from "@lingui/react/macro";
import { Fragment, useMemo } from "react";
import type { ResultOf } from "../../api/graphql";
import { Badge } from "../../components/badge";
import type { Column } from "../../components/data_table";
import { Day } from "../../components/moment";
import type { MembersQuery } from "./documents";
import { ROLE_NAMES, STATE_NAMES, STATE_TONES } from "../../words/members";

export type MemberRow = ResultOf<typeof MembersQuery>["members"]["edges"][number]["node"];

export function useColumns(): Column<MemberRow>[] {
  const { t, i18n } = useLingui();
  return useMemo(
    () => [
      { id: "name", title: t`Name`, isRowHeader: true, order: "NAME", cell: (member) => <bdi>{member.displayName ?? t`Without a name`}</bdi> },
      { id: "email", title: t`E-mail address`, cell: (member) => member.email && <bdi>{member.email}</bdi> },
      { id: "groups", title: t`Groups`, isSecondary: true, cell: groupsOf },
      {
        id: "roles",
        title: t`Role`,
        cell: (member) =>
          (member.roles ?? [])
            .filter(({ role }) => role !== "MEMBER")
            .map(({ role }) => i18n._(ROLE_NAMES[role]))
            .join(", "),
      },
      {
        id: "state",
        title: t`State`,
        cell: ({ state }) => state && <Badge tone={STATE_TONES[state]}>{i18n._(STATE_NAMES[state])}</Badge>,
      },
      { id: "since", title: t`Since`, isSecondary: true, order: "CREATED", cell: ({ createdAt }) => <Day at={createdAt} /> },
    ],
    [t, i18n],
  );
}

function groupsOf({ groups }: MemberRow) {
  const names = groups.edges.map(({ node }) => node);
  return (
    <>
      {names.map(({ id, name }, place) => (
        <Fragment key={id}>
          {place > 0 && ", "}
          <bdi>{name}</bdi>
        </Fragment>
      ))}
      {groups.pageInfo.hasNextPage && " …"}
    </>
  );
}
