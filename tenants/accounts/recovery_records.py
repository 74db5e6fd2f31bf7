"""Recoveries of accounts as those who decide on them, and their owners, see them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from wardship.core.accounts.events import EventKind, Origin, event_statement
from wardship.core.database.rows import Row, column
from wardship.core.database.scope import Scope
from wardship.core.errors import NotFoundError
from wardship.core.sign_in.recovery_states import RecoveryState
from wardship.tenants.access import Access
from wardship.tenants.accounts.own import require_own_account
from wardship.tenants.paging import Page, PageRequest, page_of_rows
from wardship.tenants.permissions import Permission


class RecoveryRecord(Row):
    """A recovery as those who decide, and its owner, see it.

    Attributes:
        acts_at: when the clock leads on: hands it over, opens it, or ends it.
        member_id: whose account, where an organisation decides.
        address: whose account, at the provider, while it is under way; empty elsewhere.
    """

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    account_id: UUID = column("account_id")
    state: RecoveryState = column("state", RecoveryState)
    state_since: datetime = column("state_since")
    acts_at: datetime = column("acts_at")
    ended_at: datetime | None = column("ended_at")
    reason: str = column("reason")
    asked_by: UUID = column("asked_by")
    replaces_password: bool = column("replaces_password")
    first_approver_id: UUID | None = column("first_approver_id")
    second_approver_id: UUID | None = column("second_approver_id")
    member_id: UUID | None = column("member_id")
    address: str = column("address")

    @property
    def approvals(self) -> int:
        """Return how many have approved: two are needed."""
        return sum(item is not None for item in (self.first_approver_id, self.second_approver_id))

    @property
    def is_asked_by_owner(self) -> bool:
        """Return whether the person asked, rather than an administrator."""
        return self.asked_by == self.account_id


async def list_recoveries(
    access: Access, page: PageRequest, states: Collection[RecoveryState] | None = None
) -> Page[RecoveryRecord]:
    """Return a page of the recoveries on which the caller decides, the oldest first.

    What staff sees of accounts is written into the log of each.
    """
    access.require(recovery_permission(access))
    after_at, after_id = page.after or (None, None)
    wanted = None if states is None else sorted(state.value for state in states)
    rows = await access.transaction.fetch_as(
        RecoveryRecord, "select * from account_recoveries($1, $2, $3, $4)", wanted, after_at, after_id, page.limit
    )
    found = page_of_rows(rows, page)
    if access.actor.is_at_provider:
        _note_looks(access, [item.account_id for item in found.items if item.address])
    return found


async def own_recovery(access: Access) -> RecoveryRecord | None:
    """Return the recovery of the caller's account that is under way, if there is one."""
    account_id = require_own_account(access)
    return await access.transaction.fetchrow_as(RecoveryRecord, "select * from recovery_of($1)", account_id)


async def recovery_by_id(access: Access, recovery_id: UUID) -> RecoveryRecord:
    """Return a recovery as it is now, also where others decide on it since; for acts that have checked who may.

    Raises:
        NotFoundError: there is none.
    """
    row = await access.transaction.fetchrow_as(RecoveryRecord, "select * from recovery_by_id($1)", recovery_id)
    if row is None:
        raise recovery_not_found()
    return row


def recovery_permission(access: Access) -> Permission:
    """Return what lets somebody decide on recoveries: at the provider another one than in an organisation."""
    return Permission.ACCOUNTS_RECOVER if access.actor.is_at_provider else Permission.MEMBERS_RECOVER


def recovery_not_found() -> NotFoundError:
    """Return the answer for what is absent, has ended, or is not the caller's to decide on."""
    return NotFoundError("No such recovery here: use the id of one that you can see.", path=("recovery_id",))


def _note_looks(access: Access, account_ids: Collection[UUID]) -> None:
    """Write into the log of each account that staff looked at it, with the end of the query."""
    origin = Origin(at=access.now, organisation_id=access.organisation_id)
    for account_id in account_ids:
        sql = event_statement(account_id, EventKind.SEEN_BY_STAFF, origin)
        access.transaction.after_commit(Scope(access.organisation_id), sql)
