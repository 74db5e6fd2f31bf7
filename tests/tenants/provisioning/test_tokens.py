"""Provisioning tokens: made with a fresh second factor, told once, kept as a hash, ended at once, and bound."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import access_for, make_member, make_organisation, system_access
from tests.tenants.operating import commanding
from wardship.core.actor import Role
from wardship.core.errors import InvalidInputError, NotFoundError, PermissionDeniedError
from wardship.core.http.credentials import RequestCredentials
from wardship.core.sign_in.authentication import authenticate
from wardship.core.sign_in.sessions import NotAuthenticatedError
from wardship.tenants.access import StepUpRequiredError
from wardship.tenants.organisation_lifecycle.changes import suspend_organisation
from wardship.tenants.organisations.states import OrganisationNotActiveError
from wardship.tenants.paging import PageRequest
from wardship.tenants.provisioning.tokens import (
    MOST_TOKENS,
    PREFIX,
    ProvisioningTokenNameTakenError,
    TooManyProvisioningTokensError,
    create_provisioning_token,
    list_provisioning_tokens,
    revoke_provisioning_token,
    token_hash,
)

pytestmark = pytest.mark.anyio
FOUND = "select organisation_id, token_id from authenticate_provisioning($1, $2)"


async def _made(services, person, name="Entra", **options):
    async with access_for(services, person) as access:
        return await create_provisioning_token(access, name, **options)


async def _owner_of(services, text: str):
    row = await services.database.look_up(FOUND, token_hash(text), services.clock.now())
    return None if row is None else row["organisation_id"]


async def test_token_is_told_once_and_kept_as_a_hash(services, owner, admin):
    issued = await _made(services, admin)
    assert issued.text.startswith(PREFIX)
    (row,) = await owner.fetch("select * from provisioning_token")
    assert row["token_hash"] == token_hash(issued.text)
    assert issued.text not in str(dict(row))
    assert row["created_by"] == admin.member_id
    assert await _owner_of(services, issued.text) == admin.organisation_id
    entries = await owner.fetch("select action, entry from audit_entry")
    assert [row["action"] for row in entries] == ["provisioning_token.created"]
    assert issued.text not in entries[0]["entry"]


async def test_token_works_until_it_expires(services, clock, admin):
    issued = await _made(services, admin, expires_at=clock.now() + timedelta(days=2))
    clock.advance(timedelta(days=2) - timedelta(seconds=1))
    assert await _owner_of(services, issued.text) == admin.organisation_id
    clock.advance(timedelta(seconds=1))
    assert await _owner_of(services, issued.text) is None


async def test_revoked_token_is_unknown_at_once_and_its_row_stays(services, admin):
    issued = await _made(services, admin)
    async with access_for(services, admin) as access:
        revoked = await revoke_provisioning_token(access, issued.token.id)
    assert revoked.revoked_at is not None
    assert await _owner_of(services, issued.text) is None
    with pytest.raises(NotFoundError):
        async with access_for(services, admin) as access:
            await revoke_provisioning_token(access, issued.token.id)
    async with access_for(services, admin) as access:
        (listed,) = (await list_provisioning_tokens(access, PageRequest())).items
    assert (listed.id, listed.revoked_at) == (issued.token.id, revoked.revoked_at)


@pytest.mark.parametrize("days", [0, 367])
async def test_token_ends_within_a_year(services, owner, clock, admin, days):
    with pytest.raises(InvalidInputError, match="366 days"):
        await _made(services, admin, expires_at=clock.now() + timedelta(days=days))
    assert await owner.fetchval("select count(*) from provisioning_token") == 0


async def test_no_more_than_ten_live_at_once(services, owner, admin):
    issued = [await _made(services, admin, f"Entra {number}") for number in range(MOST_TOKENS)]
    with pytest.raises(TooManyProvisioningTokensError):
        await _made(services, admin)
    assert await owner.fetchval("select count(*) from provisioning_token") == MOST_TOKENS
    async with access_for(services, admin) as access:
        await revoke_provisioning_token(access, issued[0].token.id)
    await _made(services, admin)


async def test_no_two_in_use_have_one_name(services, owner, clock, admin):
    issued = await _made(services, admin, expires_at=clock.now() + timedelta(days=2))
    before = await owner.fetch("select * from provisioning_token")
    with pytest.raises(ProvisioningTokenNameTakenError, match="never saw its text") as refusal:
        await _made(services, admin, " Entra ")
    assert refusal.value.path == ("name",)
    assert await owner.fetch("select * from provisioning_token") == before
    clock.advance(timedelta(days=2))
    later = admin.actor(at=clock.now())
    again = await _made(services, later)
    async with access_for(services, later) as access:
        await revoke_provisioning_token(access, again.token.id)
    assert (await _made(services, later)).token.name == issued.token.name


async def test_nobody_makes_or_revokes_one_without_a_fresh_second_factor(services, owner, admin):
    issued = await _made(services, admin)
    before = await owner.fetch("select * from provisioning_token")
    stale = admin.actor(stepped_up=False)
    with pytest.raises(StepUpRequiredError):
        async with access_for(services, stale) as access:
            await create_provisioning_token(access, "Okta")
    with pytest.raises(StepUpRequiredError):
        async with access_for(services, stale) as access:
            await revoke_provisioning_token(access, issued.token.id)
    assert await owner.fetch("select * from provisioning_token") == before
    assert await owner.fetchval("select count(*) from notice") == 0


@pytest.mark.parametrize("role", [Role.MEMBER, Role.AUDITOR, Role.PRIVACY_OFFICER, Role.TECHNICAL_CONTACT])
async def test_those_who_administer_make_one_and_nobody_else(services, database, owner, acme, role):
    person = await make_member(database, acme, role)
    with pytest.raises(PermissionDeniedError):
        await _made(services, person)
    assert await owner.fetchval("select count(*) from provisioning_token") == 0


async def test_token_of_another_organisation_is_not_found(services, database, owner, admin):
    issued = await _made(services, admin)
    other = await make_member(database, await make_organisation(database, "other"), Role.ORG_OWNER)
    with pytest.raises(NotFoundError):
        async with access_for(services, other) as access:
            await revoke_provisioning_token(access, issued.token.id)
    async with access_for(services, other) as access:
        assert (await list_provisioning_tokens(access, PageRequest())).items == []
    assert await owner.fetchval("select revoked_at from provisioning_token") is None


async def test_token_of_a_suspended_organisation_is_unknown_and_none_is_made(services, owner, admin):
    issued = await _made(services, admin)
    async with commanding(services) as access:
        await suspend_organisation(access, "acme", reason="unpaid")
    assert await _owner_of(services, issued.text) is None
    with pytest.raises(OrganisationNotActiveError):
        await _made(services, admin)
    assert await owner.fetchval("select count(*) from provisioning_token") == 1


async def test_operator_makes_one_for_an_organisation(services, owner, acme):
    async with system_access(services, acme) as access:
        issued = await create_provisioning_token(access, "command line")
    assert await _owner_of(services, issued.text) == acme.id
    assert await owner.fetchval("select created_by from provisioning_token") is None


async def test_api_does_not_know_a_provisioning_token(services, admin):
    issued = await _made(services, admin)
    with pytest.raises(NotAuthenticatedError):
        await authenticate(services, RequestCredentials(authorization=f"Bearer {issued.text}"))
