"""Do what the clocks demand of requests in every organisation; run by the worker again and again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Final
from uuid import UUID

import structlog

from wardship.core.actor import system_actor
from wardship.tenants.access import Access, Services
from wardship.tenants.certificates.issue import issue_certificate
from wardship.tenants.exports.destroy import destroy_export
from wardship.tenants.fulfilment.carry_out import carry_out
from wardship.tenants.fulfilment.settle import settle
from wardship.tenants.requests.deadlines import UNVERIFIED_FOR, escalate_overdue, expire, restrict_late
from wardship.tenants.requests.grace import end_grace
from wardship.tenants.requests.records import Case
from wardship.tenants.requests.states import RightKind, RightState
from wardship.tenants.requests.visibility import lock_case, lock_case_of_right

MOST: Final = 200
_ROUNDS: Final = 10
_log = structlog.get_logger(__name__)
_BEING_DONE = {RightState.IN_PROGRESS, RightState.AWAITING_VENDORS, RightState.ATTESTING}


async def do_due_requests(services: Services) -> int:
    """Do what is due now and return how many deeds were done.

    Each deed is one transaction in its own organisation, checked again under a lock, so that several workers may run
    this at once; one that fails is logged and tried at the next run, and hinders no other.
    """
    done, failed = 0, set[tuple[UUID, str]]()
    for _ in range(_ROUNDS):
        async with services.database.directory(read_only=True) as transaction:
            rows = await transaction.fetch(
                "select organisation_id, id, deed from requests_due($1, $2, $3)",
                services.clock.now(),
                services.clock.now() - UNVERIFIED_FOR,
                MOST,
            )
        fresh = [row for row in rows if (row["id"], row["deed"]) not in failed]
        for row in fresh:
            failed.add((row["id"], row["deed"]))  # whatever comes of it, not twice in one run
            done += await _attempt(services, row["organisation_id"], row["id"], row["deed"])
        if not fresh:
            break
    return done


async def sweep_requests(services: Services) -> None:
    """Do what is due now: the form in which the worker takes its sweeps."""
    await do_due_requests(services)


async def _attempt(services: Services, organisation_id: UUID, identifier: UUID, deed: str) -> bool:
    try:
        async with services.database.tenant(organisation_id, directory=True) as transaction:
            access = Access(system_actor(organisation_id), transaction, services, f"sweep-{deed}")
            await _DEEDS[deed](access, identifier)
    except Exception as error:  # noqa: BLE001 - one request's fault must not stop the others
        _log.error("request_deed_failed", deed=deed, id=str(identifier), fault=type(error).__name__)
        return False
    return True


def _of_request(deed: Callable[[Access, Case], Awaitable[object]]) -> Callable[[Access, UUID], Awaitable[None]]:
    async def run(access: Access, request_id: UUID) -> None:
        await deed(access, await lock_case(access, request_id))

    return run


async def _carry_out(access: Access, right_id: UUID) -> None:
    case = await lock_case_of_right(access, right_id)
    right = case.right(right_id)
    is_approved = right.state is RightState.APPROVED and right.kind is not RightKind.ERASURE
    is_scheduled = right.state is RightState.SCHEDULED and right.scheduled_for is not None
    if is_approved or (is_scheduled and right.scheduled_for <= access.now):  # type: ignore[operator]  # not None there
        await carry_out(access, case, right)


async def _settle(access: Access, right_id: UUID) -> None:
    case = await lock_case_of_right(access, right_id)
    right = case.right(right_id)
    if right.state in _BEING_DONE:
        await settle(access, case, right)


async def _end_grace(access: Access, right_id: UUID) -> None:
    case = await lock_case_of_right(access, right_id)
    await end_grace(access, case, case.right(right_id))


_DEEDS: Mapping[str, Callable[[Access, UUID], Awaitable[None]]] = MappingProxyType(
    {
        "expire": _of_request(expire),
        "escalate": _of_request(escalate_overdue),
        "restrict_late": _of_request(restrict_late),
        "certify": _of_request(issue_certificate),
        "carry_out": _carry_out,
        "settle": _settle,
        "end_grace": _end_grace,
        "destroy_export": destroy_export,
    }
)
