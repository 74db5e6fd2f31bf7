"""Accepting an invitation by its link."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.builders import access_for, make_member, make_organisation
from tests.edge import make_app, undeclared
from tests.mails import invitation_token
from wardship.core.actor import Role
from wardship.core.http.credentials import Client
from wardship.core.sign_in.sessions import Stage, open_session
from wardship.tenants.invitations.invite import invite_member
from wardship.tenants.invitations.routes import invitation_router

pytestmark = pytest.mark.anyio


@pytest.fixture
async def http(services):
    app = make_app(services.settings, invitation_router(services))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=services.settings.public_url) as client:
        yield client
    assert undeclared(app) == set()


@pytest.fixture
async def invited(services, database):
    """Ann's account, and the token of the letter that invites her to another organisation."""
    adam = await make_member(database, await make_organisation(database, "a"), Role.ORG_ADMIN)
    ann = await make_member(database, await make_organisation(database, "b"), email="ann@example.org")
    async with access_for(services, adam) as access:
        await invite_member(access, "ann@example.org")
    token = await invitation_token(services)
    return ann, token


async def _signed_in(services, http, person, stage=Stage.COMPLETE):
    async with services.database.directory() as transaction:
        opened = await open_session(transaction, person.account_id, stage, Client(""), at=services.clock.now())
    http.cookies.set("wardship", opened.cookie)
    return opened.session


async def _joined(owner):
    return await owner.fetchval("select accepted_at is not null from invitation")


async def test_signed_in_person_accepts_by_call(services, owner, http, invited):
    ann, token = invited
    session = await _signed_in(services, http, ann)
    answer = await http.post("/invitations", json={"token": token}, headers={"X-Wardship-CSRF": session.csrf_token})
    assert (answer.status_code, answer.json()["organisation"]) == (200, "a")
    assert await _joined(owner)
    again = await http.post("/invitations", json={"token": token}, headers={"X-Wardship-CSRF": session.csrf_token})
    assert (again.status_code, again.json()["code"]) == (409, "INVITATION_ENDED")


async def test_looking_at_the_link_accepts_nothing_and_the_button_does(services, owner, http, invited):
    ann, token = invited
    for method, status in (("HEAD", 405), ("GET", 401), ("GET", 401)):  # as a scanner of links in mails
        assert (await http.request(method, f"/invitations/{token}")).status_code == status
    await _signed_in(services, http, ann)
    page = await http.get(f"/invitations/{token}")
    assert "You accept as ann@example.org." in page.text
    assert not await _joined(owner)
    csrf = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
    done = await http.post(f"/invitations/{token}", data={"csrf_token": csrf})
    assert (done.status_code, "You are a member of a now." in done.text) == (200, True)
    assert await _joined(owner)


async def test_who_is_not_signed_in_is_led_to_sign_in_and_back_or_to_register(http, invited):
    _, token = invited
    page = await http.get(f"/invitations/{token}")
    assert f'href="/console#/invitations/{token}"' in page.text
    assert 'href="/auth/registration"' in page.text
    assert "Bearer" not in page.text, "a person reads it, no program"


async def test_other_sites_half_signed_in_people_and_strangers_accept_nothing(services, database, owner, http, invited):
    ann, token = invited
    for stage, headers, code in (
        (Stage.COMPLETE, {}, 403),
        (Stage.COMPLETE, {"Origin": "https://evil.example", "csrf": "right"}, 403),
        (Stage.SECOND_STEP, {"csrf": "right"}, 401),
    ):
        session = await _signed_in(services, http, ann, stage)
        sent = {"X-Wardship-CSRF": session.csrf_token} if headers.pop("csrf", "") else {}
        answer = await http.post("/invitations", json={"token": token}, headers=sent | headers)
        assert answer.status_code == code
        assert (await http.post(f"/invitations/{token}", data={"csrf_token": "x"})).status_code in {401, 403}
    eve = await make_member(database, await make_organisation(database, "c"))
    session = await _signed_in(services, http, eve)
    answer = await http.post("/invitations", json={"token": token}, headers={"X-Wardship-CSRF": session.csrf_token})
    assert (answer.status_code, answer.json()["code"]) == (403, "WRONG_ADDRESS")
    assert not await _joined(owner)
