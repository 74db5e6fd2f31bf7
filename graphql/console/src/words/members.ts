/** The names of members' states and roles: constants of the API, and how the language calls them. */

import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";

export const STATES = ["ACTIVE", "DEACTIVATED", "REMOVED", "ERASED"] as const;
export const ROLES = [
  "MEMBER",
  "ORG_ADMIN",
  "ORG_OWNER",
  "PRIVACY_OFFICER",
  "AUDITOR",
  "BILLING_CONTACT",
  "TECHNICAL_CONTACT",
  "ADMINISTRATIVE_CONTACT",
  "CUSTOMER",
] as const;
export const ORDERS = ["NAME", "CREATED"] as const;

export type State = (typeof STATES)[number];
export type Role = (typeof ROLES)[number];

export const STATE_NAMES: Record<State, MessageDescriptor> = {
  ACTIVE: msg`Active`,
  DEACTIVATED: msg`Deactivated`,
  REMOVED: msg`Removed`,
  ERASED: msg`Erased`,
};

export const STATE_TONES = { ACTIVE: "good", DEACTIVATED: "warn", REMOVED: "plain", ERASED: "plain" } as const;

export const ROLE_NAMES: Record<Role, MessageDescriptor> = {
  MEMBER: msg`Member`,
  ORG_ADMIN: msg`Administrator`,
  ORG_OWNER: msg`Owner`,
  PRIVACY_OFFICER: msg`Privacy officer`,
  AUDITOR: msg`Auditor`,
  BILLING_CONTACT: msg`Billing contact`,
  TECHNICAL_CONTACT: msg`Technical contact`,
  ADMINISTRATIVE_CONTACT: msg`Administrative contact`,
  CUSTOMER: msg`Customer`,
};
