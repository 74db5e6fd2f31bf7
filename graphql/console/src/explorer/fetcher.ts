/** How the explorer speaks to the API: with the session's cookie, its CSRF token, and the chosen organisation. */

import type { Fetcher } from "@graphiql/toolkit";
import { getOperationAST } from "graphql";
import { CSRF_HEADER, loadSession, ORGANISATION_HEADER } from "../sign_in/session";
import { subscribe } from "./subscriptions";

export interface Credentials {
  csrfToken: string;
  organisation: string | null;
}

const ACCEPT = "application/graphql-response+json, application/json;q=0.9";

/**
 * Make a fetcher.
 *
 * @param current - the credentials at the moment of each call: signing in elsewhere or choosing another organisation
 *   changes them.
 * @param renewed - told a new CSRF token, after the server refused an old one.
 */
export function makeFetcher(current: () => Credentials, renewed: (csrfToken: string) => void): Fetcher {
  return async (request, options) => {
    const { documentAST } = options ?? {};
    if (documentAST && getOperationAST(documentAST, request.operationName)?.operation === "subscription") {
      return subscribe(request, current);
    }
    const call = (credentials: Credentials) =>
      fetch("/graphql", {
        method: "POST",
        headers: {
          ...options?.headers,
          Accept: ACCEPT,
          "Content-Type": "application/json",
          [CSRF_HEADER]: credentials.csrfToken,
          ...(credentials.organisation ? { [ORGANISATION_HEADER]: credentials.organisation } : {}),
        },
        body: JSON.stringify(request),
      });
    let response = await call(current());
    if (response.status === 403) {
      const session = await loadSession();
      renewed(session.csrf_token);
      response = await call({ ...current(), csrfToken: session.csrf_token });
    }
    return answer(response);
  };
}

async function answer(response: Response) {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    const message = `The server answered with status ${response.status} and no JSON.`;
    return { errors: [{ message, extensions: { status: response.status } }] };
  }
}
