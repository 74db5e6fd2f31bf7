import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { CommandForm, errorsAt } from "../../components/command_form";
import { Dialog } from "../../components/dialog";
import { TextInput } from "../../components/fields";
import { useTell } from "../../shell/outcomes";
import { HandOverMutation } from "./acts/documents";
import type { Request } from "./types";

interface Properties {
  request: Request;
  onClose: () => void;
  onDone: () => void;
}

/** What the organisation has not decided goes to the provider's privacy team, for good. */
export function HandOverDialog({ request, onClose, onDone }: Properties) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(HandOverMutation);
  const [reason, setReason] = useState("");
  const handOver = async () => {
    if (!(await command.run({ input: { requestId: request.id, reason } }))) return;
    tell({ text: t`Handed over: the provider's privacy team decides, and the person is told.` });
    onClose();
    onDone();
  };
  return (
    <Dialog title={t`Hand over to the privacy team`} onClose={onClose}>
      <CommandForm act={t`Hand over`} onSubmit={handOver} onCancel={onClose} command={command} fields={["reason"]}>
        <p>
          <Trans>The provider's privacy team then decides what you have not decided. It can't be taken back. The person is told, with your reason.</Trans>
        </p>
        <TextInput label={t`Why`} isLong value={reason} onChange={setReason} errors={errorsAt(command.refusals, "reason")} isRequired autoFocus />
      </CommandForm>
    </Dialog>
  );
}
