"""Policies, groupings and claims of accounts as the domain hands them out, and which state may follow which."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from wardship.core.database.rows import Row, column

DECIDED_WITHIN: Final = timedelta(days=14)
"""How long a person has to choose, from the notice on."""
REMINDED_BEFORE: Final = (timedelta(days=7), timedelta(days=2))
"""How long before the end of that a person is reminded."""


class Enrolment(StrEnum):
    """What a policy wants of accounts at a domain. All that it ever gives is membership."""

    OFF = "off"
    """Nothing."""
    SUGGEST = "suggest"
    """Who proves an address there is told of the organisation; the organisation learns nothing."""
    INVITE = "invite"
    """Who proves an address there is asked to join, and has the choices."""
    JOIN_NEW = "join_new"
    """Accounts that are new join at once; accounts that exist are left alone."""
    CLAIM_EXISTING = "claim_existing"
    """Accounts that are new join at once; those that exist may be grouped, and are asked."""


ASKS_WHO_EXISTS: Final = frozenset({Enrolment.INVITE, Enrolment.CLAIM_EXISTING})
"""Where somebody whose account is not new, and who proves an address, is asked."""
TAKES_WHO_IS_NEW: Final = frozenset({Enrolment.JOIN_NEW, Enrolment.CLAIM_EXISTING})


class AccountClaimState(StrEnum):
    """Where a claim of an account stands.

    Before the person has accepted, and after he or she has not, the organisation sees address and state alone.
    """

    NOTIFIED = "notified"
    """Told, with the choices and until when, by the statement that found the account."""
    UNDECIDED = "undecided"
    """The time is over: the person has to choose at the next sign-in."""
    MANAGED = "managed"
    """A member, by his or her own choice or because the account is new."""
    DETACHED = "detached"
    """Moved to an address of the person's own: the account stays as it is."""
    CLOSED = "closed"
    """The person closes the account."""
    EXEMPT = "exempt"
    """The organisation wants nothing of this account."""
    RELEASED = "released"
    """Over: the person left, was removed, or the domain is the organisation's no more."""


_S = AccountClaimState

TRANSITIONS: Final = MappingProxyType(
    {
        _S.NOTIFIED: frozenset({_S.MANAGED, _S.DETACHED, _S.CLOSED, _S.EXEMPT, _S.UNDECIDED, _S.RELEASED}),
        _S.UNDECIDED: frozenset({_S.MANAGED, _S.DETACHED, _S.CLOSED, _S.EXEMPT, _S.RELEASED}),
        _S.MANAGED: frozenset({_S.RELEASED}),
        _S.DETACHED: frozenset[AccountClaimState](),
        _S.CLOSED: frozenset[AccountClaimState](),
        _S.EXEMPT: frozenset[AccountClaimState](),
        # Who was never a member is asked again when the domain is the organisation's again; nobody else is.
        _S.RELEASED: frozenset({_S.NOTIFIED}),
    }
)
"""Every write of a state follows this table."""

ASKED: Final = frozenset({_S.NOTIFIED, _S.UNDECIDED})
"""Those that wait for the person's answer."""


class GroupingState(StrEnum):
    """How far the grouping of the accounts at a domain has come."""

    PREVIEWED = "previewed"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


_G = GroupingState

GROUPING_TRANSITIONS: Final = MappingProxyType(
    {
        _G.PREVIEWED: frozenset({_G.RUNNING, _G.CANCELLED, _G.EXPIRED}),
        _G.RUNNING: frozenset({_G.DONE, _G.CANCELLED, _G.EXPIRED}),
        _G.DONE: frozenset[GroupingState](),
        _G.CANCELLED: frozenset[GroupingState](),
        _G.EXPIRED: frozenset[GroupingState](),
    }
)
GROUPING_ENDS: Final = frozenset(state for state, following in GROUPING_TRANSITIONS.items() if not following)


class PolicyRecord(Row):
    """What an organisation wants of accounts at a domain of its own.

    Attributes:
        is_for_subtree: whether of those at the names below it too.
    """

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    domain_id: UUID = column("domain_id")
    enrolment: Enrolment = column("enrolment", Enrolment)
    is_for_subtree: bool = column("is_for_subtree")
    changed_at: datetime = column("changed_at")


class GroupingRecord(Row):
    """One grouping of the accounts at a domain: what its preview counted, and how far it has come.

    Attributes:
        matching: accounts that it asks, or asked, of people who never were members.
        members: of those who are members already.
        former_members: of those whose membership has ended; they are asked, too.
        claimed: of those who were asked before, or want nothing of it.
        unproven: of those who have not proven their mailbox since the domain has this holder.
        elsewhere: of those for whose addresses another holder of a name below answers.
        seen: addresses that it has looked at.
        notified: accounts that it has asked.
    """

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    domain_id: UUID = column("domain_id")
    epoch: int = column("epoch")
    state: GroupingState = column("state", GroupingState)
    state_since: datetime = column("state_since")
    state_until: datetime | None = column("state_until")
    matching: int = column("matching")
    members: int = column("members")
    former_members: int = column("former_members")
    claimed: int = column("claimed")
    unproven: int = column("unproven")
    elsewhere: int = column("elsewhere")
    seen: int = column("seen")
    notified: int = column("notified")

    @property
    def is_over(self) -> bool:
        """Whether nothing of it can change any more."""
        return self.state in GROUPING_ENDS


class AccountClaimRecord(Row):
    """What an organisation sees of an account at its domain: no name, and nothing that the person did.

    Attributes:
        decide_until: when the person's time to choose is over.
        member_id: the membership, once the person has one by it.
        managed_at: since when the organisation sees what the person does.
        earlier_shared_at: since when, by the person's consent, what he or she did before is seen too.
    """

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    account_id: UUID | None = column("account_id")
    domain_id: UUID = column("domain_id")
    state: AccountClaimState = column("state", AccountClaimState)
    state_since: datetime = column("state_since")
    decide_until: datetime | None = column("decide_until")
    member_id: UUID | None = column("member_id")
    managed_at: datetime | None = column("managed_at")
    earlier_shared_at: datetime | None = column("earlier_shared_at")


CLAIM_COLUMNS: Final = (
    "id, created_at, account_id, domain_id, state, state_since, decide_until, member_id, managed_at, earlier_shared_at"
)
GROUPING_COLUMNS: Final = (
    "id, created_at, domain_id, epoch, state, state_since, state_until, matching, members, former_members, claimed,"
    " unproven, elsewhere, seen, notified"
)
POLICY_COLUMNS: Final = "id, created_at, domain_id, enrolment, is_for_subtree, changed_at"
