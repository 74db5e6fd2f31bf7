"""Recoveries of accounts from a lost second factor: their steps, and what the owner is told of each.

Asked for by the person or an administrator, approved by two others, then it waits, then a link is mailed to the primary
address. It ends at once when the old factor is shown, and by the link in every mail: of the people who could misuse it
none has the person's mailbox and password, two colleagues, and days in which nobody looks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.accounts.accounts import verified_addresses
from wardship.core.accounts.events import EventKind
from wardship.core.actor import PROVIDER_ID
from wardship.core.database.engine import Record, Transaction
from wardship.core.errors import ConflictError, NotFoundError
from wardship.core.identifiers import uuid7
from wardship.core.notice_kind import NoticeKind
from wardship.core.notices import Addressee, mail_letter
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.links import LinkPurpose, NewLink, make_account_link
from wardship.core.sign_in.notices import (
    RECOVER,
    RECOVERY_APPROVED,
    RECOVERY_ASKED,
    RECOVERY_ENDED,
    RECOVERY_OPENED,
)
from wardship.core.sign_in.recovery_states import FAULTS, RecoveryState

DELAY: Final = timedelta(hours=48)
"""How long an approved recovery waits, so that the owner can call it off."""
DELAY_WITH_PASSWORD: Final = timedelta(days=7)
"""How long one waits that replaces the password too."""
DECIDED_WITHIN: Final = timedelta(days=7)
"""How long an organisation has to approve; then the privacy team has it, where the person asked."""
STAFF_DECIDES_WITHIN: Final = timedelta(days=30)
"""How long the privacy team has."""
OPEN_FOR: Final = timedelta(days=3)
"""How long the mailed link works."""


class RecoveryOpenError(ConflictError):
    """A recovery of this account is under way: approve or decline that one."""

    code: ClassVar[str] = "RECOVERY_OPEN"


@dataclass(frozen=True, slots=True)
class Recovery:
    """A recovery as stored; who asked and approved are accounts."""

    id: UUID
    created_at: datetime
    account_id: UUID
    organisation_id: UUID
    state: RecoveryState
    state_since: datetime
    asked_by: UUID
    address_id: UUID
    replaces_password: bool
    first_approver_id: UUID | None
    second_approver_id: UUID | None
    is_announced: bool
    acts_at: datetime
    ended_at: datetime | None
    reason: str


_INSERT: Final = """
insert into account_recovery (id, created_at, account_id, organisation_id, state, state_since, asked_by, address_id,
    first_approver_id, acts_at)
values ($1, $2, $3, $4, 'asked', $2, $5, $6, $7, $8)
on conflict (account_id) where ended_at is null do nothing returning *
"""
_UPDATE: Final = """
update account_recovery set organisation_id = $2, state = $3, state_since = $4, replaces_password = $5,
    first_approver_id = $6, second_approver_id = $7, is_announced = $8, acts_at = $9, ended_at = $10, reason = $11
where id = $1
"""


async def insert_recovery(
    transaction: Transaction, call: Call, account_id: UUID, organisation_id: UUID, asked_by: UUID
) -> Recovery:
    """Begin a recovery, and tell its owner at all addresses, with a link that calls it off.

    Args:
        transaction: it reaches the directory.
        call: of which deployment, when.
        account_id: whose account.
        organisation_id: whose people decide.
        asked_by: the account of the administrator who asks and so approves, or the person's own.

    Raises:
        RecoveryOpenError: one is under way.
        NotFoundError: the account has no primary address.
    """
    address_id = await transaction.fetchval(
        "select e.id from account_email e join account a on a.id = e.account_id and a.state = 'active'"
        " where e.account_id = $1 and e.is_primary and e.verified_at is not null for update of a",
        account_id,
    )
    if address_id is None:
        raise NotFoundError("There is no such account.")
    lasts = STAFF_DECIDES_WITHIN if organisation_id == PROVIDER_ID else DECIDED_WITHIN
    row = await transaction.fetchrow(
        _INSERT,
        uuid7(),
        call.now,
        account_id,
        organisation_id,
        asked_by,
        address_id,
        None if asked_by == account_id else asked_by,
        call.now + lasts,
    )
    if row is None:
        raise RecoveryOpenError("A recovery of this account is under way: approve or decline that one.")
    made = _recovery(row)
    await _tell(transaction, call, made, RECOVERY_ASKED)
    await call.record(transaction, account_id, EventKind.RECOVERY_ASKED, organisation_id=organisation_id)
    return made


async def lock_recovery(transaction: Transaction, recovery_id: UUID, *, ended_too: bool = False) -> Recovery | None:
    """Return a recovery, locked; None when there is none, or when it has ended and those are not wanted."""
    row = await transaction.fetchrow(
        "select * from account_recovery where id = $1 and ($2 or ended_at is null) for update", recovery_id, ended_too
    )
    return None if row is None else _recovery(row)


async def recovery_fault(transaction: Transaction, recovery: Recovery) -> str | None:
    """Return why a recovery may not go on, as a key of ``FAULTS``; None when it may. Its account is locked.

    Who joins another organisation locks the account too, so that of the two one comes first.
    """
    await transaction.execute("select from account where id = $1 for update", recovery.account_id)
    fault: str | None = await transaction.fetchval("select recovery_fault($1)", recovery.id)
    return fault


async def approve(
    transaction: Transaction, call: Call, recovery: Recovery, approver_id: UUID, *, replaces_password: bool
) -> Recovery:
    """Note an approval of a locked recovery; the second one begins the delay."""
    if recovery.first_approver_id is None:
        first = replace(recovery, first_approver_id=approver_id, replaces_password=replaces_password)
        return await _write(transaction, first)
    both = recovery.replaces_password and replaces_password
    opens_at = call.now + (DELAY_WITH_PASSWORD if both else DELAY)
    approved = await _write(
        transaction,
        replace(
            recovery,
            second_approver_id=approver_id,
            replaces_password=both,
            state=RecoveryState.APPROVED,
            state_since=call.now,
            acts_at=opens_at,
        ),
    )
    await _tell(transaction, call, approved, RECOVERY_APPROVED, opens_at=opens_at)
    await call.record(
        transaction, recovery.account_id, EventKind.RECOVERY_APPROVED, organisation_id=recovery.organisation_id
    )
    return approved


async def hand_over(transaction: Transaction, call: Call, recovery: Recovery) -> None:
    """Let the privacy team decide on a locked recovery that was asked for; earlier approvals don't count."""
    await _write(
        transaction,
        replace(
            recovery,
            organisation_id=PROVIDER_ID,
            first_approver_id=None,
            replaces_password=False,
            is_announced=False,
            acts_at=call.now + STAFF_DECIDES_WITHIN,
        ),
    )


async def mark_announced(transaction: Transaction, recovery: Recovery) -> None:
    """Note that those who decide have been told of where a locked recovery stands."""
    await _write(transaction, replace(recovery, is_announced=True))


async def open_for_owner(transaction: Transaction, call: Call, recovery: Recovery) -> None:
    """Mail the link of an approved recovery whose delay is over to the primary address, and tell the others."""
    ends_at = call.now + OPEN_FOR
    opened = await _write(
        transaction, replace(recovery, state=RecoveryState.OPEN, state_since=call.now, acts_at=ends_at)
    )
    link = await make_account_link(
        transaction, call, NewLink(recovery.account_id, LinkPurpose.RECOVER, ends_at, recovery.id)
    )
    (primary, *_) = await verified_addresses(transaction, recovery.account_id)
    hours = OPEN_FOR // timedelta(hours=1)
    await call.mail(transaction, RECOVER, primary, recovery.account_id, link=link, hours=hours)
    await _tell(transaction, call, opened, RECOVERY_OPENED)
    await call.record(
        transaction, recovery.account_id, EventKind.RECOVERY_OPENED, organisation_id=recovery.organisation_id
    )


async def end_recovery(
    transaction: Transaction, call: Call, recovery: Recovery, state: RecoveryState, reason: str = ""
) -> None:
    """End a locked recovery with what belongs to it, and tell its owner at all addresses.

    Args:
        transaction: it reaches the directory.
        call: of which deployment, when.
        recovery: locked.
        state: one that may follow.
        reason: a key of ``FAULTS``; empty when it is done.
    """
    ended = replace(recovery, state=state, state_since=call.now, ended_at=call.now, reason=reason, is_announced=False)
    await _write(transaction, ended)
    await transaction.execute("delete from sign_in_link where recovery_id = $1", recovery.id)
    is_done = state is RecoveryState.DONE
    await transaction.execute(
        "delete from session where recovery_id = $1 and stage <> 'complete' and not $2", recovery.id, is_done
    )
    if is_done:
        return
    await _tell(transaction, call, recovery, RECOVERY_ENDED, reason=FAULTS[reason])
    await call.record(
        transaction, recovery.account_id, EventKind.RECOVERY_ENDED, organisation_id=recovery.organisation_id
    )


async def call_off(transaction: Transaction, call: Call, account_id: UUID, reason: str) -> None:
    """End the recovery of an account that is under way, if there is one: its owner is there."""
    row = await transaction.fetchrow(
        "select * from account_recovery where account_id = $1 and ended_at is null for update", account_id
    )
    if row is not None:
        await end_recovery(transaction, call, _recovery(row), RecoveryState.CANCELLED, reason)


def _recovery(row: Record) -> Recovery:
    return Recovery(**{**row, "state": RecoveryState(row["state"])})


async def _write(transaction: Transaction, recovery: Recovery) -> Recovery:
    await transaction.execute(
        _UPDATE,
        recovery.id,
        recovery.organisation_id,
        recovery.state.value,
        recovery.state_since,
        recovery.replaces_password,
        recovery.first_approver_id,
        recovery.second_approver_id,
        recovery.is_announced,
        recovery.acts_at,
        recovery.ended_at,
        recovery.reason,
    )
    return recovery


async def _tell(transaction: Transaction, call: Call, recovery: Recovery, kind: NoticeKind, **values: object) -> None:
    """Mail all addresses of the account; while the recovery goes on, with a link that calls it off."""
    account_id, link = recovery.account_id, ""
    if kind is not RECOVERY_ENDED:
        ends_at = recovery.acts_at + OPEN_FOR
        made = NewLink(account_id, LinkPurpose.CANCEL_RECOVERY, ends_at, recovery.id)
        link = await make_account_link(transaction, call, made)
    who = await transaction.fetchrow(
        "select o.name, a.time_zone from organisation o, account a where o.id = $1 and a.id = $2",
        recovery.organisation_id,
        account_id,
    )
    name, zone = (who["name"], who["time_zone"]) if who else ("", "UTC")
    for address in await verified_addresses(transaction, account_id):
        to = Addressee(address, account_id, organisation=name, zone=zone)
        await mail_letter(transaction, call.deployment, kind, to, link=link, **values)
