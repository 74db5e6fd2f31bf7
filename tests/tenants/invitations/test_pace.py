"""Inviting and revoking fills no mailbox, whoever does it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.builders import access_for, make_member, make_organisation
from tests.mails import waiting_mails
from wardship.core.actor import Role
from wardship.tenants.invitations import pace
from wardship.tenants.invitations.invite import invite_member, revoke_invitation
from wardship.tenants.invitations.pace import TooManyInvitationsError

pytestmark = pytest.mark.anyio


async def _invite_and_revoke(services, admin, email) -> None:
    async with access_for(services, admin.actor(at=services.clock.now())) as access:
        invitation = await invite_member(access, email)
    async with access_for(services, admin.actor(at=services.clock.now())) as access:
        await revoke_invitation(access, invitation.id)


@pytest.fixture
async def adam(database):
    return await make_member(database, await make_organisation(database, "a"), Role.ORG_ADMIN)


async def test_one_organisation_sends_one_mailbox_three_letters_a_day(services, adam, owner, clock):
    for email in ("ann@example.org", "ann+news@example.org", "Ann+More@Example.ORG"):
        await _invite_and_revoke(services, adam, email)
    with pytest.raises(TooManyInvitationsError, match="to this mailbox: try again in 6 hours") as refused:
        await _invite_and_revoke(services, adam, "ann+4@example.org")
    assert refused.value.path == ("email",)
    assert len(await waiting_mails(services)) == await owner.fetchval("select count(*) from invitation") == 3
    await _invite_and_revoke(services, adam, "bob@example.org")
    clock.advance(timedelta(hours=6))
    await _invite_and_revoke(services, adam, "ann@example.org")
    with pytest.raises(TooManyInvitationsError, match="in 12 hours"):
        await _invite_and_revoke(services, adam, "ann@example.org")


async def test_all_organisations_together_send_one_mailbox_ten_and_one_does_not_use_them_up(
    services, adam, database, owner
):
    others = [
        await make_member(database, await make_organisation(database, f"o{number}"), Role.ORG_ADMIN)
        for number in range(4)
    ]
    for admin in (adam, *others[:2]):
        for _ in range(3):
            await _invite_and_revoke(services, admin, "ann@example.org")
    await _invite_and_revoke(services, others[2], "ann@example.org")
    with pytest.raises(TooManyInvitationsError):
        await _invite_and_revoke(services, others[3], "ann@example.org")
    assert await owner.fetchval("select count(*) from invitation") == 10


async def test_organisation_sends_so_many_a_day(services, adam, monkeypatch, owner):
    limit = pace.Limit("invitations", 2, timedelta(days=1), timedelta(minutes=15), timedelta(hours=6))
    monkeypatch.setattr(pace, "BY_ORGANISATION", limit)
    for number in range(2):
        await _invite_and_revoke(services, adam, f"person{number}@example.org")
    with pytest.raises(TooManyInvitationsError, match="by this organisation"):
        await _invite_and_revoke(services, adam, "person2@example.org")
    assert await owner.fetchval("select count(*) from invitation") == 2


async def test_letters_sent_at_the_same_moment_are_counted_too(services, adam, database):
    admins = [
        await make_member(database, await make_organisation(database, f"o{number}"), Role.ORG_ADMIN)
        for number in range(12)
    ]
    answers = await asyncio.gather(
        *(_invite_and_revoke(services, admin, "ann@example.org") for admin in admins), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["NoneType"] * 10 + ["TooManyInvitationsError"] * 2
    assert adam.email


async def test_refused_invitation_counts_nothing(services, adam, owner):
    for _ in range(5):
        with pytest.raises(Exception, match="not an e-mail address"):
            await _invite_and_revoke(services, adam, "nobody")
    assert await owner.fetchval("select count(*) from sign_in_attempt") == 0
