/** How the language calls states and choices of providers of sign-in. */

import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { ResultOf } from "../../api/graphql";
import type { ProviderQuery } from "./documents";

export type Provider = NonNullable<ResultOf<typeof ProviderQuery>["identityProvider"]>;
export type State = Provider["state"];
export type SecondStep = Provider["secondStep"];
export type Admission = Provider["admits"];

export const PROVIDER_STATES: Record<State, MessageDescriptor> = {
  DRAFT: msg`Draft`,
  TESTED: msg`Tried`,
  ACTIVE: msg`In force`,
  ENFORCED: msg`The only way in`,
  OFF: msg`Off`,
};

export const PROVIDER_TONES = { DRAFT: "info", TESTED: "info", ACTIVE: "good", ENFORCED: "good", OFF: "plain" } as const;

export const SECOND_STEPS: Record<SecondStep, { name: MessageDescriptor; meaning: MessageDescriptor }> = {
  OWN: { name: msg`Here`, meaning: msg`Each person shows the second factor of the own account; who has none sets one up at the first sign-in.` },
  PROVEN: { name: msg`At the provider, which says so`, meaning: msg`Where the provider does not say that it asked for a second factor, it is asked for here.` },
  TRUSTED: { name: msg`At the provider, which does not say so`, meaning: msg`You vouch that it asks everybody for a second factor.` },
};

export const ADMISSIONS: Record<Admission, { name: MessageDescriptor; meaning: MessageDescriptor }> = {
  MEMBERS: { name: msg`Only people whose membership was prepared`, meaning: msg`By an invitation, an import or your directory, for the address that the provider names.` },
  ADDRESSES: { name: msg`Everybody with an address at a proven domain`, meaning: msg`They become members without any role, where the domain’s choice says that new accounts join.` },
};
