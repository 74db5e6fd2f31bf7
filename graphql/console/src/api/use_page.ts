/** What a page shows: its first document brings the shell's part along, so that one request leads to the first rows. */

import type { TypedDocumentNode } from "@urql/core";
import { useCallback, useContext, useEffect, useMemo, useRef } from "react";
import { type AnyVariables, useClient, useQuery } from "urql";
import { ShellQuery } from "./documents";
import { ShellAsking } from "./shell_asking";
import { type Failure, failureOf } from "./failures";

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
  const client = useClient();
  const asking = useContext(ShellAsking);
  const key = JSON.stringify(variables);
  const complete = useMemo(
    () => ({ ...variables, shell: !client.readQuery(ShellQuery, {}, { requestPolicy: "cache-only" })?.data }) as unknown as Variables,
    [client, key],
  );
  const asked = useAsked(document, complete);
  useEffect(() => asking.claim(), [asking]);
  const hasFailed = asked.failure !== undefined;
  useEffect(() => {
    if (hasFailed) asking.ask();
  }, [asking, hasFailed]);
  return asked;
}

/** Ask what a part of a page shows, when a person opens it; until then `isWanted` is false. */
export function usePart<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  isWanted = true,
): Asked<Data> {
  return useAsked(document, variables, isWanted);
}

function useAsked<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  isWanted = true,
): Asked<Data> {
  const [result, execute] = useQuery({ query: document, variables, pause: !isWanted, requestPolicy: POLICY });
  const before = useRef<Data>(undefined);
  if (result.data) before.current = result.data;
  const refresh = useCallback(() => execute({ requestPolicy: "network-only" }), [execute]);
  const isLoading = result.fetching || result.stale;
  return {
    // Rows stay until the next ones are there, or the reason why they are not.
    data: result.data ?? (isLoading ? before.current : undefined),
    failure: isLoading ? undefined : failureOf(result.error),
    isLoading,
    refresh,
    document: document as unknown as TypedDocumentNode<Data, never>,
    variables: (variables ?? {}) as Record<string, unknown>,
  };
}
