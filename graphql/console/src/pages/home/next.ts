/** Where somebody goes who deals with what waits first. */

import type { ResultOf } from "../../api/graphql";
import type { HomeQuery } from "./documents";
import { type Waiting, WAITING } from "./words";

type Home = ResultOf<typeof HomeQuery>;
type Request = Home["requests"]["edges"][number]["node"];
type Right = Request["rights"][number];

/** Which requests wait in each of these ways: the overview counts the same. */
const WAITS: Partial<Record<Waiting["kind"], (request: Request) => boolean>> = {
  REQUESTS_TO_ACKNOWLEDGE: (request) => request.acknowledgedAt === null && isToDecide(request),
  REQUESTS_TO_DECIDE: isToDecide,
  ERASURES_TO_COMMIT: ({ rights }) => rights.some(isToCommit),
};

function isToDecide({ rights }: Request): boolean {
  return rights.some(({ state }) => state === "WITH_ADMIN");
}

function isToCommit({ kind, state }: Right): boolean {
  return kind === "ERASURE" && (state === "APPROVED" || state === "PREVIEWED");
}

/**
 * The page below the organisation's own: of requests that of the one which is due first, of all else that of the list.
 *
 * @param me - the member who looks: nobody deals with the own request.
 */
export function nextPage({ overview, requests }: Home, me: string | undefined): string | undefined {
  const [first] = overview.waiting;
  if (!first) return undefined;
  const { page } = WAITING[first.kind];
  const waits = WAITS[first.kind];
  const others = requests.edges.map(({ node }) => node).filter(({ member, identity, handler }) => member?.id !== me && identity === "VERIFIED" && handler === "ADMIN");
  const request = waits && others.find(waits);
  return request ? `${page}/${encodeURIComponent(request.id)}` : page;
}
