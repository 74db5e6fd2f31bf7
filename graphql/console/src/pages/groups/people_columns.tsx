import { useLingui } from "@lingui/react/macro";
import { Badge } from "../../components/badge";
import type { Column } from "../../components/data_table";
import { Day } from "../../components/moment";
import { GROUP_ROLE_NAMES } from "../../words/groups";
import type { Group } from "./group_page";

type Row = Group["memberships"]["edges"][number]["node"] & { id: string };

export function useColumns(isPast: boolean, hasRule: boolean): Column<Row>[] {
  const { t, i18n } = useLingui();
  return [
    {
      id: "name",
      title: t`Name`,
      isRowHeader: true,
      cell: ({ member }) => (member ? <bdi>{member.displayName ?? t`Without a name`}</bdi> : t`Somebody you may not see`),
    },
    { id: "email", title: t`E-mail address`, cell: ({ member }) => member?.email && <bdi>{member.email}</bdi> },
    { id: "role", title: t`Role`, cell: ({ role }) => i18n._(GROUP_ROLE_NAMES[role]) },
    ...(hasRule ? [{ id: "by", title: t`Came`, isSecondary: true, cell: ({ isByRule }: Row) => (isByRule ? <Badge>{t`by the rule`}</Badge> : t`by hand`) }] : []),
    { id: "since", title: t`Since`, cell: ({ joinedAt }) => <Day at={joinedAt} /> },
    ...(isPast ? [{ id: "until", title: t`Until`, cell: ({ leftAt }: Row) => leftAt && <Day at={leftAt} /> }] : []),
  ];
}
