/** Deadlines, one for each clock that runs: whose request, and what has to be done by then. */

import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Deadline } from "../../components/moment";
import { useObjectAddress } from "../../components/text_link";
import { nextClock } from "../../components/next_clock";
import { Asker, type RequestRow } from "./columns";
import css from "./requests.module.css";

type Kind = NonNullable<ReturnType<typeof nextClock>>["kind"];

export interface Entry {
  row: RequestRow;
  kind: Kind;
  at: string;
}

/** The clock that runs out first, and the day of the answer, of each open request. */
export function useEntries(rows: readonly RequestRow[]): Entry[] {
  return rows.flatMap((row) => {
    const clock = nextClock(row);
    if (!clock) return [];
    const first = { row, ...clock };
    return clock.kind === "answer" ? [first] : [first, { row, kind: "answer" as const, at: row.dueAt }];
  });
}

export function Entries({ entries, isDated = false }: { entries: readonly Entry[]; isDated?: boolean }) {
  const addressOf = useObjectAddress();
  return (
    <ul className={css.entries}>
      {entries.map(({ row, kind, at }) => (
        <li key={row.id + kind} data-kind={kind}>
          <Link to={addressOf("requests", row.id)}>
            <Deed kind={kind} row={row} />
          </Link>
          {isDated && <Deadline at={at} />}
        </li>
      ))}
    </ul>
  );
}

function Deed({ kind, row }: { kind: Kind; row: RequestRow }) {
  const who = <Asker row={row} />;
  if (kind === "acknowledge") return <Trans>Acknowledge: {who}</Trans>;
  if (kind === "decide") return <Trans>Decide: {who}</Trans>;
  if (kind === "erase") return <Trans>Erased: {who}</Trans>;
  return <Trans>Answer: {who}</Trans>;
}
