import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { CommandForm, errorsAt } from "../../components/command_form";
import { Dialog } from "../../components/dialog";
import { TextInput } from "../../components/fields";
import { useReversible } from "../../components/harm";
import { ArchiveGroupMutation, RestoreGroupMutation } from "./documents";
import type { Group } from "./group_page";

/** Another open group may have the name by now: it can be given another. */
export function RestoreDialog({ group, onClose, onDone }: { group: Group; onClose: () => void; onDone: () => void }) {
  const { t } = useLingui();
  const act = useReversible();
  const restoring = useCommand(RestoreGroupMutation);
  const archiving = useCommand(ArchiveGroupMutation);
  const [name, setName] = useState(group.name);
  const restore = async () => {
    const run = () => restoring.run({ input: { groupId: group.id, name: name === group.name ? null : name } });
    const back = () => archiving.run({ input: { groupId: group.id } }).then(onDone);
    if (!(await act(run, <Trans>The group is open again; who was in it still is, and what was granted is shared again.</Trans>, back))) return;
    onDone();
    onClose();
  };
  return (
    <Dialog title={t`Open the group again`} onClose={onClose}>
      <CommandForm act={t`Open it again`} onSubmit={restore} onCancel={onClose} command={restoring} fields={["name"]}>
        <TextInput
          label={t`Name`}
          hint={<Trans>Take another where an open group has this one.</Trans>}
          value={name}
          onChange={setName}
          errors={errorsAt(restoring.refusals, "name")}
          isRequired
          autoComplete="off"
        />
      </CommandForm>
    </Dialog>
  );
}
