import { Trans, useLingui } from "@lingui/react/macro";
import { usePart } from "../../../api/use_page";
import type { ResultOf } from "../../../api/graphql";
import { Badge } from "../../../components/badge";
import { Dialog } from "../../../components/dialog";
import { Moment } from "../../../components/moment";
import { Person } from "../../../components/person";
import { Part } from "../../../components/states";
import { useFormats } from "../../../language/formats";
import { BASIS_NAMES, OBLIGATION_STATE_NAMES, PROOF_NAMES, PROOF_TONES, VERB_NAMES } from "../../../words/obligations";
import { ObligationQuery } from "./documents";
import css from "./obligations.module.css";

type Detail = Extract<NonNullable<ResultOf<typeof ObligationQuery>["node"]>, { verb: unknown }>;

/** How far it has come, what was seen, and what the grade of its proof rests on. */
export function ProofDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t, i18n } = useLingui();
  const asked = usePart(ObligationQuery, { id });
  const node = asked.data?.node;
  const detail = node && "verb" in node ? (node as Detail) : undefined;
  return (
    <Dialog title={detail ? i18n._(VERB_NAMES[detail.verb]) : t`Obligation`} onClose={onClose}>
      <Part asked={asked} lines={6}>
        {detail ? <Facts detail={detail} /> : <Trans>It is not there, or you may not see it.</Trans>}
      </Part>
    </Dialog>
  );
}

function Facts({ detail }: { detail: Detail }) {
  const { t, i18n } = useLingui();
  const formats = useFormats();
  const { proof, outcome, member, recipient, state, submittedAt, dueAt, endedAt, attempt, failures, task } = detail;
  const facts = [
    [t`Third party`, <bdi data-of-server>{recipient}</bdi>],
    [t`Person`, member && <Person person={member} />],
    [t`State`, i18n._(OBLIGATION_STATE_NAMES[state])],
    [t`Since`, <Moment at={submittedAt} isExact />],
    [endedAt ? t`Ended` : t`Due`, <Moment at={endedAt ?? dueAt} isExact />],
    [t`Attempts`, failures > 0 ? t`${formats.number(attempt)}, of which ${formats.number(failures)} failed` : formats.number(attempt)],
    [t`Answer`, outcome?.detail && <span data-of-server>{outcome.detail}</span>],
    [t`Task of a person`, task && <span data-of-server>{task.instructions}</span>],
  ] as const;
  return (
    <>
      <dl className={css.facts}>
        {facts.map(([label, value]) =>
          value ? (
            <div key={label} className={css.fact}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ) : null,
        )}
      </dl>
      {proof && <ProofFacts proof={proof} />}
    </>
  );
}

function ProofFacts({ proof }: { proof: NonNullable<Detail["proof"]> }) {
  const { i18n } = useLingui();
  const seen = [...(proof.evidence?.earlier ?? []), ...(proof.evidence?.exchanges ?? [])];
  return (
    <>
      <h3>
        <Trans>Proof</Trans>{" "}
        <Badge tone={PROOF_TONES[proof.level]}>{i18n._(PROOF_NAMES[proof.level])}</Badge>
      </h3>
      <p>
        {i18n._(BASIS_NAMES[proof.basis])} <Moment at={proof.checkedAt} isExact />
      </p>
      {proof.residual.length > 0 && (
        <p>
          <Trans>
            Still found: <span data-of-server>{proof.residual.join(", ")}</span>
          </Trans>
        </p>
      )}
      {seen.length > 0 && (
        <>
          <h3>
            <Trans>What was seen</Trans>
          </h3>
          <ol className={css.exchanges}>
            {seen.map(({ at, method, status, error, namesSubject }) => (
              <li key={at + method}>
                <Moment at={at} isExact />: <code>{method}</code> → <code>{status ?? error}</code>{" "}
                {namesSubject ? <Trans>the person was there</Trans> : null}
              </li>
            ))}
          </ol>
        </>
      )}
    </>
  );
}
