/** Acts: a mutation, its refusals at their fields, the second step in place, and a retry that loses nothing. */

import type { TypedDocumentNode } from "@urql/core";
import { useCallback, useState } from "react";
import { type AnyVariables, useClient } from "urql";
import { askSecondStep } from "./step_up_store";
import { type Failure, failureOf, type Refused } from "./failures";

const STEP_UP = "STEP_UP_REQUIRED";

/** What a payload is: its only field besides `errors` differs. */
type Payload = { errors: readonly Refused[] };

export interface Command<Payload_, Variables> {
  /** Do it. Resolves to the payload when it was done, else to undefined: then `refusals` or `failure` say why. */
  run: (variables: Variables) => Promise<Payload_ | undefined>;
  isRunning: boolean;
  refusals: readonly Refused[];
  failure: Failure | undefined;
  /** Forget why the last attempt was refused. */
  clear: () => void;
}

interface Outcome {
  refusals: readonly Refused[];
  failure: Failure | undefined;
}

const NOTHING: Outcome = { refusals: [], failure: undefined };

type PayloadOf<Data> = Data extends object ? Extract<Data[keyof Data], Payload> : never;

/**
 * Use a mutation whose document has one field with `errors { code message path }`.
 *
 * What needs the second step asks for it in place and sends the same again, once.
 */
export function useCommand<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
): Command<PayloadOf<Data>, Variables> {
  const client = useClient();
  const [isRunning, setIsRunning] = useState(false);
  const [outcome, setOutcome] = useState(NOTHING);
  const run = useCallback(
    async (variables: Variables) => {
      setIsRunning(true);
      setOutcome(NOTHING);
      const send = () => client.mutation(document, variables).toPromise();
      try {
        let result = await send();
        if (needsSecondStep(payloadOf<Data>(result.data), failureOf(result.error)) && (await askSecondStep())) result = await send();
        const payload = payloadOf<Data>(result.data);
        const next = { refusals: payload?.errors ?? [], failure: failureOf(result.error) };
        setOutcome(next);
        return next.failure || next.refusals.length ? undefined : payload;
      } finally {
        setIsRunning(false);
      }
    },
    [client, document],
  );
  const clear = useCallback(() => setOutcome(NOTHING), []);
  return { run, isRunning, ...outcome, clear };
}

function payloadOf<Data>(data: Data | undefined): PayloadOf<Data> | undefined {
  const [payload] = Object.entries(data ?? {}).flatMap(([name, value]) => (name === "__typename" ? [] : [value as unknown]));
  return (payload ?? undefined) as PayloadOf<Data> | undefined;
}

function needsSecondStep(payload: Payload | undefined, failure: Failure | undefined): boolean {
  return failure?.code === STEP_UP || payload?.errors.some(({ code }) => code === STEP_UP) === true;
}
