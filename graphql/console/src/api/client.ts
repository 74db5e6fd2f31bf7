/** The client of an organisation: its answers are kept apart from those of any other. */

import { Client, fetchExchange, subscriptionExchange } from "urql";
import { fetchingFor } from "./fetching";
import { rememberingExchange } from "./remembering";
import { forwardSubscription } from "./sockets";

/** Make a client. Nothing is asked by itself: no polling, no refetching at a focus, no prefetching, since asking is looking. */
export function makeClient(organisation: string | null): Client {
  return new Client({
    url: "/graphql",
    preferGetMethod: false,
    fetch: fetchingFor(organisation),
    exchanges: [rememberingExchange, fetchExchange, subscriptionExchange({ forwardSubscription: forwardSubscription(organisation) })],
  });
}
