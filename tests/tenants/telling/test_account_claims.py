"""What is told about claims of accounts: to the owner of the account alone, wherever he or she belongs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.tenants.account_claims.people import Grouper, make_account, make_grouper
from tests.tenants.domains.claimant import NAME, Claimant
from tests.tenants.telling.postman import Postman, tells
from tests.tenants.telling.test_domains import contact, ours, resolvers, settings
from wardship.tenants.account_claims.choices import stay
from wardship.tenants.account_claims.clocks import act_on_account_claims
from wardship.tenants.account_claims.enrolment import enrol_proven
from wardship.tenants.account_claims.notices import (
    ACCOUNT_CLAIM_OVER,
    ACCOUNT_CLAIM_REMINDER,
    ACCOUNT_CLAIMED,
    ACCOUNT_JOINED,
    ACCOUNT_UNDECIDED,
    MEMBER_CONCEALED,
    MEMBER_SHOWN_AGAIN,
    ORGANISATION_SUGGESTED,
)
from wardship.tenants.account_claims.records import DECIDED_WITHIN, REMINDED_BEFORE, Enrolment
from wardship.tenants.domains.settling import GRACE
from wardship.tenants.members.add import ImportRow, import_members
from wardship.tenants.requests.disowning import disown_membership
from wardship.tenants.requests.notices import MEMBERSHIP_DISOWNED

__all__ = ["contact", "ours", "resolvers", "settings"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("elsewhere", "team")]
ANN = f"ann@{NAME}"


@pytest.fixture
async def grouper(ours: Claimant) -> Grouper:
    return await make_grouper(ours)


@tells(ACCOUNT_CLAIMED)
@tells(ACCOUNT_CLAIM_REMINDER)
@tells(ACCOUNT_UNDECIDED)
async def test_person_is_told_of_the_choices_with_the_date_reminded_twice_and_told_that_it_is_over(
    grouper: Grouper, postman: Postman
):
    services = grouper.who.services
    await make_account(services, ANN)
    await grouper.group()
    until = services.clock.now() + DECIDED_WITHIN
    (mail,) = await postman.mails(ACCOUNT_CLAIMED)
    assert mail.recipient == ANN
    assert f"{until:%Y-%m-%d}" in mail.subject
    for choice in ("1. Stay", "2. Move", "3. Take a copy"):
        assert choice in mail.body
    page = f"{services.settings.public_url}/auth/choice"
    assert page in mail.body
    for before in REMINDED_BEFORE:
        await postman.forget()
        services.clock.advance(until - before - services.clock.now())
        await act_on_account_claims(services)
        (mail,) = await postman.mails(ACCOUNT_CLAIM_REMINDER)
        assert mail.subject.startswith(f"Until {until:%Y-%m-%d}")
        assert page in mail.body
    await postman.forget()
    services.clock.advance(timedelta(days=2))
    await act_on_account_claims(services)
    (mail,) = await postman.mails(ACCOUNT_UNDECIDED)
    assert mail.recipient == ANN
    assert page in mail.body


@tells(ACCOUNT_CLAIM_OVER)
async def test_person_is_told_when_nothing_is_asked_any_more(grouper: Grouper, postman: Postman):
    services = grouper.who.services
    await make_account(services, ANN)
    await grouper.group()
    await postman.forget()
    await grouper.who.release(grouper.domain_id)
    assert await postman.readers(ACCOUNT_CLAIM_OVER) == [ANN]


@tells(MEMBER_CONCEALED)
@tells(MEMBER_SHOWN_AGAIN)
async def test_member_is_told_when_the_domain_is_lost_and_when_it_is_proven_again(ours: Claimant, postman: Postman):
    issued = await ours.held()
    grouper = Grouper(ours, issued.claim.id)
    await grouper.policy(Enrolment.CLAIM_EXISTING)
    ann = await make_account(ours.services, ANN)
    await grouper.group()
    await ann.choose(stay)
    await postman.forget()
    await ours.lose(issued)
    assert await postman.readers(MEMBER_CONCEALED) == []
    await ours.pass_time(GRACE)
    assert await postman.readers(MEMBER_CONCEALED) == [ANN]
    await postman.forget()
    ours.place(await ours.renew(issued.claim.id))
    await ours.verify(issued.claim.id)
    assert await postman.readers(MEMBER_SHOWN_AGAIN) == [ANN]


@tells(ACCOUNT_JOINED)
async def test_new_account_that_joins_is_told_how_to_disown_that(grouper: Grouper, postman: Postman):
    services = grouper.who.services
    await make_account(services, ANN, at=services.clock.now())
    await enrol_proven(services)
    (mail,) = await postman.mails(ACCOUNT_JOINED)
    assert mail.recipient == ANN
    assert "Disown" in mail.body


@tells(ORGANISATION_SUGGESTED)
async def test_new_account_is_told_of_the_organisation_where_that_is_all_it_wants(grouper: Grouper, postman: Postman):
    await grouper.policy(Enrolment.SUGGEST)
    services = grouper.who.services
    await make_account(services, ANN, at=services.clock.now())
    await enrol_proven(services)
    assert await postman.readers(ORGANISATION_SUGGESTED) == [ANN]


@tells(MEMBERSHIP_DISOWNED)
async def test_those_who_decide_are_told_that_a_membership_was_disowned(grouper: Grouper, postman: Postman):
    services, who = grouper.who.services, grouper.who
    async with who.access() as access:
        (result,) = await import_members(access, [ImportRow(ANN)])
    ann = await make_account(services, ANN)
    await postman.forget()
    assert result.member_id is not None
    async with ann.access() as access:
        await disown_membership(access, result.member_id)
    mails = await postman.mails(MEMBERSHIP_DISOWNED)
    assert {who.admin.email, who.owner.email} <= {mail.recipient for mail in mails}
    assert ANN not in {mail.recipient for mail in mails}
    assert all(ANN not in mail.body for mail in mails)
