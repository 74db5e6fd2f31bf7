"""A membership outlives the account that it had: restored, invited and corrected like one that was prepared."""

from __future__ import annotations

import pytest

from tests.builders import access_for, make_member
from tests.mails import invitation_token
from tests.requesting import Firm, make_firm
from tests.tenants.operating import commanding, register
from wardship.core.accounts.accounts import verified_addresses
from wardship.core.accounts.address import EmailAddress
from wardship.core.accounts.tombstones import lift
from wardship.core.actor import PROVIDER_ID, Role, system_actor
from wardship.tenants.access import Access
from wardship.tenants.erasure.execute import erase_account
from wardship.tenants.invitations.accept import accept_invitation
from wardship.tenants.invitations.invite import invite_member
from wardship.tenants.members.contact_address import correct_email
from wardship.tenants.members.membership import remove_member, restore_member
from wardship.tenants.organisation_lifecycle.changes import resume_organisation, suspend_organisation

pytestmark = pytest.mark.anyio


@pytest.fixture
async def firm(services) -> Firm:
    return await make_firm(services)


async def _erase_account(services, person) -> None:
    """As the provider does when the person without an active membership asks for it, or has closed the account."""
    async with services.database.tenant(PROVIDER_ID, directory=True) as transaction:
        access = Access(system_actor(PROVIDER_ID), transaction, services, "test")
        await erase_account(access, person.account_id, await verified_addresses(transaction, person.account_id))


async def _remove_and_erase(firm: Firm) -> None:
    async with firm.access(firm.admin) as access:
        await remove_member(access, firm.member.member_id)
    await _erase_account(firm.services, firm.member)


async def test_removed_member_whose_account_was_erased_is_restored_as_one_without_account(firm, owner):
    await _remove_and_erase(firm)
    async with firm.access(firm.admin) as access:
        await restore_member(access, firm.member.member_id)
        await correct_email(access, firm.member.member_id, "ada@example.net")
    row = await owner.fetchrow("select state, account_id, email from member where id = $1", firm.member.member_id)
    assert tuple(row) == ("active", None, "ada@example.net")


async def test_person_who_registers_again_is_invited_and_gets_the_membership_back(firm, owner):
    services, person = firm.services, firm.member
    await _remove_and_erase(firm)
    again = await register(services, person.email)
    async with services.database.directory() as transaction:
        await lift(transaction, services.keys, EmailAddress(person.email), at=services.clock.now())
    async with firm.access(firm.admin) as access:
        await invite_member(access, person.email)
    joined = await accept_invitation(services, again, await invitation_token(services), request_id="x")
    assert joined.member_id == person.member_id
    row = await owner.fetchrow("select state, account_id from member where id = $1", person.member_id)
    assert tuple(row) == ("active", again)


async def test_member_of_an_organisation_that_is_resumed_can_be_invited_after_the_account_was_erased(firm, owner):
    services, person = firm.services, firm.member
    async with commanding(services) as access:
        await suspend_organisation(access, firm.organisation.slug, "Unpaid")
    await _erase_account(services, person)
    async with commanding(services) as access:
        await resume_organisation(access, firm.organisation.slug)
    again = await register(services, person.email)
    async with firm.access(firm.admin) as access:
        await invite_member(access, person.email)
    await accept_invitation(services, again, await invitation_token(services), request_id="x")
    assert await owner.fetchval("select account_id from member where id = $1", person.member_id) == again


async def test_membership_of_an_account_that_lives_keeps_it(firm, owner, database):
    other = await make_member(database, firm.organisation, Role.ORG_ADMIN)
    await _erase_account(firm.services, firm.member)
    async with access_for(firm.services, system_actor(PROVIDER_ID)) as access:
        await access.transaction.execute("select let_go_of_erased($1)", other.account_id)
    assert await owner.fetchval("select account_id from member where id = $1", other.member_id) == other.account_id
