/** Subscriptions of the explorer: one WebSocket for each, closed when it ends or the person stops it. */

import type { FetcherParams } from "@graphiql/toolkit";
import { createClient } from "graphql-ws";
import type { Credentials } from "./fetcher";
import { loadSession } from "../sign_in/session";

function address(): string {
  const url = new URL("/graphql", location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

/** Subscribe; each result comes as it happens. The cookie goes with the handshake, the rest with the first message. */
export async function* subscribe(request: FetcherParams, current: () => Credentials) {
  const client = createClient({
    url: address(),
    // Fetched again at each connection: the token changes when the person shows the second factor again.
    connectionParams: async () => ({
      csrfToken: (await loadSession()).csrf_token,
      organisation: current().organisation,
    }),
  });
  try {
    for await (const result of client.iterate({
      query: request.query,
      variables: request.variables as Record<string, unknown> | null,
      operationName: request.operationName,
    })) {
      yield result;
    }
  } catch (error) {
    yield { errors: [{ message: reason(error) }] };
  } finally {
    await client.dispose();
  }
}

/** In words: errors of the operation, or why the socket was closed. */
function reason(error: unknown): string {
  if (Array.isArray(error)) return error.map(({ message }: { message: string }) => message).join(" ");
  if (error instanceof CloseEvent) return error.reason || `The connection was closed (code ${error.code}).`;
  return error instanceof Error ? error.message : "The connection could not be made.";
}
