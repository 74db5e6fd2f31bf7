from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.builders import NOW, make_member, make_organisation
from wardship.core.errors import NotFoundError
from wardship.core.tokens.tokens import InvalidTokenRequestError, TokenRequest, create_token, list_tokens

LATER = NOW + timedelta(days=30)


@pytest.fixture
async def acme(database):
    return await make_organisation(database, "acme")


@pytest.fixture
async def bob(database, acme):
    return await make_member(database, acme, email="bob@example.org")


async def create(database, person, request, organisation_id=None):
    organisation_id = organisation_id or person.organisation_id
    async with database.tenant(organisation_id, directory=True) as transaction:
        return await create_token(transaction, person.account_id, organisation_id, request, at=NOW)


async def test_a_token_is_told_once_and_stored_as_hash(database, bob, owner):
    token, text = await create(database, bob, TokenRequest("script", ["write", "read"], LATER))
    assert text.startswith("wsp_")
    assert len(text) == 47
    row = await owner.fetchrow("select * from access_token")
    assert text not in str(dict(row))
    assert row["scopes"] == ["read", "write"]
    assert row["expires_at"] == LATER
    assert token.last_used_at is None
    async with database.directory() as transaction:
        assert await list_tokens(transaction, bob.account_id) == [token]


async def test_its_creation_is_in_the_audit_of_the_organisation(database, bob, owner):
    token, _ = await create(database, bob, TokenRequest("script", ["read"], LATER))
    entry = json.loads(await owner.fetchval("select entry from audit_entry"))
    assert entry["action"] == "access_token.created"
    assert entry["target"] == {"id": str(token.id), "kind": "access_token"}
    assert entry["actor"]["account"] == str(bob.account_id)
    assert entry["actor"]["member"] == str(bob.member_id)
    assert "script" not in json.dumps(entry)


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (TokenRequest("", ["read"], LATER), "name"),
        (TokenRequest("x" * 101, ["read"], LATER), "name"),
        (TokenRequest("x\ny", ["read"], LATER), "name"),
        (TokenRequest("Bob\u202eboB", ["read"], LATER), "name"),
        (TokenRequest("\u3164", ["read"], LATER), "name"),
        (TokenRequest("x", [], LATER), "scopes"),
        (TokenRequest("x", ["read", "everything"], LATER), "scopes"),
        (TokenRequest("x", ["read"], NOW), "expires_at"),
        (TokenRequest("x", ["read"], NOW + timedelta(days=366, seconds=1)), "expires_at"),
    ],
)
async def test_what_can_not_be_is_refused(database, bob, owner, request_, field):
    with pytest.raises(InvalidTokenRequestError) as caught:
        await create(database, bob, request_)
    assert caught.value.path == (field,)
    assert await owner.fetchval("select count(*) from access_token") == 0


async def test_its_name_may_hold_the_joiners_that_scripts_need(database, bob):
    token, _ = await create(database, bob, TokenRequest(" علی\u200cرضا ", ["read"], LATER))
    assert token.name == "علی\u200cرضا"


@pytest.mark.parametrize("state", ["deactivated", "removed"])
async def test_only_an_active_member_gets_one(database, acme, owner, state):
    person = await make_member(database, acme, state=state)
    with pytest.raises(NotFoundError):
        await create(database, person, TokenRequest("x", ["read"], LATER))
    assert await owner.fetchval("select count(*) from access_token") == 0


async def test_nobody_gets_one_for_the_organisation_of_others(database, bob, owner):
    other = await make_organisation(database, "other")
    with pytest.raises(NotFoundError):
        await create(database, bob, TokenRequest("x", ["read"], LATER), other.id)
    assert await owner.fetchval("select count(*) from access_token") == 0
