/** Where the access to a third party stands, and how the language says it. */

import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import type { introspection } from "../../../api/schema";

type State = introspection["types"]["VendorAuthorisationState"]["enumValues"];

/** Whether somebody has let this deployment in at a third party that asks for it. */
export const AUTHORISATION_NAMES: Record<State, MessageDescriptor> = {
  CONNECTED: msg`Connected`,
  EXPIRED: msg`The authorisation has ended`,
  SUPERSEDED: msg`Connected again since`,
  ENDING: msg`Being disconnected`,
  ENDED: msg`Not connected`,
};

export const AUTHORISATION_TONES: Record<State, "plain" | "good" | "warn" | "alarm" | "info"> = {
  CONNECTED: "good",
  EXPIRED: "alarm",
  SUPERSEDED: "plain",
  ENDING: "info",
  ENDED: "warn",
};
