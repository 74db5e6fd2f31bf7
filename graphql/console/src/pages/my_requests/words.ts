/** Requests as the person who asked reads of them. */

import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import type { introspection } from "../../api/schema";

type Enums = introspection["types"];
type Named<Key extends string> = Record<Key, MessageDescriptor>;
export type Tone = "plain" | "good" | "warn" | "alarm" | "info";

export const MY_KINDS: Named<Enums["RightKind"]["enumValues"]> = {
  ACCESS: msg`Copy of my data`,
  PORTABILITY: msg`Copy to take elsewhere`,
  CORRECTION: msg`Correction`,
  RESTRICTION: msg`Keep, but don't use`,
  ERASURE: msg`Deletion of my data`,
  OBJECTION: msg`Objection`,
  CONSENT_WITHDRAWAL: msg`Withdrawal of a consent`,
  DEACTIVATION: msg`Leaving`,
};

/** Where a right stands, and what it waits for. */
export const MY_STATES: Record<Enums["RightState"]["enumValues"], { name: MessageDescriptor; tone: Tone; next: MessageDescriptor | null }> = {
  SUBMITTED: { name: msg`Waits for your code`, tone: "warn", next: msg`Nothing happens before you have shown that it is you. After 14 days the request expires.` },
  WITH_ADMIN: { name: msg`Being decided`, tone: "info", next: msg`Your organisation decides. If it does not in time, the provider's privacy team does.` },
  REFUSED: { name: msg`Looked at again`, tone: "info", next: msg`Your organisation refused. The provider's privacy team decides next, by itself; you need do nothing.` },
  ESCALATED: { name: msg`Handed over`, tone: "info", next: msg`The provider's privacy team decides.` },
  WITH_PRIVACY_TEAM: { name: msg`With the privacy team`, tone: "info", next: msg`The provider's privacy team decides.` },
  DENIED: { name: msg`Denied`, tone: "alarm", next: msg`This is the last word here. You can complain to the authority named below, or go to court.` },
  APPROVED: { name: msg`Agreed`, tone: "good", next: msg`It is done next. A deletion is looked at by somebody first, who sees what goes and what stays.` },
  PREVIEWED: { name: msg`Agreed`, tone: "good", next: msg`Somebody has looked at what the deletion would do, and commits it next.` },
  SCHEDULED: { name: msg`Waits before it is deleted`, tone: "warn", next: msg`Until then you can take it back. Afterwards nobody can.` },
  IN_PROGRESS: { name: msg`Being done`, tone: "info", next: null },
  AWAITING_VENDORS: { name: msg`Others are being asked`, tone: "info", next: msg`It is done here. Everybody who received your data is asked until each has answered.` },
  ATTESTING: { name: msg`Being proven`, tone: "info", next: msg`Everybody has answered. Whether it is true is being looked up.` },
  FULFILLED: { name: msg`Done`, tone: "good", next: null },
  PARTIALLY_FULFILLED: { name: msg`Done in part`, tone: "warn", next: null },
  WITHDRAWN: { name: msg`Taken back by you`, tone: "plain", next: null },
  EXPIRED: { name: msg`Expired`, tone: "plain", next: msg`Nobody showed in time that it is you. Ask again if you still want it.` },
};

const DECIDED: Record<string, MessageDescriptor> = {
  granted: msg`Granted`,
  partly_granted: msg`Granted in part`,
  others_rights: msg`It would harm the rights of others`,
  legal_duty: msg`A law demands that it is kept`,
  legal_hold: msg`It is held for a legal case`,
  unfounded: msg`It is held to be unfounded`,
  excessive: msg`It is held to be excessive`,
  not_held: msg`No such data is held`,
  other: msg`Another reason`,
};

const OUTCOMES: Record<string, MessageDescriptor> = {
  limited: msg`Something was withheld or kept, as was decided.`,
  not_corrected: msg`Something could not be corrected any more.`,
  unverifiable: msg`With somebody who had your data it could not be proven.`,
  manual: msg`With somebody who had your data it rests on what a person noted.`,
  self_reported: msg`With somebody who had your data it rests on what they said.`,
  earlier_manual: msg`With somebody who had given your data back before, it rests on what a person noted.`,
  earlier_self_reported: msg`With somebody who had given your data back before, it rests on what they said.`,
  earlier_unverifiable: msg`With somebody who had given your data back before, it was not proven.`,
  given_up: msg`With somebody who had your data it was given up.`,
  denied: msg`Somebody who had your data refused.`,
};

const EVENTS: Record<string, MessageDescriptor> = {
  submitted: msg`You asked`,
  identity_verified: msg`You showed that it is you`,
  acknowledged: msg`Somebody deals with it`,
  with_admin: msg`Your organisation decides`,
  refused: msg`Refused by your organisation`,
  escalated: msg`Handed over`,
  with_privacy_team: msg`The provider's privacy team decides`,
  denied: msg`Denied by the privacy team`,
  approved: msg`Agreed`,
  previewed: msg`What a deletion does was looked at`,
  scheduled: msg`The deletion waits for 14 days`,
  cooling_off_waived: msg`You did not want to wait`,
  in_progress: msg`Begun`,
  awaiting_vendors: msg`Done here; others were asked`,
  attesting: msg`Everybody answered; it is being proven`,
  fulfilled: msg`Done`,
  partially_fulfilled: msg`Done in part`,
  withdrawn: msg`You took it back`,
  expired: msg`Expired`,
  extended: msg`The day of the answer was moved`,
  late: msg`The day of the answer has passed`,
  restricted: msg`Your data rests: it is passed on to nobody`,
  restriction_lift_announced: msg`It was announced that your data is used again`,
  restriction_kept: msg`Your data stays at rest`,
  restriction_lifted: msg`Your data is used again`,
  corrected: msg`Corrected`,
  not_corrected: msg`Could not be corrected`,
  consents_withdrawn: msg`Consents ended`,
  added_after_commit: msg`What came meanwhile was deleted too`,
  waits_for_decision: msg`Somebody looks at texts that may mean you`,
  finds_decided_by_clock: msg`What was undecided in texts was decided by the rules`,
  remainder_erased: msg`What had been kept was deleted`,
  postponed: msg`It waits`,
  grace_ended: msg`Asked for by the clock, 90 days after you left`,
  ended: msg`The request has ended`,
  certified: msg`The certificate was signed`,
};

interface Language {
  _: (message: MessageDescriptor) => string;
}

const wordOf = (words: Record<string, MessageDescriptor>) => (i18n: Language, code: string) => (words[code] ? i18n._(words[code]) : code);
export const decisionOf = wordOf(DECIDED);
export const outcomeOf = wordOf(OUTCOMES);
export const eventOf = wordOf(EVENTS);
