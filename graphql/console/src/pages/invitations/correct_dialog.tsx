import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { VariablesOf } from "../../api/graphql";
import { type Command, useCommand } from "../../api/use_command";
import { CommandForm, errorsAt } from "../../components/command_form";
import { Dialog } from "../../components/dialog";
import { TextInput } from "../../components/fields";
import { useTell } from "../../shell/outcomes";
import { InviteAgainMutation, type RevokeInvitationMutation } from "./documents";
import type { Invitation } from "./invitations_page";

interface Properties {
  invitation: Invitation;
  revoking: Command<{ invitation: unknown }, VariablesOf<typeof RevokeInvitationMutation>>;
  onClose: () => void;
  onDone: () => void;
}

/** Another address is another invitation: the right one is invited first, then the link to the wrong one leads nowhere. */
export function CorrectDialog({ invitation, revoking, onClose, onDone }: Properties) {
  const { t } = useLingui();
  const tell = useTell();
  const inviting = useCommand(InviteAgainMutation);
  const [email, setEmail] = useState(invitation.email);
  const [isInvited, setIsInvited] = useState(false);
  const correct = async () => {
    const roles = invitation.roles.filter((role) => role !== "MEMBER");
    const input = { email, roles, groupId: invitation.group?.id ?? null };
    if (!isInvited && !(await inviting.run({ input }))) return;
    setIsInvited(true);
    if (!(await revoking.run({ input: { invitationId: invitation.id } }))) return;
    tell({
      text: (
        <Trans>
          <bdi>{email}</bdi> is invited instead; the link to the wrong address leads nowhere.
        </Trans>
      ),
    });
    onDone();
    onClose();
  };
  return (
    <Dialog title={t`Correct the address`} onClose={onClose}>
      <CommandForm
        act={isInvited ? t`Revoke the wrong invitation` : t`Invite the right address`}
        isReady={email !== invitation.email}
        onSubmit={correct}
        onCancel={onClose}
        command={isInvited ? revoking : inviting}
        fields={["email"]}
      >
        <TextInput
          label={t`Right address`}
          hint={<Trans>It is invited with the same roles and group; the invitation of the wrong address is revoked.</Trans>}
          type="email"
          value={email}
          onChange={setEmail}
          errors={errorsAt(inviting.refusals, "email")}
          isReadOnly={isInvited}
          autoFocus
          isRequired
          autoComplete="off"
        />
      </CommandForm>
    </Dialog>
  );
}
