import { Trans, useLingui } from "@lingui/react/macro";
import { msg } from "@lingui/core/macro";
import { useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import type { ResultOf } from "../../api/graphql";
import { usePage } from "../../api/use_page";
import { Button } from "../../components/button";
import { CopyAsGraphQL } from "../../components/copy_as_graphql";
import { type Column, DataTable } from "../../components/data_table";
import { Filter, FilterBar } from "../../components/filter_bar";
import { Day } from "../../components/moment";
import { opened } from "../../components/opened";
import { PageFrame } from "../../components/page_frame";
import { PAGE_SIZE, Paging } from "../../components/paging";
import { Empty, Part } from "../../components/states";
import { useObjectAddress } from "../../components/text_link";
import { useKey } from "../../shell/keys";
import { useMay } from "../../shell/viewer";
import { SavedViews } from "../../views/saved_views";
import { GROUP_ROLE_NAMES, KIND_NAMES, VISIBILITY_NAMES } from "../../words/groups";
import { GroupsQuery } from "./documents";
import { groupsRoute } from "./route";

const CreateGroupDialog = opened(() => import("./create_group_dialog"), "CreateGroupDialog");

type Asked = ResultOf<typeof GroupsQuery>;
type GroupRow = Asked["groups"]["edges"][number]["node"];

export default function GroupsPage() {
  const { t } = useLingui();
  const { q, archived, after } = groupsRoute.useSearch();
  const navigate = useNavigate({ from: groupsRoute.fullPath });
  const addressOf = useObjectAddress();
  const [isCreating, setIsCreating] = useState(false);
  const seesAll = useMay("GROUPS_READ_ALL");
  const mayCreate = useMay("GROUPS_MANAGE");
  useKey("n", msg`Make a group`, () => setIsCreating(true), mayCreate);
  const asked = usePage(GroupsQuery, { first: PAGE_SIZE, after: after ?? null, namePrefix: q ?? null, isArchived: archived ?? false });
  const columns = useColumns(asked.data);
  const list = asked.data?.groups;
  const rows = list?.edges.map(({ node }) => node) ?? [];
  const isFiltered = Boolean(q || archived);
  return (
    <PageFrame
      title={seesAll ? t`Groups` : t`My groups`}
      actions={
        <>
          <CopyAsGraphQL asked={asked} />
          <SavedViews page="groups" />
          {mayCreate && (
            <Button kind="main" onPress={() => setIsCreating(true)}>
              <Plus aria-hidden />
              <Trans>Make a group</Trans>
            </Button>
          )}
        </>
      }
    >
      <FilterBar
        search={{ label: t`Beginning of the name`, value: q ?? "", onChange: (text) => void navigate({ search: (now) => ({ ...now, q: text || undefined, after: undefined }) }) }}
        isFiltered={isFiltered}
        onClear={() => void navigate({ search: {} })}
      >
        <Filter
          label={t`State`}
          isSingle
          options={[{ id: "archived", name: t`Archived` }]}
          selected={archived ? ["archived"] : []}
          onChange={([chosen]) => void navigate({ search: (now) => ({ ...now, archived: chosen ? (true as const) : undefined, after: undefined }) })}
        />
      </FilterBar>
      <Part asked={asked} lines={8}>
        {rows.length === 0 ? (
          <NoGroups isFiltered={isFiltered} />
        ) : (
          <DataTable label={t`Groups`} columns={columns} rows={rows} nameOf={({ name }) => name} addressOf={({ id }) => addressOf("groups", id)} />
        )}
        {list && <Paging page={list.pageInfo} after={after} onGo={(next) => void navigate({ search: (now) => ({ ...now, after: next }) })} />}
      </Part>
      {isCreating && <CreateGroupDialog onClose={() => setIsCreating(false)} />}
    </PageFrame>
  );
}

function useColumns(data: Asked | undefined): Column<GroupRow>[] {
  const { t, i18n } = useLingui();
  const roles = new Map(data?.viewer.member?.memberships.edges.map(({ node }) => [node.group?.id, node.role]));
  return [
    { id: "name", title: t`Name`, isRowHeader: true, cell: ({ name }) => <bdi>{name}</bdi> },
    { id: "kind", title: t`Kind`, cell: ({ kind }) => i18n._(KIND_NAMES[kind]) },
    {
      id: "mine",
      title: t`Your role there`,
      cell: ({ id }) => {
        const role = roles.get(id);
        return role && i18n._(GROUP_ROLE_NAMES[role]);
      },
    },
    { id: "visibility", title: t`People see of each other`, isSecondary: true, cell: ({ contactVisibility }) => i18n._(VISIBILITY_NAMES[contactVisibility]) },
    { id: "managed", title: t`Decided on by`, isSecondary: true, cell: ({ managedBy }) => (managedBy === "DIRECTORY" ? t`Your organisation’s directory` : t`People`) },
    { id: "since", title: t`Since`, isSecondary: true, cell: ({ createdAt }) => <Day at={createdAt} /> },
  ];
}

function NoGroups({ isFiltered }: { isFiltered: boolean }) {
  const mayCreate = useMay("GROUPS_MANAGE");
  return (
    <Empty>
      {isFiltered ? (
        <Trans>No group fits these filters.</Trans>
      ) : mayCreate ? (
        <Trans>Groups let people share posts and files with some others only, and let an integration have the data of these alone. Make the first.</Trans>
      ) : (
        <Trans>You are in no group. Ask an administrator of your organisation to put you into one.</Trans>
      )}
    </Empty>
  );
}
