"""Do what the clocks demand of requests in every organisation; run by the worker again and again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias
from uuid import UUID

import structlog

from wardship.core.actor import PROVIDER_ID, system_actor
from wardship.tenants.access import Access, Services
from wardship.tenants.certificates.issue import issue_certificate
from wardship.tenants.erasure.finds import UndecidedFindsError
from wardship.tenants.exports.files import expire_export
from wardship.tenants.fulfilment.carry_out import carry_out
from wardship.tenants.fulfilment.closing import close_right
from wardship.tenants.fulfilment.erase import erase_member, search_ahead
from wardship.tenants.fulfilment.remainders import erase_if_due
from wardship.tenants.requests.deadlines import UNVERIFIED_FOR, escalate_overdue, expire, restrict_late
from wardship.tenants.requests.ended_memberships import act_on_grace, withdraw_if_back
from wardship.tenants.requests.finds import wait_for_decision
from wardship.tenants.requests.lifting import lift_if_due
from wardship.tenants.requests.records import LockedRequest, RightRecord
from wardship.tenants.requests.reminders import remind
from wardship.tenants.requests.states import RightKind, RightState
from wardship.tenants.requests.visibility import lock_request, lock_request_of_right

MOST: Final = 200
_ROUNDS: Final = 10
_log = structlog.get_logger(__name__)
_BEGUN = {RightState.IN_PROGRESS, RightState.AWAITING_VENDORS, RightState.ATTESTING}

Action: TypeAlias = Callable[[Access, UUID], Awaitable[object]]
"""What one clock demands, of the request, right, restriction, grace period or file with this id."""


async def do_due_requests(services: Services) -> int:
    """Do what is due now, by the words of ``requests_due``, and return how much was done.

    Each action is one transaction in its own organisation, checked again under a lock, so that several workers may run
    this at once; one that fails is logged and tried at the next run, and hinders no other.
    """
    done, tried = 0, set[tuple[UUID, str]]()
    for _ in range(_ROUNDS):
        async with services.database.directory(read_only=True) as transaction:
            rows = await transaction.fetch(
                "select organisation_id, id, deed as action from requests_due($1, $2, $3)",
                services.clock.now(),
                services.clock.now() - UNVERIFIED_FOR,
                MOST,
            )
        fresh = [row for row in rows if (row["id"], row["action"]) not in tried]
        for row in fresh:
            tried.add((row["id"], row["action"]))  # whatever comes of it, not twice in one run
            done += await _attempt(services, row["organisation_id"], row["id"], row["action"])
        if not fresh:
            break
    return done


async def erase_due_remainders(services: Services) -> int:
    """Erase what limitations kept and whose time is over; return how much was, each as ``do_due_requests`` does."""
    async with services.database.directory(read_only=True) as transaction:
        rows = await transaction.fetch("select * from remainders_due($1, $2)", services.clock.now(), MOST)
    return sum([await _attempt(services, row["organisation_id"], row["id"], "erase_remainder") for row in rows])


async def erase_customers_without_account(services: Services) -> int:
    """Erase what the provider knows of people whose account went in another way; return how many there were."""
    async with services.database.directory(read_only=True) as transaction:
        rows = await transaction.fetch("select * from customers_without_account($1) as id", MOST)
    return sum([await _attempt(services, PROVIDER_ID, row["id"], "erase_customer") for row in rows])


async def _attempt(services: Services, organisation_id: UUID, identifier: UUID, action: str) -> bool:
    try:
        async with services.database.tenant(organisation_id, directory=True) as transaction:
            access = Access(system_actor(organisation_id), transaction, services, f"sweep-{action}")
            await _ACTIONS[action](access, identifier)
    except UndecidedFindsError:
        return await _wait_for_decision(services, organisation_id, identifier)
    except Exception as error:  # noqa: BLE001 - one request's fault must not stop the others
        _log.error("request_action_failed", action=action, id=str(identifier), fault=type(error).__name__)
        return False
    return True


async def _wait_for_decision(services: Services, organisation_id: UUID, right_id: UUID) -> bool:
    """Let an erasure that was undone wait, in a transaction of its own; return False, since nothing was erased."""
    async with services.database.tenant(organisation_id, directory=True) as transaction:
        await wait_for_decision(
            Access(system_actor(organisation_id), transaction, services, "sweep-carry_out"), right_id
        )
    return False


def _of_request(action: Callable[[Access, LockedRequest], Awaitable[object]]) -> Action:
    async def run(access: Access, request_id: UUID) -> None:
        await action(access, await lock_request(access, request_id))

    return run


def _of_right(action: Callable[[Access, LockedRequest, RightRecord], Awaitable[object]]) -> Action:
    async def run(access: Access, right_id: UUID) -> None:
        locked = await lock_request_of_right(access, right_id)
        await action(access, locked, locked.right(right_id))

    return run


async def _carry_out_if_due(access: Access, right_id: UUID) -> None:
    ahead = await search_ahead(access, right_id)
    locked = await lock_request_of_right(access, right_id)
    right = locked.right(right_id)
    is_approved = right.state is RightState.APPROVED and right.kind is not RightKind.ERASURE
    if is_approved or (right.state is RightState.SCHEDULED and right.is_due(access.now)):
        await carry_out(access, locked, right, ahead)


async def _close_if_begun(access: Access, locked: LockedRequest, right: RightRecord) -> None:
    if right.state in _BEGUN:
        await close_right(access, locked, right)


_ACTIONS: Mapping[str, Action] = MappingProxyType(
    {
        "expire": _of_request(expire),
        "escalate": _of_request(escalate_overdue),
        "restrict_late": _of_request(restrict_late),
        "remind": _of_request(remind),
        "certify": _of_request(issue_certificate),
        "carry_out": _carry_out_if_due,
        "settle": _of_right(_close_if_begun),
        "withdraw": _of_request(withdraw_if_back),
        "act_on_grace": act_on_grace,
        "lift": lift_if_due,
        "destroy_export": expire_export,
        "erase_remainder": erase_if_due,
        "erase_customer": erase_member,
    }
)
"""By the words of ``requests_due``, of what erasures kept, and of customers."""
