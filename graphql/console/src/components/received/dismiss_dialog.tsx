import { Trans, useLingui } from "@lingui/react/macro";
import { useCommand } from "../../api/use_command";
import { useTell } from "../../shell/outcomes";
import { fieldName } from "../../words/data_fields";
import { HarmDialog } from "../harm";
import { DismissMutation } from "./documents";
import type { ReceivedDatum } from "./received_data";

interface Properties {
  datum: ReceivedDatum;
  onClose: () => void;
  onDone: () => void;
}

/** Delete what a third party sent of oneself. */
export function DismissDialog({ datum, onClose, onDone }: Properties) {
  const { t, i18n } = useLingui();
  const tell = useTell();
  const command = useCommand(DismissMutation);
  const field = fieldName(i18n, datum.name);
  const dismiss = async () => {
    if (!(await command.run({ input: { receivedDatumId: datum.id } }))) return;
    tell({ text: t`Deleted: ${field}.` });
    onDone();
  };
  return (
    <HarmDialog
      title={t`Delete what was sent: ${field}`}
      act={t`Delete`}
      figures={[
        { label: t`What it says`, value: <bdi>{datum.value}</bdi> },
        { label: t`Sent by`, value: <bdi>{datum.source}</bdi> },
      ]}
      people={1}
      objectName={field}
      delay={<Trans>The third party keeps it, and may send something newer unless you object to it.</Trans>}
      command={command}
      onCommit={dismiss}
      onClose={onClose}
    />
  );
}
