"""The ways in which the state of claims is changed: of one, and of all that an event concerns."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.database.engine import Transaction
from wardship.core.errors import ConflictError
from wardship.core.identifiers import uuid7
from wardship.core.notices.tell import TELL_ACCOUNTS, AccountTelling
from wardship.tenants.access import Access
from wardship.tenants.account_claims.records import CLAIM_COLUMNS, TRANSITIONS, AccountClaimRecord, AccountClaimState

_S = AccountClaimState
_UPDATE: Final = (
    "update account_claim set state = $3, state_since = $4, remind_at = null,"
    " decide_until = case when $3 = 'undecided' then decide_until end,"
    " member_id = coalesce($5, member_id), managed_at = case when $3 = 'managed' then $4 else managed_at end"
    " where organisation_id = $1 and id = $2 returning "
)
_CHANGE: Final = _UPDATE + CLAIM_COLUMNS
_ASK: Final = (
    "insert into account_claim (organisation_id, id, created_at, account_id, account_hash, domain_id, epoch, state,"
    " state_since, decide_until, remind_at)"
    " values ($1, $2, $3, $4, claimed_account($1, $4), $5, $6, 'notified', $3, $7, $8)"
    " on conflict (organisation_id, account_hash) do update set domain_id = excluded.domain_id, epoch = excluded.epoch,"
    " state = excluded.state, state_since = excluded.state_since, decide_until = excluded.decide_until,"
    " remind_at = excluded.remind_at where account_claim.state = 'released' and account_claim.member_id is null"
    " returning "
)
_ASKED: Final = _ASK + CLAIM_COLUMNS
# All claims of a domain in some states, or those whose time is over; their owners are told in the same statement.
_MOVE_ALL: Final = """
    with due as materialized (
        select id, account_id from account_claim where organisation_id = $1 and domain_id = $8
            and state = any($9::text[]) and ($11::timestamptz is null or decide_until <= $11) for no key update
    ),
"""
_MOVED: Final = """
    update account_claim c set state = $10, state_since = $2, remind_at = null,
        decide_until = case when $10 = 'undecided' then c.decide_until end
    from due, told where c.organisation_id = $1 and c.id = due.id
"""
_MOVE: Final = _MOVE_ALL + TELL_ACCOUNTS + _MOVED
_MANAGED: Final = """
    with due as materialized (
        select id, account_id from account_claim where organisation_id = $1 and domain_id = $8 and state = 'managed'
    ),
"""
_COUNT: Final = "select count(*) from told"
_TELL_MANAGED: Final = _MANAGED + TELL_ACCOUNTS + _COUNT


class AccountClaimStateError(ConflictError):
    """The claim is not in a state from which this can be done: look at its state."""

    code: ClassVar[str] = "ACCOUNT_CLAIM_STATE"


@dataclass(frozen=True, slots=True)
class NewClaim:
    """A claim of an account whose owner has just proven the mailbox.

    Attributes:
        domain_id: the organisation's claim of the domain, of that epoch.
        decide_until: until when the person may choose.
    """

    account_id: UUID
    domain_id: UUID
    epoch: int
    decide_until: datetime
    remind_at: datetime


async def transition_account_claim(
    access: Access, claim: AccountClaimRecord, to: AccountClaimState, *, member_id: UUID | None = None
) -> AccountClaimRecord:
    """Bring a claim, which is locked, into another state, and enter that in the audit chain.

    Args:
        access: in the claim's organisation.
        claim: as it was locked.
        to: the state that follows.
        member_id: the membership that it leads to.

    Raises:
        AccountClaimStateError: the table holds no such transition.
    """
    if to not in TRANSITIONS[claim.state]:
        raise AccountClaimStateError(
            f"This claim is {claim.state.value}: it can't become {to.value}.", path=("claim_id",)
        )
    changed = await access.fetchrow_as(AccountClaimRecord, _CHANGE, claim.id, to.value, access.now, member_id)
    await access.audit(f"account_claim.{to.value}", "account_claim", claim.id, before=claim.state.value)
    return changed or claim


async def note_earlier_shared(access: Access, claim_id: UUID, moment: datetime | None) -> None:
    """Note since when the person lets what he or she did before be seen; None: not, or not any more."""
    await access.execute(
        "update account_claim set earlier_shared_at = $3 where organisation_id = $1 and id = $2", claim_id, moment
    )


async def tell_members_of_domain(access: Access, domain_id: UUID, told: AccountTelling) -> None:
    """Tell everybody who has joined by a domain of an event, in one statement."""
    await access.execute(_TELL_MANAGED, *told.arguments(access.services), domain_id)


async def forget_claimed_account(transaction: Transaction, account_id: UUID) -> None:
    """Leave nothing of an account that is erased by which it is found; that somebody is not asked again stays."""
    await transaction.execute("select forget_claimed_account($1)", account_id)


async def insert_asked(access: Access, new: NewClaim) -> AccountClaimRecord | None:
    """Claim the account of somebody who has just proven a mailbox; None where that was asked before."""
    return await access.fetchrow_as(
        AccountClaimRecord,
        _ASKED,
        uuid7(),
        access.now,
        new.account_id,
        new.domain_id,
        new.epoch,
        new.decide_until,
        new.remind_at,
    )


async def move_claims_of_domain(
    access: Access,
    domain_id: UUID,
    from_states: Collection[AccountClaimState],
    to: AccountClaimState,
    told: AccountTelling,
) -> int:
    """Bring all claims of a domain that are in some states into another, tell their owners, and return how many."""
    if any(to not in TRANSITIONS[state] for state in from_states):
        raise ValueError(f"no transition from {sorted(from_states)} to {to}")
    wanted = sorted(from_states)
    return await access.execute(_MOVE, *told.arguments(access.services), domain_id, wanted, to.value, None)


async def end_late_claims(access: Access, domain_id: UUID, told: AccountTelling) -> int:
    """Note which people have not chosen in time about a domain, tell them, and return how many."""
    to, wanted = _S.UNDECIDED.value, [_S.NOTIFIED.value]
    return await access.execute(_MOVE, *told.arguments(access.services), domain_id, wanted, to, access.now)
