import { Trans, useLingui } from "@lingui/react/macro";
import { useCommand } from "../../api/use_command";
import { usePreview } from "../../api/use_preview";
import { useTell } from "../../shell/outcomes";
import { PreviewUninstallMutation, UninstallMutation } from "./documents";
import { TakeBackDialog } from "./take_back_dialog";

interface Properties {
  installation: { id: string; name: string };
  onDone: () => void;
  onClose: () => void;
}

/** Disconnect a third party for good: sharing stops at once, and all is taken back. */
export function UninstallDialog({ installation: { id, name }, onDone, onClose }: Properties) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(UninstallMutation);
  const preview = usePreview(PreviewUninstallMutation, { input: { installationId: id } });
  const uninstall = async (digest: string) => {
    if (!(await command.run({ input: { installationId: id, digest } }))) return;
    tell({
      text: (
        <Trans>
          Nothing more goes to <bdi>{name}</bdi>. It is being told to erase what it holds; that stays visible here until it is proven.
        </Trans>
      ),
    });
    onDone();
    onClose();
  };
  return (
    <TakeBackDialog
      title={t`Uninstall ${name}?`}
      act={t`Uninstall ${name}`}
      objectName={name}
      preview={preview}
      command={command}
      onCommit={uninstall}
      onClose={onClose}
    />
  );
}
