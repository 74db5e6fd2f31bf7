"""What people and operators are told about the life of an organisation."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import Organisation, make_member, make_organisation
from tests.requesting import Firm
from tests.tenants.closing import pass_time
from tests.tenants.operating import commanding, register
from tests.tenants.telling.postman import Postman, tells
from wardship.core.actor import Role, StaffRole
from wardship.core.notices.preferences import Pace, choose_notices
from wardship.tenants.organisation_lifecycle.changes import (
    close_organisation,
    close_own_organisation,
    reopen_organisation,
    reopen_own_organisation,
    resume_organisation,
    suspend_organisation,
)
from wardship.tenants.organisation_lifecycle.clocks import follow_organisations
from wardship.tenants.organisation_lifecycle.found import found_organisation
from wardship.tenants.organisation_lifecycle.notices import (
    ORGANISATION_CLOSED,
    ORGANISATION_ENDED,
    ORGANISATION_LEAVES,
    ORGANISATION_REOPENED,
    ORGANISATION_RESUMED,
    ORGANISATION_SUSPENDED,
    OWNER_CLOSES,
    OWNER_DID_NOT_COME,
    OWNER_REOPENS,
)
from wardship.tenants.organisations.states import OrganisationStateError
from wardship.tenants.staff.staff import add_to_staff

pytestmark = pytest.mark.anyio
NAME = 'Alpha "& Söhne" \u05d0\u05dc\u05e4\u05d0'
OLGA, ADA, FORMER = "olga@example.org", "ada@example.org", "former@example.org"
OPERATOR = "operator@example.org"


@pytest.fixture
async def alpha(database, services) -> Organisation:
    """An organisation with an owner, a member, somebody suspended and somebody without an account; others elsewhere."""
    organisation = await make_organisation(database, "alpha", name=NAME)
    await make_member(database, organisation, Role.ORG_OWNER, email=OLGA)
    await make_member(database, organisation, email=ADA)
    await make_member(database, organisation, email=FORMER, state="deactivated")
    imported = await make_member(database, organisation, email="imported@example.org")
    async with database.tenant(organisation.id) as transaction:
        await transaction.execute("update member set account_id = null where id = $1", imported.member_id)
    await make_member(database, await make_organisation(database), email="bystander@example.org")
    for address, role in ((OPERATOR, StaffRole.OPERATOR), ("team@example.org", StaffRole.PRIVACY_TEAM)):
        await register(services, address)
        async with commanding(services) as access:
            await add_to_staff(access, address, role)
    return organisation


@pytest.fixture
async def postman(postman: Postman, alpha: Organisation) -> Postman:  # noqa: ARG001 - it is there before
    await postman.forget()
    return postman


async def _command(services, act, *arguments):
    async with commanding(services) as access:
        await act(access, *arguments)


@tells(ORGANISATION_SUSPENDED)
async def test_everybody_is_told_once_that_it_is_suspended_though_nobody_gets_in(services, alpha, postman: Postman):
    await _command(services, suspend_organisation, alpha.slug, "An unpaid bill")
    with pytest.raises(OrganisationStateError):
        await _command(services, suspend_organisation, alpha.slug, "Again")
    mails = await postman.mails(ORGANISATION_SUSPENDED)
    assert sorted(mail.recipient for mail in mails) == [ADA, OLGA]
    assert {mail.subject for mail in mails} == {f"{NAME} is suspended"}
    assert all("An unpaid bill" in mail.body and "privacy team" in mail.body for mail in mails)


@tells(ORGANISATION_RESUMED)
async def test_everybody_is_told_that_it_is_resumed(services, alpha, postman: Postman):
    await _command(services, suspend_organisation, alpha.slug)
    await _command(services, resume_organisation, alpha.slug)
    assert await postman.readers(ORGANISATION_RESUMED) == [ADA, OLGA]


@tells(ORGANISATION_LEAVES)
async def test_everybody_with_data_in_it_is_told_when_it_is_erased(services, alpha, postman: Postman):
    await _command(services, close_organisation, alpha.slug, "The contract has ended")
    mails = await postman.mails(ORGANISATION_LEAVES)
    assert sorted(mail.recipient for mail in mails) == [ADA, FORMER, OLGA]
    assert {mail.subject for mail in mails} == {f"{NAME} will be closed and erased on 2026-11-23"}
    assert all("The contract has ended" in mail.body and "take a copy" in mail.body for mail in mails)


@tells(ORGANISATION_LEAVES)
async def test_those_of_a_suspended_one_are_not_told_to_sign_in(services, alpha, postman: Postman):
    await _command(services, suspend_organisation, alpha.slug)
    await _command(services, close_organisation, alpha.slug)
    mails = await postman.mails(ORGANISATION_LEAVES)
    assert len(mails) == 3
    assert all("nobody gets in" in mail.body and "sign in and take" not in mail.body for mail in mails)


@tells(ORGANISATION_REOPENED)
async def test_everybody_is_told_that_it_stays(services, alpha, postman: Postman):
    await _command(services, close_organisation, alpha.slug)
    await _command(services, reopen_organisation, alpha.slug)
    assert await postman.readers(ORGANISATION_REOPENED) == [ADA, FORMER, OLGA]


@tells(ORGANISATION_CLOSED)
@pytest.mark.parametrize("is_daily", [True, False])
async def test_last_mail_goes_out_before_what_it_needs_is_erased(services, alpha, postman, owner, is_daily):
    for row in await owner.fetch("select account_id from member where account_id is not null"):
        async with services.database.directory() as transaction:
            pace = Pace.DAILY if is_daily else Pace.AT_ONCE
            await choose_notices(transaction, row["account_id"], pace, [], at=services.clock.now())
    await _command(services, close_organisation, alpha.slug)
    await pass_time(services)
    await follow_organisations(services)
    assert await owner.fetchval("select state from organisation where slug = 'alpha'") == "closed"
    assert await owner.fetchval("select count(*) from member where organisation_id = $1", alpha.id) == 0
    mails = await postman.of(ORGANISATION_CLOSED)
    assert sorted(mail.recipient for mail in mails) == [ADA, FORMER, OLGA]
    assert {mail.subject for mail in mails} == {f"{NAME} is closed"}


@tells(ORGANISATION_CLOSED)
async def test_last_mail_goes_out_to_those_who_were_mailed_much_within_the_hour(
    services, alpha, postman: Postman, clock, owner
):
    for _ in range(6):
        await _command(services, close_organisation, alpha.slug)
        await _command(services, reopen_organisation, alpha.slug)
        clock.advance(timedelta(minutes=1))
    await _command(services, close_organisation, alpha.slug)
    await postman.send()
    clock.advance(timedelta(hours=48))
    await owner.execute("update notice set mail_state = 'mailed', mail_at = $1", clock.now() - timedelta(minutes=5))
    await follow_organisations(services)
    assert len(await postman.of(ORGANISATION_CLOSED)) == 3


@tells(OWNER_CLOSES)
@tells(OWNER_REOPENS)
async def test_operators_alone_are_told_what_an_owner_does(firm: Firm, postman: Postman):
    async with firm.access(firm.owner) as access:
        await close_own_organisation(access, firm.organisation.slug, "We merge")
    async with firm.access(firm.owner) as access:
        await reopen_own_organisation(access, firm.organisation.slug)
    (closes,) = await postman.mails(OWNER_CLOSES)
    assert closes.recipient == OPERATOR
    assert "2026-11-23" in closes.body
    assert await postman.readers(OWNER_REOPENS) == [OPERATOR]


@tells(OWNER_DID_NOT_COME)
async def test_operators_are_told_once_that_an_owner_did_not_come(services, clock, postman: Postman):
    async with commanding(services) as access:
        await found_organisation(access, slug="harbour", name="Harbour", owner_email="nobody@example.org")
    await postman.forget()
    clock.advance(timedelta(days=30))
    await follow_organisations(services)
    await follow_organisations(services)
    (mail,) = await postman.mails(OWNER_DID_NOT_COME)
    assert (mail.recipient, mail.subject) == (OPERATOR, "Nobody came to own harbour")
    assert "nobody@example.org" not in mail.body


@tells(ORGANISATION_ENDED)
async def test_operators_are_told_once_that_it_is_erased(services, alpha, postman: Postman):
    await _command(services, close_organisation, alpha.slug)
    await pass_time(services)
    await follow_organisations(services)
    (mail,) = await postman.mails(ORGANISATION_ENDED)
    assert (mail.recipient, mail.subject) == (OPERATOR, "alpha is erased")
    assert "2027-05-22" in mail.body
