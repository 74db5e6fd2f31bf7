/**
 * Answers are kept while the console is open: who comes back sees at once what was there, while it is asked again. What an act
 * answers of an object stands from then on wherever the object is shown. Nothing is ever asked because of an answer.
 */

import { type Exchange, makeOperation, type Operation, type OperationResult, type RequestPolicy } from "@urql/core";
import { filter, map, merge, pipe, share, tap } from "wonka";
import { changesIn, changed } from "./changes";
import { operationName } from "./trusted";

/** The oldest go first. */
const MOST_KEPT = 60;

interface Kept {
  operation: Operation;
  data: unknown;
}

export const rememberingExchange: Exchange =
  ({ client, forward }) =>
  (operations) => {
    const kept = new Map<string, Kept>();
    const keep = (key: string, entry: Kept) => {
      kept.delete(key);
      kept.set(key, entry);
      for (const oldest of kept.keys()) if (kept.size > MOST_KEPT) kept.delete(oldest);
    };
    const again = (operation: Operation, requestPolicy: RequestPolicy) => client.reexecuteOperation(makeOperation(operation.kind, operation, { ...operation.context, requestPolicy }));
    const isKept = (operation: Operation) => operation.kind === "query" && operation.context.requestPolicy !== "network-only" && kept.has(keyOf(operation));
    const answer = (operation: Operation): OperationResult => {
      const stale = operation.context.requestPolicy === "cache-and-network";
      if (stale) again(operation, "network-only");
      return { operation, data: kept.get(keyOf(operation))?.data, stale, hasNext: false };
    };
    const learn = ({ operation, data, error }: OperationResult) => {
      if (!data) return;
      if (operation.kind === "query") {
        if (!error) keep(keyOf(operation), { operation, data });
        return;
      }
      const changes = changesIn(operation, data);
      for (const [key, entry] of kept) {
        const next = changed(entry.operation, entry.data, changes);
        if (next === entry.data) continue;
        kept.set(key, { ...entry, data: next });
        again(entry.operation, "cache-first");
      }
    };
    const shared = share(operations);
    const known = pipe(shared, filter(isKept), map(answer));
    const asked = pipe(
      shared,
      filter((operation) => !isKept(operation)),
      forward,
      tap(learn),
    );
    return merge([known, asked]);
  };

/** With what the shell shows or without it: the page's part is the same. */
function keyOf({ query, variables }: Operation): string {
  const { shell: _, ...own } = (variables ?? {}) as Record<string, unknown>;
  return `${operationName(query)} ${JSON.stringify(own)}`;
}
