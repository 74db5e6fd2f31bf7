"""Give the role that waited to the person who has proven the address and set up a second factor; run by the worker."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import structlog

from wardship.core.accounts.accounts import add_staff
from wardship.core.actor import PROVIDER_ID, StaffRole, system_actor
from wardship.core.notices import tell_account, tell_staff
from wardship.tenants.access import Access, Services
from wardship.tenants.appointments.notices import STAFF_CHANGED, STAFF_DID_NOT_COME, STAFF_JOINED, STAFF_LEFT
from wardship.tenants.members.insert import NewMember
from wardship.tenants.organisations.create import insert_owner
from wardship.tenants.organisations.states import OrganisationState, lock_state, transition_organisation

_MOST: Final = 100
_log = structlog.get_logger(__name__)
_FOUND: Final = (
    "select p.id, p.organisation_id, p.staff_role, p.address, a.id as account_id, a.display_name"
    " from appointment p join account_email e on e.address = p.address and e.verified_at is not null"
    " join account a on a.id = e.account_id and a.state = 'active'"
    " where p.expires_at > $1 and has_second_factor(a.id)"
)


async def carry_out_appointments(services: Services) -> int:
    """Give every role whose address is proven, each in a transaction of its own, and return how many were given.

    One that fails is logged and tried at the next run. Appointments to the staff that nobody came for are dropped.
    """
    async with services.database.directory() as transaction:
        over = await transaction.fetch(
            "delete from appointment where staff_role is not null and expires_at <= $1 returning id, staff_role",
            services.clock.now(),
        )
        for row in over:
            role = staff_role_in_words(StaffRole(row["staff_role"]))
            await tell_staff(transaction, services, STAFF_DID_NOT_COME, once=str(row["id"]), role=role)
        found = await transaction.fetch(f"{_FOUND} order by p.id limit $2", services.clock.now(), _MOST)
    given = 0
    for row in found:
        organisation_id = row["organisation_id"] or PROVIDER_ID
        # One appointment's fault must not stop the others.
        (outcome,) = await asyncio.gather(_attempt(services, organisation_id, row["id"]), return_exceptions=True)
        if isinstance(outcome, BaseException):
            _log.error("appointment_failed", id=str(row["id"]), fault=type(outcome).__name__)
        else:
            given += outcome
    return given


async def _attempt(services: Services, organisation_id: UUID, appointment_id: UUID) -> bool:
    async with services.database.tenant(organisation_id, directory=True) as transaction:
        access = Access(system_actor(organisation_id), transaction, services, "sweep-appointments")
        return await _carry_out(access, appointment_id)


async def _carry_out(access: Access, appointment_id: UUID) -> bool:
    row = await access.transaction.fetchrow(
        f"{_FOUND} and p.id = $2 for update of p skip locked", access.now, appointment_id
    )
    if row is None:
        return False
    await access.transaction.execute("delete from appointment where id = $1", appointment_id)
    if row["organisation_id"] is None:
        await join_staff(access, row["account_id"], StaffRole(row["staff_role"]))
    elif await lock_state(access) is OrganisationState.AWAITING_OWNER:
        await _begin(access, row)
    return True


async def _begin(access: Access, row: Mapping[str, Any]) -> None:
    """Open an organisation that waited for its owner."""
    active = OrganisationState.ACTIVE
    await transition_organisation(access, active, only_from={OrganisationState.AWAITING_OWNER})
    await insert_owner(access, new_owner(row["account_id"], row["display_name"], row["address"]))
    await access.audit("organisation.opened", "organisation", access.organisation_id)


async def join_staff(access: Access, account_id: UUID, role: StaffRole) -> bool:
    """Give an account a role among the staff, for acts that have checked who may; return whether it is new."""
    is_new = await add_staff(access.transaction, account_id, role, at=access.now)
    if is_new:
        await access.audit("staff.added", "account", account_id, role=role.value)
        await tell_staff_changed(access, account_id, role, is_given=True)
    return is_new


async def tell_staff_changed(access: Access, account_id: UUID, role: StaffRole, *, is_given: bool) -> None:
    """Tell somebody that a role among the staff was given or taken, and all operators."""
    transaction, services = access.transaction, access.services
    words, kind = staff_role_in_words(role), STAFF_JOINED if is_given else STAFF_LEFT
    await tell_account(transaction, services, account_id, kind, role=words)
    target = (PROVIDER_ID, "account", account_id)
    await tell_staff(transaction, services, STAFF_CHANGED, target=target, role=words, is_given=is_given)


def staff_role_in_words(role: StaffRole) -> str:
    """Return a role among the staff as people read it."""
    return role.value.replace("_", " ")


def new_owner(account_id: UUID, display_name: str, address: str) -> NewMember:
    """Return the first member of an organisation."""
    return NewMember(display_name or address.partition("@")[0], address, account_id)
