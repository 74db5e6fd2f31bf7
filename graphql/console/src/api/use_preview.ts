/** What an act would do, in numbers: a mutation that changes nothing, asked when a dialog opens. */

import type { TypedDocumentNode } from "@urql/core";
import { useCallback, useEffect, useState } from "react";
import type { AnyVariables } from "urql";
import type { Failure, Refused } from "./failures";
import { useCommand } from "./use_command";

export const STALE = "STALE_PREVIEW";

export interface Previewed<Seen> {
  data: Seen | undefined;
  /** What was shown before the last look, where the act was refused because it would do something else by now. */
  before: Seen | undefined;
  failure: Failure | undefined;
  isLoading: boolean;
  refresh: () => void;
}

type PreviewIn<Data> = Data extends object ? NonNullable<Extract<Data[keyof Data], { preview: unknown }>["preview"]> : never;

/**
 * Look at what an act would do; looks again by `refresh`.
 *
 * @param document - a mutation with `preview` in its payload.
 * @param variables - what it is asked with; it is asked again where that changes.
 */
export function usePreview<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Previewed<PreviewIn<Data>> {
  const { run, refusals, failure, isRunning } = useCommand(document);
  const [seen, setSeen] = useState<{ now?: PreviewIn<Data>; before?: PreviewIn<Data> }>({});
  const key = JSON.stringify(variables);
  const refresh = useCallback(() => {
    void run(JSON.parse(key) as Variables).then((payload) => {
      const { preview } = (payload ?? {}) as { preview?: PreviewIn<Data> | null };
      if (preview) setSeen(({ now }) => ({ now: preview, ...(now ? { before: now } : {}) }));
    });
  }, [run, key]);
  useEffect(refresh, [refresh]);
  return { data: seen.now, before: seen.before, failure: failure ?? refusedAs(refusals), isLoading: isRunning, refresh };
}

function refusedAs([first]: readonly Refused[]): Failure | undefined {
  return first && { kind: "refused", code: first.code, message: first.message, requestId: null };
}
