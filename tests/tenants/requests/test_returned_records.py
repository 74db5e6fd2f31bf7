"""What a command returns is what is stored, so that nobody has to read it again."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from tests.builders import NOW
from tests.fixed_clock import TickingClock
from wardship.tenants.access import Access
from wardship.tenants.requests.decide import (
    acknowledge_request,
    approve_right,
    deny_right,
    escalate_request,
    refuse_right,
)
from wardship.tenants.requests.erasures import cancel_erasure, commit_erasure, preview_erasure, waive_cooling_off
from wardship.tenants.requests.extend import extend_request
from wardship.tenants.requests.identity import send_identity_code, verify_identity
from wardship.tenants.requests.lifting import object_to_restriction
from wardship.tenants.requests.read import requests_by_ids, right_by_id
from wardship.tenants.requests.records import RefusalCode, RequestRecord, RightRecord
from wardship.tenants.requests.states import RightKind
from wardship.tenants.requests.submit import RequestedRight, submit_request
from wardship.tenants.requests.visibility import visible_requests
from wardship.tenants.requests.withdraw import withdraw_request

ERASURE = RightKind.ERASURE
CORRECTION = RequestedRight(RightKind.CORRECTION, {"fields": {"last_name": "King", "company": "Engines"}})
LATER = datetime(2027, 1, 10, 12, tzinfo=timezone(timedelta(hours=5)))


@pytest.fixture
def clock():
    """What is stored and what is returned are the same only where the clock was read once for both."""
    return TickingClock(NOW)


@pytest.fixture
async def corrected(firm):
    """A request for a correction, with the admin, whose identity is proven."""
    async with firm.access(firm.member) as access:
        return (await submit_request(access, [CORRECTION], country="DE")).request


@pytest.fixture
async def unproven(firm):
    async with firm.access(firm.member, stepped_up=False) as access:
        return (await submit_request(access, [RequestedRight(ERASURE)], country="DE")).request


@pytest.fixture
async def scheduled(firm):
    """An erasure that waits out its cooling-off: the right's id."""
    right_id = await _previewed(firm)
    async with firm.access(firm.officer) as access:
        await commit_erasure(access, right_id, (await preview_erasure(access, right_id)).digest)
    return right_id


async def _previewed(firm):
    submitted = await firm.submit(ERASURE)
    await firm.approve(submitted, ERASURE)
    return (await firm.right(submitted, ERASURE)).id


async def _right_id(firm, request):
    async with firm.access(firm.member) as access:
        return await access.transaction.fetchval("select id from request_right where request_id = $1", request.id)


async def _require_stored(access: Access, returned: RequestRecord | RightRecord) -> None:
    reach = visible_requests(access)
    if isinstance(returned, RequestRecord):
        stored = (await requests_by_ids(reach, [returned.id]))[returned.id]
    else:
        stored = await right_by_id(reach, returned.id)
    assert returned == stored
    assert repr(returned) == repr(stored)  # the same types and time zones too


@pytest.mark.parametrize("stepped_up", [True, False])
async def test_submitted(firm, stepped_up):
    async with firm.access(firm.member, stepped_up=stepped_up) as access:
        await _require_stored(access, (await submit_request(access, [CORRECTION], country="DE")).request)


async def test_submitted_to_the_privacy_team(firm):
    async with firm.access(firm.owner) as access:
        returned = (await submit_request(access, [CORRECTION], country="DE")).request
        assert returned.escalation_reason == "concerns_the_decider"
        await _require_stored(access, returned)


@pytest.mark.parametrize(
    "command",
    [
        lambda access, request: acknowledge_request(access, request.id),
        lambda access, request: escalate_request(access, request.id, "Not ours."),
        lambda access, request: extend_request(access, request.id, LATER, "Archives."),
    ],
)
async def test_request_after_what_a_decider_did(firm, corrected, command):
    async with firm.access(firm.admin) as access:
        await _require_stored(access, await command(access, corrected))


@pytest.mark.parametrize(
    "command",
    [
        lambda access, right_id: approve_right(access, right_id, reason="Yes.", limitation="Half.", fields=["company"]),
        lambda access, right_id: refuse_right(access, right_id, RefusalCode.OTHER, "No."),
    ],
)
async def test_right_after_its_decision(firm, corrected, command):
    right_id = await _right_id(firm, corrected)
    async with firm.access(firm.admin) as access:
        await _require_stored(access, await command(access, right_id))


async def test_right_after_the_privacy_teams_decision(firm, corrected):
    right_id = await _right_id(firm, corrected)
    async with firm.access(firm.admin) as access:
        await refuse_right(access, right_id, RefusalCode.OTHER, "No.")
    async with firm.access(firm.admin) as access:
        await _require_stored(access, await object_to_restriction(access, corrected.id, "Wages."))
    async with firm.access(firm.privacy_team) as access:
        denied = await deny_right(access, right_id, RefusalCode.OTHER, "No.")
    async with firm.access(firm.owner) as access:  # the privacy team sees it no more
        await _require_stored(access, denied)


async def test_request_after_its_identity(firm, unproven, clock):
    clock.advance(timedelta(minutes=2))
    async with firm.access(firm.member) as access:
        await _require_stored(access, await send_identity_code(access, unproven.id))
        wrong = await verify_identity(access, unproven.id, "wrong")
        await _require_stored(access, wrong.request)
        proven = await verify_identity(access, unproven.id)
        assert proven.request.acknowledge_by.replace(microsecond=0) == NOW + timedelta(minutes=2, hours=72)
        await _require_stored(access, proven.request)
        await _require_stored(access, await withdraw_request(access, unproven.id))


async def test_right_after_its_commit(firm):
    right_id = await _previewed(firm)
    async with firm.access(firm.officer) as access:
        digest = (await preview_erasure(access, right_id)).digest
        await _require_stored(access, await commit_erasure(access, right_id, digest))


async def test_right_after_it_was_called_off_or_hurried(firm, scheduled):
    async with firm.access(firm.member) as access:
        await _require_stored(access, await waive_cooling_off(access, scheduled))
    async with firm.access(firm.admin) as access:
        await _require_stored(access, await cancel_erasure(access, scheduled, "A contract is open."))
