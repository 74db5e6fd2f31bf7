import { Plural, useLingui } from "@lingui/react/macro";
import { useMemo } from "react";
import { Badge } from "../../../components/badge";
import { Button } from "../../../components/button";
import type { Column } from "../../../components/data_table";
import { Moment } from "../../../components/moment";
import { Person } from "../../../components/person";
import { OBLIGATION_STATE_NAMES, OBLIGATION_STATE_TONES, type ObligationState, type Verb, VERB_NAMES } from "../../../words/obligations";
import css from "../obligations/obligations.module.css";

export interface Attempt {
  number: number;
  at: string;
  status: string;
  code: string;
  httpStatus: number | null;
  nextAt: string | null;
}

export interface Delivery {
  id: string;
  verb: Verb;
  state: ObligationState;
  attempt: number;
  failures: number;
  dueAt: string;
  nextAt: string;
  triedAt: string;
  endedAt: string | null;
  status: string;
  code: string;
  detail: string;
  attempts: readonly Attempt[];
  member?: { id: string; displayName: string | null } | null;
  /** Of a vendor's own log. */
  obligationId?: string;
  installationId?: string;
  integrationKey?: string;
}

/** In these something is still tried. */
export const OPEN: ReadonlySet<ObligationState> = new Set<ObligationState>(["PENDING", "LEASED", "WAITING"]);

/** What was tried, when, how it ended, and when it is tried next. */
export function useDeliveryColumns({ ofVendor, onOpen }: { ofVendor: boolean; onOpen: (delivery: Delivery) => void }): Column<Delivery>[] {
  const { t, i18n } = useLingui();
  return useMemo(
    () => [
      {
        id: "verb",
        title: t`What`,
        isRowHeader: true,
        cell: ({ verb, detail }) => (
          <span className={css.what}>
            {i18n._(VERB_NAMES[verb])}
            {detail && (
              <bdi className={css.detail} data-of-server>
                {detail}
              </bdi>
            )}
          </span>
        ),
      },
      ofVendor
        ? { id: "installation", title: t`Installation`, cell: ({ installationId = "", integrationKey = "" }: Delivery) => <Ids ids={[integrationKey, installationId]} /> }
        : { id: "member", title: t`Person`, cell: ({ member }: Delivery) => member && <Person person={member} /> },
      {
        id: "state",
        title: t`State`,
        cell: ({ state }) => <Badge tone={OBLIGATION_STATE_TONES[state]}>{i18n._(OBLIGATION_STATE_NAMES[state])}</Badge>,
      },
      { id: "tried", title: t`Tried last`, cell: ({ triedAt }) => <Moment at={triedAt} /> },
      { id: "next", title: t`Next try`, cell: ({ state, nextAt }) => OPEN.has(state) && <Moment at={nextAt} /> },
      {
        id: "attempts",
        title: t`Attempts`,
        cell: (delivery) => (
          <Button kind="quiet" onPress={() => onOpen(delivery)}>
            <Plural value={delivery.attempt} one="# attempt" other="# attempts" />
          </Button>
        ),
      },
    ],
    [t, i18n, ofVendor, onOpen],
  );
}

function Ids({ ids }: { ids: readonly string[] }) {
  return (
    <span className={css.what} data-of-server>
      {ids.map((id) => (
        <bdi key={id}>{id}</bdi>
      ))}
    </span>
  );
}
