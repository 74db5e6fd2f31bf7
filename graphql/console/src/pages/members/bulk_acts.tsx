/** What is done to the selected members at once; each is decided by itself, and who is refused stays selected. */

import { msg } from "@lingui/core/macro";
import { Plural, useLingui } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";
import { type Command, useCommand } from "../../api/use_command";
import { ActFailures } from "../../components/act_failures";
import { Button } from "../../components/button";
import { SelectionBar } from "../../components/data_table";
import { opened } from "../../components/opened";
import { type Bulk, type BulkAct, bulkResult, type Rows } from "../../components/use_bulk";
import { useKey } from "../../shell/keys";
import { useTell } from "../../shell/outcomes";
import { useMay } from "../../shell/viewer";
import { DeactivateMembersMutation, ReactivateMembersMutation, TakeFromGroupMutation } from "./documents";

const GroupDialog = opened(() => import("./group_dialog"), "GroupDialog");
const RemoveDialog = opened(() => import("./remove_dialog"), "RemoveDialog");
const RoleDialog = opened(() => import("./role_dialog"), "RoleDialog");

type RowsCommand<Input> = Pick<Command<Rows, { input: Input }>, "run">;

/** Make an act on many of a mutation that answers with rows. */
export function bulkAct<Input>(command: RowsCommand<Input>, inputOf: (memberIds: string[]) => Input): BulkAct {
  return async (memberIds) => {
    const payload = await command.run({ input: inputOf(memberIds) });
    return payload && bulkResult(payload.rows);
  };
}

export function BulkActs({ bulk }: { bulk: Bulk }) {
  const { t } = useLingui();
  const tell = useTell();
  const [open, setOpen] = useState<"role" | "group" | "remove">();
  const deactivation = useCommand(DeactivateMembersMutation);
  const reactivation = useCommand(ReactivateMembersMutation);
  const taking = useCommand(TakeFromGroupMutation);
  const ids = (memberIds: string[]) => ({ memberIds });
  const deactivate = bulkAct(deactivation, ids);
  const reactivate = bulkAct(reactivation, ids);
  const turn = async (act: BulkAct, back: BulkAct, said: (count: number) => ReactNode) => {
    const result = await bulk.run(act);
    if (result?.done.length) tell({ text: said(result.done.length), undo: () => back(result.done).then(bulk.forget) });
  };
  const close = () => setOpen(undefined);
  const isBusy = deactivation.isRunning || reactivation.isRunning;
  const mayRemove = useMay("MEMBERS_REMOVE");
  const turnOff = () => turn(deactivate, reactivate, (count) => <Plural value={count} one="# person is deactivated." other="# people are deactivated." />);
  useKey("d", msg`Deactivate the selected people`, () => void turnOff(), mayRemove && bulk.selected.size > 0 && !isBusy);
  const acts = [
    {
      name: t`Deactivate`,
      isThere: mayRemove,
      run: turnOff,
    },
    {
      name: t`Reactivate`,
      isThere: mayRemove,
      run: () => turn(reactivate, deactivate, (count) => <Plural value={count} one="# person is active again." other="# people are active again." />),
    },
    { name: t`Give a role…`, isThere: useMay("ROLES_ASSIGN"), run: () => setOpen("role") },
    { name: t`Add to a group…`, isThere: useMay("GROUPS_MANAGE"), run: () => setOpen("group") },
    { name: t`Remove…`, isThere: mayRemove, run: () => setOpen("remove") },
  ];
  return (
    <>
      <SelectionBar count={bulk.selected.size} onClear={() => bulk.select(new Set())}>
        {acts
          .filter(({ isThere }) => isThere)
          .map(({ name, run }) => (
            <Button key={name} onPress={() => void run()} isDisabled={isBusy}>
              {name}
            </Button>
          ))}
      </SelectionBar>
      <ActFailures commands={[deactivation, reactivation, taking]} />
      {open === "role" && <RoleDialog bulk={bulk} onClose={close} />}
      {open === "group" && <GroupDialog bulk={bulk} taking={taking} onClose={close} />}
      {open === "remove" && <RemoveDialog bulk={bulk} onClose={close} />}
    </>
  );
}
