"""What one sees of requests: the own ones, those that one decides on, and what recipients did."""

from __future__ import annotations

import pytest

from tests.builders import make_member, make_organisation
from tests.connecting import Connections
from wardship.core.actor import CredentialKind, Role
from wardship.core.errors import PermissionDeniedError
from wardship.plugins.api import Verb
from wardship.tenants.paging import PageRequest
from wardship.tenants.requests.decide import escalate_request
from wardship.tenants.requests.lists import RequestFilter
from wardship.tenants.requests.read import (
    list_escalated,
    list_requests,
    outcomes_of,
    requests_by_ids,
    right_by_id,
)
from wardship.tenants.requests.records import Handler
from wardship.tenants.requests.states import RightKind
from wardship.tenants.requests.visibility import visible_requests

ACCESS, ERASURE = RightKind.ACCESS, RightKind.ERASURE


async def _seen_by(firm, who, **wanted) -> list:
    async with firm.access(who) as access:
        page = await list_requests(visible_requests(access), RequestFilter(**wanted), PageRequest())
    return [item.id for item in page.items]


async def test_everybody_sees_what_is_theirs_to_see(firm, services):
    mine = await firm.submit(ACCESS)
    admins = await firm.submit(ACCESS, who=firm.admin)
    auditor = await make_member(services.database, firm.organisation, Role.AUDITOR)
    colleague = await make_member(services.database, firm.organisation)
    everything = [mine.request.id, admins.request.id]
    assert await _seen_by(firm, firm.member) == [mine.request.id]
    assert await _seen_by(firm, firm.owner) == everything
    assert await _seen_by(firm, auditor) == everything
    assert await _seen_by(firm, colleague) == []
    assert await _seen_by(firm, firm.privacy_team) == [admins.request.id]
    assert await _seen_by(firm, firm.owner, handler=Handler.PRIVACY_TEAM) == [admins.request.id]
    assert await _seen_by(firm, firm.owner, member_id=firm.member.member_id) == [mine.request.id]
    assert await _seen_by(firm, firm.owner, is_open=False) == []


async def test_another_organisation_sees_nothing(firm, services):
    mine = await firm.submit(ACCESS)
    right = await firm.right(mine, ACCESS)
    stranger = await make_member(services.database, await make_organisation(services.database), Role.ORG_OWNER)
    async with firm.access(stranger) as access:
        reach = visible_requests(access)
        assert await requests_by_ids(reach, [mine.request.id]) == {}
        assert await right_by_id(reach, right.id) is None


async def test_pages_follow_each_other(firm):
    ids = [(await firm.submit(kind)).request.id for kind in (ACCESS, ERASURE, RightKind.RESTRICTION)]
    async with firm.access(firm.owner) as access:
        reach = visible_requests(access)
        first = await list_requests(reach, RequestFilter(), PageRequest(2))
        last = first.items[-1]
        rest = await list_requests(reach, RequestFilter(), PageRequest(2, (last.submitted_at, last.id)))
    assert [item.id for item in (*first.items, *rest.items)] == ids
    assert (first.has_next, rest.has_next) == (True, False)


async def test_person_sees_what_each_recipient_did(firm, recording):
    connections = Connections(firm.services, firm.admin)
    await connections.connect("recorder")
    submitted = await firm.submit(ACCESS)
    await firm.approve(submitted, ACCESS)
    await firm.run()
    await connections.work()
    right = await firm.right(submitted, ACCESS)
    async with firm.access(firm.member) as access:
        (outcome,) = (await outcomes_of(visible_requests(access), [right.id]))[right.id]
    assert (outcome.recipient, outcome.obligation.verb) == (recording.declared.name, Verb.EXPORT)
    assert outcome.obligation.outcome.status == "completed"
    colleague = await make_member(firm.services.database, firm.organisation)
    async with firm.access(colleague) as access:
        assert await outcomes_of(visible_requests(access), [right.id]) == {right.id: []}


async def test_privacy_team_sees_identifiers_and_dates_of_every_organisation(firm):
    handed_over = await firm.submit(ACCESS)
    async with firm.access(firm.admin) as access:
        await escalate_request(access, handed_over.request.id, "Not ours.")
    await firm.submit(ERASURE)
    async with firm.access(firm.privacy_team) as access:
        page = await list_escalated(access, PageRequest(1))
    (item,) = page.items
    assert (item.organisation_slug, item.request_id, page.has_next) == (
        firm.organisation.slug,
        handed_over.request.id,
        False,
    )
    async with firm.access(firm.privacy_team) as access:
        assert (await list_escalated(access, PageRequest(1, (item.due_at, item.request_id)))).items == []


@pytest.mark.parametrize("who", ["owner", "member"])
async def test_nobody_else_sees_other_organisations_requests(firm, who):
    with pytest.raises(PermissionDeniedError):
        async with firm.access(getattr(firm, who)) as access:
            await list_escalated(access, PageRequest())


async def test_token_without_read_sees_nothing_even_of_its_owner(firm):
    await firm.submit(ACCESS)
    token = firm.member.actor(credential=CredentialKind.TOKEN, scopes=frozenset({"write"}))
    assert await _seen_by(firm, token) == []
