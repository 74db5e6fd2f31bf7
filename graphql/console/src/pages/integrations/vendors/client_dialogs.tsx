import { Trans, useLingui } from "@lingui/react/macro";
import { useCommand } from "../../../api/use_command";
import { CommandForm } from "../../../components/command_form";
import { Dialog } from "../../../components/dialog";
import { HarmDialog } from "../../../components/harm";
import { useFormats } from "../../../language/formats";
import { useTell } from "../../../shell/outcomes";
import { Asker } from "./asker";
import type { AskedClient } from "./clients_part";
import { ApproveClientMutation, SuspendClientMutation } from "./documents";

interface Properties {
  client: AskedClient;
  onDone: () => void;
  onClose: () => void;
}

/** Let a program speak for an integration. */
export function LetClientInDialog({ client, onDone, onClose }: Properties) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(ApproveClientMutation);
  const { id, name, state, integrationKey, redirectUris, vendor } = client;
  const letIn = async () => {
    if (!(await command.run({ input: { clientId: id } }))) return;
    tell({ text: t`${name} is let in: administrators can let it fetch.` });
    onDone();
    onClose();
  };
  return (
    <Dialog title={state === "SUSPENDED" ? t`Let ${name} in again` : t`Let ${name} in`} onClose={onClose} isAlert>
      <CommandForm act={t`Let it in`} onSubmit={letIn} onCancel={onClose} command={command} fields={[]}>
        <p>
          <Trans>
            To every organisation it speaks in the name of the integration <bdi data-of-server>{integrationKey}</bdi>, and browsers are led back to{" "}
            <bdi data-of-server>{redirectUris.join(", ")}</bdi>. Neither changes afterwards.
          </Trans>
        </p>
        <p>
          <Trans>
            Asked for by: <Asker vendor={vendor} />
          </Trans>
        </p>
      </CommandForm>
    </Dialog>
  );
}

/** Let a program fetch nothing until it is let in again. */
export function SuspendClientDialog({ client, onDone, onClose }: Properties) {
  const { t } = useLingui();
  const { number } = useFormats();
  const tell = useTell();
  const command = useCommand(SuspendClientMutation);
  const { id, name, organisations } = client;
  const suspend = async () => {
    if (!(await command.run({ input: { clientId: id } }))) return;
    tell({ text: t`${name} is suspended: it fetches nothing.` });
    onDone();
    onClose();
  };
  return (
    <HarmDialog
      title={t`Suspend ${name}`}
      act={t`Suspend the program`}
      figures={[{ label: t`Organisations that let it in`, value: number(organisations) }]}
      people={0}
      objectName={name}
      command={command}
      onCommit={suspend}
      onClose={onClose}
    >
      <p>
        <Trans>Its tokens open nothing from then on, at any organisation. You can let it in again.</Trans>
      </p>
    </HarmDialog>
  );
}
