import { Trans, useLingui } from "@lingui/react/macro";
import { useCommand } from "../../api/use_command";
import { HarmDialog } from "../../components/harm";
import { useTell } from "../../shell/outcomes";
import { AcceptMergerMutation } from "./documents";
import { MergerFigures } from "./merger_figures";
import type { Merger } from "./words";

interface Properties {
  merger: Merger;
  preview: NonNullable<Merger["preview"]>;
  onClose: () => void;
  onDone: () => void;
}

/** Accept exactly the numbers that are shown; if they have changed meanwhile, the server refuses and the new ones are shown. */
export function AcceptMergerDialog({ merger, preview, onClose, onDone }: Properties) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(AcceptMergerMutation);
  const accept = async () => {
    if (!(await command.run({ input: { mergerId: merger.id, digest: preview.digest } }))) return onDone();
    tell({ text: t`The merger was announced. Everybody in both organisations is told the day.` });
    onClose();
    onDone();
  };
  const people = preview.figures.find(({ name }) => name === "members")?.count ?? 0;
  return (
    <HarmDialog
      title={t`Take in ${merger.sourceName}`}
      act={t`Accept, and tell everybody`}
      figures={[]}
      people={people}
      objectName={merger.sourceName}
      delay={<Trans>It happens in 14 days. Until then either owner can call it off here.</Trans>}
      command={command}
      onCommit={accept}
      onClose={onClose}
    >
      <MergerFigures preview={preview} />
      <p>
        <Trans>Third parties for everybody pause on both sides until an administrator approves each again, and rules that fill groups rest. Nobody administers more than before.</Trans>
      </p>
    </HarmDialog>
  );
}
