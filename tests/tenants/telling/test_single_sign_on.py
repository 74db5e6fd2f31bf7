"""What is told about sign-in by an organisation's provider: to who manages it, and to those whom it lets in."""

from __future__ import annotations

from uuid import UUID

import asyncpg
import pytest

from tests.requesting import Firm
from tests.tenants.telling.postman import Postman, tells
from wardship.core.http.credentials import Client
from wardship.core.identifiers import uuid7
from wardship.core.openid.refusals import ClientRefusedError
from wardship.core.sign_in.bound_sessions import note_break_glass
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.sessions import Stage, open_session
from wardship.tenants.single_sign_on.break_glass import tell_of_break_glass
from wardship.tenants.single_sign_on.ending import end_member_sessions
from wardship.tenants.single_sign_on.notices import (
    BREAK_GLASS_USED,
    NO_WAY_TO_SIGN_IN,
    PROVIDER_CHANGED,
    PROVIDER_STATE,
    PROVIDER_TROUBLE,
    SESSIONS_ENDED,
    SIGN_IN_CHANGES,
    WAY_TO_SIGN_IN,
)
from wardship.tenants.single_sign_on.read import provider_by_id
from wardship.tenants.single_sign_on.registering import ProviderValues, create_provider, update_provider
from wardship.tenants.single_sign_on.states import activate_provider, enforce_provider, turn_provider_off
from wardship.tenants.single_sign_on.troubles import forget_trouble, note_trouble
from wardship.tenants.single_sign_on.ways import mail_way_to_sign_in

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("elsewhere", "team")]
ISSUER = "https://login.example.org"
VALUES = ProviderValues(name="Hafen-Anmeldung", issuer=ISSUER, client_id="w", client_secret="a secret")


@pytest.fixture
def managers(firm: Firm) -> list[str]:
    """Who manages sign-in."""
    return sorted([firm.owner.email, firm.admin.email])


async def _enter(firm: Firm, owner: asyncpg.Connection, state: str = "tested") -> UUID:
    async with firm.access(firm.owner) as access:
        provider_id = (await create_provider(access, VALUES)).id
    await owner.execute("update identity_provider set state = $2 where id = $1", provider_id, state)
    await owner.execute(
        "insert into identity (id, created_at, account_id, organisation_id, issuer, subject, used_at)"
        " values ($1, now(), $2, $3, $4, 'o', now())",
        uuid7(),
        firm.owner.account_id,
        firm.organisation.id,
        ISSUER,
    )
    return provider_id


@tells(PROVIDER_CHANGED)
async def test_all_who_manage_sign_in_are_told_of_what_is_entered_and_changed(
    firm: Firm, postman: Postman, owner: asyncpg.Connection, managers: list[str]
):
    provider_id = await _enter(firm, owner)
    mails = await postman.mails(PROVIDER_CHANGED)
    assert sorted(mail.recipient for mail in mails) == managers
    assert all("Hafen-Anmeldung" in mail.body and ISSUER in mail.body and "entered" in mail.subject for mail in mails)
    assert not any("a secret" in mail.body for mail in mails)
    await postman.forget()
    async with firm.access(firm.admin) as access:
        await update_provider(access, provider_id, ProviderValues(client_secret="another"))
    mails = await postman.mails(PROVIDER_CHANGED)
    assert sorted(mail.recipient for mail in mails) == managers
    assert all("was changed" in mail.subject for mail in mails)


@tells(PROVIDER_STATE)
async def test_all_who_manage_sign_in_are_told_of_each_state(
    firm: Firm, postman: Postman, owner: asyncpg.Connection, managers: list[str]
):
    provider_id = await _enter(firm, owner)
    for act, words in (
        (activate_provider, "can sign in by"),
        (enforce_provider, "have to sign in by"),
        (turn_provider_off, "do not sign in by"),
    ):
        async with firm.access(firm.owner) as access:
            await act(access, provider_id)
        mails = await postman.mails(PROVIDER_STATE)
        assert sorted(mail.recipient for mail in mails) == managers
        assert all(words in mail.subject for mail in mails)
        await postman.forget()


@tells(SIGN_IN_CHANGES)
async def test_everybody_is_told_that_sign_in_is_by_the_provider_alone(
    firm: Firm, postman: Postman, owner: asyncpg.Connection
):
    provider_id = await _enter(firm, owner, "active")
    async with firm.access(firm.owner) as access:
        await enforce_provider(access, provider_id)
        key = (await provider_by_id(access, provider_id)).address_key
    mails = await postman.mails(SIGN_IN_CHANGES)
    everybody = (firm.owner, firm.admin, firm.officer, firm.member)
    assert sorted(mail.recipient for mail in mails) == sorted(person.email for person in everybody)
    assert all(f"/auth/at/{key}" in mail.body for mail in mails)


@tells(PROVIDER_TROUBLE)
async def test_trouble_is_told_once_until_it_is_over(
    firm: Firm, postman: Postman, owner: asyncpg.Connection, managers: list[str]
):
    provider_id = await _enter(firm, owner, "active")

    async def trouble() -> None:
        async with firm.access(firm.owner) as access:
            provider = await provider_by_id(access, provider_id)
            await note_trouble(access, provider, ClientRefusedError("The secret is refused."))

    await trouble()
    await trouble()
    mails = await postman.mails(PROVIDER_TROUBLE)
    assert sorted(mail.recipient for mail in mails) == managers
    assert all("The secret is refused." in mail.body for mail in mails)
    await postman.forget()
    async with firm.access(firm.owner) as access:
        await forget_trouble(access, await provider_by_id(access, provider_id))
        assert (await provider_by_id(access, provider_id)).trouble is None
    await trouble()
    assert len(await postman.mails(PROVIDER_TROUBLE)) == 2


@tells(BREAK_GLASS_USED)
async def test_each_session_past_the_provider_is_told_once(
    firm: Firm, postman: Postman, owner: asyncpg.Connection, managers: list[str]
):
    await _enter(firm, owner, "enforced")
    services = firm.services
    for _ in range(2):
        async with services.database.directory() as transaction:
            opened = await open_session(
                transaction, firm.owner.account_id, Stage.COMPLETE, Client(""), at=services.clock.now()
            )
            session_id = opened.session.id
            for _ in range(3):
                await note_break_glass(transaction, session_id, firm.organisation.id, at=services.clock.now())
        await tell_of_break_glass(services)
        await tell_of_break_glass(services)
        mails = await postman.mails(BREAK_GLASS_USED)
        assert sorted(mail.recipient for mail in mails) == managers
        assert all("Hafen-Anmeldung" in mail.subject for mail in mails)
        await postman.forget()
    assert await owner.fetchval("select count(*) from audit_entry where action = 'session.break_glass'") == 2


@tells(SESSIONS_ENDED)
async def test_a_member_is_told_that_the_sessions_were_ended(firm: Firm, postman: Postman):
    async with firm.access(firm.admin) as access:
        await end_member_sessions(access, firm.member.member_id)
    (mail,) = await postman.mails(SESSIONS_ENDED)
    assert mail.recipient == firm.member.email
    assert firm.organisation.name in mail.subject


@tells(WAY_TO_SIGN_IN)
async def test_the_way_goes_to_the_mailbox_of_a_member(firm: Firm, postman: Postman, owner: asyncpg.Connection):
    await _enter(firm, owner, "active")
    await mail_way_to_sign_in(Call(firm.services, Client("203.0.113.9")), firm.member.email)
    (mail,) = await postman.mails(WAY_TO_SIGN_IN)
    assert mail.recipient == firm.member.email
    assert firm.organisation.name in mail.subject
    assert "/auth/at/" in mail.body


@tells(NO_WAY_TO_SIGN_IN)
async def test_an_address_of_no_organisation_is_told_so_and_of_none(
    firm: Firm, postman: Postman, owner: asyncpg.Connection
):
    await _enter(firm, owner, "active")
    await mail_way_to_sign_in(Call(firm.services, Client("203.0.113.9")), "stranger@elsewhere.example")
    (mail,) = await postman.mails(NO_WAY_TO_SIGN_IN)
    assert mail.recipient == "stranger@elsewhere.example"
    assert firm.organisation.name not in mail.subject + mail.body
    assert "/auth/at/" not in mail.body
