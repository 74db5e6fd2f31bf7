"""A claim of a domain as the domain hands it out, and which state may follow which."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from wardship.core.database.rows import Row, column
from wardship.tenants.domains.names import shown_domain


class ClaimState(StrEnum):
    """Where a claim stands.

    A pending one was not proven yet, and keeps nobody else out. A verified one holds the domain, and so does one in its
    grace period, whose proof was lost. A suspended one holds it no more, and can still be proven again. A contested one
    was proven while another held the domain; a disputed one, when the other has proven it again since.
    """

    PENDING = "pending"
    VERIFIED = "verified"
    GRACE = "grace"
    SUSPENDED = "suspended"
    CONTESTED = "contested"
    DISPUTED = "disputed"
    RELEASED = "released"
    EXPIRED = "expired"
    TRANSFERRED = "transferred"


_S = ClaimState

TRANSITIONS: Final = MappingProxyType(
    {
        _S.PENDING: frozenset({_S.VERIFIED, _S.CONTESTED, _S.RELEASED, _S.EXPIRED}),
        _S.VERIFIED: frozenset({_S.GRACE, _S.RELEASED, _S.TRANSFERRED}),
        _S.GRACE: frozenset({_S.VERIFIED, _S.SUSPENDED, _S.RELEASED, _S.TRANSFERRED}),
        _S.SUSPENDED: frozenset({_S.VERIFIED, _S.CONTESTED, _S.RELEASED}),
        _S.CONTESTED: frozenset({_S.VERIFIED, _S.DISPUTED, _S.RELEASED, _S.EXPIRED}),
        _S.DISPUTED: frozenset({_S.VERIFIED, _S.RELEASED, _S.EXPIRED}),
        _S.RELEASED: frozenset[ClaimState](),
        _S.EXPIRED: frozenset[ClaimState](),
        _S.TRANSFERRED: frozenset[ClaimState](),
    }
)
"""Every write of a state follows this table."""

HOLDING: Final = frozenset({_S.VERIFIED, _S.GRACE})
"""Those that hold the domain: of all organisations at most one claim to a name."""
ENDS: Final = frozenset(state for state, following in TRANSITIONS.items() if not following)


class ClaimScope(StrEnum):
    """How much is claimed."""

    NAME = "name"
    """The addresses at the domain itself."""
    SUBTREE = "subtree"
    """Those at the names below it too, but where another organisation holds a name below."""


CHALLENGES: Final = "wardship-challenge"
"""The label below which the records stand that prove domains."""
_LABELS: Final = {ClaimScope.NAME: "_users", ClaimScope.SUBTREE: "_users-below"}


def record_name(name: str, scope: ClaimScope) -> str:
    """Return the name of the record that proves a claim; that for a subtree has a label of its own."""
    return f"{_LABELS[scope]}.{CHALLENGES}.{name}"


class Finding(StrEnum):
    """What the last look into the DNS has found."""

    PROVEN = "proven"
    """The record is there."""
    ABSENT = "absent"
    """There is no such record: definitely."""
    OLD = "old"
    """Only a record is there that everybody could read before: a newly issued one is needed."""
    WILDCARD = "wildcard"
    """The record is there for every name, so that it proves nothing about this one."""
    NO_MAIL = "no_mail"
    """The domain, which stands below a host that is shared, takes no mail."""
    UNCLEAR = "unclear"
    """The resolvers do not agree, or there are too few."""
    OUTAGE = "outage"
    """No resolver could say."""


class ClaimRecord(Row):
    """A claim of one organisation to one domain.

    Attributes:
        name: the domain in canonical form.
        state_until: when the clock ends the state, if it does.
        token_hash: of the value that proves it, or proved it last; None once nothing may.
        fresh_hash: of a value that was issued since.
        check_at: when the DNS is asked next.
        is_asked: whether a person waits for that.
        misses: how many looks in a row have found the record definitely absent.
        contested_at: since when another's proof waits for an answer of the holder, which this one is.
        contested_until: until when the answer is waited for.
        against_id: the holder's claim, of a contested or disputed one; never shown.
        quarantined_until: until when a domain that came from somebody else is in quarantine.
        epoch: how often the domain has had a new holder, once this claim has held it.
    """

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    name: str = column("name")
    scope: ClaimScope = column("scope", ClaimScope)
    state: ClaimState = column("state", ClaimState)
    state_since: datetime = column("state_since")
    state_until: datetime | None = column("state_until")
    token_hash: bytes | None = column("token_hash")
    token_issued_at: datetime = column("token_issued_at")
    fresh_hash: bytes | None = column("fresh_hash")
    fresh_issued_at: datetime | None = column("fresh_issued_at")
    check_at: datetime | None = column("check_at")
    is_asked: bool = column("is_asked")
    checked_at: datetime | None = column("checked_at")
    finding: Finding | None = column("finding", Finding)
    misses: int = column("misses")
    missed_since: datetime | None = column("missed_since")
    remind_at: datetime | None = column("remind_at")
    proven_at: datetime | None = column("proven_at")
    contested_at: datetime | None = column("contested_at")
    contested_until: datetime | None = column("contested_until")
    against_id: UUID | None = column("against_id")
    quarantined_until: datetime | None = column("quarantined_until")
    epoch: int | None = column("epoch")

    @property
    def shown_name(self) -> str:
        """Return the domain as people of its script read it."""
        return shown_domain(self.name)

    @property
    def record_name(self) -> str:
        """Return where the record that proves it is looked for."""
        return record_name(self.name, self.scope)


COLUMNS: Final = (
    "id, created_at, name, scope, state, state_since, state_until, token_hash, token_issued_at, fresh_hash,"
    " fresh_issued_at, check_at, is_asked, checked_at, finding, misses, missed_since, remind_at, proven_at,"
    " contested_at, contested_until, against_id, quarantined_until, epoch"
)
