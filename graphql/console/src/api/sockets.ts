/** Subscriptions: one WebSocket, opened by the first, closed after the last. */

import type { SubscriptionForwarder } from "@urql/core";
import type { Client, SubscribePayload } from "graphql-ws";
import { renewSession } from "./session_store";
import { trustedDocument } from "./trusted";

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

function address(): string {
  const url = new URL("/graphql", location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

async function connect(organisation: string | null): Promise<Client> {
  const { createClient } = await import("graphql-ws");
  return createClient({
    url: address(),
    lazyCloseTimeout: 1_000,
    // A computer sleeps, a server is started again: what is watched goes on afterwards, however long that took.
    retryAttempts: Infinity,
    retryWait: waitBefore,
    jsonMessageReplacer: withoutEmptyDocument,
    connectionParams: async () => ({ csrfToken: (await renewSession()).csrf_token, organisation }),
  });
}

export function forwardSubscription(organisation: string | null): SubscriptionForwarder {
  let client: Promise<Client> | undefined;
  return (request) => ({
    subscribe(sink) {
      let isWanted = true;
      let unsubscribe = () => {};
      client ??= connect(organisation);
      void client.then((socket) => {
        if (!isWanted) return;
        unsubscribe = socket.subscribe(payloadOf(request), sink as Parameters<Client["subscribe"]>[1]);
      }, sink.error);
      return {
        unsubscribe() {
          isWanted = false;
          unsubscribe();
        },
      };
    },
  });
}

/** Wait longer after each attempt; not all pages at the same moment, or a server that has just started would stand still. */
function waitBefore(attempt: number): Promise<void> {
  const longest = Math.min(FIRST_WAIT_MS * 2 ** attempt, LONGEST_WAIT_MS);
  return new Promise((resolve) => setTimeout(resolve, longest * (0.5 + Math.random() / 2)));
}

/** The document by its id, as over HTTP. The protocol's library sends nothing without a text: it gets an empty one, which is not sent. */
function payloadOf(request: Parameters<SubscriptionForwarder>[0]): SubscribePayload {
  const { operationName = "", variables = null, query = "" } = request;
  const document = trustedDocument(operationName);
  const asked = document ? { documentId: document.id, query: "" } : { query };
  return { ...asked, variables, operationName } as unknown as SubscribePayload;
}

function withoutEmptyDocument(name: string, value: unknown): unknown {
  return name === "query" && value === "" ? undefined : value;
}
