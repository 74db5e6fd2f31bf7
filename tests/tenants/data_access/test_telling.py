"""The organisation is told that the provider's privacy team looked at a member's data."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.graphql.calls import gid, make_api
from tests.requesting import Firm, make_firm
from wardship.tenants.data_access.telling import tell_looks
from wardship.tenants.requests.states import RightKind

pytestmark = pytest.mark.anyio

REQUEST = "query($id: ID!) { request(id: $id) { member { displayName } } }"
TOLD = """select n.member_id, n.kind, n.target_id, n.details ->> 'request' as request from notice n
    where n.kind = 'privacy_team_looked' order by n.created_at, n.member_id"""


@pytest.fixture
async def firm(services) -> Firm:
    return await make_firm(services)


@pytest.fixture
def api(firm):
    return make_api(firm.services)


async def _look(api, firm, submitted):
    found = await api.data(firm.privacy_team, REQUEST, id=gid("DataRequest", submitted.request.id))
    assert found["request"]["member"] is not None


async def test_those_who_decide_are_told_once_a_day_and_not_whom_it_is_about(api, firm, owner, clock):
    submitted = await firm.submit(RightKind.ACCESS, who=firm.admin)
    for _ in range(3):
        await _look(api, firm, submitted)
    assert await tell_looks(firm.services) == 1
    assert await tell_looks(firm.services) == 0
    rows = await owner.fetch(TOLD)
    assert {row["member_id"] for row in rows} == {firm.owner.member_id, firm.officer.member_id}
    assert len(rows) == 2
    assert {row["target_id"] for row in rows} == {submitted.request.id}
    assert {row["request"] for row in rows} == {str(submitted.request.id)}
    await _look(api, firm, submitted)
    await tell_looks(firm.services)
    assert len(await owner.fetch(TOLD)) == 2, "the same day is told already"
    clock.advance(timedelta(days=1))
    await _look(api, firm, submitted)
    await tell_looks(firm.services)
    assert len(await owner.fetch(TOLD)) == 4


async def test_it_is_told_by_the_sweeps_of_a_worker_and_names_nobody(api, firm, owner, services):
    submitted = await firm.submit(RightKind.ACCESS)
    await firm.refuse(submitted, RightKind.ACCESS)
    await _look(api, firm, submitted)
    assert tell_looks in services.nouns.duties.sweeps
    await tell_looks(firm.services)
    details = await owner.fetchval("select details::text from notice where kind = 'privacy_team_looked' limit 1")
    assert "Ada" not in details
    assert str(firm.privacy_team.account_id) not in details


async def test_looks_of_members_are_told_to_nobody(api, firm, owner):
    submitted = await firm.submit(RightKind.ACCESS)
    await api.data(firm.admin, REQUEST, id=gid("DataRequest", submitted.request.id))
    assert await tell_looks(firm.services) == 0
    assert await owner.fetch(TOLD) == []
