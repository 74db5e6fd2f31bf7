/** How the language calls states and choices of domains. */

import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { ResultOf } from "../../api/graphql";
import type { ClaimState } from "./constants";
import type { DomainQuery } from "./documents";

export type DomainDetails = NonNullable<ResultOf<typeof DomainQuery>["domain"]>;
export type DomainState = DomainDetails["state"];
export type Finding = NonNullable<DomainDetails["finding"]>;
export type Enrolment = NonNullable<DomainDetails["policy"]>["enrolment"];
export type GroupingState = DomainDetails["groupings"]["edges"][number]["node"]["state"];

export const DOMAIN_STATES: Record<DomainState, MessageDescriptor> = {
  PENDING: msg`Waits for its record`,
  VERIFIED: msg`Proven`,
  GRACE: msg`Record is gone`,
  SUSPENDED: msg`Not proven any more`,
  CONTESTED: msg`Somebody else holds it`,
  DISPUTED: msg`Disputed`,
  RELEASED: msg`Let go of`,
  EXPIRED: msg`Expired`,
  TRANSFERRED: msg`Passed to another organisation`,
};

export const DOMAIN_TONES = {
  PENDING: "info",
  VERIFIED: "good",
  GRACE: "warn",
  SUSPENDED: "alarm",
  CONTESTED: "warn",
  DISPUTED: "warn",
  RELEASED: "plain",
  EXPIRED: "plain",
  TRANSFERRED: "plain",
} as const;

export const OVER: ReadonlySet<DomainState> = new Set(["RELEASED", "EXPIRED", "TRANSFERRED"]);

export const FINDINGS: Record<Finding, MessageDescriptor> = {
  PROVEN: msg`The record was found.`,
  ABSENT: msg`There was no record of this name. New records can take an hour to be seen everywhere: look again later.`,
  OLD: msg`An earlier record was found, which counts no more. Replace its value by the new one.`,
  WILDCARD: msg`The record comes from an alias for every name below the domain, which proves nothing. Place the record itself.`,
  NO_MAIL: msg`The record was found, but the domain takes no mail, which is needed for names under this ending.`,
  UNCLEAR: msg`The name servers that were asked do not agree yet. Look again in some minutes.`,
  OUTAGE: msg`The name servers did not answer. Nothing is lost by that; look again in some minutes.`,
};

export const ENROLMENTS: Record<Enrolment, MessageDescriptor> = {
  OFF: msg`Nobody joins by it`,
  SUGGEST: msg`Tell new accounts of us`,
  INVITE: msg`Ask accounts to join`,
  JOIN_NEW: msg`New accounts join at once`,
  CLAIM_EXISTING: msg`New accounts join, and existing ones are asked`,
};

export const ENROLMENT_MEANINGS: Record<Enrolment, MessageDescriptor> = {
  OFF: msg`Nobody joins and nobody is asked because of an address at this domain.`,
  SUGGEST: msg`Who proves an address here is told that your organisation exists. You learn nothing of it.`,
  INVITE: msg`Who proves an address here as the primary one is asked to join, and decides.`,
  JOIN_NEW: msg`Who registers with an address here becomes a member at once, without any role; the person is told and can undo it.`,
  CLAIM_EXISTING: msg`New accounts become members at once. Accounts that exist already can be counted and asked below; each person has 14 days to choose.`,
};

export const GROUPING_STATES: Record<GroupingState, MessageDescriptor> = {
  PREVIEWED: msg`Counted`,
  RUNNING: msg`Under way`,
  DONE: msg`Done`,
  CANCELLED: msg`Stopped`,
  EXPIRED: msg`Expired`,
};

export const CLAIM_STATE_NAMES: Record<ClaimState, MessageDescriptor> = {
  NOTIFIED: msg`Asked`,
  UNDECIDED: msg`Has to choose at the next sign-in`,
  MANAGED: msg`Joined`,
  DETACHED: msg`Moved away`,
  CLOSED: msg`Closed the account`,
  EXEMPT: msg`Left alone`,
  RELEASED: msg`Over`,
};

export const CLAIM_TONES = {
  NOTIFIED: "info",
  UNDECIDED: "warn",
  MANAGED: "good",
  DETACHED: "plain",
  CLOSED: "plain",
  EXEMPT: "plain",
  RELEASED: "plain",
} as const;
