/** Subscriptions: one WebSocket, opened by the first, closed after the last. */

import type { SubscriptionForwarder } from "@urql/core";
import type { Client } from "graphql-ws";
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
        const query = trustedDocument(request.operationName ?? "")?.text ?? request.query ?? "";
        const operation = { query, variables: request.variables ?? null, operationName: request.operationName ?? null };
        // What the socket tells is what the sink takes: only the two libraries' types of an error differ.
        unsubscribe = socket.subscribe(operation, sink as Parameters<Client["subscribe"]>[1]);
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
