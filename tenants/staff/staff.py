"""Give roles among the provider's staff and take them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wardship.core.accounts.accounts import find_account, remove_staff
from wardship.core.accounts.address import EmailAddress, canonical_address
from wardship.core.actor import PROVIDER_ID, CredentialKind, StaffRole
from wardship.core.database.rows import Row, column
from wardship.core.database.scope import Scope
from wardship.core.errors import ConflictError, NotFoundError
from wardship.tenants.access import Access
from wardship.tenants.appointments.appoint import (
    Awaited,
    await_staff,
    cancel_staff,
    proven_account,
    require_not_erased,
)
from wardship.tenants.appointments.carry_out import join_staff, tell_staff_changed
from wardship.tenants.permissions import Permission


class LastOperatorError(ConflictError):
    """Nobody could manage organisations and staff any more: appoint another operator first."""

    code = "LAST_OPERATOR"


class StaffMember(Row):
    """Somebody of the staff, once for each role; or somebody who is waited for.

    Attributes:
        account_id: None while nobody has proven the address.
        address: the primary address, or the one that is waited for.
        since: of the role, or of the letter.
        awaited_until: how long the role waits; None for who has it.
    """

    __slots__ = ()

    account_id: UUID | None = column("account_id")
    role: StaffRole = column("role", StaffRole)
    address: str = column("address")
    display_name: str = column("display_name")
    since: datetime = column("since")
    awaited_until: datetime | None = column("awaited_until")


@dataclass(frozen=True, slots=True)
class Added:
    """What became of an appointment to the staff.

    Attributes:
        address: whose.
        is_new: whether the role, or the letter, is new.
        awaited: who was written to; None where the account has the role.
    """

    address: EmailAddress
    is_new: bool
    awaited: Awaited | None


async def list_staff(access: Access) -> list[StaffMember]:
    """Return the staff by role and address, with those who are waited for.

    Raises:
        PermissionDeniedError: the caller does not manage the staff.
    """
    access.require(Permission.STAFF_MANAGE)
    return await access.transaction.fetch_as(StaffMember, "select * from staff_members()")


async def add_to_staff(access: Access, email: str, role: StaffRole) -> Added:
    """Give a role to the account with an address; where there is none yet, to who proves the address in time.

    Args:
        access: of an operator, or the command line's, at the provider.
        email: the address.
        role: among the staff.

    Raises:
        PermissionDeniedError, StepUpRequiredError: the caller may not.
        InvalidAddressError: that is no address.
        ErasedAccountError: the account with this address was erased.
        TooManyAttemptsError: too many letters to this address within an hour.
    """
    address = canonical_address(email, access.services.settings.internal_domains)
    async with _managing(access) as here:
        await require_not_erased(here, address)
        account_id = await proven_account(here.transaction, address)
        if account_id is not None:
            return Added(address, await join_staff(here, account_id, role), None)
        awaited = await await_staff(here, role, address)
        await here.audit("staff.awaited", "organisation", PROVIDER_ID, role=role.value)
    return Added(address, is_new=True, awaited=awaited)


async def remove_from_staff(access: Access, email: str, roles: Collection[StaffRole] = ()) -> list[StaffRole]:
    """Take roles among the staff from somebody, and return those that were taken; no roles means all.

    Args:
        access: of an operator, or the command line's, at the provider.
        email: the address of the account, or the one that is waited for.
        roles: which ones.

    Raises:
        PermissionDeniedError, StepUpRequiredError: the caller may not.
        InvalidAddressError: that is no address.
        NotFoundError: nobody with this address has such a role, or is waited for.
        LastOperatorError: nobody would be left to manage the staff; the command line may.
    """
    address = canonical_address(email, access.services.settings.internal_domains)
    async with _managing(access) as here:
        operators = await here.transaction.fetch(
            "select account_id from staff where role = 'operator' order by id for update"
        )
        account_id = await find_account(here.transaction, address)
        taken = [role for role in roles or StaffRole if await _take(here, role, address, account_id)]
        if not taken:
            raise NotFoundError("Nobody with this address has such a role: list the staff.", path=("email",))
        is_last = [row["account_id"] for row in operators] == [account_id]
        if StaffRole.OPERATOR in taken and is_last and here.actor.credential is not CredentialKind.SYSTEM:
            raise LastOperatorError(
                "Nobody could manage organisations and staff any more: appoint another operator first.", path=("email",)
            )
    return taken


async def _take(here: Access, role: StaffRole, address: EmailAddress, account_id: UUID | None) -> bool:
    is_cancelled = await cancel_staff(here.transaction, role, address)
    if account_id is not None and await remove_staff(here.transaction, account_id, role):
        await here.audit("staff.removed", "account", account_id, role=role.value)
        await tell_staff_changed(here, account_id, role, is_given=False)
        return True
    if is_cancelled:
        await here.audit("staff.no_longer_awaited", "organisation", PROVIDER_ID, role=role.value)
    return is_cancelled


@asynccontextmanager
async def _managing(access: Access) -> AsyncIterator[Access]:
    """Reach the directory, as somebody who manages the staff."""
    access.require(Permission.STAFF_MANAGE)
    access.require_step_up()
    async with access.transaction.reaching(Scope(PROVIDER_ID, directory=True)):
        yield access
