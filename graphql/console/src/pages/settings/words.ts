/** How the language calls what mergers bring and where they stand. */

import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { ResultOf } from "../../api/graphql";
import type { SettingsQuery } from "./documents";

export type Organisation = ResultOf<typeof SettingsQuery>["organisation"];
export type Settings = Organisation["settings"];
export type Merger = NonNullable<ResultOf<typeof SettingsQuery>["mergers"]>["edges"][number]["node"];

export const MERGER_STATES: Record<Merger["state"], MessageDescriptor> = {
  OFFERED: msg`Offered`,
  ANNOUNCED: msg`Announced`,
  MERGING: msg`Being carried out`,
  MERGED: msg`Done`,
  DECLINED: msg`Declined`,
  WITHDRAWN: msg`Called off`,
  EXPIRED: msg`Expired`,
};

export const WAITS_FOR: Record<string, MessageDescriptor> = {
  organisations: msg`One of both organisations is suspended or leaves.`,
  erasures: msg`Somebody who is in both has asked for an erasure or a deactivation, which ends first.`,
  deliveries: msg`Something is being delivered to a recipient.`,
  faults: msg`It failed and is tried again; the provider sees why.`,
};

/** In the order in which they are read; names that are new here are shown as the server calls them. */
export const FIGURES: Record<string, MessageDescriptor> = {
  members: msg`People who come over`,
  members_in_both: msg`Of these, in both organisations already`,
  addresses_left_out: msg`Addresses that somebody here has already, and that are left out`,
  roles_that_end: msg`Roles that end`,
  groups: msg`Groups`,
  groups_renamed: msg`Of these, renamed because the name is taken`,
  posts: msg`Posts`,
  files: msg`Files`,
  open_invitations: msg`Open invitations`,
  open_requests: msg`Open requests about data`,
  open_erasures_of_members_in_both: msg`Open erasures of people in both`,
  kept_remainders: msg`Data kept for a while after an erasure`,
  restrictions: msg`Restrictions in force`,
  obligations: msg`Things that recipients still owe`,
  certificates: msg`Certificates`,
  disclosures: msg`Entries in the ledger of what was shared`,
  installations_for_everybody: msg`Third parties for everybody there`,
  installations_for_groups: msg`Third parties for groups`,
  installations_of_members: msg`Third parties of single members`,
  installations_held: msg`Third parties paused on both sides until approved again`,
  domains: msg`Domains`,
  domains_claimed_by_both: msg`Of these, claimed by both`,
  tombstones: msg`Erased people who stay erased`,
  tokens_that_end: msg`Access tokens that end`,
  audit_entries: msg`Entries of its audit log, kept as they are`,
};
