/** How it stands with what a vendor asked for: its programs, and the integrations that it serves itself. */

import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import type { introspection } from "../../../api/schema";

export type ClientState = introspection["types"]["VendorClientState"]["enumValues"];
export type RemoteState = introspection["types"]["RemoteIntegrationState"]["enumValues"];

export const STATE_NAMES: Record<ClientState | RemoteState, MessageDescriptor> = {
  CHECKING: msg`Being checked`,
  REQUESTED: msg`Waits to be let in`,
  ACTIVE: msg`Let in`,
  DISABLED: msg`Endpoint gone`,
  SUSPENDED: msg`Suspended`,
  ENDED: msg`Ended`,
};
export const STATE_TONES = { CHECKING: "info", REQUESTED: "info", ACTIVE: "good", DISABLED: "alarm", SUSPENDED: "warn", ENDED: "plain" } as const;

/** Those in which a program can be. */
export const CLIENT_STATES: readonly ClientState[] = ["REQUESTED", "ACTIVE", "SUSPENDED", "ENDED"];
