"""What the provider's privacy team sees, of whom, and for how long (requirement D2)."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from graphql import GraphQLObjectType, get_named_type

from tests.builders import access_for, make_group, make_member
from tests.graphql.calls import gid, make_api
from tests.requesting import Firm, make_firm
from wardship.app.application import api_schema
from wardship.core.actor import PROVIDER_ID, StaffRole
from wardship.tenants.data_access.read import own_data_access
from wardship.tenants.limitations.limits import LimitationReason
from wardship.tenants.paging import PageRequest
from wardship.tenants.requests.limitations import WantedLimitation
from wardship.tenants.requests.states import RightKind
from wardship.tenants.requests.withdraw import withdraw_request

pytestmark = pytest.mark.anyio

QUEUE = """{ escalatedRequests { edges { node { organisation organisationName organisationId requestId dueAt submittedAt
    escalatedAt escalationReason lateSince rights { id kind state } remainders restrictions } } } }"""
REQUEST = """query($id: ID!) { request(id: $id) {
    events { kind by } rights { kind state details limitations { reason } preview { digest } }
    member { displayName email phone postalAddress state visibility restrictions { cause } } } }"""
MEMBER = "query($id: ID!) { member(id: $id) { displayName email } }"
NODE = "query($id: ID!) { node(id: $id) { id ... on Member { displayName } ... on DataRequest { dueAt } } }"


@pytest.fixture
async def firm(services) -> Firm:
    return await make_firm(services)


@pytest.fixture
def api(firm):
    return make_api(firm.services)


@pytest.fixture
async def refused(firm):
    """A request for a copy that the admin refused: it is with the privacy team."""
    submitted = await firm.submit(RightKind.ACCESS)
    await firm.refuse(submitted, RightKind.ACCESS)
    return submitted


async def _see(api, firm, submitted) -> dict | None:
    found = await api.data(firm.privacy_team, REQUEST, id=gid("DataRequest", submitted.request.id))
    return found["request"]


async def test_privacy_team_sees_its_queue_where_no_organisation_is_named(api, firm, refused):
    at_home = replace(firm.privacy_team, organisation_id=PROVIDER_ID)
    for caller in (at_home, firm.privacy_team):
        (edge,) = (await api.data(caller, QUEUE))["escalatedRequests"]["edges"]
        node = edge["node"]
        assert node["organisation"] == firm.organisation.slug
        assert node["organisationName"] == firm.organisation.name
        assert node["organisationId"] == gid("Organisation", firm.organisation.id)
        assert node["requestId"] == gid("DataRequest", refused.request.id)
        assert node["escalationReason"] == "admin_refused"
        assert [(right["kind"], right["state"]) for right in node["rights"]] == [("ACCESS", "WITH_PRIVACY_TEAM")]
        assert node["dueAt"] is not None
    text = json.dumps(edge)
    assert "Ada" not in text
    assert str(firm.member.member_id) not in text


async def test_others_at_the_provider_see_no_queue(api, firm, refused):
    del refused
    operator = replace(firm.privacy_team, organisation_id=PROVIDER_ID, staff_roles=frozenset({StaffRole.OPERATOR}))
    for caller in (operator, replace(operator, staff_roles=frozenset()), firm.owner):
        (error,) = (await api.call(caller, QUEUE))["errors"]
        assert error["extensions"]["code"] == "PERMISSION_DENIED"


async def test_privacy_team_sees_the_person_it_decides_about(api, firm, refused):
    found = await _see(api, firm, refused)
    assert found["member"] == {
        "displayName": "Ada Lovelace",
        "email": "ada.lovelace@example.org",
        "phone": "+44 20 7946 0000",
        "postalAddress": "12 St James's Square",
        "state": "ACTIVE",
        "visibility": "FULL",
        "restrictions": [{"cause": "DISPUTED"}],
    }
    assert "refused" in {event["kind"] for event in found["events"]}
    one = await api.data(firm.privacy_team, MEMBER, id=gid("Member", firm.member.member_id))
    assert one["member"]["email"] == firm.member.email


async def test_privacy_team_sees_who_has_left_too(api, firm, owner):
    await owner.execute("update member set state = 'removed' where id = $1", firm.member.member_id)
    submitted = await firm.submit(RightKind.ACCESS, who=replace(firm.member, roles=frozenset()))
    found = await _see(api, firm, submitted)
    assert (found["member"]["state"], found["member"]["email"]) == ("REMOVED", firm.member.email)


async def test_privacy_team_sees_nobody_else(api, firm, refused):
    del refused
    team = firm.privacy_team
    for query in ("{ members { edges { node { displayName } } } }", "{ groups { edges { node { name } } } }"):
        (error,) = (await api.call(team, query))["errors"]
        assert error["extensions"]["code"] == "PERMISSION_DENIED"
    for query in (MEMBER, NODE):
        assert list((await api.data(team, query, id=gid("Member", firm.admin.member_id))).values()) == [None]
    with_groups = "query($id: ID!) { member(id: $id) { displayName groups { edges { node { name } } } } }"
    answer = await api.call(team, with_groups, id=gid("Member", firm.member.member_id))
    assert answer["errors"][0]["extensions"]["code"] == "PERMISSION_DENIED"


def _relations(type_name: str) -> dict[str, str]:
    """The relations and lists of a type, each with what selects something of it."""
    found = api_schema()._schema.get_type(type_name).fields.items()
    return {name: selected for name, each in found if (selected := _selecting(each))}


def _selecting(declared) -> str:
    kind = get_named_type(declared.type)
    if not isinstance(kind, GraphQLObjectType):
        return ""
    inside = next(iter(kind.fields))
    return f"{{ {inside} {{ __typename }} }}" if kind.name.endswith("Connection") else "{ __typename }"


@pytest.mark.parametrize("name", sorted(_relations("Member")))
async def test_of_the_person_the_privacy_team_sees_nothing_but_the_profile_and_what_is_restricted(
    api, firm, refused, name
):
    await make_group(firm.services.database, firm.organisation, "Team", firm.member, firm.admin)
    query = f"query($id: ID!) {{ member(id: $id) {{ id {name} {_relations('Member')[name]} }} }}"
    answer = await api.call(firm.privacy_team, query, id=gid("Member", firm.member.member_id))
    if "errors" in answer:
        assert answer["errors"][0]["extensions"]["code"] == "PERMISSION_DENIED"
    elif name in {"restrictions", "gracePeriod"}:
        assert refused.request.ended_at is None
    else:
        assert answer["data"]["member"][name] in (None, []), name


async def test_a_right_that_an_admin_has_shows_the_person_to_the_admin_alone(api, firm):
    submitted = await firm.submit(RightKind.ACCESS)
    assert await _see(api, firm, submitted) is None
    assert (await api.data(firm.privacy_team, MEMBER, id=gid("Member", firm.member.member_id)))["member"] is None


async def _withdraw(firm, submitted):
    async with firm.access(firm.member) as access:
        await withdraw_request(access, submitted.request.id)


async def _deny(firm, submitted):
    await firm.deny(submitted, RightKind.ACCESS)


async def _fulfil(firm, submitted):
    await firm.approve(submitted, RightKind.ACCESS, firm.privacy_team)
    while await firm.run():
        pass


@pytest.mark.parametrize("end", [_withdraw, _deny, _fulfil])
async def test_privacy_team_sees_nothing_of_it_once_the_right_has_ended(api, firm, refused, end):
    request, member = gid("DataRequest", refused.request.id), gid("Member", firm.member.member_id)
    right = gid("RequestRight", (await firm.right(refused, RightKind.ACCESS)).id)
    assert await _see(api, firm, refused) is not None
    await end(firm, refused)
    team = firm.privacy_team
    assert await _see(api, firm, refused) is None
    assert (await api.data(team, MEMBER, id=member))["member"] is None
    for identifier in (request, member, right):
        assert (await api.data(team, NODE, id=identifier))["node"] is None
    assert (await api.data(team, "{ requests { edges { node { id } } } }"))["requests"]["edges"] == []
    assert (await api.data(team, QUEUE))["escalatedRequests"]["edges"] == []
    answer = await api.call(team, "subscription($id: ID!) { requestProgress(id: $id) { endedAt } }", id=request)
    assert answer["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    assert (await api.data(firm.owner, REQUEST, id=request))["request"] is not None, "those of the organisation do"


async def test_a_request_of_which_another_right_is_left_to_the_admin_shows_nothing_more(api, firm):
    submitted = await firm.submit(RightKind.ACCESS, RightKind.RESTRICTION)
    await firm.refuse(submitted, RightKind.ACCESS)
    assert await _see(api, firm, submitted) is not None
    await firm.deny(submitted, RightKind.ACCESS)
    assert (await firm.locked(submitted)).request.ended_at is None
    assert await _see(api, firm, submitted) is None
    assert (await api.data(firm.privacy_team, QUEUE))["escalatedRequests"]["edges"] == []


async def test_an_erased_person_is_shown_no_more_while_recipients_still_answer(api, firm, owner, refused):
    await owner.execute("update member set state = 'erased' where id = $1", firm.member.member_id)
    assert (await _see(api, firm, refused))["member"] is None


async def test_each_look_is_recorded_for_the_person_and_in_the_audit(api, firm, refused, owner):
    for _ in range(2):
        await _see(api, firm, refused)
    await api.data(
        firm.privacy_team,
        "query($id: ID!) { member(id: $id) { displayName } }",
        id=gid("Member", firm.member.member_id),
    )
    async with access_for(firm.services, firm.member) as access:
        seen = (await own_data_access(access, PageRequest())).items
    assert {(item.actor_kind, item.actor_id) for item in seen} == {("privacy_team", firm.privacy_team.account_id)}
    assert len(seen) == 3
    assert seen[0].categories == ("user.name",), "of whom there is nothing but the name to see too"
    rows = await owner.fetch(
        "select entry from audit_entry where action = 'member.read_by_privacy_team' and target_id = $1",
        firm.member.member_id,
    )
    entries = [json.loads(row["entry"]) for row in rows]
    assert [entry["actor"]["kind"] for entry in entries] == ["privacy_team"] * 3
    assert "user.contact.email" in entries[0]["details"]["categories"]


async def test_who_has_left_sees_that_the_privacy_team_looked(api, firm, owner):
    await owner.execute("update member set state = 'removed' where id = $1", firm.member.member_id)
    person = replace(firm.member, roles=frozenset())
    await _see(api, firm, await firm.submit(RightKind.ACCESS, who=person))
    found = await api.data(
        person, "{ viewer { dataAccesses { edges { node { actorKind categories actor { displayName } } } } } }"
    )
    (edge,) = found["viewer"]["dataAccesses"]["edges"]
    assert (edge["node"]["actorKind"], edge["node"]["actor"]) == ("privacy_team", None)


async def test_a_colleague_of_the_privacy_team_looks_as_the_privacy_team(api, firm, refused, owner):
    colleague = await make_member(firm.services.database, firm.organisation, name="Nora")
    both = colleague.actor(staff_roles=firm.privacy_team.staff_roles)
    found = await api.data(both, REQUEST, id=gid("DataRequest", refused.request.id))
    assert found["request"]["member"]["email"] == firm.member.email
    rows = await owner.fetch("select actor_kind, actor_id from data_access")
    assert {tuple(row) for row in rows} == {("privacy_team", colleague.account_id)}
    right = await firm.right(refused, RightKind.ACCESS)
    deny = "mutation($input: RefuseRightInput!) { denyRight(input: $input) { errors { code } } }"
    said = {"rightId": gid("RequestRight", right.id), "code": "UNFOUNDED", "reason": "No."}
    assert (await api.data(both, deny, input=said))["denyRight"]["errors"] == []
    by = await owner.fetchval("select actor_kind from request_event where kind = 'denied'")
    assert by == "privacy_team"


async def test_privacy_team_ends_what_its_decision_left_and_reads_it_no_more(api, firm, owner):
    submitted = await firm.submit(RightKind.ERASURE)
    await firm.refuse(submitted, RightKind.ERASURE)
    hold = WantedLimitation(
        reason_code=LimitationReason.LEGAL_HOLD, reason="a court asks", categories=("user.contact.email",)
    )
    await firm.approve(submitted, RightKind.ERASURE, firm.privacy_team, limitations=[hold])
    colleague = replace(firm.privacy_team, account_id=firm.officer.account_id)
    await firm.commit(submitted, colleague)
    await owner.execute("update request_right set scheduled_for = timestamptz '2026-01-01'")
    while await firm.run():
        pass
    (edge,) = (await api.data(firm.privacy_team, QUEUE))["escalatedRequests"]["edges"]
    assert edge["node"]["rights"] == []
    (remainder,) = edge["node"]["remainders"]
    assert await _see(api, firm, submitted) is None
    read = "mutation($input: RemainderInput!) { readRemainder(input: $input) { errors { code } values } }"
    answer = (await api.data(firm.privacy_team, read, input={"remainderId": remainder}))["readRemainder"]
    assert [error["code"] for error in answer["errors"]] == ["NOT_FOUND"]
    erase = "mutation($input: EraseRemainderInput!) { eraseRemainder(input: $input) { errors { code } } }"
    said = {"remainderId": remainder, "reason": "The court is done."}
    assert (await api.data(firm.privacy_team, erase, input=said))["eraseRemainder"]["errors"] == []
    assert (await api.data(firm.privacy_team, QUEUE))["escalatedRequests"]["edges"] == []


async def test_privacy_team_lets_a_restriction_end_that_it_granted(api, firm):
    submitted = await firm.submit(RightKind.RESTRICTION)
    await firm.refuse(submitted, RightKind.RESTRICTION)
    await firm.approve(submitted, RightKind.RESTRICTION, firm.privacy_team)
    while await firm.run():
        pass
    (edge,) = (await api.data(firm.privacy_team, QUEUE))["escalatedRequests"]["edges"]
    (restriction,) = edge["node"]["restrictions"]
    lift = "mutation($input: LiftRestrictionInput!) { liftRestriction(input: $input) { errors { code } } }"
    said = {"restrictionId": restriction, "reason": "It is over."}
    assert (await api.data(firm.privacy_team, lift, input=said))["liftRestriction"]["errors"] == []
