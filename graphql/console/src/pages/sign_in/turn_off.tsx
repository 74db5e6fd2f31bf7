import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { ActsMenu } from "../../components/acts_menu";
import { HarmDialog } from "../../components/harm";
import { useTell } from "../../shell/outcomes";
import { TurnOffProviderMutation } from "./documents";
import type { Provider } from "./words";

/** Turn a provider off for good: another takes its place. */
export function TurnOff({ provider, refresh }: { provider: Provider; refresh: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(TurnOffProviderMutation);
  const [isOpen, setIsOpen] = useState(false);
  const turnOff = async () => {
    if (!(await command.run({ input: { providerId: provider.id } }))) return;
    tell({ text: t`${provider.name} is off.` });
    setIsOpen(false);
    refresh();
  };
  return (
    <>
      <ActsMenu acts={[{ id: "off", label: t`Turn it off …`, run: () => setIsOpen(true) }]} />
      {isOpen && (
        <HarmDialog title={t`Turn ${provider.name} off`} act={t`Turn it off for good`} figures={[]} people={0} objectName={provider.name} command={command} onCommit={turnOff} onClose={() => setIsOpen(false)}>
          <p>
            <Trans>
              Sessions that it has opened end at once. People sign in by their own accounts from then on. It can’t be turned on again:
              enter it anew. Members, groups and data stay as they are.
            </Trans>
          </p>
        </HarmDialog>
      )}
    </>
  );
}
