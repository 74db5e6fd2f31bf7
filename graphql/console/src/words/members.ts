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
export type Order = (typeof ORDERS)[number];
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

/** How high a role stands: one gives and takes only those below one's own. */
const RANKS: Record<Role, number> = {
  MEMBER: 0,
  BILLING_CONTACT: 0,
  TECHNICAL_CONTACT: 0,
  ADMINISTRATIVE_CONTACT: 0,
  AUDITOR: 1,
  PRIVACY_OFFICER: 2,
  ORG_ADMIN: 3,
  ORG_OWNER: 4,
  CUSTOMER: 4,
};

type Held = readonly { role: Role }[] | null | undefined;

function rankOf(held: Held): number {
  return Math.max(-1, ...(held ?? []).map(({ role }) => RANKS[role]));
}

/** The roles that somebody may give, by those that he or she holds. */
export function rolesBelow(held: Held): Role[] {
  return ROLES.filter((role) => role !== "MEMBER" && role !== "CUSTOMER" && RANKS[role] < rankOf(held));
}

/** Whether somebody stands above another, and so may change the other's membership. */
export function isAbove(mine: Held, theirs: Held): boolean {
  return rankOf(mine) > rankOf(theirs);
}
