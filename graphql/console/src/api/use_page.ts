/** What a page shows: its first document brings the shell's part along, so that one request leads to the first rows. */

import type { TypedDocumentNode } from "@urql/core";
import { useCallback, useContext, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { type AnyVariables, useQuery } from "urql";
import { type Failure, failureOf } from "./failures";
import { ShellAsking, type Viewer } from "./shell_asking";

export interface Asked<Data> {
  data: Data | undefined;
  failure: Failure | undefined;
  /** Something is being asked; `data` may be what was there before. */
  isLoading: boolean;
  /** Look again: after an act, or because a person asks for it. */
  refresh: () => void;
  /** What was asked, for “copy as GraphQL”. */
  document: TypedDocumentNode<Data, never>;
  variables: Record<string, unknown>;
}

/** What is asked when a person comes, and each time that he or she comes: never by itself. */
const POLICY = "cache-and-network";

/**
 * Ask what a page shows. Its document takes `$shell: Boolean!` and has `...ShellFields @include(if: $shell)`.
 *
 * @param document - the page's operation, from its `documents.ts`.
 * @param variables - without `shell`, which is true until the shell knows who looks.
 */
export function usePage<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Omit<Variables, "shell">,
): Asked<Data> {
  const asking = useContext(ShellAsking);
  const key = JSON.stringify(variables);
  const [attempt, setAttempt] = useState(0);
  const complete = useMemo(() => ({ ...variables, shell: asking.isWanted() }) as unknown as Variables, [asking, key, attempt]);
  const asked = useAsked(document, complete, key);
  const { data, failure, refresh } = asked;
  const viewer = (data as { viewer?: Viewer } | undefined)?.viewer;
  useEffect(() => asking.claim(), [asking]);
  // Before anything is painted: rows and what may be done to them come together, so that nothing moves.
  useLayoutEffect(() => {
    if (viewer && "permissions" in viewer) asking.know(viewer);
  }, [asking, viewer]);
  useEffect(() => {
    if (failure) asking.ask();
  }, [asking, failure]);
  const again = useCallback(() => {
    setAttempt((before) => before + 1);
    refresh();
  }, [refresh]);
  return { ...asked, refresh: failure ? again : refresh };
}

/** Ask what a part of a page shows, when a person opens it; until then `isWanted` is false. */
export function usePart<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  isWanted = true,
): Asked<Data> {
  return useAsked(document, variables, JSON.stringify(variables), isWanted);
}

function useAsked<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  key: string,
  isWanted = true,
): Asked<Data> {
  const [failed, setFailed] = useState<{ key: string; failure: Failure }>();
  const failure = failed?.key === key ? failed.failure : undefined;
  // What failed is asked again by hand alone: else the cache would, once the shell's part of it has come.
  const [result, execute] = useQuery({ query: document, variables, pause: !isWanted || failure !== undefined, requestPolicy: POLICY });
  const error = result.fetching || result.stale ? undefined : result.error;
  useEffect(() => {
    const why = failureOf(error);
    if (why) setFailed({ key, failure: why });
  }, [error, key]);
  const before = useRef<Data>(undefined);
  if (result.data) before.current = result.data;
  const hasFailed = failure !== undefined;
  const refresh = useCallback(() => {
    if (hasFailed) setFailed(undefined);
    else execute({ requestPolicy: "network-only" });
  }, [execute, hasFailed]);
  const isLoading = result.fetching || result.stale;
  return {
    // Rows stay until the next ones are there, or the reason why they are not.
    data: result.data ?? (isLoading ? before.current : undefined),
    failure,
    isLoading,
    refresh,
    document: document as unknown as TypedDocumentNode<Data, never>,
    variables: (variables ?? {}) as Record<string, unknown>,
  };
}
