"""What a member had handed out to programs and people ends with the membership, and does not come back with it."""

from __future__ import annotations

import asyncio
from contextvars import Context
from datetime import timedelta

import pytest

from tests.builders import NOW, access_for, make_member, make_organisation
from wardship.core.actor import Role
from wardship.core.errors import NotFoundError
from wardship.core.http.credentials import RequestCredentials
from wardship.core.sign_in.authentication import authenticate
from wardship.core.sign_in.sessions import NotAuthenticatedError
from wardship.core.tokens.tokens import TokenRequest, create_token, list_tokens
from wardship.tenants.invitations.invite import invite_member
from wardship.tenants.invitations.read import list_invitations
from wardship.tenants.members.membership import deactivate_member, reactivate_member, remove_member
from wardship.tenants.members.roles import withdraw_role
from wardship.tenants.paging import PageRequest

_REVOKED = "access_token.revoked"


async def _token(services, person, *scopes: str) -> str:
    request = TokenRequest("script", scopes or ("read", "write"), NOW + timedelta(days=30))
    async with services.database.tenant(person.organisation_id, directory=True) as transaction:
        _, text = await create_token(transaction, person.account_id, person.organisation_id, request, at=NOW)
    return text


async def _actor(services, text):
    credentials = RequestCredentials(authorization=f"Bearer {text}")
    return await authenticate(services, credentials)


async def _do(services, who, action, *arguments):
    async with access_for(services, who) as access:
        return await action(access, *arguments)


async def test_token_dies_with_a_removal_and_does_not_come_back_by_an_invitation(services, admin, ada, owner):
    text = await _token(services, ada)
    assert (await _actor(services, text)).member_id == ada.member_id
    await _do(services, admin, remove_member, ada.member_id)
    await owner.execute("update member set state = 'active' where id = $1", ada.member_id)
    with pytest.raises(NotAuthenticatedError):
        await _actor(services, text)
    async with services.database.directory() as transaction:
        assert await list_tokens(transaction, ada.account_id) == []
    entries = await owner.fetch("select entry::jsonb ->> 'purpose' as why from audit_entry where action = $1", _REVOKED)
    assert [row["why"] for row in entries] == ["membership_ended"]


async def test_token_dies_with_a_suspension_and_does_not_come_back_with_the_reactivation(services, admin, ada):
    text = await _token(services, ada)
    await _do(services, admin, deactivate_member, ada.member_id)
    await _do(services, admin, reactivate_member, ada.member_id)
    with pytest.raises(NotAuthenticatedError):
        await _actor(services, text)


async def test_tokens_for_other_organisations_and_of_other_members_live_on(services, database, admin, ada, acme):
    other = await make_organisation(database, "other")
    elsewhere = await make_member(database, other, account_id=ada.account_id, email="ada@elsewhere.example.org")
    bob = await make_member(database, acme)
    kept = [await _token(services, elsewhere), await _token(services, bob)]
    await _do(services, admin, remove_member, ada.member_id)
    for text in kept:
        assert (await _actor(services, text)).roles


async def test_token_loses_what_a_withdrawn_role_gave_at_once(services, database, acme, admin):
    boss = await make_member(database, acme, Role.ORG_OWNER)
    text = await _token(services, admin)
    assert Role.ORG_ADMIN in (await _actor(services, text)).roles
    await _do(services, boss, withdraw_role, admin.member_id, Role.ORG_ADMIN)
    assert (await _actor(services, text)).roles == {Role.MEMBER}


async def test_token_that_is_made_while_the_membership_ends_dies_too(services, admin, ada, owner):
    request = TokenRequest("script", ["read"], NOW + timedelta(days=30))
    async with services.database.tenant(ada.organisation_id, directory=True) as transaction:
        await create_token(transaction, ada.account_id, ada.organisation_id, request, at=NOW)
        removing = asyncio.create_task(_do(services, admin, remove_member, ada.member_id), context=Context())
        waiting = "select exists (select from pg_stat_activity where wait_event_type = 'Lock')"
        while not await owner.fetchval(waiting):
            assert not removing.done(), "the removal did not wait for the token"
            await asyncio.sleep(0)
    await removing
    assert await owner.fetchval("select count(*) from access_token where revoked_at is null") == 0


async def test_nobody_who_has_left_gets_a_token(services, admin, ada):
    await _do(services, admin, remove_member, ada.member_id)
    with pytest.raises(NotFoundError):
        await _token(services, ada)


@pytest.mark.parametrize("end", [deactivate_member, remove_member])
async def test_invitations_end_with_the_membership_of_who_sent_them(services, database, acme, admin, end):
    boss = await make_member(database, acme, Role.ORG_OWNER)
    await _do(services, admin, invite_member, "new@example.org")
    await _do(services, boss, end, admin.member_id)
    (sent,) = (await _do(services, boss, list_invitations, PageRequest(5))).items
    assert sent.state == "revoked"
    again = await _do(services, boss, invite_member, "new@example.org")
    assert again.state == "open", "another one is sent without waiting for the end of the first"
