"""Notices go with the person, and telling the person something is no change of what an erasure does."""

from __future__ import annotations

import pytest

from tests.builders import make_member, make_organisation, system_access
from tests.mails import waiting_mails
from tests.requesting import make_firm
from wardship.core.identifiers import uuid7
from wardship.tenants.content.notices import CONTENT_DELETED
from wardship.tenants.notices import tell, tell_by_mail, tell_permitted
from wardship.tenants.permissions import Permission
from wardship.tenants.requests.erasures import commit_erasure, preview_erasure, waive_cooling_off
from wardship.tenants.requests.notices import EXTENDED, FINDS_UNDECIDED, IDENTITY_CODE
from wardship.tenants.requests.states import RightKind, RightState

pytestmark = pytest.mark.anyio


async def _tell_all_ways(firm):
    async with system_access(firm.services, firm.organisation) as access:
        now = access.now
        await tell(access, EXTENDED, [firm.member.member_id], once=str(uuid7()), due=now, reason="Ada Lovelace")
        await tell_by_mail(access, IDENTITY_CODE, firm.member.member_id, code="12345678")
        await tell_permitted(access, FINDS_UNDECIDED, Permission.REQUESTS_DECIDE, count=1, date=now)


async def test_person_who_is_told_something_makes_no_preview_stale_and_the_erasure_takes_it_along(services, owner):
    firm = await make_firm(services)
    submitted = await firm.submit(RightKind.ERASURE)
    await firm.approve(submitted, RightKind.ERASURE)
    right = await firm.right(submitted, RightKind.ERASURE)
    async with firm.access(firm.officer) as access:
        preview = await preview_erasure(access, right.id)
    await _tell_all_ways(firm)
    async with firm.access(firm.officer) as access:
        await commit_erasure(access, right.id, preview.digest)
    await _tell_all_ways(firm)
    async with firm.access(firm.member) as access:
        await waive_cooling_off(access, right.id)
    await firm.run()
    assert (await firm.states(submitted))[RightKind.ERASURE] is RightState.FULFILLED
    assert await owner.fetchval("select count(*) from notice where member_id = $1", firm.member.member_id) == 0
    assert await owner.fetchval("select count(*) from notice where notice::text like '%Lovelace%'") == 0
    mails = [mail.subject for mail in await waiting_mails(services) if mail.recipient == firm.member.email]
    assert mails == [f"Your data at {firm.organisation.name} was erased"], "what was told before is mailed no more"


async def test_reason_that_another_was_told_names_an_erased_person_no_more(services, owner):
    firm = await make_firm(services)
    bob = await make_member(services.database, firm.organisation, name="Bob")
    async with system_access(firm.services, firm.organisation) as access:
        target, values = ("post", uuid7()), {"what": "post", "until": access.now}
        for person in (bob, firm.member):
            reason = "Ada Lovelace complained, by ada.lovelace@example.org."
            await tell(access, CONTENT_DELETED, [person.member_id], target=target, reason=reason, **values)
    submitted = await firm.submit(RightKind.ERASURE)
    await firm.approve(submitted, RightKind.ERASURE)
    await firm.commit(submitted)
    right = await firm.right(submitted, RightKind.ERASURE)
    async with firm.access(firm.member) as access:
        await waive_cooling_off(access, right.id)
    await firm.run()
    assert (await firm.states(submitted))[RightKind.ERASURE] is RightState.FULFILLED
    rows = await owner.fetch(
        "select member_id, details ->> 'reason' as reason from notice where kind = 'content_deleted'"
    )
    assert [row["member_id"] for row in rows] == [bob.member_id]
    assert "complained" in rows[0]["reason"]
    assert "ovelace" not in rows[0]["reason"]


async def test_mail_of_the_organisation_that_waits_goes_with_the_erasure_though_the_account_stays(services, owner):
    firm, elsewhere = await make_firm(services), await make_organisation(services.database)
    account_id = firm.member.account_id
    there = await make_member(services.database, elsewhere, account_id=account_id, email=firm.member.email)
    submitted = await firm.submit(RightKind.ERASURE)
    await firm.approve(submitted, RightKind.ERASURE)
    await firm.commit(submitted)
    right = await firm.right(submitted, RightKind.ERASURE)
    async with firm.access(firm.member) as access:
        await waive_cooling_off(access, right.id)
    async with system_access(services, elsewhere) as access:
        await tell(access, EXTENDED, [there.member_id], due=access.now, reason="elsewhere")
    before = [mail.subject for mail in await waiting_mails(services) if mail.recipient == firm.member.email]
    assert len(before) > 1, "what both organisations told waits for the mail server"
    await firm.run()
    assert (await firm.states(submitted))[RightKind.ERASURE] is RightState.FULFILLED
    mails = [mail.subject for mail in await waiting_mails(services) if mail.recipient == firm.member.email]
    assert sorted(mails) == [
        f"Your data at {firm.organisation.name} was erased",
        "Your request about your data takes longer",
    ]
    kept = await owner.fetchval("select count(*) from account_email where account_id = $1", account_id)
    assert kept == 1, "the account stays"
