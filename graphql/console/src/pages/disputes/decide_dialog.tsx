import { useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { CommandForm, errorsAt } from "../../components/command_form";
import { Dialog } from "../../components/dialog";
import { TextInput } from "../../components/fields";
import { Radios } from "../../components/radios";
import { useTell } from "../../shell/outcomes";
import type { Dispute } from "./dispute_card";
import { DecideDisputeMutation } from "./documents";

interface Properties {
  dispute: Dispute;
  onClose: () => void;
  onDone: () => void;
}

type Whose = "HOLDER" | "CLAIMANT";

export function DecideDialog({ dispute, onClose, onDone }: Properties) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(DecideDisputeMutation);
  const [whose, setWhose] = useState<Whose>("HOLDER");
  const [reason, setReason] = useState("");
  const decide = async () => {
    if (!(await command.run({ input: { disputeId: dispute.id, isClaimants: whose === "CLAIMANT", reason } }))) return;
    tell({ text: t`Decided on ${dispute.displayName}: both organisations are told, with your reason.` });
    onClose();
    onDone();
  };
  return (
    <Dialog title={t`Whose is ${dispute.displayName}?`} onClose={onClose}>
      <CommandForm act={t`Decide`} isDangerous onSubmit={decide} onCancel={onClose} command={command} fields={["reason"]}>
        <Radios<Whose>
          label={t`The domain`}
          options={[
            { id: "HOLDER", name: t`stays with who holds it`, meaning: t`The other claim ends.` },
            { id: "CLAIMANT", name: t`passes to who claims it`, meaning: t`It begins anew there, in quarantine, as after a holder that was silent.` },
          ]}
          value={whose}
          onChange={setWhose}
        />
        <TextInput
          label={t`Why`}
          hint={t`Both organisations read it.`}
          isLong
          value={reason}
          onChange={setReason}
          errors={errorsAt(command.refusals, "reason")}
          isRequired
        />
      </CommandForm>
    </Dialog>
  );
}
