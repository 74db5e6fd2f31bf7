"""What vendors, operators and administrators are told of vendors' clients, and of what was shown twice."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.builders import access_for, make_member
from tests.connecting import Connections
from tests.fakes.recorder import recorder
from tests.tenants.operating import commanding, operating, register
from tests.tenants.telling.postman import Postman, tells
from tests.tenants.vendor_access.desk import FETCHED, Desk, make_client, make_vendor, vendor_actor
from wardship.core.actor import Role, StaffRole
from wardship.plugins.api import Holder
from wardship.tenants.staff.staff import add_to_staff
from wardship.tenants.vendor_access.granting import withdraw_vendor_grant
from wardship.tenants.vendor_access.notices import OWN_TOKENS_ENDED, VENDOR_TOKENS_ENDED
from wardship.tenants.vendor_clients.change import (
    approve_vendor_client,
    end_vendor_client,
    suspend_vendor_client,
)
from wardship.tenants.vendor_clients.notices import VENDOR_CLIENT_REQUESTED, VENDOR_CLIENT_STATE

pytestmark = pytest.mark.anyio
VERA, OTTO = "vendor@example.org", "otto@example.org"
ODD = "Zoë’s “Sync” <b>יד</b>"


@pytest.fixture
async def vera(services, postman: Postman):
    services.integrations.register(recorder("fetching", receives=FETCHED), "fetching")
    account_id = await make_vendor(services, VERA)
    await register(services, OTTO)
    async with commanding(services) as access:
        await add_to_staff(access, OTTO, StaffRole.OPERATOR)
    await postman.forget()
    return account_id


async def asked(services, vera, **changes):
    return (await make_client(services, vera, is_approved=False, integration="fetching", **changes)).client


async def done(services, act, client_id) -> None:
    async with operating(services) as access:
        await act(access, client_id)


@tells(VENDOR_CLIENT_REQUESTED)
async def test_operators_are_told_once_a_day_of_clients_that_a_vendor_asks_for(services, vera, postman, clock):
    for number in range(3):
        client = await asked(services, vera, name=ODD if number == 0 else f"Sync {number}")
        async with access_for(services, vendor_actor(services, vera)) as access:
            await end_vendor_client(access, client.id)
    (mail,) = await postman.mails(VENDOR_CLIENT_REQUESTED)
    assert (mail.recipient, mail.subject) == (OTTO, "A client of fetching waits to be let in")
    assert ODD in mail.body
    assert "vendor.example" in mail.body
    await postman.forget()
    clock.advance(timedelta(days=1))
    await asked(services, vera)
    assert len(await postman.mails(VENDOR_CLIENT_REQUESTED)) == 1


@tells(VENDOR_CLIENT_STATE)
async def test_a_vendor_is_told_whatever_the_provider_makes_of_its_client(services, vera, postman):
    client = await asked(services, vera, name=ODD)
    for act, words, says in (
        (approve_vendor_client, "let in", "administrators can consent to it"),
        (suspend_vendor_client, "suspended", "its tokens open nothing"),
        (approve_vendor_client, "let in again", "open again what they opened"),
        (end_vendor_client, "ended", "for good"),
    ):
        await done(services, act, client.id)
        (mail,) = await postman.mails(VENDOR_CLIENT_STATE)
        assert (mail.recipient, mail.subject) == (VERA, f"{ODD} is {words}")
        assert says in mail.body
        await postman.forget()
    refused = await asked(services, vera)
    await done(services, end_vendor_client, refused.id)
    (mail,) = await postman.mails(VENDOR_CLIENT_STATE)
    assert mail.subject == "Vendor Sync is refused"
    assert "has not let your client Vendor Sync in" in mail.body


@tells(VENDOR_CLIENT_STATE)
async def test_a_vendor_is_told_nothing_of_its_own_doing(services, vera, postman):
    client = await asked(services, vera)
    async with access_for(services, vendor_actor(services, vera)) as access:
        await end_vendor_client(access, client.id)
    assert await postman.mails(VENDOR_CLIENT_STATE) == []


@pytest.fixture
async def desk(services, owner, admin, vera, database, acme) -> Desk:
    await make_member(database, acme, Role.AUDITOR, name="Bystander")
    installation = await Connections(services, admin).connect("fetching")
    issued = await make_client(services, vera, integration="fetching", name=ODD)
    made = Desk(services, owner, admin, vera, issued.client, issued.secret, installation.id)
    await made.sign_in(admin)
    return made


@tells(VENDOR_TOKENS_ENDED)
@tells(OWN_TOKENS_ENDED)
async def test_both_sides_are_told_once_of_a_code_that_is_shown_twice_however_often_it_is(desk, admin, postman):
    code = await desk.code()
    await postman.forget()
    answers = await asyncio.gather(*(desk.redeem(code) for _ in range(10)))
    assert [each.status_code for each in answers].count(200) == 1
    for _ in range(3):
        await desk.redeem(code)
    (mail,) = await postman.mails(VENDOR_TOKENS_ENDED)
    assert (mail.recipient, mail.subject) == (admin.email, f"The access of {ODD} to Recorder has ended")
    assert "has shown an authorization code twice" in mail.body
    assert "Ask Recorder Ltd what happened" in mail.body
    (mail,) = await postman.mails(OWN_TOKENS_ENDED)
    assert (mail.recipient, mail.subject) == (VERA, f"Tokens of {ODD} have ended")
    assert f"at the installation {desk.installation_id} of Recorder" in mail.body
    assert "Acme" not in mail.body, "which organisation it is a vendor knows or does not"


@tells(VENDOR_TOKENS_ENDED)
@tells(OWN_TOKENS_ENDED)
async def test_of_each_consent_administrators_are_told_and_a_vendor_once_a_day(desk, postman, clock):
    for _ in range(3):
        token = (await desk.tokens())["refresh_token"]
        await desk.refresh(token)
        for _ in range(2):
            assert (await desk.refresh(token)).json()["error"] == "invalid_grant"
    mails = await postman.mails(VENDOR_TOKENS_ENDED)
    assert len(mails) == 3
    assert "has shown a refresh token twice" in mails[0].body
    assert len(await postman.mails(OWN_TOKENS_ENDED)) == 1
    await postman.forget()
    clock.advance(timedelta(days=1))
    await desk.sign_in(desk.admin)
    code = await desk.code()
    await desk.redeem(code)
    await desk.redeem(code)
    assert len(await postman.mails(OWN_TOKENS_ENDED)) == 1


@tells(VENDOR_TOKENS_ENDED)
@tells(OWN_TOKENS_ENDED)
@pytest.mark.parametrize("how", ["withdrawn", "given back", "another client", "expired"])
async def test_nobody_is_told_where_nothing_ends(desk, postman, how, services, vera):
    first = await desk.tokens()
    second = (await desk.refresh(first["refresh_token"])).json()
    shown = desk
    if how == "withdrawn":
        async with access_for(services, desk.admin) as access:
            await withdraw_vendor_grant(access, await desk.owner.fetchval("select id from vendor_grant"))
    elif how == "given back":
        await desk.post("/oauth/revoke", {"token": second["refresh_token"]})
    elif how == "another client":
        issued = await make_client(services, vera, integration="fetching", name="Other")
        shown = Desk(services, desk.owner, desk.admin, vera, issued.client, issued.secret, desk.installation_id)
    else:
        await desk.owner.execute("update vendor_token set expires_at = created_at")
    await postman.forget()
    assert (await shown.refresh(first["refresh_token"])).json()["error"] == "invalid_grant"
    assert await postman.mails(VENDOR_TOKENS_ENDED) == []
    assert await postman.mails(OWN_TOKENS_ENDED) == []


@tells(VENDOR_TOKENS_ENDED)
async def test_of_an_installation_of_ones_own_that_member_alone_is_told(services, owner, vera, admin, ada, postman):
    own = await Connections(services, admin).connect("fetching", holder=Holder.MEMBER, member_id=ada.member_id)
    issued = await make_client(services, vera, integration="fetching")
    desk = Desk(services, owner, ada, vera, issued.client, issued.secret, own.id)
    await desk.sign_in(ada)
    code = await desk.code()
    await postman.forget()
    for _ in range(2):
        await desk.redeem(code)
    (mail,) = await postman.mails(VENDOR_TOKENS_ENDED)
    assert mail.recipient == ada.email
