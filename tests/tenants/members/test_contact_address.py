"""The address by which an organisation knows a member: proven by the person, or corrected where there is no account."""

from __future__ import annotations

import pytest

from tests.builders import NOW, access_for, make_member
from tests.mails import invitation_token
from wardship.core.accounts.address import InvalidAddressError
from wardship.core.actor import Role
from wardship.core.errors import NotFoundError
from wardship.core.identifiers import uuid7
from wardship.tenants.invitations.accept import accept_invitation
from wardship.tenants.invitations.correct import correct_member_email
from wardship.tenants.invitations.invite import InvitationEndedError, invite_member
from wardship.tenants.members.add import AlreadyMemberError, ImportRow, import_members
from wardship.tenants.members.contact_address import (
    AddressNotProvenError,
    MemberHasAccountError,
    choose_contact_address,
)
from wardship.tenants.members.ranks import NotBelowYouError

pytestmark = pytest.mark.anyio

NEW = "ada@new.example.org"


async def prove(owner, person, address=NEW, *, verified=True) -> None:
    await owner.execute(
        "insert into account_email (id, created_at, account_id, address, verified_at) values ($1, $2, $3, $4, $5)",
        uuid7(),
        NOW,
        person.account_id,
        address,
        NOW if verified else None,
    )


async def _email(owner, member_id) -> str:
    return await owner.fetchval("select email from member where id = $1", member_id)


async def _imported(services, admin, email="typo@example.org"):
    async with access_for(services, admin) as access:
        (result,) = await import_members(access, [ImportRow(email)])
    return result.member_id


async def test_member_is_known_by_another_proven_address(services, ada, owner):
    await prove(owner, ada)
    async with access_for(services, ada) as access:
        assert (await choose_contact_address(access, "Ada@New.Example.ORG")).email == NEW
    assert await _email(owner, ada.member_id) == NEW


@pytest.mark.parametrize("case", ["unknown", "waits", "another's"])
async def test_address_that_the_account_has_not_proven_is_refused(services, ada, admin, owner, case):
    if case == "waits":
        await prove(owner, ada, verified=False)
    elif case == "another's":
        await prove(owner, admin)
    async with access_for(services, ada) as access:
        with pytest.raises(AddressNotProvenError):
            await choose_contact_address(access, NEW)
    assert await _email(owner, ada.member_id) == "ada@example.org"


async def test_address_of_another_member_is_refused(services, ada, admin, owner):
    await _imported(services, admin, NEW)
    await prove(owner, ada)
    async with access_for(services, ada) as access:
        with pytest.raises(AlreadyMemberError):
            await choose_contact_address(access, NEW)
    assert await _email(owner, ada.member_id) == "ada@example.org"


async def test_administrator_corrects_the_address_of_a_member_without_account_and_old_invitations_die(
    services, admin, ada, owner
):
    member_id = await _imported(services, admin)
    async with access_for(services, admin) as access:
        await invite_member(access, "typo@example.org")
    token = await invitation_token(services)
    async with access_for(services, admin) as access:
        assert (await correct_member_email(access, member_id, "Right@Example.org")).email == "right@example.org"
    assert await _email(owner, member_id) == "right@example.org"
    await prove(owner, ada, "typo@example.org")
    with pytest.raises(InvitationEndedError):
        await accept_invitation(services, ada.account_id, token, request_id="test")
    assert await owner.fetchval("select account_id from member where id = $1", member_id) is None


async def test_administrator_changes_no_address_of_a_member_with_an_account(services, admin, ada, owner):
    """Else an administrator would take an account over by its address."""
    before = await owner.fetch("select * from account_email order by id")
    async with access_for(services, admin) as access:
        with pytest.raises(MemberHasAccountError):
            await correct_member_email(access, ada.member_id, "admin@example.org")
    assert await _email(owner, ada.member_id) == "ada@example.org"
    assert await owner.fetch("select * from account_email order by id") == before


async def test_only_who_may_and_ranks_above_corrects(services, acme, database, admin, ada, owner):
    member_id = await _imported(services, admin)
    async with access_for(services, ada) as access:
        with pytest.raises(NotFoundError):
            await correct_member_email(access, member_id, "right@example.org")
    peer = await make_member(database, acme, Role.ORG_ADMIN)
    await owner.execute("update member set account_id = null where id = $1", peer.member_id)
    async with access_for(services, admin) as access:
        with pytest.raises(NotBelowYouError):
            await correct_member_email(access, peer.member_id, "right@example.org")
        with pytest.raises(InvalidAddressError):
            await correct_member_email(access, member_id, "nobody")
        with pytest.raises(AlreadyMemberError):
            await correct_member_email(access, member_id, "ada@example.org")
    assert await _email(owner, member_id) == "typo@example.org"
