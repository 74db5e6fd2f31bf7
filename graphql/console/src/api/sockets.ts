/** Subscriptions: one WebSocket, opened by the first, closed after the last. */

import type { SubscriptionForwarder } from "@urql/core";
import type { Client, SubscribePayload } from "graphql-ws";
import { renewSession } from "./session_store";
import { trustedDocument } from "./trusted";

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
