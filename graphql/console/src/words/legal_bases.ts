/** Why a use of data is lawful, in words. */

import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import type { introspection } from "../api/schema";

type Basis = introspection["types"]["LegalBasis"]["enumValues"];

export const BASIS_NAMES: Record<Basis, MessageDescriptor> = {
  CONSENT: msg`you agreed`,
  CONTRACT: msg`a contract needs it`,
  LEGAL_OBLIGATION: msg`a law demands it`,
  LEGITIMATE_INTEREST: msg`a legitimate interest`,
};
