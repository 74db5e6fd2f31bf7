/** What each recipient was asked and did, as it happens, with how well it is proven. */

import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Badge } from "../../components/badge";
import { Deadline } from "../../components/moment";
import { BASIS_NAMES, OBLIGATION_STATE_NAMES, OBLIGATION_STATE_TONES, PROOF_NAMES, PROOF_TONES, VERB_NAMES } from "../../words/obligations";
import { categoryName } from "../../words/taxonomy";
import { Facts } from "./facts";
import css from "./request.module.css";
import type { Right } from "./types";

type Outcome = Right["recipients"][number];

export function Recipients({ right }: { right: Right }) {
  const { t, i18n } = useLingui();
  const { recipients } = right;
  if (recipients.length === 0) return null;
  const ended = recipients.filter(({ endedAt }) => endedAt !== null).length;
  return (
    <div aria-live="polite">
      {ended < recipients.length && (
        <p>
          <Trans>
            {ended} of {recipients.length} are done.
          </Trans>
        </p>
      )}
      <Facts
        caption={t`Recipients`}
        heads={[t`Recipient`, t`Asked to`, t`State`, t`Proof`]}
        rows={recipients.map((outcome) => [
          <span key="who">
            <bdi>{outcome.recipient}</bdi> {outcome.place !== outcome.recipient && <span className={css.hint}>({outcome.place})</span>}
          </span>,
          i18n._(VERB_NAMES[outcome.verb]),
          <State key="state" outcome={outcome} />,
          <Proof key="proof" outcome={outcome} />,
        ])}
      />
    </div>
  );
}

function State({ outcome }: { outcome: Outcome }) {
  const { i18n } = useLingui();
  const { state, dueAt, endedAt, code, recordsAffected, retained } = outcome;
  return (
    <span className={css.stack}>
      <Badge tone={OBLIGATION_STATE_TONES[state]}>{i18n._(OBLIGATION_STATE_NAMES[state])}</Badge>
      {endedAt ? (
        <Deadline at={endedAt} isOver />
      ) : (
        <Trans>
          until <Deadline at={dueAt} />
        </Trans>
      )}
      {state === "FAILED" && code && <code>{code}</code>}
      {recordsAffected > 0 && <Plural value={recordsAffected} one="# record" other="# records" />}
      {retained.map(({ category, reason, until }) => (
        <span key={category} className={css.hint}>
          <Trans>
            Kept there: {categoryName(i18n, category)} – {reason}
          </Trans>{" "}
          {until}
        </span>
      ))}
    </span>
  );
}

function Proof({ outcome: { proof } }: { outcome: Outcome }) {
  const { i18n } = useLingui();
  if (!proof) return <Trans>None yet</Trans>;
  return (
    <span className={css.stack}>
      <Badge tone={PROOF_TONES[proof.level]}>{i18n._(PROOF_NAMES[proof.level])}</Badge>
      <span className={css.hint}>{i18n._(BASIS_NAMES[proof.basis])}</span>
      {proof.residual.length > 0 && (
        <span className={css.hint}>
          <Trans>Still found: {proof.residual.join(", ")}</Trans>
        </span>
      )}
    </span>
  );
}
