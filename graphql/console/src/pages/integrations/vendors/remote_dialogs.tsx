import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect } from "react";
import { useCommand } from "../../../api/use_command";
import { CommandForm } from "../../../components/command_form";
import { Dialog } from "../../../components/dialog";
import { HarmDialog } from "../../../components/harm";
import { useFormats } from "../../../language/formats";
import { useTell } from "../../../shell/outcomes";
import { nameOf } from "../remote/remote_card";
import { Asker } from "./asker";
import { ApproveRemoteMutation, SuspendRemoteMutation } from "./documents";
import type { AskedRemote } from "./remotes_part";

interface Properties {
  remote: AskedRemote;
  onDone: () => void;
  onClose: () => void;
}

const STALE = "STALE_DECLARATION";

/** Let it in by what was read of it: where it declares something else by now, that is read first. */
export function LetRemoteInDialog({ remote, onDone, onClose }: Properties) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(ApproveRemoteMutation);
  const { id, state, vendorName, declaration, vendor } = remote;
  const name = nameOf(remote);
  const isStale = command.refusals.some(({ code }) => code === STALE);
  useEffect(() => {
    if (isStale) onDone();
  }, [isStale, onDone]);
  const letIn = async () => {
    if (!(await command.run({ input: { remoteIntegrationId: id, declarationDigest: declaration?.digest ?? "" } }))) return;
    tell({ text: t`${name} is let in: organisations can install it.` });
    onDone();
    onClose();
  };
  return (
    <Dialog title={state === "SUSPENDED" ? t`Let ${name} in again` : t`Let ${name} in`} onClose={onClose} isAlert>
      <CommandForm act={t`Let it in`} isReady={!isStale} onSubmit={letIn} onCancel={onClose} command={command} fields={[]}>
        <p>
          <Trans>
            Every organisation can install it then, as an integration of <bdi data-of-server>{vendorName}</bdi>. Its key, its name and this company stay as they are; what it
            receives may change, and each organisation decides about that.
          </Trans>
        </p>
        <p>
          <Trans>
            Asked for by: <Asker vendor={vendor} />
          </Trans>
        </p>
        {isStale && (
          <p>
            <Trans>Close this, and read what it declares now.</Trans>
          </p>
        )}
      </CommandForm>
    </Dialog>
  );
}

/** Send it nothing more until it is let in again. */
export function SuspendRemoteDialog({ remote, onDone, onClose }: Properties) {
  const { t } = useLingui();
  const { number } = useFormats();
  const tell = useTell();
  const command = useCommand(SuspendRemoteMutation);
  const name = nameOf(remote);
  const suspend = async () => {
    if (!(await command.run({ input: { remoteIntegrationId: remote.id } }))) return;
    tell({ text: t`${name} is suspended: it is sent nothing.` });
    onDone();
    onClose();
  };
  return (
    <HarmDialog
      title={t`Suspend ${name}`}
      act={t`Suspend the integration`}
      figures={[
        { label: t`Organisations`, value: number(remote.use.organisations) },
        { label: t`Installations`, value: number(remote.use.installations) },
      ]}
      people={0}
      objectName={name}
      command={command}
      onCommit={suspend}
      onClose={onClose}
    >
      <p>
        <Trans>It is sent nothing, and what is owed there becomes tasks for people in each organisation. Its vendor and those who manage it there are told. You can let it in again.</Trans>
      </p>
    </HarmDialog>
  );
}
