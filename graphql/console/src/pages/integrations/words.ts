/** What installations, grants and deliveries are called: constants of the API, and how the language says them. */

import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import type { introspection } from "../../api/schema";

type Enums = introspection["types"];
export type InstallationState = Enums["InstallationState"]["enumValues"];
type Holder = Enums["InstallationHolder"]["enumValues"];
type Names<Key extends string> = Record<Key, MessageDescriptor>;
type Tones<Key extends string> = Record<Key, "plain" | "good" | "warn" | "alarm" | "info">;

export const STATE_NAMES: Names<InstallationState> = {
  INSTALLED: msg`Being checked`,
  CHECKED: msg`Checked`,
  ACTIVE: msg`Works`,
  DEGRADED: msg`In trouble`,
  PAUSED: msg`Paused`,
  REVOKING: msg`Being taken away`,
  REMOVED: msg`Taken away`,
  LOAD_FAILED: msg`Does not load`,
  NEEDS_APPROVAL: msg`Wants more: decide`,
  MIGRATION_FAILED: msg`Its update failed`,
  REVOCATION_OVERDUE: msg`Late in letting go`,
};

export const STATE_TONES: Tones<InstallationState> = {
  INSTALLED: "info",
  CHECKED: "info",
  ACTIVE: "good",
  DEGRADED: "alarm",
  PAUSED: "warn",
  REVOKING: "info",
  REMOVED: "plain",
  LOAD_FAILED: "alarm",
  NEEDS_APPROVAL: "warn",
  MIGRATION_FAILED: "alarm",
  REVOCATION_OVERDUE: "alarm",
};

/** From these it can be paused. */
export const PAUSABLE: ReadonlySet<InstallationState> = new Set<InstallationState>(["ACTIVE", "DEGRADED", "NEEDS_APPROVAL"]);
/** In these it is on its way out, or gone. */
export const ENDING: ReadonlySet<InstallationState> = new Set<InstallationState>(["REVOKING", "REVOCATION_OVERDUE", "REMOVED"]);

export const HOLDER_NAMES: Names<Holder> = {
  ORGANISATION: msg`Everybody`,
  GROUP: msg`A group`,
  MEMBER: msg`One member`,
};

export const ENDPOINT_STATES: Names<Enums["EndpointState"]["enumValues"]> = {
  READY: msg`Ready`,
  FAILING: msg`Does not answer as it should`,
  GONE: msg`Taken away by the vendor`,
  SUSPENDED: msg`Suspended by the provider`,
  ENDED: msg`Ended`,
};

export const BASIS_NAMES: Names<Enums["LegalBasis"]["enumValues"]> = {
  CONSENT: msg`Only of people who consent`,
  CONTRACT: msg`The contract with the person needs it`,
  LEGAL_OBLIGATION: msg`A law demands it`,
  LEGITIMATE_INTEREST: msg`Legitimate interest: people may object`,
};

export const AUDIENCE_NAMES: Names<Enums["DataAudience"]["enumValues"]> = {
  MEMBERS: msg`Members`,
  CONTACTS: msg`Named contacts only`,
  GROUPS: msg`Groups`,
};

export const DELIVERY_NAMES: Names<Enums["DeliveryState"]["enumValues"]> = {
  SENDING: msg`On its way`,
  DELIVERED: msg`Arrived`,
  REJECTED: msg`Refused`,
  UNKNOWN: msg`Perhaps arrived`,
  NOT_SENT: msg`Not sent`,
};

export const DELIVERY_TONES: Tones<Enums["DeliveryState"]["enumValues"]> = {
  SENDING: "info",
  DELIVERED: "good",
  REJECTED: "warn",
  UNKNOWN: "warn",
  NOT_SENT: "plain",
};

export const PLACE_NAMES: Names<Enums["PlaceState"]["enumValues"]> = {
  CURRENT: msg`Data goes there`,
  LEAVING: msg`Data is taken back`,
  LEFT: msg`Left`,
};

/** What a difference between two declarations does. */
export const EFFECT_NAMES: Names<Enums["DifferenceEffect"]["enumValues"]> = {
  WIDER: msg`Takes more, or gives less`,
  NARROWER: msg`Takes less, or gives more`,
  OTHER: msg`Neither more nor less`,
};

export const EFFECT_TONES: Tones<Enums["DifferenceEffect"]["enumValues"]> = { WIDER: "warn", NARROWER: "good", OTHER: "plain" };

export const SAFEGUARD_NAMES: Record<string, MessageDescriptor> = {
  none_needed: msg`No further safeguard is needed there.`,
  adequacy: msg`An adequacy decision protects it there.`,
  standard_clauses: msg`Standard contractual clauses protect it there.`,
  binding_rules: msg`Binding corporate rules protect it there.`,
  explicit_consent: msg`It goes there only with people's explicit consent.`,
};

/** The data that can be sent, by the names of the API. */
const FIELD_NAMES: Record<string, MessageDescriptor> = {
  title: msg`title`,
  display_name: msg`name as displayed`,
  first_name: msg`first name`,
  last_name: msg`last name`,
  job_title: msg`job title`,
  company: msg`company`,
  email: msg`e-mail address`,
  phone: msg`telephone number`,
  postal_address: msg`postal address`,
  website: msg`web address`,
  street: msg`street and house number`,
  city: msg`city`,
  region: msg`state or region`,
  postal_code: msg`postal code`,
  country: msg`country`,
  username: msg`username`,
  picture_url: msg`picture`,
  language: msg`language`,
  joined_on: msg`day of joining`,
};

interface Language {
  _: (message: MessageDescriptor) => string;
}

/** The name of a datum, fit for the middle of a sentence. */
export function fieldName(i18n: Language, name: string): string {
  const known = FIELD_NAMES[name];
  return known ? i18n._(known) : name;
}
