"""What is told about accounts: their passwords, addresses, and their end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import make_member, make_organisation
from tests.core.sign_in.conftest import PASSWORD, Browser, Human
from tests.tenants.telling.postman import Posted, Postman, tells
from wardship.core.sign_in.closing import COOLING_OFF
from wardship.core.sign_in.notices import (
    ACCOUNT_CLOSED,
    ACCOUNT_CLOSES,
    ACCOUNT_NOT_CLOSED,
    ADD_ADDRESS,
    ADDRESS_IS_YOURS,
    ALREADY_REGISTERED,
    NO_ACCOUNT,
    NO_ACCOUNT_TO_SIGN_IN,
    RESET_PASSWORD,
    SECURITY_NOTICE,
    SIGN_IN_LINK,
    VERIFY_ADDRESS,
)
from wardship.tenants.fulfilment.closed_accounts import erase_closed_accounts

pytestmark = pytest.mark.anyio
NEW = "cobalt-heron-mosaic-quay"
SECOND = "ann@second.example.org"


@pytest.fixture
async def bob(open_browser, enrol) -> Human:
    """Somebody else, who must not be told what concerns Ann."""
    return await enrol(open_browser("198.51.100.4"), "bob@example.org", "Bob")


async def _add_address(browser: Browser, human: Human, email: str) -> None:
    await browser.post("/auth/step-up", code=human.code())
    assert (await browser.post("/auth/addresses", email=email)).status_code == 202


async def _close(browser: Browser, human: Human) -> None:
    await browser.post("/auth/step-up", code=human.code())
    assert (await browser.post("/auth/close", email=human.email)).status_code == 200


@tells(SECURITY_NOTICE)
@pytest.mark.usefixtures("bob")
async def test_owner_is_told_that_the_password_was_changed(browser, ann, postman: Postman, clock):
    clock.advance(timedelta(minutes=1))
    await postman.forget()
    await browser.post("/auth/step-up", code=ann.code())
    changed = await browser.post("/auth/password/change", current_password=PASSWORD, new_password=NEW)
    assert changed.is_success, changed.text
    (mail,) = await postman.mails(SECURITY_NOTICE)
    assert mail.recipient == ann.email
    assert mail.subject == "Your password was changed at Wardship"
    assert "from the network 203.0.113.0/24" in mail.body
    assert "/auth/forgotten" in mail.body, "what to do if it was somebody else"


@tells(SECURITY_NOTICE)
async def test_other_addresses_are_told_too_that_an_address_was_added(browser, ann, postman: Postman, deployed: Posted):
    await _add_address(browser, ann, SECOND)
    await browser.post("/auth/addresses/verify", token=await deployed.mailed_token(SECOND))
    told = {mail.recipient for mail in await postman.of(SECURITY_NOTICE) if "An address was added" in mail.subject}
    assert told == {ann.email, SECOND}


@tells(VERIFY_ADDRESS)
async def test_whoever_registers_is_mailed_the_link(browser, postman: Postman):
    await browser.post("/auth/register", email="new@example.org")
    (mail,) = await postman.mails(VERIFY_ADDRESS)
    assert mail.recipient == "new@example.org"
    assert "/auth/link/" in mail.body
    assert "within 24 hours" in mail.body


@tells(ALREADY_REGISTERED)
@pytest.mark.usefixtures("bob")
async def test_owner_is_told_that_somebody_registers_with_the_address(ann, open_browser, postman: Postman):
    await open_browser("198.51.100.9").post("/auth/register", email=ann.email)
    (mail,) = await postman.mails(ALREADY_REGISTERED)
    assert mail.recipient == ann.email
    assert "nothing was changed" in mail.body


@tells(RESET_PASSWORD)
@pytest.mark.usefixtures("bob")
async def test_owner_is_mailed_the_link_to_a_new_password(ann, open_browser, postman: Postman):
    await open_browser("198.51.100.9").post("/auth/password/forgot", email=ann.email)
    (mail,) = await postman.mails(RESET_PASSWORD)
    assert mail.recipient == ann.email
    assert "/auth/link/" in mail.body


@tells(NO_ACCOUNT)
async def test_address_without_an_account_is_told_so_when_a_new_password_is_asked_for(open_browser, postman: Postman):
    await open_browser("198.51.100.9").post("/auth/password/forgot", email="nobody@example.org")
    (mail,) = await postman.mails(NO_ACCOUNT)
    assert mail.recipient == "nobody@example.org"
    assert "/auth/link/" not in mail.body


@tells(SIGN_IN_LINK)
@pytest.mark.usefixtures("bob")
async def test_owner_is_mailed_the_link_that_signs_in_with_when_and_from_where(ann, open_browser, postman: Postman):
    await open_browser("198.51.100.9").post("/auth/sign-in/link", email=ann.email)
    (mail,) = await postman.mails(SIGN_IN_LINK)
    assert mail.recipient == ann.email
    for told in ("/auth/link/", "198.51.100.0/24", "within 15 minutes", "If it was not you"):
        assert told in mail.body


@tells(NO_ACCOUNT_TO_SIGN_IN)
async def test_address_without_an_account_is_told_so_when_a_sign_in_is_asked_for(open_browser, postman: Postman):
    await open_browser("198.51.100.9").post("/auth/sign-in/link", email="nobody@example.org")
    (mail,) = await postman.mails(NO_ACCOUNT_TO_SIGN_IN)
    assert mail.recipient == "nobody@example.org"
    assert "198.51.100.0/24" in mail.body
    assert "/auth/link/" not in mail.body


@tells(ADD_ADDRESS)
async def test_new_address_is_mailed_the_link_that_adds_it(browser, ann, postman: Postman):
    await _add_address(browser, ann, SECOND)
    (mail,) = await postman.mails(ADD_ADDRESS)
    assert mail.recipient == SECOND
    assert ann.email in mail.body
    assert "/auth/link/" in mail.body


@tells(ADDRESS_IS_YOURS)
async def test_owner_is_told_that_another_account_wants_the_address(browser, ann, bob, postman: Postman):
    await _add_address(browser, ann, bob.email)
    (mail,) = await postman.mails(ADDRESS_IS_YOURS)
    assert mail.recipient == bob.email
    assert ann.email not in mail.body
    assert "/auth/link/" not in mail.body


@tells(ACCOUNT_CLOSES)
@pytest.mark.usefixtures("bob")
async def test_owner_is_told_at_all_addresses_that_the_account_closes(browser, ann, postman: Postman, deployed: Posted):
    await _add_address(browser, ann, SECOND)
    await browser.post("/auth/addresses/verify", token=await deployed.mailed_token(SECOND))
    await _close(browser, ann)
    assert await postman.readers(ACCOUNT_CLOSES) == [ann.email, SECOND]
    mail = (await postman.mails(ACCOUNT_CLOSES))[0]
    assert "/auth/link/" in mail.body
    assert "2026-12-05 " in mail.body


@tells(ACCOUNT_CLOSED)
@pytest.mark.usefixtures("bob")
async def test_former_owner_is_told_that_the_account_is_erased(browser, ann, postman: Postman, services, clock, owner):
    await _close(browser, ann)
    await postman.send()
    clock.advance(COOLING_OFF)
    await erase_closed_accounts(services)
    await erase_closed_accounts(services)
    (mail,) = await postman.mails(ACCOUNT_CLOSED)
    assert mail.recipient == ann.email
    assert await owner.fetchval("select count(*) from account_email where address = $1", ann.email) == 0


@tells(ACCOUNT_NOT_CLOSED)
async def test_owner_is_told_why_the_account_is_kept(browser, ann, postman: Postman, services, database, clock, owner):
    await _close(browser, ann)
    account_id = await owner.fetchval("select id from account")
    await make_member(database, await make_organisation(database), account_id=account_id)
    clock.advance(COOLING_OFF)
    await erase_closed_accounts(services)
    await erase_closed_accounts(services)
    (mail,) = await postman.mails(ACCOUNT_NOT_CLOSED)
    assert mail.recipient == ann.email
    assert "belongs to an organisation" in mail.body
