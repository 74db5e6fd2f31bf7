import { Trans, useLingui } from "@lingui/react/macro";
import type { ResultOf } from "../../api/graphql";
import { usePage } from "../../api/use_page";
import { Badge } from "../../components/badge";
import { CopyAsGraphQL } from "../../components/copy_as_graphql";
import { Facts } from "../../components/facts";
import { Day } from "../../components/moment";
import { PageFrame } from "../../components/page_frame";
import { PAGE_SIZE } from "../../components/paging";
import { Section } from "../../components/section";
import { Part } from "../../components/states";
import { Tabs } from "../../components/tabs";
import { UnknownPage } from "../../shell/unknown_page";
import { useMay } from "../../shell/viewer";
import { type GroupRole, KIND_NAMES, VISIBILITY_NAMES } from "../../words/groups";
import { GroupQuery } from "./documents";
import { Files } from "./files";
import { GroupActs } from "./group_acts";
import { People } from "./people";
import { Posts } from "./posts";
import { groupRoute } from "./route";
import { Rule } from "./rule";

export type Group = NonNullable<ResultOf<typeof GroupQuery>["group"]>;

export interface GroupProperties {
  group: Group;
  /** The role of who looks, in this group; undefined for who is not in it. */
  myRole: GroupRole | undefined;
  onDone: () => void;
}

export default function GroupPage() {
  const { t, i18n } = useLingui();
  const { id } = groupRoute.useParams();
  const { past, after, tab } = groupRoute.useSearch();
  const isPeople = tab === undefined || tab === "people";
  const asked = usePage(GroupQuery, { id, first: PAGE_SIZE, after: isPeople ? (after ?? null) : null, isPresent: !past });
  const group = asked.data?.group;
  const mayManage = useMay("GROUPS_MANAGE");
  const hasRules = mayManage && group?.managedBy === "PEOPLE";
  if (asked.data && !group) return <UnknownPage />;
  const mine = asked.data?.viewer.member?.memberships.edges.find(({ node }) => node.group?.id === id)?.node.role;
  const properties = group && { group, myRole: mine, onDone: asked.refresh };
  return (
    <PageFrame
      title={group?.name ?? t`Group`}
      name={group?.name}
      about={group?.description && <bdi>{group.description}</bdi>}
      actions={
        <>
          <CopyAsGraphQL asked={asked} />
          {properties && <GroupActs {...properties} />}
        </>
      }
    >
      <Part asked={asked} lines={10}>
        {group && properties && (
          <>
            <Section title={t`About this group`}>
              <Facts
                facts={[
                  { label: t`Kind`, value: i18n._(KIND_NAMES[group.kind]) },
                  { label: t`People see of each other`, value: i18n._(VISIBILITY_NAMES[group.contactVisibility]) },
                  { label: t`Who decides on name and people`, value: group.managedBy === "DIRECTORY" ? t`Your organisation’s directory` : t`People` },
                  { label: t`Filled by a rule`, value: group.rule && (group.rule.isResting ? t`Yes, but it rests` : t`Yes`) },
                  { label: t`Since`, value: <Day at={group.createdAt} /> },
                  {
                    label: t`State`,
                    value: group.archivedAt && (
                      <Badge tone="warn">
                        <Trans>
                          Archived on <Day at={group.archivedAt} />
                        </Trans>
                      </Badge>
                    ),
                  },
                ]}
              />
            </Section>
            <Tabs
              label={t`In this group`}
              tabs={[
                { id: "people", title: t`People`, content: () => <People {...properties} /> },
                { id: "posts", title: t`Posts`, content: () => <Posts id={id} /> },
                { id: "files", title: t`Files`, content: () => <Files id={id} /> },
                ...(hasRules ? [{ id: "rule" as const, title: t`Rule`, content: () => <Rule {...properties} /> }] : []),
              ]}
            />
          </>
        )}
      </Part>
    </PageFrame>
  );
}
