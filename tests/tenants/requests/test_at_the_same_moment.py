"""Two decisions on one person at the same moment, each of its own: neither makes the other stale."""

from __future__ import annotations

import asyncio

import pytest

from tests.builders import make_group
from tests.requesting import make_firm
from wardship.app.nouns import domain_nouns
from wardship.tenants.content.share import create_post
from wardship.tenants.requests.decide import acknowledge_request, approve_right, escalate_request, refuse_right
from wardship.tenants.requests.erasures import StalePreviewError, commit_erasure, preview_erasure
from wardship.tenants.requests.records import RefusalCode
from wardship.tenants.requests.states import RightKind, RightState

pytestmark = pytest.mark.anyio

ACCESS, ERASURE, PORTABILITY = RightKind.ACCESS, RightKind.ERASURE, RightKind.PORTABILITY
RESTRICTION = RightKind.RESTRICTION


async def _previewed(firm):
    """Return an approved erasure and the digest of its preview, as the officer has seen it."""
    submitted = await firm.submit(ERASURE)
    await firm.approve(submitted, ERASURE)
    right = await firm.right(submitted, ERASURE)
    async with firm.access(firm.officer) as access:
        return right.id, (await preview_erasure(access, right.id)).digest


async def _commit(firm, right_id, digest):
    async with firm.access(firm.officer) as access:
        return await commit_erasure(access, right_id, digest)


async def _refuse(firm, other):
    right_id = (await firm.locked(other)).rights[0].id
    async with firm.access(firm.admin) as access:
        await refuse_right(access, right_id, RefusalCode.UNFOUNDED, "Ada Lovelace was told so twice.")


async def _approve(firm, other):
    right_id = (await firm.locked(other)).rights[0].id
    async with firm.access(firm.admin) as access:
        await approve_right(access, right_id, reason="Ada Lovelace is right.")


async def _approve_and_carry_out(firm, other):
    await _approve(firm, other)
    await firm.run()


async def _acknowledge(firm, other):
    async with firm.access(firm.admin) as access:
        await acknowledge_request(access, other.request.id)


async def _hand_over(firm, other):
    async with firm.access(firm.admin) as access:
        await escalate_request(access, other.request.id, "Ada Lovelace knows me.")


DECISIONS = [
    (ACCESS, _approve),
    (ACCESS, _approve_and_carry_out),
    (ACCESS, _refuse),
    (ACCESS, _acknowledge),
    (ACCESS, _hand_over),
    (RESTRICTION, _approve_and_carry_out),
    (PORTABILITY, _refuse),
]


@pytest.mark.parametrize(("kind", "decide"), DECISIONS)
async def test_a_decision_on_another_request_of_the_person_leaves_the_preview_as_it_was(firm, kind, decide):
    other = await firm.submit(kind)
    right_id, digest = await _previewed(firm)
    await decide(firm, other)
    assert (await _commit(firm, right_id, digest)).state is RightState.SCHEDULED


async def test_a_request_that_the_person_makes_meanwhile_leaves_it_too(firm):
    right_id, digest = await _previewed(firm)
    await firm.submit(ACCESS)
    assert (await _commit(firm, right_id, digest)).state is RightState.SCHEDULED


@pytest.mark.parametrize("decide", [_approve, _refuse, _hand_over])
async def test_both_decisions_of_one_moment_hold(services, owner, decide):
    for number in range(6):
        firm = await make_firm(services, email=f"ada{number}@example.org")
        other = await firm.submit(ACCESS)
        right_id, digest = await _previewed(firm)
        await asyncio.gather(_commit(firm, right_id, digest), decide(firm, other))
        assert (await firm.states(other))[ACCESS] is not RightState.WITH_ADMIN
        assert await owner.fetchval("select state from request_right where id = $1", right_id) == "scheduled"


async def test_what_is_erased_of_the_person_still_makes_it_stale(firm):
    right_id, digest = await _previewed(firm)
    group = await make_group(firm.services.database, firm.organisation, "Team", firm.member)
    async with firm.access(firm.member) as access:
        await create_post(access, group, "More of me")
    with pytest.raises(StalePreviewError):
        await _commit(firm, right_id, digest)


def test_what_the_product_writes_while_it_deals_with_requests_is_declared():
    assert {entry.name for entry in domain_nouns().held if entry.is_bookkeeping} == {
        "data_request",
        "export_file",
        "notice",
        "obligation",
        "request_event",
        "request_right",
        "restriction",
        "vendor_export",
    }
