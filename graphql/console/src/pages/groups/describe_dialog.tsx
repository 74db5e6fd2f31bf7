import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { CommandForm, errorsAt } from "../../components/command_form";
import { Dialog } from "../../components/dialog";
import { TextInput } from "../../components/fields";
import { useReversible } from "../../components/harm";
import { DescribeGroupMutation } from "./documents";
import type { Group } from "./group_page";

export function DescribeDialog({ group, onClose }: { group: Group; onClose: () => void }) {
  const { t } = useLingui();
  const act = useReversible();
  const command = useCommand(DescribeGroupMutation);
  const [name, setName] = useState(group.name);
  const [description, setDescription] = useState(group.description);
  const describe = (to: { name: string; description: string }) => command.run({ input: { groupId: group.id, name: to.name, description: to.description } });
  const change = async () => {
    const before = { name: group.name, description: group.description };
    if (await act(() => describe({ name, description }), <Trans>Name and description are changed.</Trans>, () => describe(before))) onClose();
  };
  return (
    <Dialog title={t`Change name and description`} onClose={onClose}>
      <CommandForm
        act={t`Change`}
        isReady={name !== group.name || description !== group.description}
        onSubmit={change}
        onCancel={onClose}
        command={command}
        fields={["name", "description"]}
      >
        <TextInput label={t`Name`} value={name} onChange={setName} errors={errorsAt(command.refusals, "name")} autoFocus isRequired autoComplete="off" />
        <TextInput
          label={t`What it is for`}
          value={description}
          onChange={setDescription}
          errors={errorsAt(command.refusals, "description")}
          isLong
          autoComplete="off"
        />
      </CommandForm>
    </Dialog>
  );
}
