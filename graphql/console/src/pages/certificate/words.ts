/** What a certificate says of rights: its words are the API's constants in small letters. */

import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import type { introspection } from "../../api/schema";

type Enums = introspection["types"];
type Ended = "DENIED" | "FULFILLED" | "PARTIALLY_FULFILLED" | "WITHDRAWN" | "EXPIRED";

export const KIND_NAMES: Record<Enums["RightKind"]["enumValues"], MessageDescriptor> = {
  ACCESS: msg`Copy of the data`,
  PORTABILITY: msg`Copy to take elsewhere`,
  CORRECTION: msg`Correction`,
  RESTRICTION: msg`Restriction`,
  ERASURE: msg`Erasure`,
  OBJECTION: msg`Objection`,
  CONSENT_WITHDRAWAL: msg`Withdrawal of consent`,
  DEACTIVATION: msg`Deactivation`,
};

export const ENDED_NAMES: Record<Ended, MessageDescriptor> = {
  DENIED: msg`Denied`,
  FULFILLED: msg`Done`,
  PARTIALLY_FULFILLED: msg`Done in part`,
  WITHDRAWN: msg`Withdrawn`,
  EXPIRED: msg`Expired`,
};
