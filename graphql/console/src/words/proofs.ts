/** What recipients are asked, where that stands, and how well it is proven: constants of the API in words. */

import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import type { introspection } from "../api/schema";
import type { Tone } from "./requests";

type Enums = introspection["types"];
export type Verb = Enums["IntegrationVerb"]["enumValues"];
export type ObligationState = Enums["ObligationState"]["enumValues"];
export type ProofLevel = Enums["ProofLevel"]["enumValues"];
export type ProofBasis = Enums["ProofBasis"]["enumValues"];

export const VERB_NAMES: Record<Verb, MessageDescriptor> = {
  CHECK: msg`Check the connection`,
  GRANT: msg`Open access`,
  SHARE: msg`Receive data`,
  REVOKE: msg`End access`,
  EXPORT: msg`Hand out a copy`,
  CORRECT: msg`Correct`,
  RESTRICT: msg`Keep without using`,
  ERASE: msg`Erase`,
  ATTEST: msg`Prove it`,
  RECONCILE: msg`Compare`,
  RECEIVE: msg`Report changes`,
};

export const OBLIGATION_STATE_NAMES: Record<ObligationState, MessageDescriptor> = {
  PENDING: msg`Waits for its turn`,
  LEASED: msg`Being asked`,
  WAITING: msg`Answer awaited`,
  MANUAL: msg`With a person`,
  COMPLETED: msg`Done`,
  FAILED: msg`Failed`,
  CANCELLED: msg`Called off`,
};

export const OBLIGATION_STATE_TONES: Record<ObligationState, Tone> = {
  PENDING: "info",
  LEASED: "info",
  WAITING: "info",
  MANUAL: "warn",
  COMPLETED: "good",
  FAILED: "alarm",
  CANCELLED: "plain",
};

/** How good a proof is, best first. */
export const PROOF_LEVEL_NAMES: Record<ProofLevel, MessageDescriptor> = {
  PROBED: msg`Looked up`,
  RECEIPT: msg`Receipt`,
  SELF_REPORTED: msg`Said by the recipient`,
  MANUAL: msg`Said by a person`,
  UNVERIFIABLE: msg`Not proven`,
};

export const PROOF_LEVEL_TONES: Record<ProofLevel, Tone> = {
  PROBED: "good",
  RECEIPT: "good",
  SELF_REPORTED: "warn",
  MANUAL: "warn",
  UNVERIFIABLE: "alarm",
};

export const PROOF_BASIS_NAMES: Record<ProofBasis, MessageDescriptor> = {
  ABSENT_WHERE_FOUND: msg`It was found there before, and is not any more.`,
  CREDENTIAL_REFUSED: msg`The recipient refuses the access that it accepted before.`,
  RECEIPT: msg`The recipient gave a receipt.`,
  SAID_BY_VENDOR: msg`The recipient said so; nobody looked.`,
  SAID_BY_PERSON: msg`Somebody noted that it was done.`,
  STILL_FOUND: msg`It is still found there.`,
  STILL_ACCEPTED: msg`The recipient still accepts the access.`,
  NEVER_FOUND: msg`It was never seen there, so that its absence proves nothing.`,
  NOT_LOOKED_AGAIN: msg`Nobody looked again afterwards.`,
  ONLY_REFUSALS: msg`The recipient only refused to answer.`,
  INCONCLUSIVE: msg`What the recipient answered tells nothing.`,
  NO_EVIDENCE: msg`There is no evidence.`,
  NONE_KEPT: msg`From before evidence was kept.`,
};
