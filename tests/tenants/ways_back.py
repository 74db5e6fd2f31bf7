"""What leads back from each end of each machine, by hand and where somebody would look for it, or why nothing does.

An end that somebody may have brought about by mistake has a way back: the same thing again, or another one made. Ends
that protect people have none.
"""

from __future__ import annotations

from tests.tenants.machine import Operation, Route

_AGAIN = Operation("submitRequest")
_ADDRESSES = "tells what happened to a mail: nothing is to be undone"
_LEDGER = "the ledger tells what happened, and changes no more"
_RECOVERY = Route("POST /auth/recovery")

WAYS_BACK: dict[tuple[str, str], Operation | Route | str] = {
    ("request_right", "denied"): _AGAIN,
    ("request_right", "expired"): _AGAIN,
    ("request_right", "fulfilled"): "was done and certified; what it changed has ways of its own",
    ("request_right", "partially_fulfilled"): _AGAIN,
    ("request_right", "withdrawn"): _AGAIN,
    ("data_request", "expired"): _AGAIN,
    ("data_request", "verified"): "an identity that was proven stays proven for the request",
    ("restriction", "lifted"): _AGAIN,
    ("grace_period", "ended"): "begins again with the next end of the membership",
    ("member", "erased"): "nobody comes back from an erasure; a new registration is another member",
    ("obligation", "cancelled"): Operation("reopenManualTask"),
    ("obligation", "completed"): Operation("reopenManualTask"),
    ("obligation", "failed"): Operation("updateInstallationSettings"),
    ("installation", "removed"): Operation("installIntegration"),
    ("installation_place", "left"): Operation("updateInstallationSettings"),
    ("manual_task", "cancelled"): Operation("reopenManualTask"),
    ("manual_task", "done"): Operation("reopenManualTask"),
    ("subject_link", "erased"): Operation("reopenManualTask"),
    ("disclosure", "delivered"): _LEDGER,
    ("disclosure", "not_sent"): _LEDGER,
    ("disclosure", "rejected"): _LEDGER,
    ("disclosure", "unknown"): _LEDGER,
    ("ownership_transfer", "accepted"): Operation("offerOwnership"),
    ("ownership_transfer", "cancelled"): Operation("offerOwnership"),
    ("ownership_transfer", "declined"): Operation("offerOwnership"),
    ("notice", "in_product"): _ADDRESSES,
    ("notice", "mailed"): _ADDRESSES,
    ("notice", "refused"): _ADDRESSES,
    ("notice", "unreachable"): _ADDRESSES,
    ("account_notice", "in_product"): _ADDRESSES,
    ("account_notice", "mailed"): _ADDRESSES,
    ("account_notice", "refused"): _ADDRESSES,
    ("account_notice", "unreachable"): _ADDRESSES,
    ("session", "gone"): Route("POST /auth/sign-in"),
    ("account", "erased"): Route("POST /auth/register"),
    ("account_recovery", "cancelled"): _RECOVERY,
    ("account_recovery", "declined"): _RECOVERY,
    ("account_recovery", "done"): _RECOVERY,
    ("account_recovery", "expired"): _RECOVERY,
    ("account_recovery", "refused"): _RECOVERY,
    (
        "organisation",
        "closed",
    ): "its data is gone: there were 48 hours in which the closing could be taken back",
    ("approval", "approved"): Operation("restoreMember"),
    ("approval", "expired"): Operation("removeMember"),
    ("approval", "refused"): Operation("removeMember"),
    ("approval", "withdrawn"): Operation("removeMember"),
    ("appointment", "carried_out"): "the role is taken back as any other",
    ("appointment", "gone"): "the operator waits for the person again by the same command",
    ("invitation", "accepted"): Operation("removeMember"),
    ("invitation", "expired"): Operation("inviteMember"),
    ("invitation", "revoked"): Operation("inviteMember"),
    ("domain_claim", "released"): Operation("claimDomain"),
    ("domain_claim", "expired"): Operation("claimDomain"),
    ("domain_claim", "transferred"): Operation("claimDomain"),
    ("domain", "free"): Operation("claimDomain"),
    ("export_file", "destroyed"): _AGAIN,
    ("vendor_export", "gone"): _AGAIN,
    ("erasure_remainder", "ended"): "what was kept is erased, as its limitation said",
    ("erasure_remainder", "erased"): "what was kept is erased, as two people decided",
    ("erasure_find", "decided"): Operation("decideErasureFinds"),
    ("erasure_find", "gone"): "the erasure has ended",
    ("preview", "committed"): Operation("cancelErasure"),
    ("preview", "superseded"): Operation("previewErasure"),
    ("consent", "withdrawn"): Operation("giveConsent"),
    ("objection", "withdrawn"): Operation("object"),
    ("integration_grant", "withdrawn"): Operation("grantCategory"),
    ("post", "gone"): "was in the bin for 30 days, from which it could be restored",
    ("file_reference", "gone"): "was in the bin for 30 days, from which it could be restored",
    ("user_group", "archived"): Operation("restoreGroup"),
    ("group_membership", "left"): Operation("addGroupMember"),
    ("access_token", "gone"): Route("POST /auth/tokens"),
    ("access_token", "revoked"): Route("POST /auth/tokens"),
    ("sign_in_link", "gone"): "another is mailed by asking again",
    ("sign_in_attempt", "gone"): "counts failures, and is forgotten",
}
