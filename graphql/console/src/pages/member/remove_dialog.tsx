import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import type { ResultOf } from "../../api/graphql";
import { useCommand } from "../../api/use_command";
import { STALE, usePreview } from "../../api/use_preview";
import { Badge } from "../../components/badge";
import { Figure } from "../../components/figure";
import { HarmDialog } from "../../components/harm";
import { useFormats } from "../../language/formats";
import { useTell } from "../../shell/outcomes";
import { PROOF_LEVELS, PROOF_NAMES, PROOF_TONES } from "../../words/obligations";
import { PreviewMemberRemovalMutation, RemoveMemberMutation } from "./acts/documents";
import css from "./member.module.css";
import type { Member } from "./member_page";

const METHOD_NAMES: Record<string, MessageDescriptor> = {
  delete: msg`deletes it`,
  anonymise: msg`makes it anonymous`,
  delegate: msg`lets a person delete it there`,
  manual: msg`somebody here deletes it by hand`,
  none: msg`can't delete it; somebody sees to it by hand`,
};

/** The API says in English what stays: here it is in the reader's language. */
const STAYS_NAMES: Record<string, MessageDescriptor> = {
  "the member's data": msg`The data of the person: until the grace period is over, then its erasure is asked for`,
  "ledger of disclosures": msg`The ledger of what went to whom, with names of fields only: it is proof for as long as the organisation is there`,
};

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
    const was = isStale ? formats.number(preview.before?.[field] ?? 0) : undefined;
    return { label, value: <Figure now={formats.number(seen?.[field] ?? 0)} was={was} /> };
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
      {seen && <Stays stays={seen.stays} />}
    </HarmDialog>
  );
}

type Seen = NonNullable<NonNullable<ResultOf<typeof PreviewMemberRemovalMutation>["previewMemberRemoval"]>["preview"]>;

/** Who is told to erase, and how well that can be proven there. */
function Recipients({ recipients }: { recipients: Seen["recipients"] }) {
  const { t, i18n } = useLingui();
  return (
    <div>
      <strong>{t`Who holds data of this person, and is told to erase it`}</strong>
      <ul className={css.recipients}>
        {recipients.map(({ name, recipient, method, proof, retentionDays, isOwn }) => (
          <li key={name + recipient}>
            <bdi>{name}</bdi> {recipient !== name && <bdi className={css.was}>({recipient})</bdi>}{" "}
            {isOwn && (
              <span className={css.was}>
                <Trans>connected by the person</Trans>
              </span>
            )}
            <div className={css.was}>
              {method in METHOD_NAMES && <>{i18n._(METHOD_NAMES[method]!)} · </>}
              {retentionDays > 0 ? (
                <Plural value={retentionDays} one="may keep some for # day" other="may keep some for # days" />
              ) : (
                <Trans>keeps nothing afterwards</Trans>
              )}{" "}
              · <Trans>best proof:</Trans> <Grade level={proof} />
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Grade({ level }: { level: string }) {
  const { i18n } = useLingui();
  const grade = PROOF_LEVELS.find((one) => one === level.toUpperCase());
  return grade ? <Badge tone={PROOF_TONES[grade]}>{i18n._(PROOF_NAMES[grade])}</Badge> : <>{level}</>;
}

function Stays({ stays }: { stays: Seen["stays"] }) {
  const { t, i18n } = useLingui();
  return (
    <div>
      <strong>{t`What stays here, and why`}</strong>
      <ul className={css.recipients}>
        {stays.map(({ what, reason, until }) => (
          <li key={what}>{what in STAYS_NAMES ? i18n._(STAYS_NAMES[what]!) : `${what}: ${reason} (${until})`}</li>
        ))}
      </ul>
    </div>
  );
}
