/** What the audit log has of a member, as the language says it. */

import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";

export const ACTION_NAMES: Record<string, MessageDescriptor> = {
  "member.added": msg`Entered as a member`,
  "member.provisioned": msg`Entered by the directory`,
  "member.joined": msg`Joined with an account`,
  "member.profile_updated": msg`Profile changed`,
  "member.profile_corrected": msg`Profile corrected on request`,
  "member.email_corrected": msg`E-mail address corrected`,
  "member.identifier_reassigned": msg`Identifier of an erased person taken over`,
  "member.role_assigned": msg`Role given`,
  "member.role_withdrawn": msg`Role withdrawn`,
  "member.deactivated": msg`Deactivated`,
  "member.reactivated": msg`Reactivated`,
  "member.removed": msg`Removed`,
  "member.restored": msg`Restored`,
  "member.disowned": msg`Membership disowned by the person`,
  "member.erased": msg`Erased`,
  "member.revealed": msg`Shown to administrators again`,
  "member.sessions_ended": msg`Sessions ended`,
  "member.disconnected": msg`Disconnected from the provider of sign-in`,
  "member.read_by_privacy_team": msg`Read by the privacy team`,
  "group.member_added": msg`Added to a group`,
  "group.member_removed": msg`Taken out of a group`,
  "group.role_set": msg`Role in a group changed`,
  "grace.started": msg`Grace period began`,
  "grace.warned": msg`Warned that the grace period ends`,
  "grace.ended": msg`Grace period ended`,
  "restriction.opened": msg`Restricted`,
  "restriction.lifted": msg`Restriction lifted`,
  "ownership.offered": msg`Ownership offered`,
  "ownership.accepted": msg`Ownership accepted`,
  "ownership.declined": msg`Ownership declined`,
  "ownership.offer_cancelled": msg`Offer of ownership taken back`,
};
