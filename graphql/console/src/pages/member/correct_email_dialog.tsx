import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { CommandForm, errorsAt } from "../../components/command_form";
import { Dialog } from "../../components/dialog";
import { TextInput } from "../../components/fields";
import { useTell } from "../../shell/outcomes";
import { CorrectEmailMutation } from "./acts/documents";
import type { Member } from "./member_page";

export function CorrectEmailDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(CorrectEmailMutation);
  const [email, setEmail] = useState(member.email ?? "");
  const correct = async () => {
    const done = await command.run({ input: { memberId: member.id, email } });
    if (!done) return;
    tell({ text: <Trans>The e-mail address is corrected. Invitations to the wrong one can’t be accepted any more: invite the person again.</Trans> });
    onClose();
  };
  return (
    <Dialog title={t`Correct the e-mail address`} onClose={onClose}>
      <CommandForm act={t`Correct it`} isReady={email !== member.email} onSubmit={correct} onCancel={onClose} command={command} fields={["email"]}>
        <TextInput
          label={t`E-mail address`}
          hint={<Trans>Possible as long as the person has no account. Invitations to the wrong address are revoked.</Trans>}
          type="email"
          value={email}
          onChange={setEmail}
          errors={errorsAt(command.refusals, "email")}
          autoFocus
          isRequired
          autoComplete="off"
        />
      </CommandForm>
    </Dialog>
  );
}
