"""Lead recoveries on when their time has come, and tell of those that nobody was told of: sweeps of the worker."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias
from uuid import UUID

from wardship.core.actor import PROVIDER_ID, system_actor
from wardship.core.http.credentials import Client
from wardship.core.identifiers import uuid7
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.recoveries import (
    Recovery,
    end_recovery,
    hand_over,
    lock_recovery,
    mark_announced,
    open_for_owner,
    recovery_fault,
)
from wardship.core.sign_in.recovery_states import RecoveryState
from wardship.tenants.access import Access, Services
from wardship.tenants.accounts.announcing import announce, announce_handed_over

_Act: TypeAlias = Callable[[Access, Recovery], Awaitable[None]]


async def announce_recoveries(services: Services) -> None:
    """Tell those who decide of recoveries that were asked for or have ended."""
    await _each(
        services, "select id, organisation_id from account_recovery where not is_announced order by id limit 100", _tell
    )


async def act_on_recoveries(services: Services) -> None:
    """Open, hand over or end the recoveries whose time has come."""
    await _each(
        services,
        "select id, organisation_id from account_recovery where ended_at is null and acts_at <= $1"
        " order by acts_at limit 100",
        _act,
        services.clock.now(),
    )


async def _each(services: Services, sql: str, act: _Act, *arguments: object) -> None:
    async with services.database.directory(read_only=True) as transaction:
        due = await transaction.fetch(sql, *arguments)
    for row in due:
        await _one(services, row["organisation_id"], row["id"], act)


async def _one(services: Services, organisation_id: UUID, recovery_id: UUID, act: _Act) -> None:
    async with services.database.tenant(organisation_id, directory=True) as transaction:
        recovery = await lock_recovery(transaction, recovery_id, ended_too=True)
        if recovery is not None and recovery.organisation_id == organisation_id:
            await act(Access(system_actor(organisation_id), transaction, services, str(uuid7())), recovery)


async def _tell(access: Access, recovery: Recovery) -> None:
    if not recovery.is_announced:
        await announce(access, recovery)
        await mark_announced(access.transaction, recovery)


async def _act(access: Access, recovery: Recovery) -> None:
    if recovery.ended_at is not None or recovery.acts_at > access.now:
        return
    call, target = Call(access.services, Client("")), ("account_recovery", recovery.id)
    transaction = access.transaction
    if recovery.state is RecoveryState.OPEN:
        await end_recovery(transaction, call, recovery, RecoveryState.EXPIRED, "not_used")
    elif recovery.state is RecoveryState.ASKED:
        is_owners = recovery.asked_by == recovery.account_id
        if is_owners and recovery.organisation_id != PROVIDER_ID:
            await hand_over(transaction, call, recovery)
            await announce_handed_over(access, recovery)
            await access.audit("account.recovery_handed_over", *target)
        else:
            await end_recovery(transaction, call, recovery, RecoveryState.EXPIRED, "too_late")
    elif fault := await recovery_fault(transaction, recovery):
        await end_recovery(transaction, call, recovery, RecoveryState.REFUSED, fault)
    else:
        await open_for_owner(transaction, call, recovery)
        await access.audit("account.recovery_opened", *target)
