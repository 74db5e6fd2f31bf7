import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { CommandForm, errorsAt } from "../../components/command_form";
import { Dialog } from "../../components/dialog";
import { TextInput } from "../../components/fields";
import { useTell } from "../../shell/outcomes";
import { OfferMergerMutation } from "./documents";

/** Offer that this organisation becomes part of another. */
export function OfferMergerDialog({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(OfferMergerMutation);
  const [into, setInto] = useState("");
  const offer = async () => {
    if (!(await command.run({ input: { into: into.trim() } }))) return;
    tell({ text: t`The offer waits for the owner of ${into}, for 14 days.` });
    onClose();
    onDone();
  };
  return (
    <Dialog title={t`Become part of another organisation`} onClose={onClose}>
      <CommandForm act={t`Offer it`} isDangerous onSubmit={offer} onCancel={onClose} command={command} fields={["into"]}>
        <ul>
          <li>
            <Trans>The other’s owner sees in numbers what would come over, and has 14 days to accept. Nobody else is told before.</Trans>
          </li>
          <li>
            <Trans>Once it is accepted, everybody in both is told, and it happens 14 days later. Until then either owner can call it off.</Trans>
          </li>
          <li>
            <Trans>On that day all roles here end, and people, groups and requests belong to the other. That can’t be taken back.</Trans>
          </li>
        </ul>
        <TextInput
          label={t`Short name of the other organisation`}
          hint={<Trans>As in the address of its console; whether there is such an organisation is not told.</Trans>}
          value={into}
          onChange={(text) => {
            setInto(text);
            command.clear();
          }}
          errors={errorsAt(command.refusals, "into")}
          isRequired
          autoFocus
          autoComplete="off"
        />
      </CommandForm>
    </Dialog>
  );
}
