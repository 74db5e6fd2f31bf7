import { Trans, useLingui } from "@lingui/react/macro";
import { useCommand } from "../../../api/use_command";
import { HarmDialog } from "../../../components/harm";
import { Day } from "../../../components/moment";
import { useFormats } from "../../../language/formats";
import { useTell } from "../../../shell/outcomes";
import { EndClientMutation } from "./documents";

interface Properties {
  client: { id: string; name: string; createdAt: string; organisations: number };
  /** It was never let in: who lets in says no to it. */
  isRefused?: boolean;
  onDone: () => void;
  onClose: () => void;
}

/** End a program for good; before it was let in, that is to refuse it. */
export function EndDialog({ client, isRefused = false, onDone, onClose }: Properties) {
  const { t } = useLingui();
  const { number } = useFormats();
  const tell = useTell();
  const command = useCommand(EndClientMutation);
  const { id, name, createdAt, organisations } = client;
  const end = async () => {
    if (!(await command.run({ input: { clientId: id } }))) return;
    tell({ text: isRefused ? t`${name} was refused.` : t`${name} was ended.` });
    onDone();
    onClose();
  };
  return (
    <HarmDialog
      title={isRefused ? t`Refuse ${name}` : t`End ${name}`}
      act={isRefused ? t`Refuse the program` : t`End the program`}
      figures={[
        { label: t`Asked for`, value: <Day at={createdAt} /> },
        { label: t`Organisations that let it in`, value: number(organisations) },
      ]}
      people={0}
      objectName={name}
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
