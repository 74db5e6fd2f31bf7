/** What recipients owe and how it was proven: constants of the API, and how the language calls them. */

import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import type { introspection } from "../api/schema";

type Enums = introspection["types"];
export type ObligationState = Enums["ObligationState"]["enumValues"];
export type Verb = Enums["IntegrationVerb"]["enumValues"];
export type ProofLevel = Enums["ProofLevel"]["enumValues"];
export type ProofBasis = Enums["ProofBasis"]["enumValues"];

type Names<Key extends string> = Record<Key, MessageDescriptor>;
type Tones<Key extends string> = Record<Key, "plain" | "good" | "warn" | "alarm" | "info">;

export const OBLIGATION_STATE_NAMES: Names<ObligationState> = {
  PENDING: msg`To be done`,
  LEASED: msg`Being done`,
  WAITING: msg`Waits for the third party`,
  MANUAL: msg`With a person`,
  COMPLETED: msg`Done`,
  FAILED: msg`Failed`,
  CANCELLED: msg`Called off`,
};
export const OBLIGATION_STATES = Object.keys(OBLIGATION_STATE_NAMES) as ObligationState[];
export const OBLIGATION_STATE_TONES: Tones<ObligationState> = {
  PENDING: "info",
  LEASED: "info",
  WAITING: "info",
  MANUAL: "warn",
  COMPLETED: "good",
  FAILED: "alarm",
  CANCELLED: "plain",
};

/** What a third party is asked to do. */
export const VERB_NAMES: Names<Verb> = {
  CHECK: msg`Check the connection`,
  GRANT: msg`Get access`,
  SHARE: msg`Receive data`,
  REVOKE: msg`Give its access back`,
  EXPORT: msg`Hand out a copy`,
  CORRECT: msg`Correct data`,
  RESTRICT: msg`Leave data unused`,
  ERASE: msg`Erase data`,
  ATTEST: msg`Prove it`,
  RECONCILE: msg`Compare what it holds`,
  RECEIVE: msg`Hand in data`,
};

/** How good a proof is, best first. */
export const PROOF_NAMES: Names<ProofLevel> = {
  PROBED: msg`Looked up: nothing found`,
  RECEIPT: msg`Receipt`,
  SELF_REPORTED: msg`Said by the third party`,
  MANUAL: msg`Confirmed by a person`,
  UNVERIFIABLE: msg`Can't be verified`,
};
export const PROOF_LEVELS = Object.keys(PROOF_NAMES) as ProofLevel[];
export const PROOF_TONES: Tones<ProofLevel> = {
  PROBED: "good",
  RECEIPT: "good",
  SELF_REPORTED: "warn",
  MANUAL: "warn",
  UNVERIFIABLE: "alarm",
};

/** What the grade of a proof rests on. */
export const BASIS_NAMES: Names<ProofBasis> = {
  ABSENT_WHERE_FOUND: msg`It was there before, and afterwards it was not.`,
  CREDENTIAL_REFUSED: msg`The credential that worked before is refused.`,
  RECEIPT: msg`The third party gave a receipt.`,
  SAID_BY_VENDOR: msg`The third party says so; nothing was seen.`,
  SAID_BY_PERSON: msg`A person says so.`,
  STILL_FOUND: msg`It was still found.`,
  STILL_ACCEPTED: msg`The credential is still accepted.`,
  NEVER_FOUND: msg`It was never seen there, so that its absence proves nothing.`,
  NOT_LOOKED_AGAIN: msg`Nobody looked again where it had been.`,
  ONLY_REFUSALS: msg`The third party refused to be asked.`,
  INCONCLUSIVE: msg`What was answered tells nothing.`,
  NO_EVIDENCE: msg`Nothing was asked of the third party.`,
  NONE_KEPT: msg`From a time when no evidence was kept.`,
};
