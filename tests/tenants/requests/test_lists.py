"""Requests are listed by what one has to do next."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import NOW
from wardship.core.errors import InvalidInputError
from wardship.tenants.paging import PageRequest
from wardship.tenants.requests.decide import acknowledge_request, acknowledge_requests
from wardship.tenants.requests.lists import RequestFilter, RequestOrder
from wardship.tenants.requests.read import list_requests
from wardship.tenants.requests.records import Handler
from wardship.tenants.requests.states import RightKind, RightState
from wardship.tenants.requests.visibility import visible_requests

pytestmark = pytest.mark.anyio
ACCESS, ERASURE, RESTRICTION = RightKind.ACCESS, RightKind.ERASURE, RightKind.RESTRICTION


@pytest.fixture
async def four(firm, owner):
    """Four requests: due in 3 days, a day ago and in 2 days, and one that has ended and was late."""
    submitted = [
        await firm.submit(ACCESS),
        await firm.submit(ERASURE),
        await firm.submit(RESTRICTION, who=firm.admin),
        await firm.submit(ACCESS, who=firm.officer),
    ]
    ids = [item.request.id for item in submitted]
    for request_id, days in zip(ids, (3, -1, 2, -5), strict=True):
        due, late = NOW + timedelta(days=days), NOW if days < 0 else None
        await owner.execute("update data_request set due_at = $2, late_since = $3 where id = $1", request_id, due, late)
    await owner.execute("update data_request set ended_at = $2, handler = 'admin' where id = $1", ids[3], NOW)
    await owner.execute(
        "update request_right set state = 'fulfilled', ended_at = $2 where request_id = $1", ids[3], NOW
    )
    return ids


async def _listed(firm, who=None, order=RequestOrder.DUE, **wanted):
    """All of a list, by pages of one."""
    found, after = [], None
    async with firm.access(who or firm.owner) as access:
        while True:
            page = await list_requests(visible_requests(access), RequestFilter(**wanted), PageRequest(1, after), order)
            found += page.items
            if not page.has_next:
                return [item.id for item in found]
            after = getattr(found[-1], order.value), found[-1].id


async def test_order_is_by_due_date(firm, four):
    access, erasure, restriction, ended = four
    assert await _listed(firm) == [ended, erasure, restriction, access]
    assert await _listed(firm, order=RequestOrder.SUBMITTED) == four
    assert await _listed(firm, is_open=True) == [erasure, restriction, access]
    assert await _listed(firm, who=firm.member) == [erasure, access]


async def test_list_is_narrowed_by_what_is_due_late_and_whose_turn_it_is(firm, four):
    access, erasure, restriction, ended = four
    assert await _listed(firm, due_before=NOW + timedelta(days=2)) == [ended, erasure]
    assert await _listed(firm, is_late=True, is_open=True) == [erasure]
    assert await _listed(firm, is_late=True) == [ended, erasure]
    assert await _listed(firm, handler=Handler.PRIVACY_TEAM) == [restriction]
    assert await _listed(firm, handler=Handler.ADMIN, is_open=True) == [erasure, access]


async def test_list_is_narrowed_by_kinds_and_states_of_rights(firm, four):
    access, erasure, restriction, ended = four
    assert await _listed(firm, kinds=frozenset({ACCESS, RESTRICTION}), is_open=True) == [restriction, access]
    with_admin = frozenset({RightState.WITH_ADMIN})
    assert await _listed(firm, states=with_admin, is_open=True) == [erasure, access]
    assert await _listed(firm, states=with_admin, kinds=frozenset({ERASURE}), is_open=True) == [erasure]
    fulfilled = frozenset({RightState.FULFILLED})
    assert await _listed(firm, states=fulfilled, member_id=firm.officer.member_id) == [ended]


@pytest.mark.parametrize(
    ("order", "wanted", "path"),
    [
        (RequestOrder.DUE, {"kinds": frozenset({ACCESS})}, ("where", "kinds")),
        (RequestOrder.DUE, {"states": frozenset({RightState.FULFILLED}), "is_open": False}, ("where", "states")),
        (RequestOrder.SUBMITTED, {"is_late": True}, ("order_by",)),
        (RequestOrder.SUBMITTED, {"due_before": NOW}, ("order_by",)),
    ],
)
async def test_what_would_read_all_there_ever_were_is_refused(firm, order, wanted, path):
    with pytest.raises(InvalidInputError) as refused:
        await _listed(firm, order=order, **wanted)
    assert refused.value.path == path


async def test_many_are_acknowledged_each_by_itself(firm, four, owner):
    access, erasure, restriction, _ = four
    async with firm.access(firm.admin) as caller:
        await acknowledge_request(caller, erasure)
    async with firm.access(firm.admin) as caller:
        rows = await acknowledge_requests(caller, [restriction, erasure, access])
    assert [(row.id, row.refusal and row.refusal.code) for row in rows] == [
        (restriction, "SELF_DECISION"),
        (erasure, "ALREADY_ACKNOWLEDGED"),
        (access, None),
    ]
    acknowledged = await owner.fetch("select id from data_request where acknowledged_at is not null")
    assert {row["id"] for row in acknowledged} == {access, erasure}
