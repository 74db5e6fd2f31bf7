/** What ending an installation or one of its grants would do, in numbers, before it is done exactly so. */

import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useEffect } from "react";
import type { ResultOf } from "../../api/graphql";
import { type Previewed, STALE } from "../../api/use_preview";
import type { Command } from "../../api/use_command";
import { Figure } from "../../components/figure";
import { HarmDialog } from "../../components/harm";
import { useFormats } from "../../language/formats";
import { PROOF_NAMES, type ProofLevel } from "../../words/obligations";
import type { PreviewUninstallMutation } from "./documents";

type Payload = NonNullable<ResultOf<typeof PreviewUninstallMutation>["previewUninstall"]>;
type Figures = NonNullable<Payload["preview"]>;

interface Properties {
  title: string;
  /** Names the deed. */
  act: string;
  objectName: string;
  preview: Previewed<Figures>;
  command: Pick<Command<never, never>, "isRunning" | "refusals" | "failure">;
  onCommit: (digest: string) => Promise<void>;
  onClose: () => void;
}

export function TakeBackDialog({ title, act, objectName, preview, command, onCommit, onClose }: Properties) {
  const { t, i18n } = useLingui();
  const formats = useFormats();
  const { data: now, before, refresh } = preview;
  const isStale = command.refusals.some(({ code }) => code === STALE);
  useEffect(() => {
    if (isStale) refresh();
  }, [isStale, refresh]);
  const count = (value: number, was: number | undefined) => <Figure now={formats.number(value)} was={was === undefined ? undefined : formats.number(was)} />;
  const figures = now
    ? [
        { label: t`Recipient`, value: <bdi>{now.recipient}</bdi> },
        { label: t`People whose data is held there`, value: count(now.people, before?.people) },
        { label: t`Deliveries so far`, value: count(now.records, before?.records) },
        { label: t`Follows at once`, value: now.erases ? <Trans>All is erased there</Trans> : <Trans>It keeps what is still allowed</Trans> },
        { label: t`Tasks for the third party`, value: count(now.obligations, before?.obligations) },
        { label: t`Best proof to expect`, value: i18n._(PROOF_NAMES[now.proof.toUpperCase() as ProofLevel]) },
        { label: t`It keeps the data afterwards`, value: <Kept days={now.retentionDays} /> },
      ]
    : [];
  return (
    <HarmDialog
      title={title}
      act={act}
      preview={preview}
      figures={figures}
      people={now?.people ?? 0}
      objectName={objectName}
      command={command}
      onCommit={async () => {
        if (now) await onCommit(now.digest);
      }}
      onClose={onClose}
    >
      {now && now.stays.length > 0 && (
        <p>
          <Trans>What stays here: the ledger of disclosures, with the names of the data only, as proof of what went to whom.</Trans>
        </p>
      )}
    </HarmDialog>
  );
}

/** For how long a third party keeps data after it may no longer have it. */
export function Kept({ days }: { days: number }) {
  return <Plural value={days} _0="not at all" one="# day" other="# days" />;
}
