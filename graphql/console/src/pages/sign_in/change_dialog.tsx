import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { CommandForm } from "../../components/command_form";
import { Dialog } from "../../components/dialog";
import { useTell } from "../../shell/outcomes";
import { UpdateProviderMutation } from "./documents";
import { type Entered, FIELDS, levelsOf, ProviderFields } from "./provider_fields";
import type { Provider } from "./words";

interface Properties {
  provider: Provider;
  onClose: () => void;
  onDone: () => void;
}

/** Change what was entered; what did not change is not sent. */
export function ChangeDialog({ provider, onClose, onDone }: Properties) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(UpdateProviderMutation);
  const before: Entered = { ...provider, acrValues: provider.acrValues.join(" "), clientSecret: "" };
  const [entered, setEntered] = useState(before);
  const isInForce = provider.state === "ACTIVE" || provider.state === "ENFORCED";
  const save = async () => {
    if (!(await command.run({ input: { providerId: provider.id, ...changes(before, entered) } }))) return;
    tell({ text: t`The provider was changed.` });
    onClose();
    onDone();
  };
  return (
    <Dialog title={t`Change ${provider.name}`} onClose={onClose}>
      <CommandForm act={t`Save`} onSubmit={save} onCancel={onClose} command={command} fields={FIELDS}>
        {isInForce && (
          <p>
            <Trans>People sign in by it: issuer and client id stay as they are. To use others, enter another provider.</Trans>
          </p>
        )}
        <ProviderFields entered={entered} onChange={setEntered} refusals={command.refusals} isInForce={isInForce} hasSecret />
      </CommandForm>
    </Dialog>
  );
}

function changes(before: Entered, after: Entered) {
  const changed = <Key extends keyof Entered>(name: Key) => (after[name] === before[name] ? null : after[name]);
  return {
    name: changed("name"),
    issuer: changed("issuer"),
    clientId: changed("clientId"),
    clientSecret: changed("clientSecret"),
    secondStep: changed("secondStep"),
    acrValues: after.acrValues === before.acrValues ? null : levelsOf(after.acrValues),
    hostedDomain: changed("hostedDomain"),
    admits: changed("admits"),
  };
}
