"""Where an organisation stands, and which state may follow which."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from wardship.core.errors import ConflictError, NotFoundError
from wardship.tenants.access import Access
from wardship.tenants.text import one_line

_LONGEST_REASON: Final = 500


class OrganisationState(StrEnum):
    """Where an organisation stands.

    Nobody is in one that awaits its owner. In a suspended one nobody gets in and nothing is shared; it may leave while
    it is. One that leaves can be opened again until its time is over; then it is closing, which nothing stops, until
    nothing of it is left. Nobody gets into one that is merging, for moments; a merged one is part of another.
    """

    AWAITING_OWNER = "awaiting_owner"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    LEAVING = "leaving"
    CLOSING = "closing"
    CLOSED = "closed"
    MERGING = "merging"
    MERGED = "merged"


_S = OrganisationState

TRANSITIONS: Final = MappingProxyType(
    {
        _S.AWAITING_OWNER: frozenset({_S.ACTIVE, _S.CLOSED}),
        _S.ACTIVE: frozenset({_S.SUSPENDED, _S.LEAVING, _S.MERGING}),
        _S.SUSPENDED: frozenset({_S.ACTIVE, _S.LEAVING}),
        _S.LEAVING: frozenset({_S.ACTIVE, _S.SUSPENDED, _S.CLOSING}),
        _S.CLOSING: frozenset({_S.CLOSED}),
        _S.CLOSED: frozenset(),
        _S.MERGING: frozenset({_S.ACTIVE, _S.MERGED}),
        _S.MERGED: frozenset(),
    }
)
"""Every write of a state follows this table."""


class OrganisationStateError(ConflictError):
    """The organisation is not in a state from which this can be done: look at its state."""

    code = "ORGANISATION_STATE"


class OrganisationNotActiveError(ConflictError):
    """The organisation is suspended or ends: nobody is taken in now."""

    code = "ORGANISATION_NOT_ACTIVE"


def checked_reason(reason: str) -> str:
    """Return what is said of a change of state, on one line.

    Raises:
        InvalidInputError: too long.
    """
    return one_line(reason, "reason", most=_LONGEST_REASON)


async def require_active(access: Access) -> None:
    """Refuse to take anybody in while the organisation is suspended or ends.

    Raises:
        OrganisationNotActiveError: it does.
    """
    if await access.fetchval("select state from organisation where id = $1") != OrganisationState.ACTIVE:
        raise OrganisationNotActiveError("This organisation takes nobody in now: it is suspended, or ends.")


async def is_suspended(access: Access) -> bool:
    """Return whether nobody gets into the organisation now: it is suspended, also where it leaves meanwhile."""
    return bool(await access.fetchval("select suspended_at is not null from organisation where id = $1"))


async def lock_state(access: Access) -> OrganisationState:
    """Return the state of this access's organisation, locked until the transaction ends.

    Raises:
        NotFoundError: there is none.
    """
    state = await access.fetchval("select state from organisation where id = $1 for no key update")
    if state is None:
        raise NotFoundError("There is no such organisation.")
    return OrganisationState(state)


async def transition_organisation(
    access: Access,
    to: OrganisationState,
    *,
    only_from: Collection[OrganisationState],
    reason: str = "",
    until: datetime | None = None,
) -> OrganisationState:
    """Bring this access's organisation into another state, and return the one that it was in.

    Args:
        access: of that organisation; its transaction reaches the organisation's row.
        to: the state that follows.
        only_from: the states from which this may be done.
        reason: why, in words without personal data.
        until: when the clock acts in the new state.

    Raises:
        ValueError: the table holds no such transition.
        OrganisationStateError: it is in another state.
    """
    if any(to not in TRANSITIONS[state] for state in only_from):
        raise ValueError(f"no transition from {sorted(only_from)} to {to}")
    before = await lock_state(access)
    if before not in only_from:
        allowed = " or ".join(sorted(only_from))
        raise OrganisationStateError(f"This organisation is {before}: only one that is {allowed} becomes {to}.")
    await access.execute(
        "update organisation set state = $2, state_since = $3, state_reason = $4, state_until = $5, suspended_at = case"
        " when $2 in ('suspended', 'merging') then coalesce(suspended_at, $3) when $2 = 'leaving' then suspended_at end"
        " where id = $1",
        to.value,
        access.now,
        reason,
        until,
    )
    return before
