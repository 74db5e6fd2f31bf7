import { Trans, useLingui } from "@lingui/react/macro";
import type { Command } from "../../api/use_command";
import { HarmDialog } from "../../components/harm";
import { useTell } from "../../shell/outcomes";
import type { Provider } from "./words";

interface Properties {
  provider: Provider;
  command: Command<unknown, { input: { providerId: string } }>;
  onClose: () => void;
  onDone: () => void;
}

/** Make the provider the only way in, but for the owner. */
export function EnforceDialog({ provider, command, onClose, onDone }: Properties) {
  const { t } = useLingui();
  const tell = useTell();
  const enforce = async () => {
    if (!(await command.run({ input: { providerId: provider.id } }))) return;
    tell({ text: t`${provider.name} is the only way in from now on.` });
    onClose();
    onDone();
  };
  return (
    <HarmDialog title={t`Make ${provider.name} the only way in`} act={t`Make it the only way in`} figures={[]} people={0} objectName={provider.name} command={command} onCommit={enforce} onClose={onClose}>
      <ul>
        <li>
          <Trans>Who is signed in otherwise is led to the provider at the next step. Everybody is told.</Trans>
        </li>
        <li>
          <Trans>All access tokens of the organisation end; they can’t be brought back, but new ones can be made.</Trans>
        </li>
        <li>
          <Trans>The owner still comes in by password and second factor, and who manages sign-in is told of each such time.</Trans>
        </li>
        <li>
          <Trans>You can let people use their own accounts again at any time.</Trans>
        </li>
      </ul>
    </HarmDialog>
  );
}
