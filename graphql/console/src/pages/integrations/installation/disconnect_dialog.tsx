import { Trans, useLingui } from "@lingui/react/macro";
import { useCommand } from "../../../api/use_command";
import { CommandForm } from "../../../components/command_form";
import { Dialog } from "../../../components/dialog";
import { useTell } from "../../../shell/outcomes";
import { DisconnectMutation } from "./documents";
import type { Installation } from "./installation_page";

interface Properties {
  installation: Installation;
  onDone: () => void;
  onClose: () => void;
}

/** End the access at the third party: what it holds stays there, out of reach. */
export function DisconnectDialog({ installation: { id, name }, onDone, onClose }: Properties) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(DisconnectMutation);
  const disconnect = async () => {
    if (!(await command.run({ input: { installationId: id } }))) return;
    tell({
      text: (
        <Trans>
          Nothing is sent to <bdi>{name}</bdi> any more, and the access there is being ended.
        </Trans>
      ),
    });
    onDone();
    onClose();
  };
  return (
    <Dialog title={t`Disconnect ${name}?`} onClose={onClose}>
      <CommandForm act={t`Disconnect it`} onSubmit={disconnect} onCancel={onClose} command={command} fields={[]}>
        <p>
          <Trans>Sharing stops at once. What is owed about single people is done first, then the access is ended there.</Trans>
        </p>
        <p>
          <Trans>What it holds stays there, and can’t be taken back until somebody connects it again. To take everything back, uninstall it.</Trans>
        </p>
      </CommandForm>
    </Dialog>
  );
}
