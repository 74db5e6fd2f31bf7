import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { Button } from "../../components/button";
import { CommandForm, errorsAt } from "../../components/command_form";
import { Dialog } from "../../components/dialog";
import { TextInput } from "../../components/fields";
import { useTell } from "../../shell/outcomes";
import { CallOffMutation } from "./acts/documents";
import type { Request, Right } from "./types";

interface Properties {
  request: Request;
  right: Right;
  refresh: () => void;
}

/** A committed erasure goes back to before its preview; the person is told why. */
export function CallOff({ request, right, refresh }: Properties) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(CallOffMutation);
  const [isOpen, setIsOpen] = useState(false);
  const [reason, setReason] = useState("");
  const close = () => setIsOpen(false);
  const callOff = async () => {
    if (!(await command.run({ input: { rightId: right.id, reason } }))) return;
    tell({ text: t`Called off: nothing is erased. The erasure is approved still, and can be previewed and committed again.` });
    close();
    refresh();
  };
  const name = request.member?.displayName ?? "";
  return (
    <>
      <Button onPress={() => setIsOpen(true)}>
        <Trans>Call off…</Trans>
      </Button>
      {isOpen && (
        <Dialog title={t`Call off the erasure`} onClose={close}>
          <CommandForm act={t`Call off`} onSubmit={callOff} onCancel={close} command={command} fields={["reason"]}>
            <p>
              <Trans>
                Nothing of <bdi>{name}</bdi> is erased, and what rested because of it is shared again. The person is told, with your reason.
              </Trans>
            </p>
            <TextInput label={t`Why`} isLong value={reason} onChange={setReason} errors={errorsAt(command.refusals, "reason")} isRequired autoFocus />
          </CommandForm>
        </Dialog>
      )}
    </>
  );
}
