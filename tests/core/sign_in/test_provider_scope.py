"""Who is at the provider, and who is not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from asyncpg import CheckViolationError, RaiseError

from tests.builders import make_member, make_organisation
from tests.core.sign_in.showing import credentials_of
from wardship.core.accounts.accounts import add_staff, remove_staff
from wardship.core.actor import PROVIDER_ID, Role, StaffRole
from wardship.core.identifiers import uuid7
from wardship.core.sign_in.authentication import OrganisationNotFoundError, authenticate

pytestmark = pytest.mark.anyio


@pytest.fixture
async def acme(database):
    return await make_organisation(database, "acme")


@pytest.fixture
async def other(database):
    return await make_organisation(database, "other")


@pytest.fixture
async def bob(database, acme):
    return await make_member(database, acme, Role.ORG_ADMIN, email="bob@example.org")


async def make_staff(deployed, person, *roles):
    async with deployed.database.directory() as transaction:
        for role in roles:
            await add_staff(transaction, person.account_id, role, at=deployed.clock.now())


@pytest.fixture
async def nora(deployed, bob, owner):
    """Of the privacy team, with an account and nothing else."""
    account = uuid7()
    await owner.execute("insert into account (id, created_at) values ($1, now())", account)
    person = replace(bob, account_id=account)
    await make_staff(deployed, person, StaffRole.PRIVACY_TEAM)
    return person


async def test_staff_needs_no_organisation_and_is_at_the_provider(deployed, nora):
    actor = await authenticate(deployed, await credentials_of(deployed, nora))
    assert (actor.organisation_id, actor.member_id) == (PROVIDER_ID, None)
    assert actor.staff_roles == {StaffRole.PRIVACY_TEAM}
    assert actor.kind == "privacy_team"


async def test_staff_has_several_roles(deployed, nora):
    await make_staff(deployed, nora, StaffRole.OPERATOR, StaffRole.OPERATOR)
    actor = await authenticate(deployed, await credentials_of(deployed, nora))
    assert actor.staff_roles == {StaffRole.PRIVACY_TEAM, StaffRole.OPERATOR}
    async with deployed.database.directory() as transaction:
        assert await remove_staff(transaction, nora.account_id, StaffRole.PRIVACY_TEAM)
        assert not await remove_staff(transaction, nora.account_id, StaffRole.PRIVACY_TEAM)
    actor = await authenticate(deployed, await credentials_of(deployed, nora))
    assert (actor.staff_roles, actor.kind) == ({StaffRole.OPERATOR}, "operator")


async def test_staff_with_one_organisation_is_there_unless_it_names_the_provider(deployed, bob):
    await make_staff(deployed, bob, StaffRole.PRIVACY_TEAM)
    at_home = await authenticate(deployed, await credentials_of(deployed, bob))
    assert (at_home.organisation_id, at_home.kind) == (bob.organisation_id, "member")
    named = await authenticate(deployed, await credentials_of(deployed, bob, organisation="provider"))
    assert (named.organisation_id, named.member_id, named.roles) == (PROVIDER_ID, None, frozenset())


async def test_staff_with_several_organisations_or_an_ended_one_is_at_the_provider(
    deployed, database, bob, other, owner
):
    await make_staff(deployed, bob, StaffRole.OPERATOR)
    await make_member(database, other, account_id=bob.account_id, email="bob@example.org")
    assert (await authenticate(deployed, await credentials_of(deployed, bob))).organisation_id == PROVIDER_ID
    await owner.execute("update member set state = 'removed'")
    assert (await authenticate(deployed, await credentials_of(deployed, bob))).organisation_id == PROVIDER_ID
    named = await authenticate(deployed, await credentials_of(deployed, bob, organisation="other"))
    assert named.organisation_id == other.id


@pytest.mark.usefixtures("acme")
async def test_an_operator_enters_no_organisation_that_is_not_his_own(deployed, nora):
    async with deployed.database.directory() as transaction:
        await remove_staff(transaction, nora.account_id, StaffRole.PRIVACY_TEAM)
    await make_staff(deployed, nora, StaffRole.OPERATOR)
    with pytest.raises(OrganisationNotFoundError):
        await authenticate(deployed, await credentials_of(deployed, nora, organisation="acme"))


async def test_a_person_without_an_organisation_is_a_customer_of_the_provider(deployed, nora, owner):
    await owner.execute("delete from staff")
    actor = await authenticate(deployed, await credentials_of(deployed, nora))
    assert (actor.organisation_id, actor.member_id, actor.roles) == (PROVIDER_ID, None, {Role.CUSTOMER})
    assert (actor.staff_roles, actor.kind) == (frozenset(), "member")
    named = await authenticate(deployed, await credentials_of(deployed, nora, organisation="provider"))
    assert replace(named, credential_id=actor.credential_id) == actor


async def test_who_has_an_organisation_does_not_get_to_the_provider(deployed, bob, owner):
    absent = await _refusal(deployed, bob, "absent")
    assert await _refusal(deployed, bob, "provider") == absent
    await owner.execute("update member set state = 'deactivated'")
    actor = await authenticate(deployed, await credentials_of(deployed, bob))
    assert actor.organisation_id == bob.organisation_id, "without a name it is the only one, as before"
    named = await authenticate(deployed, await credentials_of(deployed, bob, organisation="provider"))
    assert (named.organisation_id, named.roles) == (PROVIDER_ID, {Role.CUSTOMER}), "whose memberships have ended"


async def _refusal(deployed, person, slug):
    with pytest.raises(OrganisationNotFoundError) as refused:
        await authenticate(deployed, await credentials_of(deployed, person, organisation=slug))
    return refused.value.message


async def test_a_customer_who_joined_an_organisation_names_the_provider_for_what_was_asked_there(
    deployed, database, bob
):
    customer = await make_customer(database, bob.account_id)
    actor = await authenticate(deployed, await credentials_of(deployed, bob))
    assert actor.organisation_id == bob.organisation_id, "the provider's counts as none"
    named = await authenticate(deployed, await credentials_of(deployed, bob, organisation="provider"))
    assert (named.member_id, named.roles) == (customer, {Role.CUSTOMER})


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.CUSTOMER}))
async def test_nobody_has_another_role_at_the_provider(database, bob, role):
    customer = await make_customer(database, bob.account_id)
    with pytest.raises(CheckViolationError):
        await _give(database, PROVIDER_ID, customer, role)


async def test_nobody_is_a_customer_of_an_organisation(database, bob):
    with pytest.raises(CheckViolationError):
        await _give(database, bob.organisation_id, bob.member_id, Role.CUSTOMER)


async def test_there_is_one_provider_for_ever(owner):
    assert await owner.fetchval("select id from organisation where kind = 'provider'") == PROVIDER_ID
    with pytest.raises(RaiseError, match="never deleted"):
        await owner.execute("delete from organisation")
    with pytest.raises(CheckViolationError):
        await owner.execute("update organisation set kind = 'customer'")
    with pytest.raises(CheckViolationError):
        await owner.execute("update organisation set state = 'suspended'")


async def _give(database, organisation_id, member_id, role):
    async with database.tenant(organisation_id) as transaction:
        await transaction.execute(
            "insert into role_assignment (organisation_id, id, created_at, member_id, role)"
            " values ($1, $2, now(), $3, $4)",
            organisation_id,
            uuid7(),
            member_id,
            role.value,
        )


async def make_customer(database, account_id):
    member_id = uuid7()
    async with database.tenant(PROVIDER_ID) as transaction:
        await transaction.execute(
            "insert into member (organisation_id, id, created_at, account_id, display_name, pseudonym, joined_at)"
            " values ($1, $2, now(), $3, 'A customer', 'Pseudonym', now())",
            PROVIDER_ID,
            member_id,
            account_id,
        )
    await _give(database, PROVIDER_ID, member_id, Role.CUSTOMER)
    return member_id
