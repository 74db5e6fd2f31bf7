"""Invitations: sent, revoked, accepted by the invited address only."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import NOW, access_for, make_group, make_member, make_organisation
from tests.fixed_clock import TickingClock
from tests.mails import invitation_token, waiting_mails
from wardship.core.accounts.tombstones import suppress
from wardship.core.actor import Role
from wardship.core.errors import InvalidInputError, NotFoundError, PermissionDeniedError
from wardship.tenants.invitations.accept import WrongAddressError, accept_invitation
from wardship.tenants.invitations.invite import (
    InvitationEndedError,
    InvitationOpenError,
    invite_member,
    revoke_invitation,
)
from wardship.tenants.invitations.read import invitation_by_id, list_invitations
from wardship.tenants.members.add import AlreadyMemberError, ImportRow, import_members
from wardship.tenants.members.membership import remove_member
from wardship.tenants.members.ranks import NotBelowYouError
from wardship.tenants.members.tombstones import ErasedAddressError
from wardship.tenants.paging import PageRequest

pytestmark = pytest.mark.anyio


@pytest.fixture
async def place(database):
    organisation = await make_organisation(database, "a", name="Alpha")
    adam = await make_member(database, organisation, Role.ORG_ADMIN, name="Adam")
    ann = await make_member(database, await make_organisation(database, "b"), name="Ann", email="ann@example.org")
    return organisation, adam, ann


async def _do(services, person, action, *arguments, **more):
    async with access_for(services, person) as access:
        return await action(access, *arguments, **more)


async def _accept(services, person, token):
    return await accept_invitation(services, person.account_id, token, request_id="test-request")


async def test_invited_person_joins_with_roles_and_group(services, database, owner, place):
    organisation, adam, ann = place
    group = await make_group(database, organisation, "Team")
    invitation = await _do(services, adam, invite_member, "Ann@Example.ORG", roles=[Role.AUDITOR], group_id=group)
    assert invitation.email == "ann@example.org"
    (mail,) = await waiting_mails(services)
    assert (mail.recipient, mail.subject) == ("ann@example.org", "Invitation to Alpha")
    token = await invitation_token(services)
    assert token.encode() not in await owner.fetchval("select token_hash from invitation")
    assert f"{services.settings.public_url}/invitations/{token}" in mail.body
    joined = await _accept(services, ann, token)
    row = await owner.fetchrow("select * from member where id = $1", joined.member_id)
    assert (row["organisation_id"], row["account_id"], row["display_name"], row["email"], row["state"]) == (
        organisation.id,
        ann.account_id,
        "Ann",
        "ann@example.org",
        "active",
    )
    held = await owner.fetch("select role from role_assignment where member_id = $1 order by role", joined.member_id)
    assert [item["role"] for item in held] == ["auditor", "member"]
    assert await owner.fetchval("select member_id from group_membership") == joined.member_id
    with pytest.raises(InvitationEndedError):
        await _accept(services, ann, token)


async def test_accepted_twice_at_once_it_brings_one_membership(services, database, owner, place):
    organisation, adam, ann = place
    group = await make_group(database, organisation, "Team")
    await _do(services, adam, invite_member, "ann@example.org", group_id=group)
    token = await invitation_token(services)
    await owner.execute("update user_group set archived_at = now()")
    results = await asyncio.gather(*(_accept(services, ann, token) for _ in range(4)), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["InvitationEndedError"] * 3 + ["Joined"]
    count = "select count(*) from member where organisation_id = $1 and account_id = $2"
    assert await owner.fetchval(count, organisation.id, ann.account_id) == 1
    assert await owner.fetchval("select count(*) from group_membership") == 0  # the group was closed meanwhile


async def test_forwarded_link_is_refused(services, database, owner, place):
    _, adam, _ = place
    eve = await make_member(database, await make_organisation(database, "c"), email="eve@example.org")
    await _do(services, adam, invite_member, "ann@example.org")
    token = await invitation_token(services)
    before = await owner.fetchval("select count(*) from member")
    with pytest.raises(WrongAddressError):
        await _accept(services, eve, token)
    await owner.execute("update account_email set verified_at = null where address = 'ann@example.org'")
    with pytest.raises(WrongAddressError):
        await _accept(services, place[2], token)
    with pytest.raises(NotFoundError):
        await _accept(services, eve, "x" * 43)
    assert await owner.fetchval("select count(*) from member") == before
    assert await owner.fetchval("select accepted_at from invitation") is None


async def test_revoked_and_expired_invitations_bring_nobody_in(services, clock, place):
    _, adam, ann = place
    invitation = await _do(services, adam, invite_member, "ann@example.org")
    revoked = await _do(services, adam, revoke_invitation, invitation.id)
    assert revoked.state == "revoked"
    assert revoked == await _do(services, adam, invitation_by_id, invitation.id)
    with pytest.raises(InvitationEndedError):
        await _accept(services, ann, await invitation_token(services))
    with pytest.raises(InvitationEndedError):
        await _do(services, adam, revoke_invitation, invitation.id)
    clock.advance(timedelta(seconds=1))
    await _do(services, adam, invite_member, "ann@example.org")
    token = await invitation_token(services)
    clock.advance(timedelta(days=7))
    with pytest.raises(InvitationEndedError):
        await _accept(services, ann, token)
    async with access_for(services, adam.actor(at=clock.now())) as access:
        await invite_member(access, "ann@example.org")  # an expired one does not block the next
        page = await list_invitations(access, PageRequest(), is_open_only=True)
        assert [item.state for item in page.items] == ["open"]
        states = [item.state for item in (await list_invitations(access, PageRequest())).items]
    assert states == ["revoked", "revoked", "open"]


async def test_revoked_invitation_is_returned_with_the_moment_that_is_stored(services, owner, place):
    _, adam, _ = place
    moving = replace(services, clock=TickingClock(NOW))
    invitation = await _do(moving, adam, invite_member, "ann@example.org")
    revoked = await _do(moving, adam, revoke_invitation, invitation.id)
    assert revoked.revoked_at == await owner.fetchval("select revoked_at from invitation where id = $1", invitation.id)


async def test_only_one_open_invitation_for_an_address(services, owner, place):
    _, adam, _ = place
    await _do(services, adam, invite_member, "ann@example.org")
    with pytest.raises(InvitationOpenError):
        await _do(services, adam, invite_member, "ANN@example.org")
    assert await owner.fetchval("select count(*) from outgoing_mail") == 1


async def test_refusals_send_nothing(services, database, owner, place):
    organisation, adam, _ = place
    plain = await make_member(database, organisation, email="plain@example.org")
    async with services.database.directory() as transaction:
        now = services.clock.now()
        await suppress(
            transaction, services.keys, {"email": ["gone@example.org"]}, organisation_id=organisation.id, at=now
        )
    for person, address, more, refusal in (
        (plain, "new@example.org", {}, PermissionDeniedError),
        (adam, "new@example.org", {"roles": [Role.ORG_ADMIN]}, NotBelowYouError),
        (adam, "new@example.org", {"roles": [Role.ORG_OWNER]}, InvalidInputError),
        (adam, "plain@example.org", {}, AlreadyMemberError),
        (adam, "gone@example.org", {}, ErasedAddressError),
        (adam, "nonsense", {}, InvalidInputError),
        (adam, "new@example.org", {"group_id": organisation.id}, NotFoundError),
    ):
        with pytest.raises(refusal):
            await _do(services, person, invite_member, address, **more)
    assert await owner.fetchval("select count(*) from outgoing_mail") == 0
    assert await owner.fetchval("select count(*) from invitation") == 0
    assert await owner.fetchval("select count(*) from audit_entry") == 0


async def test_imported_person_takes_up_the_prepared_membership(services, owner, place):
    _, adam, ann = place
    (imported,) = await _do(services, adam, import_members, [ImportRow("ann@example.org", {"job_title": "Nurse"})])
    await _do(services, adam, invite_member, "ann@example.org")
    joined = await _accept(services, ann, await invitation_token(services))
    assert joined.member_id == imported.member_id
    assert await owner.fetchval("select account_id from member where id = $1", joined.member_id) == ann.account_id


async def test_removed_member_who_is_invited_again_takes_up_the_former_membership(services, owner, clock, place):
    _, adam, ann = place
    await _do(services, adam, invite_member, "ann@example.org")
    first = await _accept(services, ann, await invitation_token(services))
    await _do(services, adam, remove_member, first.member_id)
    clock.advance(timedelta(seconds=1))
    await _do(services, adam, invite_member, "ann@example.org")
    again = await _accept(services, ann, await invitation_token(services))
    assert again == first
    assert await owner.fetchval("select state from member where id = $1", again.member_id) == "active"


async def test_deactivated_member_is_not_brought_back_by_an_invitation_of_another_address(services, owner, place):
    organisation, adam, ann = place
    await _do(services, adam, invite_member, "ann@example.org")
    joined = await _accept(services, ann, await invitation_token(services))
    await owner.execute("update member set state = 'deactivated' where id = $1", joined.member_id)
    await owner.execute(
        "insert into account_email (id, created_at, account_id, address, verified_at)"
        " values (gen_random_uuid(), now(), $1, 'second@example.org', now())",
        ann.account_id,
    )
    await owner.execute("delete from outgoing_mail")
    await _do(services, adam, invite_member, "second@example.org")
    with pytest.raises(AlreadyMemberError):
        await _accept(services, ann, await invitation_token(services))
    assert await owner.fetchval("select state from member where id = $1", joined.member_id) == "deactivated"
    assert organisation.id == joined.organisation_id


async def test_invitations_of_others_are_not_found(services, database, place):
    _, adam, _ = place
    invitation = await _do(services, adam, invite_member, "new@example.org")
    stranger = await make_member(database, await make_organisation(database, "z"), Role.ORG_OWNER)
    with pytest.raises(NotFoundError):
        await _do(services, stranger, revoke_invitation, invitation.id)


@pytest.mark.parametrize(
    "change",
    [
        "update member set state = 'deactivated' where id = $1",
        "update member set state = 'removed' where id = $1",
        "delete from role_assignment where member_id = $1 and role = 'org_admin'",
        "update role_assignment set role = 'auditor' where member_id = $1 and role = 'org_admin'",
    ],
)
async def test_invitation_does_not_outlive_its_senders_rights(services, owner, place, change):
    organisation, adam, ann = place
    await _do(services, adam, invite_member, "ann@example.org", roles=[Role.PRIVACY_OFFICER])
    await owner.execute(change, adam.member_id)
    before = await owner.fetchval("select count(*) from audit_entry")
    with pytest.raises(InvitationEndedError, match="may not invite you so any more"):
        await _accept(services, ann, await invitation_token(services))
    assert await owner.fetchval("select count(*) from member where organisation_id = $1", organisation.id) == 1
    assert await owner.fetchval("select accepted_at from invitation") is None
    assert await owner.fetchval("select count(*) from audit_entry") == before
