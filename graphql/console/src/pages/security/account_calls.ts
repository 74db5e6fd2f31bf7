/** Sessions and tokens are the sign-in's own: its calls, in the shape that pages show. */

import { useCallback, useEffect, useState } from "react";
import type { Failure } from "../../api/failures";
import { askSecondStep } from "../../api/step_up_store";
import { currentSession } from "../../api/session_store";
import { CSRF_HEADER } from "../../sign_in/session";

const UNAUTHORISED = 403;

export class CallFailed extends Error {
  constructor(
    message: string,
    readonly code: string,
    readonly requestId: string | null,
  ) {
    super(message);
  }
}

/** Call the sign-in. What needs the second step asks for it in place, and the same is sent again, once. */
export async function call<Answer>(path: string, method = "GET", body?: object): Promise<Answer> {
  let response = await send(path, method, body);
  if (response.status === UNAUTHORISED && (await codeOf(response.clone())) === "STEP_UP_REQUIRED" && (await askSecondStep())) {
    response = await send(path, method, body);
  }
  const text = await response.text();
  if (!response.ok) throw refusal(text, response);
  return (text ? JSON.parse(text) : undefined) as Answer;
}

function send(path: string, method: string, body?: object): Promise<Response> {
  return fetch(path, {
    method,
    headers: { Accept: "application/json", "Content-Type": "application/json", [CSRF_HEADER]: currentSession().csrf_token },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
}

async function codeOf(response: Response): Promise<string> {
  return ((await response.json().catch(() => ({}))) as { code?: string }).code ?? "";
}

function refusal(text: string, response: Response): CallFailed {
  let told: { detail?: string; code?: string } = {};
  try {
    told = JSON.parse(text) as typeof told;
  } catch {
    // What is no JSON says nothing to people.
  }
  return new CallFailed(told.detail ?? "", told.code ?? "", response.headers.get("X-Request-Id"));
}

export function failureOfCall(error: unknown): Failure {
  if (!(error instanceof CallFailed)) return { kind: "offline", code: "", message: "", requestId: null };
  return { kind: error.message ? "refused" : "fault", code: error.code, message: error.message, requestId: error.requestId };
}

/** Load a list of the sign-in's, as a part of a page shows it. */
export function useCall<Answer>(path: string) {
  const [state, setState] = useState<{ data: Answer | undefined; failure: Failure | undefined; isLoading: boolean }>({
    data: undefined,
    failure: undefined,
    isLoading: true,
  });
  const refresh = useCallback(() => {
    setState((now) => ({ ...now, failure: undefined, isLoading: true }));
    call<Answer>(path).then(
      (data) => setState({ data, failure: undefined, isLoading: false }),
      (error: unknown) => setState({ data: undefined, failure: failureOfCall(error), isLoading: false }),
    );
  }, [path]);
  useEffect(refresh, [refresh]);
  return { ...state, refresh };
}
