"""What is told when somebody can't be mailed what must reach the person."""

from __future__ import annotations

import asyncpg
import pytest

from tests.inbox import Inbox
from tests.requesting import Firm
from tests.tenants.telling.postman import Postman, tells
from tests.tenants.telling.staff import deciders
from wardship.core.notices.kinds import MAIL_REFUSED
from wardship.tenants.notices.kinds import NOT_REACHED
from wardship.tenants.notices.unreached import follow_refusals

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("elsewhere", "team")]


@tells(NOT_REACHED)
async def test_those_who_decide_are_told_whom_no_mail_reaches(firm: Firm, postman: Postman, owner: asyncpg.Connection):
    await owner.execute("update account_email set verified_at = null where account_id = $1", firm.member.account_id)
    await firm.scheduled()
    mails = await postman.mails(NOT_REACHED)
    assert all("no verified address" in mail.body and "Ada" not in mail.body for mail in mails)
    for what in ("Your request about your data: Erasure approved", "Your data will be erased on 2026-12-05"):
        assert sorted(mail.recipient for mail in mails if mail.subject.endswith(what)) == deciders(firm)


@tells(MAIL_REFUSED)
async def test_owner_of_an_address_that_takes_no_mail_is_told_in_the_product_and_those_who_decide_by_mail(
    firm: Firm, postman: Postman, owner: asyncpg.Connection, inbox: Inbox
):
    await firm.scheduled()
    inbox.recipient_refusal = "550 5.1.1 no such mailbox"
    await postman.everything()
    inbox.recipient_refusal = None
    await follow_refusals(firm.services)
    await follow_refusals(firm.services)
    told = await owner.fetch("select account_id from account_notice where kind = $1", MAIL_REFUSED.name)
    assert firm.member.account_id in {row["account_id"] for row in told}
    mails = await postman.mails(NOT_REACHED)
    assert {mail.recipient for mail in mails} == set(deciders(firm))
    assert all("an address that takes no mail" in mail.body for mail in mails)
    assert await postman.mails(MAIL_REFUSED) == []
