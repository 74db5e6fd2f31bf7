/** How a page's operations reach the API: with the session's token, by trusted documents, past the end of a session. */

import { CSRF_HEADER, ORGANISATION_HEADER } from "../sign_in/session";
import { NoAnswer } from "./failures";
import { awaitSignIn, currentSession, renewSession } from "./session_store";
import { trustedDocument } from "./trusted";

const ACCEPT = "application/graphql-response+json, application/json;q=0.9";

const BUSY = 429;
const MOST_AGAIN = 3;
const USUAL_SECONDS = 2;
/** Who would have to wait longer is told so. */
const MOST_SECONDS = 10;

/** Make the function by which urql fetches, on behalf of an organisation, or of none. */
export function fetchingFor(organisation: string | null): typeof fetch {
  const call = (init: RequestInit | undefined) =>
    fetch("/graphql", {
      method: "POST",
      signal: init?.signal ?? null,
      headers: {
        Accept: ACCEPT,
        "Content-Type": "application/json",
        [CSRF_HEADER]: currentSession().csrf_token,
        ...(organisation ? { [ORGANISATION_HEADER]: organisation } : {}),
      },
      body: bodyOf(String(init?.body)),
    }).catch((error: Error) => {
      throw error.name === "AbortError" ? error : new NoAnswer("offline");
    });
  return async (_input, init) => {
    let response = await call(init);
    if (response.status === 403) {
      // The token was renewed by another tab: nothing was done, so that the same may be sent again.
      await renewSession();
      response = await call(init);
    }
    while (response.status === 401) {
      await awaitSignIn();
      response = await call(init);
    }
    // The server is busy, and has done nothing: right after its start each document is new to it.
    for (let again = 0; again < MOST_AGAIN && isBusy(response); again += 1) {
      await pause(secondsOf(response) * 1_000);
      response = await call(init);
    }
    return answered(response);
  };
}

function isBusy(response: Response): boolean {
  return response.status === BUSY && secondsOf(response) <= MOST_SECONDS;
}

function secondsOf(response: Response): number {
  return Number(response.headers.get("Retry-After") ?? USUAL_SECONDS);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function bodyOf(body: string): string {
  const { operationName, variables, query } = JSON.parse(body) as Record<string, unknown>;
  const document = trustedDocument(String(operationName));
  return JSON.stringify(document ? { documentId: document.id, variables, operationName } : { query, variables, operationName });
}

/** Let an answer of the API through; anything else is no answer. */
function answered(response: Response): Response {
  const type = response.headers.get("Content-Type") ?? "";
  const isAnswer = type.startsWith("application/graphql-response+json") || (response.ok && type.startsWith("application/json"));
  if (!isAnswer) throw new NoAnswer("fault", response.headers.get("X-Request-Id"), response.status);
  return response;
}
