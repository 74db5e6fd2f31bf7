import { useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { CommandForm } from "../../components/command_form";
import { Dialog } from "../../components/dialog";
import { useObjectAddress } from "../../components/text_link";
import { CreateProviderMutation } from "./documents";
import { type Entered, FIELDS, levelsOf, ProviderFields } from "./provider_fields";

const NOTHING: Entered = { name: "", issuer: "", clientId: "", clientSecret: "", secondStep: "OWN", acrValues: "", hostedDomain: "", admits: "MEMBERS" };

/** Enter a draft; its page shows what to enter at the provider, and the steps from there. */
export function EnterDialog({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const addressOf = useObjectAddress();
  const command = useCommand(CreateProviderMutation);
  const [entered, setEntered] = useState(NOTHING);
  const enter = async () => {
    const done = await command.run({ input: { ...entered, acrValues: levelsOf(entered.acrValues) } });
    if (done?.identityProvider) void navigate({ to: addressOf("sign-in", done.identityProvider.id) as string });
  };
  return (
    <Dialog title={t`Enter a provider of sign-in`} onClose={onClose}>
      <CommandForm act={t`Keep as a draft`} onSubmit={enter} onCancel={onClose} command={command} fields={FIELDS}>
        <ProviderFields entered={entered} onChange={setEntered} refusals={command.refusals} />
      </CommandForm>
    </Dialog>
  );
}
