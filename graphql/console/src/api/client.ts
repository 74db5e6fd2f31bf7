/** The client of an organisation: its answers are kept apart from those of any other. */

import { cacheExchange } from "@urql/exchange-graphcache";
import { Client, fetchExchange, subscriptionExchange } from "urql";
import { fetchingFor } from "./fetching";
import { forwardSubscription } from "./sockets";

/** What has no id is kept with what it belongs to. */
const keys = new Proxy({}, { get: () => ({ id }: { id?: string }) => id ?? null });

/** Make a client. Nothing is asked by itself: no polling, no refetching at a focus, no prefetching, since asking is looking. */
export function makeClient(organisation: string | null): Client {
  return new Client({
    url: "/graphql",
    preferGetMethod: false,
    fetch: fetchingFor(organisation),
    exchanges: [cacheExchange({ keys }), fetchExchange, subscriptionExchange({ forwardSubscription: forwardSubscription(organisation) })],
  });
}
