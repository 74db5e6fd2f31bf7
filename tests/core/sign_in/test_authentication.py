from __future__ import annotations

from datetime import timedelta

import pytest
from litestar import Litestar, Request, post

from tests.builders import make_member, make_organisation
from tests.core.sign_in.showing import credentials_of
from wardship.core.accounts.accounts import add_staff
from wardship.core.actor import CredentialKind, Role, StaffRole
from wardship.core.http.credentials import OriginRefusedError, RequestCredentials
from wardship.core.sign_in.authentication import (
    CsrfRefusedError,
    OrganisationNotFoundError,
    OrganisationRequiredError,
    authenticate,
    authenticate_request,
)
from wardship.core.sign_in.sessions import (
    NotAuthenticatedError,
    SecondStepRequiredError,
    Stage,
)
from wardship.core.tokens.tokens import TokenRequest, create_token, find_token, revoke_token


async def token_of(deployed, person, *scopes: str, days: int = 30) -> tuple[str, object]:
    wanted = TokenRequest("a program", scopes or ("read",), deployed.clock.now() + timedelta(days=days))
    async with deployed.database.tenant(person.organisation_id, directory=True) as transaction:
        token, text = await create_token(
            transaction, person.account_id, person.organisation_id, wanted, at=deployed.clock.now()
        )
    return text, token


@pytest.fixture
async def acme(database):
    return await make_organisation(database, "acme")


@pytest.fixture
async def other(database):
    return await make_organisation(database, "other")


@pytest.fixture
async def bob(database, acme):
    return await make_member(database, acme, Role.ORG_ADMIN, email="bob@example.org")


async def test_a_session_is_its_person_in_the_only_organisation(deployed, bob, acme):
    actor = await authenticate(deployed, await credentials_of(deployed, bob))
    assert (actor.account_id, actor.organisation_id, actor.member_id) == (bob.account_id, acme.id, bob.member_id)
    assert actor.roles == {Role.MEMBER, Role.ORG_ADMIN}
    assert actor.credential is CredentialKind.SESSION
    assert actor.scopes == {"read", "write", "admin"}
    assert actor.stepped_up_at == deployed.clock.now()
    assert not actor.is_privacy_team


async def test_it_takes_one_statement(deployed, bob, monkeypatch):
    shown = await credentials_of(deployed, bob)
    monkeypatch.setattr(type(deployed.database), "directory", None)
    calls = []
    plain = type(deployed.database).look_up

    async def counting(self, sql, *arguments):
        calls.append(sql)
        return await plain(self, sql, *arguments)

    monkeypatch.setattr(type(deployed.database), "look_up", counting)
    await authenticate(deployed, shown)
    assert calls == ["select * from authenticate($1, $2, $3)"]


async def test_use_is_noted_once_a_minute(deployed, bob, owner, clock):
    shown = await credentials_of(deployed, bob)
    clock.advance(timedelta(seconds=59))
    await authenticate(deployed, shown)
    start = await owner.fetchval("select last_seen_at from session")
    assert start == clock.now() - timedelta(seconds=59)
    clock.advance(timedelta(seconds=1))
    await authenticate(deployed, shown)
    assert await owner.fetchval("select last_seen_at from session") == clock.now()


@pytest.mark.parametrize(
    "shown",
    [
        RequestCredentials(),
        RequestCredentials(cookie="A" * 43, csrf_token=""),
        RequestCredentials(authorization="Bearer wsp_" + "A" * 43),
        RequestCredentials(authorization="Bearer "),
        RequestCredentials(authorization="Basic d3NwXzp4"),
        RequestCredentials(authorization=""),
    ],
)
async def test_what_the_server_did_not_make_is_nobody(deployed, shown):
    with pytest.raises(NotAuthenticatedError):
        await authenticate(deployed, shown)


async def test_a_bad_token_is_not_rescued_by_a_good_cookie(deployed, bob):
    with pytest.raises(NotAuthenticatedError):
        await authenticate(deployed, await credentials_of(deployed, bob, authorization="Bearer wsp_wrong"))


@pytest.mark.parametrize("stage", [Stage.SECOND_STEP, Stage.ENROLMENT])
async def test_one_step_is_not_enough(deployed, bob, stage):
    with pytest.raises(SecondStepRequiredError):
        await authenticate(deployed, await credentials_of(deployed, bob, stage))


@pytest.mark.parametrize("token", [None, "", "wrong"])
async def test_a_session_without_its_csrf_token_changes_nothing(deployed, bob, token):
    with pytest.raises(CsrfRefusedError):
        await authenticate(deployed, await credentials_of(deployed, bob, csrf_token=token))
    reading = await credentials_of(deployed, bob, csrf_token=token, changes=False)
    assert (await authenticate(deployed, reading)).account_id == bob.account_id


async def test_the_csrf_token_of_another_session_is_refused(deployed, bob):
    stolen = (await credentials_of(deployed, bob)).csrf_token
    with pytest.raises(CsrfRefusedError):
        await authenticate(deployed, await credentials_of(deployed, bob, csrf_token=stolen))


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:8000.evil.example"])
async def test_a_page_of_another_site_is_refused(deployed, bob, origin):
    with pytest.raises(OriginRefusedError):
        await authenticate(deployed, await credentials_of(deployed, bob, origin=origin))


async def test_a_page_of_ours_is_accepted(deployed, bob):
    shown = await credentials_of(deployed, bob, origin="http://localhost:8000")
    assert (await authenticate(deployed, shown)).account_id == bob.account_id


async def test_the_organisation_is_chosen_by_its_slug(deployed, database, bob, other):
    there = await make_member(database, other, account_id=bob.account_id, email="bob@example.org")
    shown = await credentials_of(deployed, bob, organisation="other")
    actor = await authenticate(deployed, shown)
    assert (actor.organisation_id, actor.member_id) == (other.id, there.member_id)
    assert actor.roles == {Role.MEMBER}, "the roles of one organisation are nothing in another"
    with pytest.raises(OrganisationRequiredError):
        await authenticate(deployed, await credentials_of(deployed, bob))


async def test_an_absent_organisation_and_a_foreign_one_get_the_same_answer(deployed, bob):
    messages = []
    for slug in ("other", "absent"):
        with pytest.raises(OrganisationNotFoundError) as caught:
            await authenticate(deployed, await credentials_of(deployed, bob, organisation=slug))
        messages.append(caught.value.message)
    assert messages[0] == messages[1]


@pytest.mark.parametrize("state", ["deactivated", "removed"])
async def test_a_member_who_is_not_active_has_no_roles(deployed, database, acme, state):
    person = await make_member(database, acme, Role.ORG_ADMIN, state=state)
    actor = await authenticate(deployed, await credentials_of(deployed, person))
    assert (actor.member_id, actor.roles) == (person.member_id, frozenset())


async def test_an_active_membership_is_preferred_to_one_that_ended(deployed, database, bob, other):
    await make_member(database, other, account_id=bob.account_id, state="removed")
    actor = await authenticate(deployed, await credentials_of(deployed, bob))
    assert actor.organisation_id == bob.organisation_id


async def test_the_privacy_team_may_choose_any_organisation_and_has_no_roles_there(deployed, bob, other):
    async with deployed.database.directory() as transaction:
        await add_staff(transaction, bob.account_id, StaffRole.PRIVACY_TEAM, at=deployed.clock.now())
    actor = await authenticate(deployed, await credentials_of(deployed, bob, organisation="other"))
    assert (actor.organisation_id, actor.member_id, actor.roles) == (other.id, None, frozenset())
    assert actor.is_privacy_team
    assert actor.kind == "privacy_team"
    with pytest.raises(OrganisationNotFoundError):
        await authenticate(deployed, await credentials_of(deployed, bob, organisation="absent"))


async def test_an_expired_session_is_nobody(deployed, bob, clock):
    shown = await credentials_of(deployed, bob)
    clock.advance(timedelta(hours=12))
    with pytest.raises(NotAuthenticatedError):
        await authenticate(deployed, shown)


async def test_a_token_is_its_person_with_its_scopes(deployed, bob, acme):
    text, _ = await token_of(deployed, bob, "read", "write")
    actor = await authenticate(deployed, RequestCredentials(authorization=f"Bearer {text}"))
    assert (actor.account_id, actor.organisation_id, actor.member_id) == (bob.account_id, acme.id, bob.member_id)
    assert actor.credential is CredentialKind.TOKEN
    assert actor.scopes == {"read", "write"}
    assert actor.stepped_up_at is None
    assert actor.kind == "token"


async def test_a_token_needs_neither_csrf_token_nor_origin(deployed, bob):
    text, _ = await token_of(deployed, bob)
    shown = RequestCredentials(authorization=f"Bearer {text}", origin="https://a.program.example")
    assert (await authenticate(deployed, shown)).account_id == bob.account_id


async def test_a_token_of_one_organisation_is_nothing_in_another(deployed, database, bob, acme, other):
    await make_member(database, other, Role.ORG_ADMIN, account_id=bob.account_id)
    text, _ = await token_of(deployed, bob)
    with pytest.raises(OrganisationNotFoundError):
        await authenticate(deployed, RequestCredentials(authorization=f"Bearer {text}", organisation="other"))
    named = RequestCredentials(authorization=f"Bearer {text}", organisation="acme")
    assert (await authenticate(deployed, named)).organisation_id == acme.id
    assert (await authenticate(deployed, RequestCredentials(authorization=f"Bearer {text}"))).organisation_id == acme.id


async def test_an_expired_token_is_nobody(deployed, bob, clock):
    text, _ = await token_of(deployed, bob, days=1)
    clock.advance(timedelta(days=1))
    with pytest.raises(NotAuthenticatedError):
        await authenticate(deployed, RequestCredentials(authorization=f"Bearer {text}"))


async def test_a_revoked_token_is_nobody(deployed, bob):
    text, token = await token_of(deployed, bob)
    async with deployed.database.tenant(bob.organisation_id, directory=True) as transaction:
        found = await find_token(transaction, bob.account_id, token.id)
        await revoke_token(transaction, bob.account_id, found, at=deployed.clock.now())
    with pytest.raises(NotAuthenticatedError):
        await authenticate(deployed, RequestCredentials(authorization=f"Bearer {text}"))


async def test_a_token_dies_with_the_membership(deployed, bob, owner):
    text, _ = await token_of(deployed, bob)
    await owner.execute("update member set state = 'deactivated'")
    with pytest.raises(NotAuthenticatedError):
        await authenticate(deployed, RequestCredentials(authorization=f"Bearer {text}"))


async def test_a_token_never_carries_the_powers_of_the_privacy_team(deployed, bob):
    async with deployed.database.directory() as transaction:
        await add_staff(transaction, bob.account_id, StaffRole.PRIVACY_TEAM, at=deployed.clock.now())
    text, _ = await token_of(deployed, bob)
    actor = await authenticate(deployed, RequestCredentials(authorization=f"Bearer {text}"))
    assert not actor.is_privacy_team


async def test_the_use_of_a_token_is_noted_once_a_minute(deployed, bob, owner, clock):
    text, _ = await token_of(deployed, bob)
    shown = RequestCredentials(authorization=f"Bearer {text}")
    await authenticate(deployed, shown)
    first = clock.now()
    clock.advance(timedelta(seconds=59))
    await authenticate(deployed, shown)
    assert await owner.fetchval("select last_used_at from access_token") == first
    clock.advance(timedelta(seconds=1))
    await authenticate(deployed, shown)
    assert await owner.fetchval("select last_used_at from access_token") == clock.now()


async def test_a_litestar_request_is_authenticated_by_its_headers(deployed, bob, open_browser):
    browser = open_browser()

    @post("/whoami", status_code=200)
    async def whoami(request: Request) -> str:
        return str((await authenticate_request(deployed, request)).account_id)

    app = Litestar([whoami], openapi_config=None)
    browser.http._transport.app = app
    text, _ = await token_of(deployed, bob)
    answer = await browser.send("POST", "/whoami", headers={"Authorization": f"Bearer {text}"})
    assert answer.text == str(bob.account_id)
