/** Which clock of a request runs out first: to acknowledge, to decide, to answer, or until the erasure. */

import { Trans } from "@lingui/react/macro";
import type { RightState } from "../words/requests";
import { Deadline } from "./moment";

/** What a request has of clocks. */
export interface Clocked {
  identity: string;
  dueAt: string;
  endedAt: string | null;
  acknowledgedAt: string | null;
  acknowledgeBy: string;
  decideBy: string;
  rights: readonly { state: RightState; scheduledFor: string | null }[];
}

/** The clock that runs out first, and when; none once it has ended, or while the person has still to prove the identity. */
export function nextClock(request: Clocked): { kind: "acknowledge" | "decide" | "answer" | "erase"; at: string } | undefined {
  if (request.endedAt !== null || request.identity === "PENDING") return undefined;
  const waits = request.rights.some(({ state }) => state === "WITH_ADMIN");
  if (waits) return request.acknowledgedAt === null ? { kind: "acknowledge", at: request.acknowledgeBy } : { kind: "decide", at: request.decideBy };
  const scheduled = request.rights.find(({ scheduledFor }) => scheduledFor !== null)?.scheduledFor;
  return scheduled ? { kind: "erase", at: scheduled } : { kind: "answer", at: request.dueAt };
}

/** What has to be done next, and by when. */
export function NextClock({ request }: { request: Clocked }) {
  const clock = nextClock(request);
  if (!clock) return request.endedAt === null ? <Trans>The person proves the identity</Trans> : null;
  const until = <Deadline at={clock.at} />;
  if (clock.kind === "acknowledge") return <Trans>Acknowledge by {until}</Trans>;
  if (clock.kind === "decide") return <Trans>Decide by {until}</Trans>;
  if (clock.kind === "erase") return <Trans>Erased on {until}</Trans>;
  return <Trans>Answer by {until}</Trans>;
}
