"""Changing one's own profile costs one transaction, and shows what a query would show."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders import NOW, make_group, make_member, make_organisation
from tests.graphql.calls import make_api
from wardship.core.actor import CredentialKind, Role
from wardship.core.database.engine import Engine

pytestmark = pytest.mark.anyio

FIELDS = """
id visibility createdAt displayName title firstName lastName jobTitle company username email phone pictureUrl
postalAddress state joinedAt lastSeenAt leftAt
"""
CHANGE = "mutation($input: UpdateMyProfileInput!) { updateMyProfile(input: $input) { member { %s } errors { code } } }"
VIEWER = "{ viewer { member { %s } } }"
PROFILE = {"profile": {"title": "Professor", "phone": "+49 30 901820"}}


@pytest.fixture
async def organisation(database):
    return await make_organisation(database, "a")


@pytest.fixture
def api(services):
    return make_api(services)


@pytest.fixture
def begun(monkeypatch):
    """The transactions that were begun, each counting its statements."""
    made = []
    original = Engine.transaction

    def transaction(self, scope=None, **more):
        made.append(original(self, scope, **more))
        return made[-1]

    monkeypatch.setattr(Engine, "transaction", transaction)
    return made


async def test_it_takes_one_transaction_of_two_statements(api, database, organisation, begun):
    ann = await make_member(database, organisation, name="Ann")
    begun.clear()
    found = await api.data(ann, CHANGE % "title phone", input=PROFILE)
    assert found == {"updateMyProfile": {"member": PROFILE["profile"], "errors": []}}
    # the change, which tells that nobody receives the fields, and the entry of the audit chain, sent with the commit
    assert [(each.statements, len(each.last_statements)) for each in begun] == [(2, 1)]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.CUSTOMER}))
async def test_with_every_role_it_shows_what_a_query_shows(api, database, owner, organisation, role):
    person = await make_member(database, organisation, role, name="Ann", email="ann@example.org", job_title="Cook")
    changed = (await api.data(person, CHANGE % FIELDS, input=PROFILE))["updateMyProfile"]["member"]
    assert changed == (await api.data(person, VIEWER % FIELDS))["viewer"]["member"]
    assert (changed["visibility"], changed["title"], changed["email"]) == ("FULL", "Professor", "ann@example.org")
    assert await owner.fetchval("select count(*) from data_access") == 0


async def test_relations_under_it_are_read_after_the_commit(api, database, organisation, begun):
    ann = await make_member(database, organisation, name="Ann")
    await make_group(database, organisation, "Team", ann)
    begun.clear()
    found = await api.data(ann, CHANGE % "title groups { edges { node { name } } }", input=PROFILE)
    assert found["updateMyProfile"]["member"] == {
        "title": "Professor",
        "groups": {"edges": [{"node": {"name": "Team"}}]},
    }
    assert [(each.statements, each.scope.read_only) for each in begun] == [(2, False), (1, True)]


async def test_token_that_may_not_read_changes_nothing(api, database, owner, organisation):
    ann = await make_member(database, organisation, name="Ann")
    token = replace(ann.actor(at=NOW), credential=CredentialKind.TOKEN, scopes=frozenset({"write"}))
    found = await api.data(token, CHANGE % "title", input=PROFILE)
    assert found["updateMyProfile"]["errors"] == [{"code": "INSUFFICIENT_SCOPE"}]
    assert await owner.fetchval("select title from member where id = $1", ann.member_id) == ""
    assert await owner.fetchval("select count(*) from audit_entry") == 0


async def test_refused_change_shows_nobody(api, database, organisation):
    ann = await make_member(database, organisation, name="Ann")
    found = await api.data(ann, CHANGE % "title", input={"profile": {"phone": "call me"}})
    assert found["updateMyProfile"] == {"member": None, "errors": [{"code": "INVALID_INPUT"}]}
