"""A person without an organisation asks by the API alone, and sees nobody but himself or herself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders import NOW, make_member, make_organisation
from tests.core.sign_in.showing import credentials_of
from tests.graphql.calls import Api, gid
from wardship.app.application import api_schema
from wardship.core.actor import PROVIDER_ID, Actor, Role
from wardship.core.http.credentials import RequestCredentials
from wardship.core.identifiers import uuid7
from wardship.core.sign_in.authentication import authenticate
from wardship.graphql.server.endpoint import make_handler

pytestmark = pytest.mark.anyio

SUBMIT = """mutation($input: SubmitRequestInput!) { submitRequest(input: $input) { reference errors { code path }
    request { id handler rights { kind state } member { displayName email } } } }"""
MINE = """{ viewer { permissions member { displayName email } organisation { slug } }
    myRequests { edges { node { handler rights { kind } } } } members { edges { node { email } } } }"""


@pytest.fixture
def api(services):
    """The API, whose callers are the credentials that they show."""

    async def caller(shown: RequestCredentials) -> Actor:
        return await authenticate(services, shown)

    return Api(make_handler(services, caller, api_schema()))


@pytest.fixture
async def cleo(database, owner):
    """Somebody whose only organisation is gone, and the credentials of a signed-in browser."""
    person = await make_member(database, await make_organisation(database), name="Cleo", email="cleo@example.org")
    await owner.execute("delete from organisation where id = $1", person.organisation_id)
    return person


async def test_the_first_request_makes_a_customer_and_shows_it_at_once(api, services, cleo, database, owner):
    shown = await credentials_of(services, cleo)
    before = await api.data(shown, MINE)
    assert before["viewer"] == {
        "permissions": ["MEMBERS_READ", "ORGANISATION_READ"],
        "member": None,
        "organisation": {"slug": "provider"},
    }
    assert await owner.fetchval("select count(*) from member") == 0, "who only looks is entered nowhere"
    taken = (await api.data(shown, SUBMIT, input={"rights": [{"kind": "ACCESS"}]}))["submitRequest"]
    assert taken["errors"] == []
    assert taken["request"]["handler"] == "PRIVACY_TEAM"
    assert taken["request"]["rights"] == [{"kind": "ACCESS", "state": "WITH_PRIVACY_TEAM"}]
    assert taken["request"]["member"] == {"displayName": "Cleo", "email": "cleo@example.org"}
    other = await make_member(database, await make_organisation(database), name="Dora")
    await owner.execute("update member set state = 'removed' where id = $1", other.member_id)
    elsewhere = await credentials_of(services, other, organisation="provider")
    assert (await api.data(elsewhere, SUBMIT, input={"rights": [{"kind": "ACCESS"}]}))["submitRequest"]["errors"] == []
    after = await api.data(shown, MINE)
    assert after["viewer"]["member"] == {"displayName": "Cleo", "email": "cleo@example.org"}
    assert [edge["node"] for edge in after["myRequests"]["edges"]] == [
        {"handler": "PRIVACY_TEAM", "rights": [{"kind": "ACCESS"}]}
    ]
    assert [edge["node"]["email"] for edge in after["members"]["edges"]] == ["cleo@example.org"]


async def test_one_customer_sees_nothing_of_another(api, services, cleo, owner):
    taken = (await api.data(await credentials_of(services, cleo), SUBMIT, input={"rights": [{"kind": "ACCESS"}]}))[
        "submitRequest"
    ]
    member_id = await owner.fetchval("select id from member where organisation_id = $1", PROVIDER_ID)
    account = uuid7()
    await owner.execute("insert into account (id, created_at) values ($1, $2)", account, NOW)
    stranger = await credentials_of(services, replace(cleo, account_id=account))
    node = "query($id: ID!) { node(id: $id) { id } }"
    for identifier in (taken["request"]["id"], gid("Member", member_id)):
        assert (await api.data(stranger, node, id=identifier))["node"] is None
    for query in ("{ auditLog { edges { node { id } } } }", "{ escalatedRequests { edges { node { requestId } } } }"):
        (error,) = (await api.call(stranger, query))["errors"]
        assert error["extensions"]["code"] == "PERMISSION_DENIED"


async def test_somebody_with_an_organisation_asks_there(services, database):
    person = await make_member(database, await make_organisation(database, "east"), Role.MEMBER)
    actor = await authenticate(services, await credentials_of(services, person))
    assert actor.organisation_id == person.organisation_id
