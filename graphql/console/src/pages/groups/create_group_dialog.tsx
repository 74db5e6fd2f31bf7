import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { CommandForm, errorsAt } from "../../components/command_form";
import { Dialog } from "../../components/dialog";
import { Choice } from "../../components/choice";
import { TextInput } from "../../components/fields";
import { useObjectAddress } from "../../components/text_link";
import { type Kind, KIND_NAMES, KINDS } from "../../words/groups";
import { CreateGroupMutation } from "./documents";

export function CreateGroupDialog({ onClose }: { onClose: () => void }) {
  const { t, i18n } = useLingui();
  const navigate = useNavigate();
  const addressOf = useObjectAddress();
  const command = useCommand(CreateGroupMutation);
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [kind, setKind] = useState<Kind>("TEAM");
  const create = async () => {
    const done = await command.run({ input: { name, description, kind } });
    if (done?.group) void navigate({ to: addressOf("groups", done.group.id) as string });
  };
  return (
    <Dialog title={t`Make a group`} onClose={onClose}>
      <CommandForm act={t`Make the group`} onSubmit={create} onCancel={onClose} command={command} fields={["name", "description", "kind"]}>
        <TextInput label={t`Name`} value={name} onChange={setName} errors={errorsAt(command.refusals, "name")} autoFocus isRequired autoComplete="off" />
        <TextInput
          label={t`What it is for`}
          value={description}
          onChange={setDescription}
          errors={errorsAt(command.refusals, "description")}
          isLong
          autoComplete="off"
        />
        <Choice
          label={t`Kind`}
          hint={<Trans>At first, people in it see each other’s names only.</Trans>}
          options={KINDS.map((id) => ({ id, name: i18n._(KIND_NAMES[id]) }))}
          value={kind}
          onChange={setKind}
          errors={errorsAt(command.refusals, "kind")}
        />
      </CommandForm>
    </Dialog>
  );
}
