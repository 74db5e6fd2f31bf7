"""What people are told about groups that they are in."""

from __future__ import annotations

import pytest

from tests.builders import Person, access_for, make_group, make_member
from tests.tenants.telling.postman import Postman, tells
from wardship.tenants.groups.change import ContactVisibility, archive_group, restore_group, set_contact_visibility
from wardship.tenants.groups.notices import (
    GROUP_ARCHIVED,
    GROUP_JOINED,
    GROUP_JOINED_BY_RULE,
    GROUP_LEFT,
    GROUP_LEFT_BY_RULE,
    GROUP_RESTORED,
    GROUP_ROLE,
    GROUP_SHOWS_CONTACTS,
)
from wardship.tenants.groups.people import AlreadyInGroupError, add_to_group, remove_from_group, set_group_role
from wardship.tenants.groups.rules.change import preview_rule, set_rule
from wardship.tenants.groups.rules.records import RuleAttribute, RuleCondition
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


async def _fill_by_rule(services, admin: Person, group, title: str) -> None:
    conditions = [RuleCondition(RuleAttribute.JOB_TITLE, (title,)), RuleCondition(RuleAttribute.COMPANY, ("Acme",))]
    preview = await _do(services, admin, preview_rule, group, conditions)
    async with access_for(services, admin.actor(at=services.clock.now())) as access:
        await set_rule(access, group, conditions, preview.fingerprint)


@tells(GROUP_JOINED_BY_RULE)
@tells(GROUP_LEFT_BY_RULE)
async def test_whom_a_rule_puts_into_a_group_or_takes_out_is_told_why_and_what_is_seen_of_him_or_her(
    services, admin, ada, group, owner, postman: Postman
):
    await owner.execute("update member set job_title = 'Rower', company = 'ACME' where id = $1", ada.member_id)
    await _fill_by_rule(services, admin, group, "rower")
    (mail,) = await postman.mails(GROUP_JOINED_BY_RULE)
    assert (mail.recipient, mail.subject) == (ada.email, f"You are in the group “{NAME}” now")
    assert "because of your job title and your company" in mail.body
    assert "Its members see your name, and you see theirs." in mail.body
    await postman.forget()
    await _fill_by_rule(services, admin, group, "nobody")
    (mail,) = await postman.mails(GROUP_LEFT_BY_RULE)
    assert (mail.recipient, mail.subject) == (ada.email, f"You are no longer in the group “{NAME}”")
    await postman.forget()
    await _do(services, admin, set_contact_visibility, group, ContactVisibility.CONTACT_DETAILS)
    await postman.forget()
    await _fill_by_rule(services, admin, group, "rower")
    (mail,) = await postman.mails(GROUP_JOINED_BY_RULE)
    assert "Its members see your name and your contact details, and you see theirs." in mail.body


@tells(GROUP_SHOWS_CONTACTS)
async def test_who_is_in_a_group_is_told_once_that_its_members_see_contact_details(
    services, admin, bob, group, postman: Postman
):
    await _do(services, admin, set_contact_visibility, group, ContactVisibility.NAME_ONLY)
    await _do(services, admin, set_contact_visibility, group, ContactVisibility.CONTACT_DETAILS)
    await _do(services, admin, set_contact_visibility, group, ContactVisibility.CONTACT_DETAILS)
    (mail,) = await postman.mails(GROUP_SHOWS_CONTACTS)
    assert (mail.recipient, mail.subject) == (bob.email, f"Members of “{NAME}” see each other's contact details now")
