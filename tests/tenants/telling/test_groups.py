"""What people are told about groups that they are in."""

from __future__ import annotations

import pytest

from tests.builders import Person, access_for, make_group, make_member
from tests.tenants.telling.postman import Postman, tells
from wardship.tenants.groups.change import archive_group, restore_group
from wardship.tenants.groups.notices import GROUP_ARCHIVED, GROUP_JOINED, GROUP_LEFT, GROUP_RESTORED, GROUP_ROLE
from wardship.tenants.groups.people import AlreadyInGroupError, add_to_group, remove_from_group, set_group_role
from wardship.tenants.groups.visibility import GroupRole

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("elsewhere")]
NAME = 'Rowers "& Söhne" אלפא'


@pytest.fixture
async def bob(database, acme) -> Person:
    return await make_member(database, acme, name="Bob", email="bob@example.org")


@pytest.fixture
async def group(database, acme, bob):
    """A group with one in it."""
    return await make_group(database, acme, NAME, bob)


async def _do(services, who: Person, act, *arguments):
    async with access_for(services, who) as access:
        return await act(access, *arguments)


@tells(GROUP_JOINED)
async def test_who_is_put_into_a_group_is_told_once_and_nobody_else(services, admin, ada, group, postman: Postman):
    await _do(services, admin, add_to_group, group, ada.member_id, GroupRole.GROUP_ADMIN)
    with pytest.raises(AlreadyInGroupError):
        await _do(services, admin, add_to_group, group, ada.member_id)
    (mail,) = await postman.mails(GROUP_JOINED)
    assert (mail.recipient, mail.subject) == (ada.email, f"You are in the group “{NAME}” now")
    assert "as its admin" in mail.body


@tells(GROUP_LEFT)
async def test_who_is_taken_out_of_a_group_is_told_and_who_leaves_is_not(
    services, admin, ada, bob, group, postman: Postman
):
    await _do(services, admin, add_to_group, group, ada.member_id)
    await _do(services, admin, remove_from_group, group, ada.member_id)
    await _do(services, bob, remove_from_group, group, bob.member_id)
    (mail,) = await postman.mails(GROUP_LEFT)
    assert (mail.recipient, mail.subject) == (ada.email, f"You are no longer in the group “{NAME}”")


@tells(GROUP_ROLE)
async def test_who_gets_another_role_in_a_group_is_told(services, admin, bob, group, postman: Postman):
    await _do(services, admin, set_group_role, group, bob.member_id, GroupRole.GROUP_OWNER)
    (mail,) = await postman.mails(GROUP_ROLE)
    assert (mail.recipient, mail.subject) == (bob.email, f"You are owner of “{NAME}” now")


@tells(GROUP_ARCHIVED)
@tells(GROUP_RESTORED)
async def test_who_is_in_a_group_is_told_that_it_is_archived_and_open_again_but_who_did_it(
    services, admin, ada, bob, group, postman: Postman
):
    await _do(services, admin, add_to_group, group, ada.member_id, GroupRole.GROUP_OWNER)
    await _do(services, admin, add_to_group, group, admin.member_id)
    await _do(services, ada, archive_group, group)
    assert await postman.readers(GROUP_ARCHIVED) == sorted([admin.email, bob.email])
    await postman.forget()
    await _do(services, admin, restore_group, group)
    assert await postman.readers(GROUP_RESTORED) == sorted([ada.email, bob.email])
