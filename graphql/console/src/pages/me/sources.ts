/** Where data come from and who decides on them: codes of the API in words. */

import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";

export const SOURCE_NAMES: Record<string, MessageDescriptor> = {
  given_by_the_person: msg`from you`,
  given_by_an_administrator: msg`from an administrator`,
  collected_automatically: msg`from your use of the service`,
  from_a_third_party: msg`from a third party`,
  from_a_linked_service: msg`from a linked service`,
};

export const CONTROLLER_NAMES: Record<"ORGANISATION" | "PROVIDER", MessageDescriptor> = {
  ORGANISATION: msg`your organisation`,
  PROVIDER: msg`the provider, as part of your account`,
};
