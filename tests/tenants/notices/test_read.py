"""What a person sees of what was told, and to whom it is not shown."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import access_for, make_member, make_organisation, system_access
from tests.mails import waiting_mails
from tests.tenants.notices.conftest import LETTER, NEWS, ORDINARY, URGENT
from tests.tenants.notices.test_mailing import UNTIL, choose, mails
from wardship.core.actor import PROVIDER_ID, Actor, CredentialKind, Role, StaffRole
from wardship.core.errors import InvalidInputError
from wardship.core.identifiers import uuid7
from wardship.core.notices import tell_account, tell_staff
from wardship.core.notices.preferences import NoticePreference, Pace
from wardship.tenants.notices import tell, tell_by_mail, tell_permitted
from wardship.tenants.notices.choose import AlwaysMailedError, choose_own_notices
from wardship.tenants.notices.mailing import mail_notices
from wardship.tenants.notices.read import (
    count_unread,
    list_notices,
    mark_notices_read,
    notices_by_id,
    notices_now,
    watch_notices,
)
from wardship.tenants.paging import PageRequest
from wardship.tenants.permissions import Permission

pytestmark = pytest.mark.anyio


@pytest.fixture
async def firm(database):
    return await make_organisation(database, name="Firm")


@pytest.fixture
async def ann(database, firm):
    return await make_member(database, firm)


async def titles(services, actor, **how):
    async with access_for(services, actor) as access:
        return [item.title for item in (await list_notices(access, PageRequest(), **how)).items]


async def test_newest_comes_first_with_text_link_and_target(services, database, firm, ann, clock):
    request = uuid7()
    async with system_access(services, firm) as access:
        await tell(access, ORDINARY, [ann.member_id], what="old")
    clock.advance(timedelta(minutes=1))
    async with system_access(services, firm) as access:
        await tell(access, URGENT, [ann.member_id], target=("data_request", request), what="new", until=UNTIL)
    async with access_for(services, ann) as access:
        newest, oldest = (await list_notices(access, PageRequest())).items
    assert (newest.title, newest.is_urgent, newest.target) == ("Something urgent: new", True, ("data_request", request))
    assert (oldest.title, oldest.organisation_slug, oldest.target) == ("Something ordinary: old", firm.slug, None)
    assert oldest.body == f"It was old at Firm. See http://localhost:8000/console/o/{firm.slug}.\n"
    assert oldest.url == f"http://localhost:8000/console/o/{firm.slug}"
    assert newest.url == f"http://localhost:8000/console/o/{firm.slug}/me"
    del database


async def test_every_notice_comes_once_over_pages_of_both_kinds(services, database, firm, ann, clock):
    for number in range(7):
        clock.advance(timedelta(minutes=1))
        async with system_access(services, firm) as access:
            await tell(access, ORDINARY, [ann.member_id], what=f"member {number}")
        async with database.directory() as transaction:
            await tell_account(transaction, services, ann.account_id, ORDINARY, what=f"account {number}")
    seen, after = [], None
    for _ in range(5):
        async with access_for(services, ann) as access:
            page = await list_notices(access, PageRequest(3, after))
        seen += [item.title for item in page.items]
        after = (page.items[-1].created_at, page.items[-1].id)
        assert page.has_next == (len(seen) < 14)
    assert len(seen) == len(set(seen)) == 14
    assert seen[-2:] == ["Something ordinary: account 0", "Something ordinary: member 0"]


async def test_others_and_other_organisations_see_nothing(services, database, firm, ann):
    bob = await make_member(database, firm, Role.ORG_OWNER)
    there = await make_member(database, await make_organisation(database), account_id=ann.account_id)
    async with system_access(services, firm) as access:
        await tell(access, ORDINARY, [ann.member_id], what="x")
    (notice,) = await _ids(services, ann)
    for other in (bob, there):
        assert await titles(services, other) == []
        async with access_for(services, other) as access:
            assert await notices_by_id(access, [notice]) == {}
            assert await mark_notices_read(access, [notice]) == 0
    async with access_for(services, ann) as access:
        assert await count_unread(access) == 1


async def _ids(services, actor):
    async with access_for(services, actor) as access:
        return [item.id for item in (await list_notices(access, PageRequest())).items]


async def test_who_lost_the_permission_or_the_membership_sees_only_what_is_about_the_own_person(
    services, database, firm, owner
):
    admin = await make_member(database, firm, Role.ORG_ADMIN)
    async with system_access(services, firm) as access:
        await tell_permitted(access, ORDINARY, Permission.REQUESTS_DECIDE, what="of others")
        await tell(access, ORDINARY, [admin.member_id], what="own")
    assert len(await titles(services, admin)) == 2
    other = (await _ids(services, admin))[-1]
    for roles in (frozenset({Role.MEMBER}), frozenset()):
        left = replace(admin.actor(), roles=roles)
        assert await titles(services, left) == ["Something ordinary: own"]
        async with access_for(services, left) as access:
            assert await count_unread(access) == 1
            assert await notices_by_id(access, [other]) == {}
    del owner


async def test_token_sees_what_was_told_in_its_organisation_and_nothing_of_the_account(services, database, firm, ann):
    async with system_access(services, firm) as access:
        await tell(access, ORDINARY, [ann.member_id], what="here")
    async with database.directory() as transaction:
        await tell_account(transaction, services, ann.account_id, ORDINARY, what="account")
    token = replace(ann.actor(), credential=CredentialKind.TOKEN)
    assert await titles(services, token) == ["Something ordinary: here"]
    assert len(await titles(services, ann)) == 2
    async with access_for(services, token) as access:
        assert await mark_notices_read(access, None) == 0
    async with access_for(services, ann) as access:
        assert await count_unread(access) == 1


async def test_staff_sees_what_it_was_told_at_home_as_long_as_it_has_the_role(services, database, ann):
    place = uuid7()
    async with database.directory() as transaction:
        await transaction.execute(
            "insert into staff (id, created_at, account_id, role) values ($1, now(), $2, 'privacy_team')",
            place,
            ann.account_id,
        )
        await tell_staff(transaction, services, ORDINARY, what="escalated")
    at_home = Actor(ann.account_id, PROVIDER_ID, None, frozenset(), CredentialKind.SESSION)
    team = replace(at_home, staff_roles=frozenset({StaffRole.PRIVACY_TEAM}))
    assert await titles(services, team) == ["Something ordinary: escalated"]
    assert await titles(services, at_home) == []
    assert await titles(services, replace(ann.actor(), staff_roles=team.staff_roles)) == []


async def test_letter_that_only_the_owner_of_the_address_may_see_is_in_no_list(services, firm, ann, owner):
    async with system_access(services, firm) as access:
        assert await tell_by_mail(access, LETTER, ann.member_id, code="12345678")
    assert await titles(services, ann) == []
    assert await owner.fetchval("select count(*) from notice where notice::text like '%12345678%'") == 0
    ((recipient, subject, body),) = await waiting_mails(services)
    assert (recipient, subject, body) == (ann.email, "Your code", "12345678\n")
    assert await owner.fetchval("select count(*) from notice") == 0


async def test_read_notices_are_counted_no_more_and_can_be_left_out(services, firm, ann):
    async with system_access(services, firm) as access:
        for what in "abc":
            await tell(access, ORDINARY, [ann.member_id], what=what)
    first, *_ = await _ids(services, ann)
    async with access_for(services, ann) as access:
        assert await mark_notices_read(access, [first]) == 2
        assert (await notices_now(access)).unread == 2
    assert await titles(services, ann, is_unread=True) == ["Something ordinary: b", "Something ordinary: a"]
    async with access_for(services, ann) as access:
        assert await mark_notices_read(access, None) == 0


async def test_person_chooses_the_pace_and_what_waits_is_mailed(services, firm, ann):
    async with system_access(services, firm) as access:
        await tell(access, ORDINARY, [ann.member_id], what="x")
        await tell(access, NEWS, [ann.member_id], what="x")
    assert await mails(services) == []
    async with access_for(services, ann) as access:
        chosen = await choose_own_notices(access, Pace.AT_ONCE, ["news"])
    assert chosen == NoticePreference(Pace.AT_ONCE, ("news",))
    assert await mails(services) == [(ann.email, "Something ordinary: x")]


@pytest.mark.parametrize(("name", "error"), [("urgent", AlwaysMailedError), ("nothing", InvalidInputError)])
async def test_security_deadlines_and_rights_are_not_turned_off(services, ann, owner, name, error):
    with pytest.raises(error):
        async with access_for(services, ann) as access:
            await choose_own_notices(access, Pace.DAILY, [name])
    assert await owner.fetchval("select count(*) from notice_preference") == 0


async def test_watch_wakes_for_what_the_member_and_the_account_are_told_and_for_nobody_else(
    services, database, firm, ann
):
    bob = await make_member(database, firm)
    async with access_for(services, ann) as access:
        watch = watch_notices(access)
    try:
        await _settle(watch)
        async with system_access(services, firm) as access:
            await tell(access, ORDINARY, [bob.member_id], what="x")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(watch), 0.3)
        async with system_access(services, firm) as access:
            await tell(access, ORDINARY, [ann.member_id], what="x")
        await asyncio.wait_for(anext(watch), 10)
        async with database.directory() as transaction:
            await tell_account(transaction, services, ann.account_id, ORDINARY, what="x")
        await asyncio.wait_for(anext(watch), 10)
    finally:
        await watch.aclose()
    assert len(database.changes) == 0


async def _settle(watch) -> None:
    """Take the look that everybody takes once the process listens."""
    await asyncio.wait_for(anext(watch), 10)


async def test_unknown_kind_of_another_version_harms_no_list(services, firm, ann, owner):
    async with system_access(services, firm) as access:
        await tell(access, ORDINARY, [ann.member_id], what="x")
    await owner.execute("update notice set kind = 'of_tomorrow'")
    assert await titles(services, ann) == ["Of tomorrow"]
    await owner.execute("update notice set kind = 'ordinary', details = '{}'")
    assert await titles(services, ann) == ["Ordinary"]
    await choose(owner, ann, "at_once")
    await mail_notices(services)
    assert await owner.fetchval("select mail_state from notice") == "in_product"
