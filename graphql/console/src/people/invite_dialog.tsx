import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../api/use_command";
import { CommandForm, errorsAt } from "../components/command_form";
import { Dialog } from "../components/dialog";
import { TextInput } from "../components/fields";
import { Day } from "../components/moment";
import { useTell } from "../shell/outcomes";
import { InviteMutation } from "./documents";

export function InviteDialog({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(InviteMutation);
  const [email, setEmail] = useState("");
  const invite = async () => {
    const done = await command.run({ input: { email } });
    if (!done?.invitation) return;
    const { email: invited, expiresAt } = done.invitation;
    tell({
      text: (
        <Trans>
          <bdi>{invited}</bdi> was invited, until <Day at={expiresAt} />.
        </Trans>
      ),
    });
    onClose();
  };
  return (
    <Dialog title={t`Invite somebody`} onClose={onClose}>
      <CommandForm act={t`Send the invitation`} onSubmit={invite} onCancel={onClose} command={command} fields={["email"]}>
        <TextInput
          label={t`E-mail address`}
          hint={<Trans>Only an account that has proven this address can accept.</Trans>}
          type="email"
          value={email}
          onChange={(text) => {
            setEmail(text);
            command.clear();
          }}
          errors={errorsAt(command.refusals, "email")}
          autoFocus
          isRequired
          autoComplete="off"
        />
      </CommandForm>
    </Dialog>
  );
}
