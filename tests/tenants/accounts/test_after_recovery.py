"""What waited for an account when it was recovered is nobody's any more: offers and invitations are made again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import access_for, make_member, make_organisation
from tests.tenants.accounts.test_recovery import finish
from wardship.core.actor import Role
from wardship.core.errors import NotFoundError
from wardship.tenants.invitations.accept import accept_invitation
from wardship.tenants.invitations.invite import InvitationEndedError, invite_member
from wardship.tenants.organisations.transfer import accept_ownership, cancel_ownership_offer, offer_ownership

pytestmark = pytest.mark.anyio


async def test_ownership_offered_before_a_recovery_is_not_taken_after_it(
    recovering, ann, open_browser, owner, services, clock
):
    """Two administrators, who rank below the owner, would else get by the recovery what they could not give."""
    async with access_for(services, recovering.boss.actor(at=clock.now())) as access:
        transfer = await offer_ownership(access, recovering.person.member_id)
    await recovering.approve(await recovering.begin(), recovering.boss)
    await recovering.tick(hours=48)
    await finish(open_browser("198.51.100.4"), ann, await recovering.token("Set a new second factor"))
    with pytest.raises(NotFoundError, match="recovered after this was offered"):
        async with access_for(services, recovering.person.actor(at=clock.now())) as access:
            await accept_ownership(access, transfer.id)
    owners = "select member_id from role_assignment where role = 'org_owner'"
    assert await owner.fetchval(owners) == recovering.boss.member_id
    assert await owner.fetchval("select state from ownership_transfer") == "offered"
    clock.advance(timedelta(minutes=1))
    async with access_for(services, recovering.boss.actor(at=clock.now())) as access:
        await cancel_ownership_offer(access, transfer.id)
        again = await offer_ownership(access, recovering.person.member_id)
    async with access_for(services, recovering.person.actor(at=clock.now())) as access:
        await accept_ownership(access, again.id)
    assert await owner.fetchval(owners) == recovering.person.member_id


async def test_invitation_from_before_a_recovery_opens_no_other_organisation(
    recovering, ann, open_browser, owner, database, services, clock
):
    other = await make_organisation(database, "other")
    inviter = await make_member(database, other, Role.ORG_OWNER)
    async with access_for(services, inviter.actor(at=clock.now())) as access:
        await invite_member(access, ann.email)
    token = await recovering.token_of_invitation()
    link = await recovering.opened()
    await finish(open_browser("198.51.100.4"), ann, link)
    with pytest.raises(InvitationEndedError, match="recovered after this invitation"):
        await accept_invitation(services, recovering.person.account_id, token, request_id="test")
    assert await owner.fetchval("select count(*) from member where account_id = $1", recovering.person.account_id) == 1
    clock.advance(timedelta(days=8))
    async with access_for(services, inviter.actor(at=clock.now())) as access:
        await invite_member(access, ann.email)
    token = await recovering.token_of_invitation()
    await accept_invitation(services, recovering.person.account_id, token, request_id="test")
    assert await owner.fetchval("select count(*) from member where account_id = $1", recovering.person.account_id) == 2
