import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Badge } from "../../components/badge";
import { type Column, DataTable } from "../../components/data_table";
import { Day, Deadline } from "../../components/moment";
import { OBLIGATION_STATE_NAMES, OBLIGATION_STATE_TONES, BASIS_NAMES, PROOF_NAMES, PROOF_TONES, VERB_NAMES } from "../../words/obligations";
import { categoryName } from "../../words/taxonomy";
import css from "./my_requests.module.css";
import type { OwnRight } from "./my_request_page";

type Row = OwnRight["recipients"][number] & { id: string };

/** Everybody who was asked: to do what, whether it is done, and how well that is proven. */
export function Recipients({ recipients }: { recipients: OwnRight["recipients"] }) {
  const { t, i18n } = useLingui();
  if (recipients.length === 0) return null;
  const ended = recipients.filter(({ endedAt }) => endedAt !== null).length;
  const rows = recipients.map((one, place) => ({ ...one, id: String(place) }));
  const columns: Column<Row>[] = [
    {
      id: "who",
      title: t`Who`,
      isRowHeader: true,
      cell: ({ recipient, place }) => (
        <>
          <bdi>{recipient}</bdi>
          {place !== recipient && (
            <span className={css.hint}>
              {" "}
              <bdi>{place}</bdi>
            </span>
          )}
        </>
      ),
    },
    { id: "verb", title: t`Asked to`, cell: ({ verb }) => i18n._(VERB_NAMES[verb]) },
    { id: "state", title: t`State`, cell: (row) => <State row={row} /> },
    { id: "proof", title: t`Proof`, cell: (row) => <ProofOf row={row} /> },
  ];
  return (
    <div aria-live="polite">
      <p>
        <Plural value={recipients.length} one={`${ended} of # is done.`} other={`${ended} of # are done.`} />
      </p>
      <DataTable label={t`Everybody who was asked`} columns={columns} rows={rows} nameOf={({ recipient }) => recipient} />
    </div>
  );
}

function State({ row: { state, endedAt, dueAt, retained } }: { row: Row }) {
  const { i18n } = useLingui();
  return (
    <>
      <Badge tone={OBLIGATION_STATE_TONES[state]}>{i18n._(OBLIGATION_STATE_NAMES[state])}</Badge>{" "}
      {endedAt ? (
        <Day at={endedAt} />
      ) : (
        <Trans>
          until <Deadline at={dueAt} />
        </Trans>
      )}
      {retained.map(({ category, reason, until }) => (
        <p key={category} className={css.hint}>
          <Trans>
            Kept there: {categoryName(i18n, category)}, {reason}
          </Trans>{" "}
          {until}
        </p>
      ))}
    </>
  );
}

function ProofOf({ row: { proof } }: { row: Row }) {
  const { t, i18n } = useLingui();
  if (!proof) return t`none yet`;
  return (
    <>
      <Badge tone={PROOF_TONES[proof.level]}>{i18n._(PROOF_NAMES[proof.level])}</Badge>{" "}
      <span className={css.hint}>{i18n._(BASIS_NAMES[proof.basis])}</span>
    </>
  );
}
