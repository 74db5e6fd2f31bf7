import { Trans, useLingui } from "@lingui/react/macro";
import type { ResultOf } from "../../api/graphql";
import { useCommand } from "../../api/use_command";
import { ActFailures } from "../../components/act_failures";
import { Button } from "../../components/button";
import { type Column, DataTable } from "../../components/data_table";
import { useReversible } from "../../components/harm";
import { Paging } from "../../components/paging";
import { Empty } from "../../components/states";
import { ObjectLink } from "../../components/text_link";
import { useMay } from "../../shell/viewer";
import { HandGroupMutation, type ProvisioningQuery, TakeGroupMutation } from "./documents";

type List = NonNullable<ResultOf<typeof ProvisioningQuery>["groups"]>;
type Group = List["edges"][number]["node"];

interface Properties {
  list: List;
  mayManage: boolean;
  refresh: () => void;
  after: string | undefined;
  onGo: (after: string | undefined) => void;
}

/** Who decides on which group: people, or the directory. */
export function GroupsPart({ list, mayManage, refresh, after, onGo }: Properties) {
  const { t } = useLingui();
  const handing = useCommand(HandGroupMutation);
  const taking = useCommand(TakeGroupMutation);
  const act = useReversible();
  const mayGroups = useMay("GROUPS_MANAGE");
  const turn = async ({ id, name, managedBy }: Group) => {
    const input = { input: { groupId: id } };
    const [forth, back] = managedBy === "PEOPLE" ? [handing, taking] : [taking, handing];
    const text = managedBy === "PEOPLE" ? t`The directory decides on ${name} from now on.` : t`People decide on ${name} from now on. End the push in your directory too, or it makes a new group.`;
    await act(
      () => forth.run(input),
      text,
      () => back.run(input).finally(refresh),
    );
    refresh();
  };
  const columns = useColumns(mayManage && mayGroups ? (group) => void turn(group) : undefined);
  const rows = list.edges.map(({ node }) => node);
  return (
    <>
      <ActFailures commands={[handing, taking]} />
      {rows.length === 0 ? (
        <Empty>
          <Trans>There is no group yet. Those that your directory pushes appear here by themselves.</Trans>
        </Empty>
      ) : (
        <DataTable label={t`Groups`} columns={columns} rows={rows} nameOf={({ name }) => name} />
      )}
      <Paging page={list.pageInfo} after={after} onGo={onGo} />
    </>
  );
}

function useColumns(onTurn: ((group: Group) => void) | undefined): Column<Group>[] {
  const { t } = useLingui();
  const columns: Column<Group>[] = [
    {
      id: "name",
      title: t`Group`,
      isRowHeader: true,
      cell: ({ id, name }) => (
        <ObjectLink page="groups" id={id}>
          <bdi>{name}</bdi>
        </ObjectLink>
      ),
    },
    {
      id: "managed",
      title: t`Who decides on name and people`,
      cell: ({ managedBy }) => (managedBy === "DIRECTORY" ? <Trans>The directory</Trans> : <Trans>People here</Trans>),
    },
  ];
  if (onTurn) {
    columns.push({
      id: "acts",
      title: t`Act`,
      cell: (group) => (
        <Button kind="quiet" onPress={() => onTurn(group)}>
          {group.managedBy === "PEOPLE" ? <Trans>Hand to the directory</Trans> : <Trans>Take back</Trans>}
        </Button>
      ),
    });
  }
  return columns;
}
