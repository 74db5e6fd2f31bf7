/** How the language calls what waits, what is owed, and what is to be set up. */

import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { ResultOf } from "../../api/graphql";
import type { HomeQuery } from "./documents";

export type Overview = ResultOf<typeof HomeQuery>["overview"];
export type Waiting = Overview["waiting"][number];
export type Owed = NonNullable<Overview["obligations"]>[number];
export type Step = NonNullable<Overview["setUp"]>[number];

/** What waits, and the page where something is done about it. */
export const WAITING: Record<Waiting["kind"], { name: MessageDescriptor; page: string }> = {
  REQUESTS_TO_ACKNOWLEDGE: { name: msg`Requests to acknowledge`, page: "requests" },
  REQUESTS_TO_DECIDE: { name: msg`Requests to decide`, page: "requests" },
  ERASURES_TO_COMMIT: { name: msg`Erasures to look at and to commit`, page: "requests" },
  MANUAL_TASKS: { name: msg`Tasks to do by hand`, page: "tasks" },
  DELETIONS_TO_APPROVE: { name: msg`Deletions that need a second person`, page: "approvals" },
  ACCOUNT_RECOVERIES: { name: msg`Recoveries of accounts to decide`, page: "recoveries" },
  DOMAINS_AT_RISK: { name: msg`Domains that need an answer`, page: "domains" },
  INSTALLATIONS_TO_APPROVE: { name: msg`Third parties to approve again`, page: "integrations" },
  INSTALLATIONS_IN_TROUBLE: { name: msg`Third parties in trouble`, page: "integrations" },
};

export const OWED: Record<Owed["state"], MessageDescriptor> = {
  PENDING: msg`To be done`,
  LEASED: msg`Being done`,
  WAITING: msg`Waits for the third party`,
  MANUAL: msg`With a person`,
  COMPLETED: msg`Done`,
  FAILED: msg`Failed`,
  CANCELLED: msg`Called off`,
};

/** What is set up, why, and where. */
export const STEPS: Record<Step["step"], { name: MessageDescriptor; why: MessageDescriptor; page: string }> = {
  CONTACT: {
    name: msg`Name a contact and the company`,
    why: msg`People read there whom to turn to with questions about their data, and who is responsible.`,
    page: "settings",
  },
  SECOND_ADMIN: { name: msg`Have a second administrator`, why: msg`Some deletions need two people, and nobody is locked out when one is away.`, page: "members" },
  DOMAIN: { name: msg`Prove your domain`, why: msg`Then you decide whether people join by their addresses.`, page: "domains" },
  DOMAIN_POLICY: { name: msg`Say who joins by the domain`, why: msg`Nobody joins and nobody is asked until you say so.`, page: "domains" },
  INTEGRATION: { name: msg`Connect a third party`, why: msg`Its connection is checked before anything is shared.`, page: "integrations" },
  REQUEST: { name: msg`Try a request`, why: msg`Ask for a copy of your own data, and see what members and you will see.`, page: "me/ask" },
};
