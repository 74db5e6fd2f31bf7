"""The machines of the product: their states, and who or which clock leads out of each that can still change.

What stands here is held against the database (which tables and states there are), the tables of transitions of the
product, the permission matrix, the API's routes and the workers' clocks: see ``test_state_machines``.
"""

from __future__ import annotations

from tests.tenants.machine import Clock, Follows, Machine, Operation, Route, Sweep, Work
from wardship.core.sign_in.recovery_states import TRANSITIONS as RECOVERY
from wardship.core.sign_in.recovery_states import RecoveryState
from wardship.core.sign_in.sessions import Stage
from wardship.tenants.account_claims.records import GROUPING_TRANSITIONS as GROUPING
from wardship.tenants.account_claims.records import TRANSITIONS as ACCOUNT_CLAIM
from wardship.tenants.account_claims.records import AccountClaimState, GroupingState
from wardship.tenants.approvals.records import TRANSITIONS as APPROVAL
from wardship.tenants.approvals.records import ApprovalState
from wardship.tenants.authorisations.records import TRANSITIONS as AUTHORISATION
from wardship.tenants.authorisations.records import AuthorisationState
from wardship.tenants.domains.records import TRANSITIONS as DOMAIN_CLAIM
from wardship.tenants.domains.records import ClaimState
from wardship.tenants.grants.restrictions import RestrictionState
from wardship.tenants.installations.records import InstallationState, PlaceState
from wardship.tenants.installations.states import TRANSITIONS as INSTALLATION
from wardship.tenants.members.records import TRANSITIONS as MEMBER
from wardship.tenants.members.records import MemberState
from wardship.tenants.mergers.records import TRANSITIONS as MERGER
from wardship.tenants.mergers.records import MergerState
from wardship.tenants.obligations.states import TRANSITIONS as OBLIGATION
from wardship.tenants.obligations.states import ObligationState
from wardship.tenants.organisations.states import TRANSITIONS as ORGANISATION
from wardship.tenants.organisations.states import OrganisationState
from wardship.tenants.remote_integrations.records import TRANSITIONS as REMOTE_INTEGRATION
from wardship.tenants.remote_integrations.records import RemoteIntegrationState
from wardship.tenants.requests.grace import TRANSITIONS as GRACE
from wardship.tenants.requests.grace import GraceState
from wardship.tenants.requests.records import IdentityState
from wardship.tenants.requests.states import TRANSITIONS as RIGHT
from wardship.tenants.requests.states import RightState
from wardship.tenants.single_sign_on.records import TRANSITIONS as SIGN_IN_PROVIDER
from wardship.tenants.single_sign_on.records import ProviderState
from wardship.tenants.tasks.tasks import TaskState
from wardship.tenants.vendor_clients.records import TRANSITIONS as VENDOR_CLIENT
from wardship.tenants.vendor_clients.records import VendorClientState

_TENANTS = "tests/tenants"
_REQUESTS = f"{_TENANTS}/requests"
_R, _O, _I, _G = RightState, ObligationState, InstallationState, OrganisationState
_H = AuthorisationState
_W = VendorClientState
_end_client = {_W.ENDED: Operation("endVendorClient")}
_J = RemoteIntegrationState
_end_remote = {_J.ENDED: Operation("endRemoteIntegration")}
_suspend_remote = {_J.SUSPENDED: Operation("suspendRemoteIntegration")}
_V, _C, _M = RecoveryState, ClaimState, MergerState
_DOMAINS = f"{_TENANTS}/domains"
_REMOTE = f"{_TENANTS}/remote_integrations"
_A, _P = AccountClaimState, GroupingState
_CLAIMS = f"{_TENANTS}/account_claims"
_choices = {
    _A.MANAGED: Operation("stayWithAccountClaim"),
    _A.DETACHED: Operation("moveAwayFromAccountClaim"),
    _A.CLOSED: Operation("closeAccountInstead"),
    _A.EXEMPT: Operation("exemptAccount"),
    _A.RELEASED: Operation("releaseDomain"),
}
_stop = {_P.CANCELLED: Operation("cancelGrouping"), _P.EXPIRED: Sweep("run_groupings")}
_L = ProviderState
_turn_off = {_L.OFF: Operation("turnOffIdentityProvider")}
_let_go = {_C.RELEASED: Operation("releaseDomain")}
_uninstall = {_I.REVOKING: Operation("uninstallIntegration")}
_again = {_I.CHECKED: Work("wardship.tenants.obligations.follow_up:_checked")}
_settle = "wardship.tenants.obligations.leases:close_lease"
_withdraw = {_R.WITHDRAWN: Operation("withdrawRequest")}
_NOTICES = {
    "new": {
        "waiting": Sweep("mail_notices"),
        "mailed": Sweep("mail_notices"),
        "in_product": Sweep("mail_notices"),
        "unreachable": Sweep("mail_notices"),
    },
    "waiting": {"mailed": Sweep("mail_notices"), "in_product": Sweep("mail_notices")},
    "mailed": {"refused": Sweep("follow_refusals")},
}
_ENDS_OF_NOTICES = frozenset({"mailed", "in_product", "unreachable", "refused"})
_done = {_R.FULFILLED: Clock("settle"), _R.PARTIALLY_FULFILLED: Clock("settle")}

MACHINES = (
    Machine(
        "request_right",
        "state",
        {
            _R.SUBMITTED: {_R.EXPIRED: Clock("expire"), _R.WITH_ADMIN: Operation("verifyRequestIdentity"), **_withdraw},
            _R.WITH_ADMIN: {
                _R.APPROVED: Operation("approveRight"),
                _R.REFUSED: Operation("refuseRight"),
                _R.ESCALATED: Clock("escalate"),
                **_withdraw,
            },
            _R.REFUSED: {_R.ESCALATED: Follows("wardship.tenants.requests.routing:escalate")},
            _R.ESCALATED: {_R.WITH_PRIVACY_TEAM: Follows("wardship.tenants.requests.routing:escalate")},
            _R.WITH_PRIVACY_TEAM: {_R.DENIED: Operation("denyRight"), **_withdraw},
            _R.APPROVED: {_R.PREVIEWED: Operation("previewErasure"), _R.IN_PROGRESS: Clock("carry_out"), **_withdraw},
            _R.PREVIEWED: {_R.SCHEDULED: Operation("commitErasure"), **_withdraw},
            _R.SCHEDULED: {
                _R.IN_PROGRESS: Clock("carry_out"),
                _R.APPROVED: Operation("cancelErasure"),
                **_withdraw,
            },
            _R.IN_PROGRESS: {_R.AWAITING_VENDORS: Clock("carry_out"), **_done},
            _R.AWAITING_VENDORS: {_R.ATTESTING: Clock("settle"), **_done},
            _R.ATTESTING: _done,
        },
        frozenset({_R.DENIED, _R.FULFILLED, _R.PARTIALLY_FULFILLED, _R.WITHDRAWN, _R.EXPIRED}),
        RIGHT,
        releases=(f"{_TENANTS}/test_state_machines.py::test_right_takes_every_way_and_its_end_holds_nothing",),
    ),
    Machine(
        "data_request",
        "identity_state",
        {
            IdentityState.PENDING: {
                IdentityState.VERIFIED: Operation("verifyRequestIdentity"),
                IdentityState.EXPIRED: Clock("expire"),
            }
        },
        frozenset({IdentityState.VERIFIED, IdentityState.EXPIRED}),
        releases=(f"{_REQUESTS}/test_deadlines.py::test_unproven_request_expires",),
    ),
    Machine(
        "restriction",
        None,
        {
            RestrictionState.IN_FORCE: {
                RestrictionState.LIFT_ANNOUNCED: Operation("liftRestriction"),
                RestrictionState.LIFTED: Operation("liftMyRestriction"),
            },
            RestrictionState.LIFT_ANNOUNCED: {
                RestrictionState.IN_FORCE: Operation("keepRestriction"),
                RestrictionState.LIFTED: Clock("lift"),
            },
        },
        frozenset({RestrictionState.LIFTED}),
        releases=(
            f"{_REQUESTS}/test_lifting.py::test_decider_lifts_after_the_person_was_told_for_72_hours",
            f"{_REQUESTS}/test_lifting.py::test_announced_end_is_taken_back_and_the_person_is_told",
            f"{_REQUESTS}/test_lifting.py::test_vendor_that_was_told_to_restrict_is_told_of_the_lift",
        ),
    ),
    Machine(
        "vendor_client",
        "state",
        {
            _W.REQUESTED: {_W.ACTIVE: Operation("approveVendorClient"), **_end_client},
            _W.ACTIVE: {_W.SUSPENDED: Operation("suspendVendorClient"), **_end_client},
            _W.SUSPENDED: {_W.ACTIVE: Operation("approveVendorClient"), **_end_client},
        },
        frozenset({_W.ENDED}),
        VENDOR_CLIENT,
        releases=(
            f"{_TENANTS}/vendor_access/test_ends.py::test_every_end_ends_tokens_codes_and_client_credentials_at_once",
        ),
    ),
    Machine(
        "remote_integration",
        "state",
        {
            _J.CHECKING: {_J.REQUESTED: Sweep("fetch_documents"), **_end_remote},
            _J.REQUESTED: {_J.ACTIVE: Operation("approveRemoteIntegration"), **_end_remote},
            _J.ACTIVE: {
                _J.DISABLED: Work("wardship.tenants.remote_integrations.endpoints:note_gone"),
                **_suspend_remote,
                **_end_remote,
            },
            _J.DISABLED: {_J.ACTIVE: Sweep("fetch_documents"), **_suspend_remote, **_end_remote},
            _J.SUSPENDED: {_J.ACTIVE: Operation("approveRemoteIntegration"), **_end_remote},
        },
        frozenset({_J.ENDED}),
        REMOTE_INTEGRATION,
        releases=(
            f"{_REMOTE}/test_endpoints.py::test_a_share_that_meets_410_is_no_task_and_is_made_again_when_the_endpoint_is_back",
            f"{_REMOTE}/test_endpoints.py::test_one_that_is_let_in_again_shares_again",
        ),
    ),
    Machine(
        "approval",
        "state",
        {
            ApprovalState.ASKED: {
                ApprovalState.APPROVED: Operation("approveDeletion"),
                ApprovalState.REFUSED: Operation("refuseDeletion"),
                ApprovalState.WITHDRAWN: Operation("withdrawDeletion"),
                ApprovalState.EXPIRED: Sweep("expire_approvals"),
            }
        },
        frozenset(set(ApprovalState) - {ApprovalState.ASKED}),
        APPROVAL,
        releases=(
            f"{_TENANTS}/approvals/test_second_person.py::test_refused_taken_back_or_left_alone_nothing_is_done",
        ),
    ),
    Machine(
        "grace_period",
        "state",
        {
            GraceState.RUNNING: {
                GraceState.ERASURE_ASKED: Clock("act_on_grace"),
                GraceState.ENDED: Operation("reactivateMember"),
            },
            GraceState.ERASURE_ASKED: {
                GraceState.RUNNING: Clock("act_on_grace"),
                GraceState.ENDED: Operation("reactivateMyMembership"),
            },
        },
        frozenset({GraceState.ENDED}),
        GRACE,
        releases=(
            f"{_REQUESTS}/test_grace.py::test_person_comes_back_to_what_was_deactivated_at_the_own_request",
            f"{_REQUESTS}/test_grace.py::test_erasure_that_is_called_off_or_denied_lets_the_time_run_again",
        ),
    ),
    Machine(
        "member",
        "state",
        {
            MemberState.ACTIVE: {
                MemberState.DEACTIVATED: Operation("deactivateMember"),
                MemberState.REMOVED: Operation("removeMember"),
                MemberState.ERASED: Clock("carry_out"),
            },
            MemberState.DEACTIVATED: {
                MemberState.ACTIVE: Operation("reactivateMember"),
                MemberState.REMOVED: Operation("removeMember"),
                MemberState.ERASED: Clock("carry_out"),
            },
            MemberState.REMOVED: {
                MemberState.ACTIVE: Operation("restoreMember"),
                MemberState.ERASED: Clock("carry_out"),
            },
        },
        frozenset({MemberState.ERASED}),
        MEMBER,
        releases=(
            f"{_REQUESTS}/test_releases.py::test_erasure_leaves_no_restriction_and_says_so",
            f"{_TENANTS}/members/test_listeners.py::test_groups_and_offers_of_an_erased_member_end",
            f"{_TENANTS}/fulfilment/test_erased_meanwhile.py::test_copy_that_waits_for_vendors_is_not_made_of_an_erased_person",
            f"{_TENANTS}/erasure/test_person_search.py::test_nothing_of_the_person_is_found_after_an_erasure",
        ),
    ),
    Machine(
        "obligation",
        "state",
        {
            _O.PENDING: {_O.LEASED: Work("wardship.tenants.obligations.leases:claim")},
            _O.WAITING: {_O.LEASED: Work("wardship.tenants.obligations.leases:claim")},
            _O.LEASED: {
                _O.PENDING: Work(_settle),
                _O.LEASED: Work("wardship.tenants.obligations.leases:claim"),
                _O.MANUAL: Work(_settle),
                _O.COMPLETED: Work(_settle),
                _O.FAILED: Work(_settle),
            },
            _O.MANUAL: {_O.COMPLETED: Operation("completeManualTask"), _O.PENDING: Operation("retryDelivery")},
        },
        frozenset({_O.COMPLETED, _O.FAILED, _O.CANCELLED}),
        OBLIGATION,
        releases=(
            f"{_TENANTS}/test_state_machines.py::test_obligation_that_ended_keeps_nothing_sealed",
            f"{_TENANTS}/obligations/test_continuations.py::test_nothing_is_kept_of_what_has_ended",
        ),
    ),
    Machine(
        "installation",
        "state",
        {
            _I.INSTALLED: {**_again, **_uninstall},
            _I.CHECKED: {_I.ACTIVE: Work("wardship.tenants.obligations.follow_up:start_sharing"), **_uninstall},
            _I.ACTIVE: {_I.PAUSED: Operation("pauseInstallation"), **_uninstall},
            _I.DEGRADED: {_I.ACTIVE: Work("wardship.tenants.installations.states:recover"), **_uninstall},
            _I.PAUSED: {_I.ACTIVE: Operation("resumeInstallation"), **_uninstall},
            _I.NEEDS_APPROVAL: {_I.ACTIVE: Operation("approveDeclaration"), **_uninstall},
            _I.LOAD_FAILED: {**_again, **_uninstall},
            _I.MIGRATION_FAILED: {**_again, **_uninstall},
            _I.REVOKING: {
                _I.REMOVED: Work("wardship.tenants.obligations.settle:finish_ending"),
                _I.REVOCATION_OVERDUE: Sweep("remind"),
            },
            _I.REVOCATION_OVERDUE: {_I.REMOVED: Work("wardship.tenants.obligations.settle:finish_ending")},
        },
        frozenset({_I.REMOVED}),
        INSTALLATION,
        releases=(f"{_TENANTS}/test_state_machines.py::test_installation_that_was_removed_keeps_no_secret",),
    ),
    Machine(
        "installation_place",
        "state",
        {
            PlaceState.CURRENT: {PlaceState.LEAVING: Operation("updateInstallationSettings")},
            PlaceState.LEAVING: {PlaceState.LEFT: Work("wardship.tenants.obligations.settle:finish_ending")},
        },
        frozenset({PlaceState.LEFT}),
        releases=(f"{_TENANTS}/test_state_machines.py::test_installation_that_was_removed_keeps_no_secret",),
    ),
    Machine(
        "place_authorisation",
        "state",
        {
            _H.CONNECTED: {
                _H.EXPIRED: Work("wardship.tenants.authorisations.renewing:_expired"),
                _H.SUPERSEDED: Operation("connectInstallation"),
                _H.ENDING: Operation("disconnectInstallation"),
                _H.ENDED: Operation("uninstallIntegration"),
            },
            _H.EXPIRED: {
                _H.SUPERSEDED: Operation("connectInstallation"),
                _H.ENDING: Operation("disconnectInstallation"),
                _H.ENDED: Operation("uninstallIntegration"),
            },
            _H.SUPERSEDED: {_H.ENDED: Operation("uninstallIntegration")},
            _H.ENDING: {_H.ENDED: Work("wardship.tenants.obligations.access_ends:finish_disconnecting")},
        },
        frozenset({_H.ENDED}),
        AUTHORISATION,
        releases=(
            f"{_TENANTS}/authorisations/test_ending.py::test_disconnecting_ends_the_access_and_keeps_what_is_held",
        ),
    ),
    Machine(
        "manual_task",
        "state",
        {
            TaskState.OPEN: {
                TaskState.DONE: Operation("completeManualTask"),
                TaskState.CANCELLED: Operation("uninstallIntegration"),
            }
        },
        frozenset({TaskState.DONE, TaskState.CANCELLED}),
        releases=(f"{_TENANTS}/obligations/test_states.py",),
    ),
    Machine(
        "subject_link",
        "state",
        {
            "shared": {
                "restricted": Operation("commitErasure"),
                "erased": Work("wardship.tenants.egress.holdings:set_links"),
                "revoked": Work("wardship.tenants.egress.holdings:set_links"),
            },
            "restricted": {
                "shared": Operation("liftMyRestriction"),
                "erased": Work("wardship.tenants.egress.holdings:set_links"),
            },
            "revoked": {"erased": Work("wardship.tenants.egress.holdings:set_links")},
        },
        frozenset({"erased"}),
        releases=(f"{_REQUESTS}/test_releases.py::test_committed_erasure_restricts_until_it_is_called_off",),
    ),
    Machine(
        "disclosure",
        "state",
        {
            "sending": {
                state: Work("wardship.tenants.egress.gate:settle_delivery")
                for state in ("delivered", "rejected", "unknown", "not_sent")
            }
        },
        frozenset({"delivered", "rejected", "unknown", "not_sent"}),
        releases=(f"{_TENANTS}/obligations/test_kill.py",),
    ),
    Machine(
        "ownership_transfer",
        "state",
        {
            "offered": {
                "accepted": Operation("acceptOwnership"),
                "declined": Operation("declineOwnership"),
                "cancelled": Operation("cancelOwnershipOffer"),
            }
        },
        frozenset({"accepted", "declined", "cancelled"}),
        releases=(f"{_TENANTS}/organisations/test_organisations.py::test_offer_ends_after_a_week",),
    ),
    Machine(
        "notice",
        "mail_state",
        _NOTICES,
        _ENDS_OF_NOTICES,
        releases=(f"{_TENANTS}/notices/test_mailing.py::test_notice_is_removed_a_year_after_it_was_read",),
    ),
    Machine("account_notice", "mail_state", _NOTICES, _ENDS_OF_NOTICES),
    Machine(
        "session",
        "stage",
        {
            Stage.SECOND_STEP: {Stage.COMPLETE: Route("POST /auth/second-step"), "gone": Sweep("sweep_sign_in")},
            Stage.ENROLMENT: {
                Stage.COMPLETE: Route("POST /auth/enrol-second-factor/confirm"),
                "gone": Sweep("sweep_sign_in"),
            },
            Stage.COMPLETE: {"gone": Sweep("sweep_sign_in")},
        },
        frozenset({"gone"}),
    ),
    Machine(
        "account",
        "state",
        {"active": {"erased": Clock("carry_out")}},
        frozenset({"erased"}),
        releases=(f"{_TENANTS}/erasure/test_person_search.py::test_nothing_of_the_person_is_found_after_an_erasure",),
    ),
    Machine(
        "account_recovery",
        "state",
        {
            _V.ASKED: {
                _V.APPROVED: Operation("approveAccountRecovery"),
                _V.REFUSED: Operation("approveAccountRecovery"),
                _V.DECLINED: Operation("declineAccountRecovery"),
                _V.CANCELLED: Route("POST /auth/recovery/cancel"),
                _V.EXPIRED: Sweep("act_on_recoveries"),
            },
            _V.APPROVED: {
                _V.OPEN: Sweep("act_on_recoveries"),
                _V.REFUSED: Sweep("act_on_recoveries"),
                _V.DECLINED: Operation("declineAccountRecovery"),
                _V.CANCELLED: Operation("cancelMyAccountRecovery"),
            },
            _V.OPEN: {
                _V.DONE: Route("POST /auth/enrol-second-factor/confirm"),
                _V.REFUSED: Route("POST /auth/recovery/use"),
                _V.DECLINED: Operation("declineAccountRecovery"),
                _V.CANCELLED: Route("POST /auth/second-step"),
                _V.EXPIRED: Sweep("act_on_recoveries"),
            },
        },
        frozenset({_V.DONE, _V.DECLINED, _V.CANCELLED, _V.EXPIRED, _V.REFUSED}),
        RECOVERY,
        releases=(f"{_TENANTS}/accounts/test_recovery.py",),
    ),
    Machine(
        "organisation",
        "state",
        {
            _G.AWAITING_OWNER: {
                _G.ACTIVE: Sweep("carry_out_appointments"),
                _G.CLOSED: Sweep("follow_organisations"),
            },
            _G.ACTIVE: {
                _G.SUSPENDED: Operation("suspendOrganisation"),
                _G.LEAVING: Operation("closeOrganisation"),
            },
            _G.SUSPENDED: {
                _G.ACTIVE: Operation("resumeOrganisation"),
                _G.LEAVING: Operation("closeOrganisation"),
            },
            _G.LEAVING: {
                _G.ACTIVE: Operation("reopenOrganisation"),
                _G.SUSPENDED: Operation("reopenOrganisation"),
                _G.CLOSING: Sweep("follow_organisations"),
            },
            _G.CLOSING: {_G.CLOSED: Sweep("follow_organisations")},
            _G.MERGING: {_G.MERGED: Sweep("follow_mergers"), _G.ACTIVE: Sweep("follow_mergers")},
        },
        frozenset({_G.CLOSED, _G.MERGED}),
        ORGANISATION,
        releases=(
            f"{_TENANTS}/organisation_lifecycle/test_closing.py",
            f"{_TENANTS}/organisation_lifecycle/test_slow_closing.py",
            f"{_TENANTS}/mergers/test_nothing_lost.py",
        ),
    ),
    Machine(
        "appointment",
        None,
        {"awaited": {"carried_out": Sweep("carry_out_appointments"), "gone": Operation("removeStaff")}},
        frozenset({"carried_out", "gone"}),
        releases=(f"{_TENANTS}/staff/test_staff.py::test_role_is_taken_and_so_is_what_was_waited_for",),
    ),
    Machine(
        "invitation",
        None,
        {
            "open": {
                "accepted": Route("POST /invitations/{token}"),
                "revoked": Operation("revokeInvitation"),
                "expired": Operation("inviteMember"),
            }
        },
        frozenset({"accepted", "revoked", "expired"}),
        releases=(f"{_TENANTS}/invitations/test_invitations.py",),
    ),
    Machine(
        "account_claim",
        "state",
        {
            _A.NOTIFIED: {_A.UNDECIDED: Sweep("act_on_account_claims"), **_choices},
            _A.UNDECIDED: _choices,
            _A.MANAGED: {_A.RELEASED: Operation("removeMember")},
            _A.RELEASED: {_A.NOTIFIED: Sweep("run_groupings")},
        },
        frozenset({_A.DETACHED, _A.CLOSED, _A.EXEMPT}),
        ACCOUNT_CLAIM,
        releases=(
            f"{_CLAIMS}/test_choices.py::test_who_moves_away_keeps_the_account_and_no_address_at_the_domain",
            f"{_CLAIMS}/test_choices.py::test_who_closes_the_account_is_no_member_and_not_asked_again",
            f"{_CLAIMS}/test_choices.py::test_administrator_exempts_an_account_and_its_owner_is_told",
        ),
    ),
    Machine(
        "domain_grouping",
        "state",
        {
            _P.PREVIEWED: {_P.RUNNING: Operation("startGrouping"), **_stop},
            _P.RUNNING: {_P.DONE: Sweep("run_groupings"), **_stop},
        },
        frozenset({_P.DONE, _P.CANCELLED, _P.EXPIRED}),
        GROUPING,
        releases=(f"{_CLAIMS}/test_groupings.py::test_cancelled_grouping_leaves_alone_whom_it_has_not_told",),
    ),
    Machine(
        "merger",
        "state",
        {
            _M.OFFERED: {
                _M.ANNOUNCED: Operation("acceptMerger"),
                _M.DECLINED: Operation("declineMerger"),
                _M.WITHDRAWN: Operation("withdrawMerger"),
                _M.EXPIRED: Sweep("follow_mergers"),
            },
            _M.ANNOUNCED: {
                _M.MERGING: Sweep("follow_mergers"),
                _M.WITHDRAWN: Operation("withdrawMerger"),
                _M.EXPIRED: Sweep("follow_mergers"),
            },
            _M.MERGING: {_M.MERGED: Sweep("follow_mergers"), _M.ANNOUNCED: Sweep("follow_mergers")},
        },
        frozenset({_M.MERGED, _M.DECLINED, _M.WITHDRAWN, _M.EXPIRED}),
        MERGER,
        releases=(f"{_TENANTS}/mergers/test_agreeing.py",),
    ),
    Machine(
        "identity_provider",
        "state",
        {
            _L.DRAFT: {_L.TESTED: Route("GET /auth/provider/{provider_id}/callback"), **_turn_off},
            _L.TESTED: {
                _L.DRAFT: Operation("updateIdentityProvider"),
                _L.ACTIVE: Operation("activateIdentityProvider"),
                **_turn_off,
            },
            _L.ACTIVE: {_L.ENFORCED: Operation("enforceIdentityProvider"), **_turn_off},
            _L.ENFORCED: {_L.ACTIVE: Operation("relaxIdentityProvider"), **_turn_off},
        },
        frozenset({_L.OFF}),
        SIGN_IN_PROVIDER,
        releases=(f"{_TENANTS}/single_sign_on/test_states.py",),
    ),
    Machine(
        "domain_claim",
        "state",
        {
            _C.PENDING: {
                _C.VERIFIED: Sweep("check_domains"),
                _C.CONTESTED: Sweep("check_domains"),
                _C.EXPIRED: Sweep("end_domain_states"),
                **_let_go,
            },
            _C.VERIFIED: {
                _C.GRACE: Sweep("check_domains"),
                _C.TRANSFERRED: Sweep("check_domains"),
                **_let_go,
            },
            _C.GRACE: {
                _C.VERIFIED: Sweep("check_domains"),
                _C.SUSPENDED: Sweep("end_domain_states"),
                _C.TRANSFERRED: Sweep("check_domains"),
                **_let_go,
            },
            _C.SUSPENDED: {
                _C.VERIFIED: Sweep("check_domains"),
                _C.CONTESTED: Sweep("check_domains"),
                _C.RELEASED: Sweep("end_domain_states"),
            },
            _C.CONTESTED: {
                _C.VERIFIED: Sweep("check_domains"),
                _C.DISPUTED: Sweep("check_domains"),
                _C.EXPIRED: Sweep("check_domains"),
                **_let_go,
            },
            _C.DISPUTED: {
                _C.VERIFIED: Operation("decideDomainDispute"),
                _C.EXPIRED: Sweep("end_domain_states"),
                **_let_go,
            },
        },
        frozenset({_C.RELEASED, _C.EXPIRED, _C.TRANSFERRED}),
        DOMAIN_CLAIM,
        releases=(
            f"{_DOMAINS}/test_life.py::test_domain_that_is_not_proven_again_is_suspended_then_released",
            f"{_DOMAINS}/test_contests.py::test_contested_claim_that_is_released_asks_the_holder_no_more",
            f"{_DOMAINS}/test_contests.py::test_organisation_that_ends_lets_go_of_every_domain",
            f"{_DOMAINS}/test_suspended.py::test_suspended_holder_that_leaves_lets_go_and_one_that_is_kept_goes_on_waiting",
            f"{_DOMAINS}/test_suspended.py::test_grace_lasts_thirty_days_while_suspended_and_then_the_domain_is_anothers",
        ),
    ),
    Machine(
        "domain",
        "state",
        {
            "held": {"suspended": Sweep("end_domain_states"), "free": Operation("releaseDomain")},
            "suspended": {"held": Sweep("check_domains"), "free": Sweep("end_domain_states")},
        },
        frozenset({"free"}),  # until somebody proves it again
        releases=(f"{_DOMAINS}/test_claims.py::test_released_domain_is_free_and_its_next_holder_is_in_quarantine",),
    ),
    Machine(
        "export_file",
        None,
        {"kept": {"destroyed": Clock("destroy_export")}},
        frozenset({"destroyed"}),
        releases=(f"{_TENANTS}/exports/test_copies.py",),
    ),
    Machine(
        "vendor_export",
        None,
        {"kept": {"gone": Sweep("expire_exports")}},
        frozenset({"gone"}),
        releases=(f"{_TENANTS}/exports/test_copies.py",),
    ),
    Machine(
        "erasure_remainder",
        None,
        {"kept": {"erased": Operation("eraseRemainder"), "ended": Clock("erase_remainder")}},
        frozenset({"erased", "ended"}),
        releases=(f"{_TENANTS}/fulfilment/test_remainders.py",),
    ),
    Machine(
        "erasure_find",
        None,
        {"undecided": {"decided": Operation("decideErasureFinds"), "gone": Clock("carry_out")}},
        frozenset({"decided", "gone"}),
        releases=(f"{_REQUESTS}/test_finds.py",),
    ),
    Machine(
        "preview",
        None,
        {"made": {"committed": Operation("commitErasure"), "superseded": Operation("previewErasure")}},
        frozenset({"committed", "superseded"}),
        releases=(f"{_REQUESTS}/test_erasures.py::test_commit_of_a_stale_preview_is_refused",),
    ),
    Machine("consent", None, {"given": {"withdrawn": Operation("withdrawConsent")}}, frozenset({"withdrawn"})),
    Machine("objection", None, {"made": {"withdrawn": Operation("withdrawObjection")}}, frozenset({"withdrawn"})),
    Machine("integration_grant", None, {"given": {"withdrawn": Operation("withdrawGrant")}}, frozenset({"withdrawn"})),
    Machine(
        "post",
        None,
        {
            "shared": {"deleted": Operation("deletePost")},
            "deleted": {"shared": Operation("restorePost"), "gone": Sweep("empty_bins")},
        },
        frozenset({"gone"}),
        releases=(f"{_TENANTS}/content/test_bin.py",),
    ),
    Machine(
        "file_reference",
        None,
        {
            "shared": {"deleted": Operation("deleteFile")},
            "deleted": {"shared": Operation("restoreFile"), "gone": Sweep("empty_bins")},
        },
        frozenset({"gone"}),
        releases=(f"{_TENANTS}/content/test_bin.py",),
    ),
    Machine("user_group", None, {"open": {"archived": Operation("archiveGroup")}}, frozenset({"archived"})),
    Machine("group_membership", None, {"present": {"left": Operation("removeGroupMember")}}, frozenset({"left"})),
    Machine(
        "access_token",
        None,
        {"usable": {"revoked": Route("DELETE /auth/tokens/{token_id}"), "gone": Sweep("sweep_sign_in")}},
        frozenset({"revoked", "gone"}),
    ),
    Machine(
        "provisioning_token",
        None,
        {
            "usable": {
                "revoked": Operation("revokeProvisioningToken"),
                "gone": Sweep("follow_provisioning_tokens"),
            },
            "revoked": {"gone": Sweep("follow_provisioning_tokens")},
        },
        frozenset({"gone"}),
        releases=(f"{_TENANTS}/provisioning/test_endings.py",),
    ),
    Machine("sign_in_link", None, {"open": {"gone": Sweep("sweep_sign_in")}}, frozenset({"gone"})),
    Machine("sign_in_attempt", None, {"counted": {"gone": Sweep("sweep_sign_in")}}, frozenset({"gone"})),
)

NO_MACHINES = {
    "account_email": "an address is verified once, and goes with the account or when somebody else verifies it",
    "group_rule": "rests after a merger until an administrator sets it again, or ends it",
    "inbound_message": "taken once, and kept while it could come again, or as long as the installation",
    "passkey": "was used last at some moment, or never",
    "recovery_code": "used once, and replaced all together",
    "tombstone": "suppresses until the person registers again",
    "totp_credential": "confirmed once, or replaced by the next enrolment",
    "remote_integration_secret": "signs until another replaces it, and for a day more",
    "vendor_client_secret": "works until another replaces it, and for a day more",
    "vendor_code": "used once, within a minute",
    "vendor_grant": "ends once, by hand or with the installation; somebody may consent again",
    "vendor_token": "used once where it refreshes, and ends by its time, its family or its grant",
    "vendor_token_family": "ends once, and with the grant",
}
"""Tables with moments that may be missing, which are no states."""
