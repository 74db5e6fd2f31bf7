/** Where an invitation stands, as the language calls it. */

import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";

export type InvitationState = "OPEN" | "ACCEPTED" | "REVOKED" | "EXPIRED";

export const INVITATION_STATE_NAMES: Record<InvitationState, MessageDescriptor> = {
  OPEN: msg`Waits for an answer`,
  ACCEPTED: msg`Accepted`,
  REVOKED: msg`Revoked`,
  EXPIRED: msg`Expired`,
};

export const INVITATION_STATE_TONES = { OPEN: "info", ACCEPTED: "good", REVOKED: "plain", EXPIRED: "warn" } as const;
