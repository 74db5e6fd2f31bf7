import { Trans, useLingui } from "@lingui/react/macro";
import { useCommand } from "../../../api/use_command";
import { HarmDialog } from "../../../components/harm";
import { useFormats } from "../../../language/formats";
import { useTell } from "../../../shell/outcomes";
import { EndRemoteMutation } from "./documents";
import { nameOf, type Remote } from "./remote_card";

interface Properties {
  remote: Remote;
  /** It was never let in: who lets in says no to it. */
  isRefused?: boolean;
  onDone: () => void;
  onClose: () => void;
}

/** End an integration for good; before it was let in, that is to refuse it. */
export function EndRemoteDialog({ remote, isRefused = false, onDone, onClose }: Properties) {
  const { t } = useLingui();
  const { number } = useFormats();
  const tell = useTell();
  const command = useCommand(EndRemoteMutation);
  const name = nameOf(remote);
  const { organisations, installations } = remote.use;
  const end = async () => {
    if (!(await command.run({ input: { remoteIntegrationId: remote.id } }))) return;
    tell({ text: isRefused ? t`${name} was refused.` : t`${name} was ended.` });
    onDone();
    onClose();
  };
  return (
    <HarmDialog
      title={isRefused ? t`Refuse ${name}` : t`End ${name}`}
      act={isRefused ? t`Refuse the integration` : t`End the integration`}
      figures={[
        { label: t`Organisations`, value: number(organisations) },
        { label: t`Installations`, value: number(installations) },
      ]}
      people={0}
      objectName={name}
      command={command}
      onCommit={end}
      onClose={onClose}
    >
      <p>
        <Trans>It is sent nothing more, and what is owed there becomes tasks for people. It can’t be taken back.</Trans>
      </p>
      <p>
        <Trans>Another one may be registered, at this address or another. Under the same key, and by the same account, it takes the place of this one once it is let in.</Trans>
      </p>
    </HarmDialog>
  );
}
