import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { ActFailures } from "../../components/act_failures";
import { Badge } from "../../components/badge";
import { BulkOutcome } from "../../components/bulk_outcome";
import { Button } from "../../components/button";
import { DataTable, SelectionBar } from "../../components/data_table";
import { Tick } from "../../components/fields";
import { opened } from "../../components/opened";
import { Paging } from "../../components/paging";
import { RecordedLooks } from "../../components/recorded_looks";
import { Empty } from "../../components/states";
import { useObjectAddress } from "../../components/text_link";
import { bulkResult, useBulk } from "../../components/use_bulk";
import { useTell } from "../../shell/outcomes";
import { useMay, useViewer } from "../../shell/viewer";
import { AddPeopleMutation, SetGroupRoleMutation, TakePeopleOutMutation } from "./people/documents";
import css from "./groups.module.css";
import type { GroupProperties } from "./group_page";
import { useColumns } from "./people_columns";
import { groupRoute } from "./route";

const AddPeopleDialog = opened(() => import("./add_people_dialog"), "AddPeopleDialog");
const RoleDialog = opened(() => import("./role_dialog"), "RoleDialog");

export function People({ group, myRole, onDone }: GroupProperties) {
  const { t } = useLingui();
  const search = groupRoute.useSearch();
  const navigate = useNavigate({ from: groupRoute.fullPath });
  const addressOf = useObjectAddress();
  const tell = useTell();
  const viewer = useViewer();
  const bulk = useBulk(JSON.stringify(search));
  const taking = useCommand(TakePeopleOutMutation);
  const adding = useCommand(AddPeopleMutation);
  const setting = useCommand(SetGroupRoleMutation);
  const [dialog, setDialog] = useState<"add" | "role">();
  const managesAll = useMay("GROUPS_MANAGE");
  const isOpen = !group.archivedAt && group.managedBy === "PEOPLE";
  const mayAct = isOpen && !search.past && (managesAll || myRole === "GROUP_ADMIN" || myRole === "GROUP_OWNER");
  const rows = group.memberships.edges.map(({ node }, place) => ({ ...node, id: node.member?.id ?? String(place) }));
  const columns = useColumns(search.past ?? false, group.rule !== null);
  const one = bulk.selected.size === 1 ? rows.find(({ id }) => bulk.selected.has(id)) : undefined;
  const isPinned = group.rule !== null;
  const input = (memberIds: string[]) => ({ input: { groupId: group.id, memberIds, isPinned } });
  const takeOut = async () => {
    const result = await bulk.run(async (ids) => {
      const payload = await taking.run(input(ids));
      return payload && bulkResult(payload.rows);
    });
    if (!result?.done.length) return;
    tell({
      text: <Plural value={result.done.length} one="# person is taken out, and told. What was shared stays." other="# people are taken out, and told. What was shared stays." />,
      undo: () => adding.run(input(result.done)).then(() => (bulk.forget(), onDone())),
    });
    onDone();
  };
  return (
    <>
      <div className={css.bar}>
        <Tick isSelected={search.past ?? false} onChange={(isPast) => void navigate({ search: (now) => ({ ...now, past: isPast ? (true as const) : undefined, after: undefined }) })}>
          <Trans>Those who were in it earlier</Trans>
        </Tick>
        {mayAct && (
          <Button onPress={() => setDialog("add")}>
            <Trans>Add people…</Trans>
          </Button>
        )}
      </div>
      {mayAct && (
        <SelectionBar count={bulk.selected.size} onClear={() => bulk.select(new Set())}>
          {one && (
            <Button onPress={() => setDialog("role")}>
              <Trans>Change the role…</Trans>
            </Button>
          )}
          <Button onPress={() => void takeOut()} isPending={taking.isRunning}>
            <Trans>Take out</Trans>
          </Button>
        </SelectionBar>
      )}
      <ActFailures commands={dialog ? [] : [taking, adding, setting]} />
      {bulk.last && <BulkOutcome done={bulk.last.done.length} refused={bulk.last.refused} onRetry={() => void bulk.retry().then(onDone)} />}
      {rows.length === 0 ? (
        <Empty>{search.past ? <Trans>Nobody has left this group.</Trans> : <Trans>Nobody is in this group yet. Whoever is added here is told.</Trans>}</Empty>
      ) : (
        <DataTable
          label={t`People`}
          columns={columns}
          rows={rows}
          nameOf={({ member }) => member?.displayName ?? ""}
          addressOf={({ id }) => addressOf("members", id)}
          reasonOf={bulk.reasonOf}
          {...(mayAct ? { selected: bulk.selected, onSelect: bulk.select } : {})}
        />
      )}
      <Paging page={group.memberships.pageInfo} after={search.after} onGo={(next) => void navigate({ search: (now) => ({ ...now, after: next }) })} />
      <RecordedLooks people={rows.filter(({ member }) => member?.email && member.id !== viewer?.member?.id).length} />
      {isPinned && mayAct && (
        <p>
          <Badge>{t`Rule`}</Badge> <Trans>A rule fills this group. What you change here holds whatever the rule says.</Trans>
        </p>
      )}
      {dialog === "add" && <AddPeopleDialog group={group} adding={adding} taking={taking} onClose={() => setDialog(undefined)} onDone={onDone} />}
      {dialog === "role" && one && (
        <RoleDialog group={group} membership={one} setting={setting} myRole={managesAll ? undefined : myRole} onClose={() => setDialog(undefined)} onDone={onDone} />
      )}
    </>
  );
}
