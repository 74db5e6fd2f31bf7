"""What the owner of an account is told, at all addresses, while a new second factor is decided on."""

from __future__ import annotations

import pytest

from tests.builders import make_member
from tests.tenants.telling.postman import Postman, tells
from wardship.core.sign_in.notices import (
    ASK_RECOVERY,
    RECOVER,
    RECOVERY_APPROVED,
    RECOVERY_ASKED,
    RECOVERY_ENDED,
    RECOVERY_OPENED,
)

pytestmark = pytest.mark.anyio
SECOND = "ann@second.example.org"


@pytest.fixture
async def lost(recovering, browser, ann, deployed, database, acme):
    """A recovery of an account with two addresses, in an organisation where others must not be told."""
    await make_member(database, acme, name="Bystander", email="bystander@example.org")
    await browser.post("/auth/step-up", code=ann.code())
    await browser.post("/auth/addresses", email=SECOND)
    await browser.post("/auth/addresses/verify", token=await deployed.mailed_token(SECOND))
    return recovering


@tells(ASK_RECOVERY)
async def test_owner_is_mailed_the_way_to_ask(lost, open_browser, postman: Postman):
    await open_browser("198.51.100.1").post("/auth/recovery", email=lost.human.email)
    (mail,) = await postman.mails(ASK_RECOVERY)
    assert mail.recipient == lost.human.email
    assert "/auth/link/" in mail.body
    assert "use it instead" in mail.body


@tells(RECOVERY_ASKED)
async def test_owner_is_told_that_it_was_asked_for_and_how_to_call_it_off(lost, postman: Postman):
    await lost.begin()
    mails = await postman.mails(RECOVERY_ASKED)
    assert sorted(mail.recipient for mail in mails) == [lost.human.email, SECOND]
    assert all("People of Acme decide" in mail.body and "/auth/link/" in mail.body for mail in mails)


@tells(RECOVERY_APPROVED)
async def test_owner_is_told_that_two_have_approved_and_when_it_acts(lost, postman: Postman):
    await lost.approve(await lost.begin())
    mails = await postman.mails(RECOVERY_APPROVED)
    assert sorted(mail.recipient for mail in mails) == [lost.human.email, SECOND]
    assert all("2026-11-23 " in mail.body for mail in mails)


@tells(RECOVER)
@tells(RECOVERY_OPENED)
async def test_link_goes_to_the_primary_address_alone_and_the_others_are_told(lost, postman: Postman):
    await lost.approve(await lost.begin())
    await lost.tick(hours=48)
    await lost.tick()
    (link,) = await postman.mails(RECOVER)
    assert link.recipient == lost.human.email
    assert "within 72 hours" in link.body
    assert await postman.readers(RECOVERY_OPENED) == [lost.human.email, SECOND]


@tells(RECOVERY_ENDED)
async def test_owner_is_told_why_it_ended(lost, postman: Postman):
    await lost.decline(await lost.begin())
    mails = await postman.mails(RECOVERY_ENDED)
    assert sorted(mail.recipient for mail in mails) == [lost.human.email, SECOND]
    assert all("because it was declined" in mail.body for mail in mails)
    assert all("/auth/link/" not in mail.body for mail in mails)
