import { useLingui } from "@lingui/react/macro";
import { useMemo } from "react";
import { Badge } from "../../../components/badge";
import type { Column } from "../../../components/data_table";
import { Day, Moment } from "../../../components/moment";
import { Person } from "../../../components/person";
import {
  BASIS_NAMES,
  OBLIGATION_STATE_NAMES,
  OBLIGATION_STATE_TONES,
  type ObligationState,
  PROOF_NAMES,
  PROOF_TONES,
  type ProofBasis,
  type ProofLevel,
  type Verb,
  VERB_NAMES,
} from "../../../words/obligations";
import css from "./obligations.module.css";

export interface ObligationRow {
  id: string;
  verb: Verb;
  state: ObligationState;
  dueAt: string;
  endedAt: string | null;
  recipient: string;
  outcome: { detail: string } | null;
  proof: { level: ProofLevel; basis: ProofBasis } | null;
  installation?: { id: string; name: string } | null;
  member: { id: string; displayName: string | null } | null;
}

/** What is owed by whom, until when, and how it was proven. */
export function useObligationColumns({ withRecipient }: { withRecipient: boolean }): Column<ObligationRow>[] {
  const { t, i18n } = useLingui();
  return useMemo(
    () => [
      {
        id: "verb",
        title: t`What`,
        isRowHeader: true,
        cell: ({ verb, outcome }) => (
          <span className={css.what}>
            {i18n._(VERB_NAMES[verb])}
            {outcome?.detail && (
              <span className={css.detail} data-of-server>
                {outcome.detail}
              </span>
            )}
          </span>
        ),
      },
      ...(withRecipient
        ? [
            {
              id: "recipient",
              title: t`Third party`,
              cell: ({ installation, recipient }: ObligationRow) => <bdi data-of-server>{installation?.name ?? recipient}</bdi>,
            },
          ]
        : []),
      { id: "member", title: t`Person`, cell: ({ member }) => member && <Person person={member} /> },
      {
        id: "state",
        title: t`State`,
        cell: ({ state }) => <Badge tone={OBLIGATION_STATE_TONES[state]}>{i18n._(OBLIGATION_STATE_NAMES[state])}</Badge>,
      },
      { id: "due", title: t`Due or ended`, cell: ({ dueAt, endedAt }) => (endedAt ? <Day at={endedAt} /> : <Moment at={dueAt} />) },
      {
        id: "proof",
        title: t`Proof`,
        cell: ({ proof }) =>
          proof && (
            <span className={css.what} title={i18n._(BASIS_NAMES[proof.basis])}>
              <Badge tone={PROOF_TONES[proof.level]}>{i18n._(PROOF_NAMES[proof.level])}</Badge>
            </span>
          ),
      },
    ],
    [t, i18n, withRecipient],
  );
}
