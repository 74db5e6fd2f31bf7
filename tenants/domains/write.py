"""The one way in which a claim's state is changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from wardship.core.errors import ConflictError
from wardship.tenants.access import Access
from wardship.tenants.domains.records import COLUMNS, TRANSITIONS, ClaimRecord, ClaimState

_UPDATE: Final = (
    "update domain_claim set state = $3, state_since = $4, state_until = $5, remind_at = $6, check_at = $7,"
    " misses = 0, missed_since = null, is_asked = false, against_id = null,"
    " contested_at = case when $3 = 'grace' then contested_at end,"
    " contested_until = case when $3 = 'grace' then contested_until end,"
    " fresh_hash = case when $3 <> 'grace' then fresh_hash end,"
    " fresh_issued_at = case when $3 <> 'grace' then fresh_issued_at end"
    " where organisation_id = $1 and id = $2 returning "
)
_CHANGE: Final = _UPDATE + COLUMNS


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimClocks:
    """What the clock does with a claim.

    Attributes:
        until: when it ends the state.
        remind_at: when people are told again.
        check_at: when the DNS is asked next.
    """

    until: datetime | None = None
    remind_at: datetime | None = None
    check_at: datetime | None = None


_NONE: Final = ClaimClocks()


class ClaimStateError(ConflictError):
    """The claim is not in a state from which this can be done: look at its state."""

    code = "CLAIM_STATE"


def require_transition(claim: ClaimRecord, to: ClaimState) -> None:
    """Refuse a change of state that the table of transitions does not hold.

    Raises:
        ClaimStateError: it does not.
    """
    if to not in TRANSITIONS[claim.state]:
        raise ClaimStateError(f"This claim is {claim.state.value}: it can't become {to.value}.", path=("domain_id",))


async def transition_claim(
    access: Access,
    claim: ClaimRecord,
    to: ClaimState,
    clocks: ClaimClocks = _NONE,
    **details: object,
) -> ClaimRecord:
    """Bring a claim, which is locked, into another state; enter that in the audit chain, and tell who listens.

    When a proof is lost, a record that was issued before is forgotten: it may have been public.

    Args:
        access: of the claim's organisation.
        claim: as it was locked.
        to: the state that follows.
        clocks: what the clock does then.
        details: for the audit chain.

    Raises:
        ClaimStateError: the table holds no such transition.
    """
    require_transition(claim, to)
    moments = access.now, clocks.until, clocks.remind_at, clocks.check_at
    changed = await access.fetchrow_as(ClaimRecord, _CHANGE, claim.id, to.value, *moments)
    await access.audit(f"domain.{to.value}", "domain_claim", claim.id, before=claim.state.value, **details)
    for listener in access.services.nouns.domain_listeners:
        await listener(access, claim.id, to.value)
    return changed or claim


async def schedule_check(access: Access, claim_id: UUID, at: datetime | None) -> None:
    """Let the DNS be asked for a claim at a moment; None: when somebody asks for it."""
    await access.execute(
        "update domain_claim set check_at = $3, is_asked = false where organisation_id = $1 and id = $2", claim_id, at
    )
