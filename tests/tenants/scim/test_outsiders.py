"""What a stranger, and the directory of another organisation, learn: nothing, by the same bytes and statements."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.builders import access_for
from tests.tenants.operating import commanding
from tests.tenants.scim.directory import GROUP, USER, Directory
from wardship.core.database.database import Database
from wardship.core.database.engine import Transaction
from wardship.core.database.scope import Scope
from wardship.core.tokens.tokens import TokenRequest, create_token
from wardship.tenants.organisation_lifecycle.changes import suspend_organisation
from wardship.tenants.provisioning.tokens import PREFIX, create_provisioning_token, revoke_provisioning_token

pytestmark = pytest.mark.anyio
SHOWN = ("content-type", "www-authenticate", "content-length", "retry-after")


@pytest.fixture
def sent(monkeypatch) -> list[str]:
    """Every statement that is sent, in a transaction or outside."""
    found: list[str] = []
    ask, look_up = Transaction._ask, Database.look_up

    async def asked(self, method, sql, arguments, **how):
        found.append(sql)
        return await ask(self, method, sql, arguments, **how)

    async def looked_up(self, sql, *arguments):
        found.append(sql)
        return await look_up(self, sql, *arguments)

    monkeypatch.setattr(Transaction, "_ask", asked)
    monkeypatch.setattr(Database, "look_up", looked_up)
    return found


async def _token(services, person, name="Okta", **options):
    async with access_for(services, person) as access:
        return await create_provisioning_token(access, name, **options)


async def _seen(caller: Directory, sent, method, path, body=None):
    """What an outsider sees of an answer, and what was asked of the database for it."""
    sent.clear()
    answer = await caller.send(method, path, body)
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", answer.text)
    return answer.status_code, text, {name: answer.headers.get(name) for name in SHOWN}, list(sent)


async def test_every_token_that_opens_nothing_gets_the_same_answer_after_the_same_statement(
    services, clock, sent, admin, ada
):
    expired = await _token(services, admin, "Okta before", expires_at=clock.now() + timedelta(seconds=1))
    revoked = await _token(services, admin)
    async with access_for(services, admin) as access:
        await revoke_provisioning_token(access, revoked.token.id)
    request = TokenRequest("program", ["read", "write", "admin"], clock.now() + timedelta(days=1))
    async with services.database.transaction(Scope(ada.organisation_id, directory=True)) as transaction:
        _, personal = await create_token(transaction, ada.account_id, ada.organisation_id, request, at=clock.now())
    clock.advance(timedelta(seconds=2))
    shown = ["", "nonsense", PREFIX + "x" * 43, expired.text, revoked.text, personal]
    found = [await _seen(Directory(services, token), sent, "GET", "/Users") for token in shown]
    assert {each[0] for each in found} == {401}
    assert all(each == found[0] for each in found)
    assert len(found[0][3]) == 1


async def test_token_of_a_suspended_organisation_is_as_unknown(services, sent, directory):
    unknown = await _seen(Directory(services, PREFIX + "x" * 43), sent, "GET", "/Users")
    async with commanding(services) as access:
        await suspend_organisation(access, "acme", reason="unpaid")
    assert await _seen(directory, sent, "GET", "/Users") == unknown


async def test_body_of_a_stranger_is_not_read(services, sent):
    seen = await _seen(Directory(services, "x"), sent, "POST", "/Users", {"userName": "x" * 3_000_000})
    assert seen[0] == 401


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("kind", ["Users", "Groups"])
async def test_ids_of_another_organisation_are_found_as_little_as_ids_of_nobody(
    directory, rival, sent, owner, method, kind
):
    body = {"schemas": [USER], "userName": "theirs"} if kind == "Users" else {"schemas": [GROUP], "displayName": "T"}
    theirs = await rival.json("POST", f"/{kind}", body, 201)
    before = await owner.fetch("select id, name from user_group union all select id, display_name from member")
    sends = {
        "GET": None,
        "PUT": {**body, "displayName": "Mallory"},
        "PATCH": {"Operations": [{"op": "replace", "path": "displayName", "value": "Mallory"}]},
        "DELETE": None,
    }
    await directory.send("GET", "/Users", None)  # the use of the token is noted
    ours = await _seen(directory, sent, method, f"/{kind}/{uuid4()}", sends[method])
    assert await _seen(directory, sent, method, f"/{kind}/{theirs['id']}", sends[method]) == ours
    assert ours[0] == 404
    assert await owner.fetch("select id, name from user_group union all select id, display_name from member") == before


async def test_names_and_addresses_of_another_organisation_are_as_free_as_any(directory, rival, sent):
    await rival.add("known", emails=[{"value": "known@example.org"}], externalId="k")
    await directory.add("first")
    body = {"schemas": [USER], "userName": "NAME", "emails": [{"value": "NAME@example.org"}], "externalId": "X"}

    async def seen(name):
        mine = {**body, "userName": name, "emails": [{"value": f"{name}@example.org"}], "externalId": name[0]}
        answer = await _seen(directory, sent, "POST", "/Users", mine)
        return answer[0], re.sub(r"\d\d:\d\d[^\"]*|W/[^,}]*", "", answer[1].replace(name, "NAME")), answer[3]

    status, text, statements = await seen("known")
    other = await seen("other")
    assert (status, statements) == (201, other[2])
    assert text.replace('"externalId":"k"', "") == other[1].replace('"externalId":"o"', "")


async def test_search_finds_the_own_people_alone(directory, rival):
    await rival.add("theirs", externalId="same")
    mine = await directory.add("mine", externalId="same")
    assert [user["id"] for user in await directory.find("/Users", 'externalId eq "same"')] == [mine["id"]]
    assert await directory.find("/Users", 'userName eq "theirs"') == []
    listed = await directory.json("GET", "/Users")
    assert listed["totalResults"] == 3


async def test_manager_of_another_organisation_is_a_word_and_leads_nowhere(directory, rival):
    theirs = await rival.add("boss", displayName="Secret Boss")
    extension = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    made = await directory.add("mine", **{extension: {"manager": {"value": theirs["id"]}}})
    assert "Secret" not in str(made)
    await directory.json("GET", f"/Users/{theirs['id']}", status=404)
