import { Trans, useLingui } from "@lingui/react/macro";
import { useCommand } from "../../api/use_command";
import { STALE, usePreview } from "../../api/use_preview";
import { HarmDialog } from "../../components/harm";
import { useFormats } from "../../language/formats";
import { useTell } from "../../shell/outcomes";
import { PreviewMemberRemovalMutation, RemoveMemberMutation } from "./acts/documents";
import css from "./member.module.css";
import type { Member } from "./member_page";

interface Properties {
  member: Member;
  onClose: () => void;
  onDone: () => void;
}

export function RemoveDialog({ member, onClose, onDone }: Properties) {
  const { t } = useLingui();
  const tell = useTell();
  const formats = useFormats();
  const command = useCommand(RemoveMemberMutation);
  const preview = usePreview(PreviewMemberRemovalMutation, { input: { memberId: member.id } });
  const isStale = command.refusals.some(({ code }) => code === STALE);
  const name = member.displayName ?? member.email ?? "";
  const seen = preview.data;
  const counts = [
    ["roles", t`Roles that end`],
    ["groups", t`Groups that the person leaves`],
    ["records", t`Posts and files that stay in groups`],
    ["obligations", t`Recipients that are told to erase at once`],
  ] as const;
  const figures = counts.map(([field, label]) => {
    const now = formats.number(seen?.[field] ?? 0);
    const was = formats.number(preview.before?.[field] ?? 0);
    return { label, value: isStale && now !== was ? <Trans>{now} (before: {was})</Trans> : now };
  });
  const remove = async () => {
    const done = await command.run({ input: { memberId: member.id, digest: seen?.digest ?? null } });
    if (!done) return preview.refresh();
    const isRemoved = done.member?.state === "REMOVED";
    tell({
      text: isRemoved ? (
        <Trans><bdi>{name}</bdi> is removed. Until the grace period ends, the membership can be restored here.</Trans>
      ) : (
        <Trans>The removal of <bdi>{name}</bdi> waits for a second person, because many were removed today.</Trans>
      ),
    });
    onDone();
    onClose();
  };
  return (
    <HarmDialog
      title={t`Remove ${name}`}
      act={t`Remove ${name}`}
      preview={preview}
      figures={figures}
      people={1}
      objectName={name}
      delay={seen?.waitsForApproval ? <Trans>Many were removed today: a second person has to approve this first.</Trans> : undefined}
      command={command}
      onCommit={remove}
      onClose={onClose}
    >
      {seen && seen.recipients.length > 0 && <Recipients recipients={seen.recipients} />}
      <p>
        <Trans>The data is kept for the grace period, then an erasure is asked for. What was shared with others, the ledger remembers by names of fields only.</Trans>
      </p>
    </HarmDialog>
  );
}

type Recipient = { name: string; recipient: string; retentionDays: number };

function Recipients({ recipients }: { recipients: readonly Recipient[] }) {
  const { t } = useLingui();
  return (
    <div>
      <strong>{t`Who holds data of this person, and is told to erase it`}</strong>
      <ul className={css.recipients}>
        {recipients.map(({ name, recipient, retentionDays }) => (
          <li key={name + recipient}>
            <bdi>{name}</bdi>{" "}
            <span className={css.was}>
              {retentionDays > 0 ? <Trans>(says that it may keep some for {retentionDays} days)</Trans> : <Trans>(says that it keeps nothing)</Trans>}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
