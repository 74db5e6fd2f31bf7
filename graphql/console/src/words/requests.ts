/** What requests, their rights and what recipients did are called: constants of the API, and how the language says them. */

import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import type { introspection } from "../api/schema";

type Enums = introspection["types"];
export type RightKind = Enums["RightKind"]["enumValues"];
export type RightState = Enums["RightState"]["enumValues"];
export type Handler = Enums["RequestHandler"]["enumValues"];

type Names<Key extends string> = Record<Key, MessageDescriptor>;
export type Tone = "plain" | "good" | "warn" | "alarm" | "info";

/** What somebody asks for, as the name of a thing. */
export const KIND_NAMES: Names<RightKind> = {
  ACCESS: msg`Copy of the data`,
  PORTABILITY: msg`Copy to take elsewhere`,
  CORRECTION: msg`Correction`,
  RESTRICTION: msg`Restriction`,
  ERASURE: msg`Erasure`,
  OBJECTION: msg`Objection`,
  CONSENT_WITHDRAWAL: msg`Withdrawal of consent`,
  DEACTIVATION: msg`Deactivation`,
};

export const KINDS = Object.keys(KIND_NAMES) as RightKind[];

/** Where one right stands. */
export const STATE_NAMES: Names<RightState> = {
  SUBMITTED: msg`Identity not proven`,
  WITH_ADMIN: msg`To be decided`,
  REFUSED: msg`Refused`,
  ESCALATED: msg`Handed over`,
  WITH_PRIVACY_TEAM: msg`With the privacy team`,
  DENIED: msg`Denied`,
  APPROVED: msg`Approved`,
  PREVIEWED: msg`Previewed`,
  SCHEDULED: msg`Waits before it is erased`,
  IN_PROGRESS: msg`Being done`,
  AWAITING_VENDORS: msg`Recipients are at it`,
  ATTESTING: msg`Being proven`,
  FULFILLED: msg`Done`,
  PARTIALLY_FULFILLED: msg`Done in part`,
  WITHDRAWN: msg`Withdrawn`,
  EXPIRED: msg`Expired`,
};

export const STATE_TONES: Record<RightState, Tone> = {
  SUBMITTED: "plain",
  WITH_ADMIN: "warn",
  REFUSED: "warn",
  ESCALATED: "warn",
  WITH_PRIVACY_TEAM: "warn",
  DENIED: "plain",
  APPROVED: "info",
  PREVIEWED: "info",
  SCHEDULED: "alarm",
  IN_PROGRESS: "info",
  AWAITING_VENDORS: "info",
  ATTESTING: "info",
  FULFILLED: "good",
  PARTIALLY_FULFILLED: "good",
  WITHDRAWN: "plain",
  EXPIRED: "plain",
};

/** In these a right can still move. */
export const OPEN_STATES = [
  "SUBMITTED",
  "WITH_ADMIN",
  "REFUSED",
  "ESCALATED",
  "WITH_PRIVACY_TEAM",
  "APPROVED",
  "PREVIEWED",
  "SCHEDULED",
  "IN_PROGRESS",
  "AWAITING_VENDORS",
  "ATTESTING",
] as const satisfies readonly RightState[];

export const HANDLERS = ["ADMIN", "PRIVACY_TEAM"] as const satisfies readonly Handler[];

/** Who has to decide. */
export const HANDLER_NAMES: Names<Handler> = {
  ADMIN: msg`Your organisation`,
  PRIVACY_TEAM: msg`The provider's privacy team`,
};

/** Stable words of the API, in the language. */
export type Words = Record<string, MessageDescriptor>;

/** Why the privacy team has a request. */
export const ESCALATION_NAMES: Words = {
  not_acknowledged: msg`nobody acknowledged it within 72 hours`,
  not_decided: msg`nobody decided it within 7 days`,
  handed_over: msg`the organisation handed it over`,
  admin_refused: msg`the organisation refused it`,
  person_has_left: msg`the person has left`,
  concerns_the_decider: msg`the person decides on requests there`,
  no_active_admin: msg`nobody there can decide`,
  provider_decides: msg`it is about the account, which the provider holds`,
  asked_of_provider: msg`it was asked of the provider`,
};

interface Language {
  _: (message: MessageDescriptor) => string;
}

/** A stable word in the language, or itself. */
export function wordOf(words: Partial<Words>, i18n: Language, key: string): string {
  const found = words[key];
  return found ? i18n._(found) : key.replaceAll("_", " ");
}
