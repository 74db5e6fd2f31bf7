import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { CommandForm, errorsAt } from "../../components/command_form";
import { Dialog } from "../../components/dialog";
import { TextInput } from "../../components/fields";
import { useTell } from "../../shell/outcomes";
import { AddEvidenceMutation } from "./documents";
import type { DomainDetails } from "./words";

/** What the provider reads before it decides. */
export function EvidenceDialog({ domain, onClose }: { domain: DomainDetails; onClose: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(AddEvidenceMutation);
  const [text, setText] = useState("");
  const add = async () => {
    if (!(await command.run({ input: { domainId: domain.id, text } }))) return;
    tell({ text: t`What you said was added for the provider.` });
    onClose();
  };
  return (
    <Dialog title={t`Say why ${domain.displayName} is yours`} onClose={onClose}>
      <CommandForm act={t`Add it`} onSubmit={add} onCancel={onClose} command={command} fields={["text"]}>
        <TextInput
          label={t`Why it is yours`}
          hint={<Trans>The provider alone reads it, never the other side. Such as: since when it is registered to you, and how that can be seen.</Trans>}
          isLong
          isRequired
          value={text}
          onChange={setText}
          errors={errorsAt(command.refusals, "text")}
        />
      </CommandForm>
    </Dialog>
  );
}
