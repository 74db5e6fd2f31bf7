/** What happened to a request, in sentences. */

import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";

/** Of a whole request. */
export const REQUEST_EVENTS: Record<string, MessageDescriptor> = {
  submitted: msg`Asked`,
  identity_verified: msg`The person has proven the identity`,
  acknowledged: msg`Acknowledged: the person was told that somebody deals with it`,
  with_privacy_team: msg`Handed to the provider's privacy team`,
  extended: msg`The due date was moved`,
  late: msg`Late: the due date has passed`,
  restricted: msg`The data rests: it is shared with nobody`,
  restriction_lift_announced: msg`It was announced that the restriction ends`,
  restriction_kept: msg`The restriction stays`,
  restriction_lifted: msg`The restriction has ended`,
  grace_ended: msg`Asked by the clock, 90 days after the membership ended`,
  reference_not_told: msg`The reference of the certificate could not be mailed`,
  ended: msg`The request has ended`,
  certified: msg`The certificate was issued`,
};

/** Of one right, which is named before. */
export const RIGHT_EVENTS: Record<string, MessageDescriptor> = {
  submitted: msg`asked`,
  with_admin: msg`with the organisation, which decides`,
  refused: msg`refused by the organisation`,
  escalated: msg`handed over`,
  with_privacy_team: msg`with the privacy team, which decides`,
  denied: msg`denied by the privacy team`,
  approved: msg`approved`,
  previewed: msg`previewed`,
  scheduled: msg`committed; it waits for 14 days`,
  in_progress: msg`being done`,
  awaiting_vendors: msg`done here; recipients were asked`,
  attesting: msg`recipients have answered; being proven`,
  fulfilled: msg`done`,
  partially_fulfilled: msg`done in part`,
  withdrawn: msg`taken back`,
  expired: msg`expired`,
  corrected: msg`corrected`,
  not_corrected: msg`could not be corrected`,
  consents_withdrawn: msg`consents ended`,
  added_after_commit: msg`erased besides, because it came after the commit`,
  cooling_off_waived: msg`the person waived the 14 days`,
  waits_for_decision: msg`waits for a decision on texts`,
  finds_decided_by_clock: msg`the clock decided on texts`,
  remainder_erased: msg`what was kept is erased`,
  postponed: msg`waits`,
};

/** In which capacity somebody acted. */
export const CAPACITIES: Record<string, MessageDescriptor> = {
  member: msg`by the person`,
  admin: msg`by the organisation`,
  privacy_team: msg`by the privacy team`,
  system: msg`by the clock`,
};
