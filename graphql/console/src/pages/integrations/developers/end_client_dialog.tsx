import { Trans, useLingui } from "@lingui/react/macro";
import { useCommand } from "../../../api/use_command";
import { HarmDialog } from "../../../components/harm";
import { Day } from "../../../components/moment";
import { useTell } from "../../../shell/outcomes";
import type { Client } from "./clients_part";
import { EndClientMutation } from "./documents";

/** End a program for good. */
export function EndDialog({ client, onDone, onClose }: { client: Client; onDone: () => void; onClose: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(EndClientMutation);
  const end = async () => {
    if (!(await command.run({ input: { clientId: client.id } }))) return;
    tell({ text: t`${client.name} was ended.` });
    onDone();
    onClose();
  };
  return (
    <HarmDialog
      title={t`End ${client.name}`}
      act={t`End the program`}
      figures={[{ label: t`Asked for`, value: <Day at={client.createdAt} /> }]}
      people={0}
      objectName={client.name}
      command={command}
      onCommit={end}
      onClose={onClose}
    >
      <p>
        <Trans>Its tokens open nothing from then on, at any organisation. It can’t be taken back: another one has to be asked for and let in.</Trans>
      </p>
    </HarmDialog>
  );
}
