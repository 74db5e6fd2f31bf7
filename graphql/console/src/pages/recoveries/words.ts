import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import type { introspection } from "../../api/schema";

export type RecoveryState = introspection["types"]["RecoveryState"]["enumValues"];

export const RECOVERY_STATE_NAMES: Record<RecoveryState, MessageDescriptor> = {
  ASKED: msg`Waits for approvals`,
  APPROVED: msg`Approved, waits 48 hours`,
  OPEN: msg`The link was mailed`,
  DONE: msg`Done`,
  DECLINED: msg`Declined`,
  CANCELLED: msg`Called off by the owner`,
  EXPIRED: msg`Expired`,
  REFUSED: msg`Refused by the rules`,
};

export const RECOVERY_STATE_TONES = {
  ASKED: "warn",
  APPROVED: "info",
  OPEN: "info",
  DONE: "good",
  DECLINED: "plain",
  CANCELLED: "plain",
  EXPIRED: "plain",
  REFUSED: "plain",
} as const;

/** While it is under way. */
export const UNDER_WAY: RecoveryState[] = ["ASKED", "APPROVED", "OPEN"];
