import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import type { introspection } from "../../api/schema";

type Enums = introspection["types"];

export const APPROVAL_STATE_NAMES: Record<Enums["ApprovalState"]["enumValues"], MessageDescriptor> = {
  ASKED: msg`Waits for a second person`,
  APPROVED: msg`Approved`,
  REFUSED: msg`Refused`,
  WITHDRAWN: msg`Taken back`,
  EXPIRED: msg`Expired: nothing was done`,
};

export const APPROVAL_STATE_TONES = { ASKED: "warn", APPROVED: "good", REFUSED: "plain", WITHDRAWN: "plain", EXPIRED: "plain" } as const;
