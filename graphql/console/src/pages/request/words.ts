/** Stable words of requests, in sentences: `wordOf` says them. */

import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import type { introspection } from "../../api/schema";
import type { RightKind, Words } from "../../words/requests";

type Enums = introspection["types"];
export type RefusalCode = Enums["RefusalCode"]["enumValues"];
export type LimitationReason = Enums["LimitationReason"]["enumValues"];
export type FindRule = Enums["FindRule"]["enumValues"];
type Cause = Enums["RestrictionCause"]["enumValues"];

/** What happens when a right is approved. */
export const APPROVAL_EFFECTS: Record<RightKind, MessageDescriptor> = {
  ACCESS: msg`A copy of all that is held is made and handed to the person; recipients are asked for theirs. Who else is in it is taken out.`,
  PORTABILITY: msg`A copy in a form that programs read is made and handed to the person; recipients are asked for theirs.`,
  CORRECTION: msg`The fields below take these values at once, here and at every recipient.`,
  RESTRICTION: msg`From now on the data is kept and shared with nobody, until the person says otherwise. Recipients are told.`,
  ERASURE: msg`Nothing is erased yet: next, somebody previews and commits it. Then it waits for 14 days, in which it can be called off.`,
  OBJECTION: msg`The data is used for this purpose no more, and recipients that received it for it erase it.`,
  CONSENT_WITHDRAWAL: msg`The consent ends at once, and what was sent under it is erased at its recipients.`,
  DEACTIVATION: msg`The person can't use the organisation any more, and nothing is shared. After 90 days the erasure is asked for.`,
};

export const REFUSAL_NAMES: Record<RefusalCode, MessageDescriptor> = {
  OTHERS_RIGHTS: msg`It would harm the rights of others`,
  LEGAL_DUTY: msg`A law demands that it is kept`,
  LEGAL_HOLD: msg`It is held for a legal case`,
  UNFOUNDED: msg`It is clearly unfounded`,
  EXCESSIVE: msg`It is excessive`,
  NOT_HELD: msg`No such data is held`,
  OTHER: msg`Another reason`,
};

export const LIMITATION_REASON_NAMES: Record<LimitationReason, MessageDescriptor> = {
  OTHERS_RIGHTS: msg`It would harm the rights of others`,
  CONFIDENTIALITY: msg`It is confidential`,
  LEGAL_DUTY: msg`A law demands that it is kept`,
  LEGAL_CLAIM: msg`It is needed for a legal claim`,
  LEGAL_HOLD: msg`It is held for a legal case`,
  OTHER: msg`Another reason`,
};

export const DECISION_NAMES: Words = {
  granted: msg`Granted`,
  partly_granted: msg`Granted in part`,
  others_rights: REFUSAL_NAMES.OTHERS_RIGHTS,
  legal_duty: REFUSAL_NAMES.LEGAL_DUTY,
  legal_hold: REFUSAL_NAMES.LEGAL_HOLD,
  unfounded: REFUSAL_NAMES.UNFOUNDED,
  excessive: REFUSAL_NAMES.EXCESSIVE,
  not_held: REFUSAL_NAMES.NOT_HELD,
  other: REFUSAL_NAMES.OTHER,
};

export const OUTCOME_NAMES: Words = {
  limited: msg`Something was withheld or kept, as was decided.`,
  not_corrected: msg`Something could not be corrected any more.`,
  unverifiable: msg`At a recipient it could not be proven.`,
  manual: msg`At a recipient it rests on what somebody noted.`,
  self_reported: msg`At a recipient it rests on what the recipient said.`,
  earlier_manual: msg`At a recipient that no longer has access it rests on what somebody noted.`,
  earlier_self_reported: msg`At a recipient that no longer has access it rests on what the recipient said.`,
  earlier_unverifiable: msg`At a recipient that no longer has access it was not proven.`,
  person_erased: msg`The person was erased meanwhile.`,
  given_up: msg`At a recipient somebody gave it up.`,
  denied: msg`A recipient refused.`,
};

export const RESTRICTION_NAMES: Record<Cause, MessageDescriptor> = {
  REQUESTED: msg`The person asked for it.`,
  DISPUTED: msg`The organisation refused a right, and the privacy team has not decided yet.`,
  LATE: msg`The request was not answered in time.`,
  ERASURE: msg`An erasure waits.`,
};

export const FIND_RULE_NAMES: Partial<Record<FindRule, MessageDescriptor>> = {
  OWN_ADDRESS: msg`The person's address`,
  OWN_NUMBER: msg`The person's number`,
  HANDLE: msg`The username`,
  FULL_NAME: msg`The full name`,
  DISTINCT: msg`A name that nobody else has`,
  SINGLE_NAME: msg`The name is one word, which may be an ordinary one`,
  PART_OF_NAME: msg`First or last name alone`,
  SMALL_LETTERS: msg`In small letters, which may be ordinary words`,
  SHORT_FORM: msg`A shortened name`,
  GROWN_TOGETHER: msg`Grown together with other words`,
  LONGER_NAME: msg`Part of a longer name`,
  LIST_OF_NAMES: msg`Between other names`,
  IN_WEB_ADDRESS: msg`In a web or e-mail address, which leads nowhere once it is rewritten`,
  NUMBER_BESIDE_DIGITS: msg`A number beside other digits`,
  BARE_WORD: msg`The username as a word`,
  NAMESAKE: msg`Somebody else has the same name`,
  UNCERTAIN_NUMBER: msg`Maybe the number`,
  OTHER_COUNTRY: msg`The number as it is dialled in another country`,
};

export const FIELD_NAMES: Words = {
  displayName: msg`Name shown`,
  display_name: msg`Name shown`,
  firstName: msg`First name`,
  first_name: msg`First name`,
  lastName: msg`Last name`,
  last_name: msg`Last name`,
  username: msg`Username`,
  email: msg`E-mail address`,
  phone: msg`Telephone number`,
  jobTitle: msg`Job title`,
  job_title: msg`Job title`,
  postalAddress: msg`Postal address`,
  postal_address: msg`Postal address`,
};

export const METHOD_NAMES: Words = {
  delete: msg`deletes it`,
  anonymise: msg`makes it anonymous`,
  delegate: msg`lets a person delete it there`,
  manual: msg`somebody here deletes it by hand`,
  none: msg`can't delete it; somebody sees to it by hand`,
};

/** What stays under a pseudonym. */
export const CONTENT_NAMES: Words = {
  post: msg`Posts`,
  file_reference: msg`Files`,
  mention: msg`Mentions by others`,
};

/** The API says in English what always stays: here it is in the reader's language. */
export const KEPT_NAMES: Words = {
  "audit entries": msg`The audit log: it holds identifiers only, and proves who did what`,
  "ledger of disclosures": msg`The ledger of what went to whom: it holds names of fields only`,
  "this request and its certificate": msg`This request and its certificate: they prove what was done, and hold nothing personal`,
  "keyed hashes of address, phone and username": msg`Keyed digests of address, telephone number and username, so that no import or invitation brings the person back`,
  "erasure_remainder.sealed": msg`What a limitation keeps, encrypted, until it is erased`,
  "obligation.sealed": msg`How a recipient finds the person, encrypted, until it has erased`,
  "subject_link.known_as": msg`What a recipient calls the person, encrypted, until the end there is proven`,
};

export const REGIMES: Record<string, string> = { gdpr: "GDPR", ccpa: "CCPA", lgpd: "LGPD", dpdp: "DPDP" };
