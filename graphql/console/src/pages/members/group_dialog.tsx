import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { VariablesOf } from "../../api/graphql";
import { type Command, useCommand } from "../../api/use_command";
import { usePart } from "../../api/use_page";
import { CommandForm, errorsAt } from "../../components/command_form";
import { Dialog } from "../../components/dialog";
import { Choice } from "../../components/choice";
import { Part } from "../../components/states";
import type { Bulk, Rows } from "../../components/use_bulk";
import { useTell } from "../../shell/outcomes";
import { bulkAct } from "./bulk_acts";
import { AddToGroupMutation, GroupChoicesQuery, type TakeFromGroupMutation } from "./documents";

interface Properties {
  bulk: Bulk;
  /** Undoes it; the page shows why it could not. */
  taking: Command<Rows, VariablesOf<typeof TakeFromGroupMutation>>;
  onClose: () => void;
}

export function GroupDialog({ bulk, taking, onClose }: Properties) {
  const { t } = useLingui();
  const tell = useTell();
  const asked = usePart(GroupChoicesQuery, {});
  const adding = useCommand(AddToGroupMutation);
  const [groupId, setGroupId] = useState<string | null>(null);
  const groups = asked.data?.groups.edges.map(({ node }) => node) ?? [];
  const add = async () => {
    if (!groupId) return;
    const result = await bulk.run(bulkAct(adding, (memberIds) => ({ groupId, memberIds })));
    if (!result) return;
    const name = groups.find(({ id }) => id === groupId)?.name ?? "";
    const count = result.done.length;
    const text = <Plural value={count} one={`# person is in “${name}” now.`} other={`# people are in “${name}” now.`} />;
    if (count) tell({ text, undo: () => taking.run({ input: { groupId, memberIds: result.done } }).then(bulk.forget) });
    onClose();
  };
  return (
    <Dialog title={t`Add to a group`} onClose={onClose}>
      <Part asked={asked} lines={2}>
        <CommandForm act={t`Add`} isReady={groupId !== null} onSubmit={add} onCancel={onClose} command={adding} fields={["groupId"]}>
          <Choice
            label={t`Group`}
            hint={<Trans>Integrations of the group receive what was granted of those who come in.</Trans>}
            options={groups}
            value={groupId}
            onChange={setGroupId}
            errors={errorsAt(adding.refusals, "groupId")}
          />
        </CommandForm>
      </Part>
    </Dialog>
  );
}
