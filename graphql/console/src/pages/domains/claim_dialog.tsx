import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { CommandForm, errorsAt } from "../../components/command_form";
import { Dialog } from "../../components/dialog";
import { TextInput, Tick } from "../../components/fields";
import { useObjectAddress } from "../../components/text_link";
import { ClaimDomainMutation } from "./documents";
import { rememberRecord } from "./issued_records";

/** Name the domain; its page shows the record to place. */
export function ClaimDialog({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const addressOf = useObjectAddress();
  const command = useCommand(ClaimDomainMutation);
  const [name, setName] = useState("");
  const [isBelow, setIsBelow] = useState(false);
  const claim = async () => {
    const done = await command.run({ input: { name: name.trim(), scope: isBelow ? "SUBTREE" : "NAME" } });
    if (!done?.domain || !done.record) return;
    rememberRecord(done.domain.id, done.record);
    void navigate({ to: addressOf("domains", done.domain.id) as string });
  };
  return (
    <Dialog title={t`Prove a domain`} onClose={onClose}>
      <CommandForm act={t`Get the record to place`} onSubmit={claim} onCancel={onClose} command={command} fields={["name"]}>
        <TextInput
          label={t`Domain`}
          hint={<Trans>What stands after the @ in your mail addresses. Somebody who can change its DNS is needed for the next step.</Trans>}
          value={name}
          onChange={(text) => {
            setName(text);
            command.clear();
          }}
          errors={errorsAt(command.refusals, "name")}
          autoFocus
          isRequired
          autoComplete="off"
          inputMode="url"
        />
        <Tick isSelected={isBelow} onChange={setIsBelow}>
          <Trans>With all names below it</Trans>
        </Tick>
      </CommandForm>
    </Dialog>
  );
}
