/** Acts on the selected rows of a list: who was refused stays selected, with the reason, for another try. */

import { useState } from "react";

/** What became of each row. */
export interface BulkResult {
  done: string[];
  /** The reason for each that was refused, by its id. */
  refused: ReadonlyMap<string, string>;
}

/** Does it for these rows; undefined where the whole call was refused. */
export type BulkAct = (ids: string[]) => Promise<BulkResult | undefined>;

interface Last extends BulkResult {
  act: BulkAct;
}

const NONE: ReadonlySet<string> = new Set();

export interface Bulk {
  selected: ReadonlySet<string>;
  select: (ids: ReadonlySet<string>) => void;
  last: Last | undefined;
  /** Do it for the selected rows. */
  run: (act: BulkAct) => Promise<BulkResult | undefined>;
  /** Do the last act again, for those that it was refused for. */
  retry: () => Promise<BulkResult | undefined>;
  /** The last act was taken back: nothing is to be said of it. */
  forget: () => void;
  reasonOf: (row: { id: string }) => string | undefined;
}

/**
 * Keep what is selected in a list, and what became of the last act on it.
 *
 * @param list - names the rows that are listed: with another list nothing is selected.
 */
export function useBulk(list: string): Bulk {
  const [state, setState] = useState<{ list: string; selected: ReadonlySet<string>; last?: Last }>({ list, selected: NONE });
  const now = state.list === list ? state : { list, selected: NONE };
  const attempt = async (act: BulkAct, ids: string[]) => {
    const result = await act(ids);
    if (result) setState({ list, selected: new Set(result.refused.keys()), last: { ...result, act } });
    return result;
  };
  return {
    selected: now.selected,
    select: (selected) => setState({ ...now, selected }),
    last: now.last,
    run: (act) => attempt(act, [...now.selected]),
    retry: async () => now.last && attempt(now.last.act, [...now.last.refused.keys()]),
    forget: () => setState({ list, selected: NONE }),
    reasonOf: ({ id }) => now.last?.refused.get(id),
  };
}

/** A payload with what became of each member. */
export interface Rows {
  rows: readonly { memberId: string; error: { message: string } | null }[];
}

/** Read the rows of a payload: each was done, or has its error. */
export function bulkResult(rows: Rows["rows"]): BulkResult {
  return {
    done: rows.filter(({ error }) => !error).map(({ memberId }) => memberId),
    refused: new Map(rows.flatMap(({ memberId, error }) => (error ? [[memberId, error.message] as const] : []))),
  };
}
