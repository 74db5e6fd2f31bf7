import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { CommandForm, errorsAt } from "../../components/command_form";
import { Dialog } from "../../components/dialog";
import { TextInput } from "../../components/fields";
import type { Dispute, Side } from "./dispute_card";
import { ExamineMutation } from "./documents";

interface Properties {
  dispute: Dispute;
  onClose: () => void;
  onSeen: (sides: readonly Side[]) => void;
}

/** Both organisations are told that somebody looks, and why; both are looked up in the DNS again. */
export function ExamineDialog({ dispute, onClose, onSeen }: Properties) {
  const { t } = useLingui();
  const command = useCommand(ExamineMutation);
  const [reason, setReason] = useState("");
  const examine = async () => {
    const done = await command.run({ input: { disputeId: dispute.id, reason } });
    if (!done) return;
    onSeen(done.sides);
    onClose();
  };
  return (
    <Dialog title={t`Look at both sides of ${dispute.displayName}`} onClose={onClose}>
      <CommandForm act={t`Look at both sides`} onSubmit={examine} onCancel={onClose} command={command} fields={["reason"]}>
        <p>
          <Trans>For 72 hours. Both organisations are told so and read your reason, and both are looked up in the DNS again.</Trans>
        </p>
        <TextInput label={t`Why`} isLong value={reason} onChange={setReason} errors={errorsAt(command.refusals, "reason")} isRequired autoFocus />
      </CommandForm>
    </Dialog>
  );
}
