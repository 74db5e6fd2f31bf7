import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { CommandForm, errorsAt } from "../../components/command_form";
import { Dialog } from "../../components/dialog";
import { Deadline } from "../../components/moment";
import { PersonPicker } from "../../people/people_picker";
import { useTell } from "../../shell/outcomes";
import { OfferOwnershipMutation } from "./documents";

/** Offer the organisation to another member, who has a week. */
export function OfferOwnershipDialog({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(OfferOwnershipMutation);
  const [memberId, setMemberId] = useState<string | null>(null);
  const offer = async () => {
    const done = await command.run({ input: { memberId: memberId ?? "" } });
    if (!done?.transfer) return;
    tell({
      text: (
        <Trans>
          The organisation was offered, until <Deadline at={done.transfer.expiresAt} />.
        </Trans>
      ),
    });
    onClose();
    onDone();
  };
  return (
    <Dialog title={t`Offer the organisation to another member`} onClose={onClose}>
      <CommandForm act={t`Offer it`} isReady={memberId !== null} onSubmit={offer} onCancel={onClose} command={command} fields={["memberId"]}>
        <PersonPicker
          label={t`New owner`}
          hint={t`An active member who has signed in. Type the beginning of the name.`}
          onChange={setMemberId}
          errors={errorsAt(command.refusals, "memberId")}
        />
        <p>
          <Trans>The person has a week to accept. Then you are an administrator, and the organisation is the other’s. Until then you can take the offer back.</Trans>
        </p>
      </CommandForm>
    </Dialog>
  );
}
