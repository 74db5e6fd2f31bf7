from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.builders import access_for, make_member, make_organisation, system_access
from tests.mails import told, waiting_mails
from tests.tenants.notices.conftest import MUST_REACH, NEWS, ORDINARY, URGENT
from wardship.core.actor import Role
from wardship.core.identifiers import uuid7
from wardship.core.notices import tell_account, tell_staff
from wardship.core.notices.accounts import KEPT, KEPT_READ
from wardship.core.notices.mailing import MOST_IN_AN_HOUR
from wardship.tenants.notices import has_address, tell, tell_permitted, tell_privacy_team
from wardship.tenants.notices.mailing import forget_notices, mail_notices
from wardship.tenants.notices.unreached import follow_refusals
from wardship.tenants.permissions import Permission

pytestmark = pytest.mark.anyio

MORNING = datetime.fromisoformat("2026-11-22T08:00:00+00:00")
UNTIL = datetime.fromisoformat("2026-12-01T22:30:00+00:00")


@pytest.fixture
async def firm(database):
    return await make_organisation(database, name="Firm")


async def choose(owner, person, pace="daily", turned_off=()):
    await owner.execute(
        "insert into notice_preference (id, created_at, account_id, pace, turned_off) values ($1, now(), $2, $3, $4)",
        uuid7(),
        person.account_id,
        pace,
        list(turned_off),
    )


async def mails(services):
    """Let the sweep run; return recipients and subjects of the mails that wait."""
    return [(mail.recipient, mail.subject) for mail in await waiting_mails(services)]


async def states(owner):
    rows = await owner.fetch("select mail_state from notice order by created_at, kind, member_id")
    return [row["mail_state"] for row in rows]


async def test_what_is_urgent_is_mailed_at_once_and_the_rest_next_morning_in_one_mail(
    services, database, firm, owner, clock
):
    ann = await make_member(database, firm)
    async with system_access(services, firm) as access:
        await tell(access, URGENT, [ann.member_id], what="a", until=UNTIL)
        await tell(access, ORDINARY, [ann.member_id], what="b")
        await tell(access, ORDINARY, [ann.member_id], what="c")
    assert await mails(services) == [(ann.email, "Something urgent: a")]
    assert await owner.fetchval("select min(mail_at) from notice where mail_state = 'waiting'") == MORNING
    await owner.execute("delete from outgoing_mail")
    clock.advance(MORNING - clock.now())
    assert await mails(services) == [(ann.email, "2 notices from Firm")]
    ((_, _, body),) = await waiting_mails(services)
    assert f"It was b at Firm. See http://localhost:8000/console/o/{firm.slug}." in body
    assert "It was c at Firm." in body
    assert await states(owner) == ["mailed", "mailed", "mailed"]


async def test_reader_has_all_at_once_or_what_may_be_turned_off_in_the_product_alone(services, database, firm, owner):
    ann, bob = await make_member(database, firm), await make_member(database, firm)
    await choose(owner, ann, "at_once", ["news", "urgent"])
    async with system_access(services, firm) as access:
        for kind in (ORDINARY, NEWS):
            await tell(access, kind, [ann.member_id, bob.member_id], what="x")
        await tell(access, URGENT, [ann.member_id], what="x", until=UNTIL)
    assert await mails(services) == [(ann.email, "Something ordinary: x"), (ann.email, "Something urgent: x")]
    found = await owner.fetch("select kind, mail_state from notice where member_id = $1", ann.member_id)
    assert {(row["kind"], row["mail_state"]) for row in found} == {
        ("ordinary", "mailed"),
        ("urgent", "mailed"),
        ("news", "in_product"),
    }


async def test_same_event_is_told_once(services, database, firm, owner, clock):
    ann = await make_member(database, firm)
    request = uuid7()
    for _ in range(2):
        async with system_access(services, firm) as access:
            await tell(access, ORDINARY, [ann.member_id], target=("data_request", request), once="late", what="x")
        clock.advance(timedelta(hours=1))
    async with system_access(services, firm) as access:
        await tell(access, ORDINARY, [ann.member_id], target=("data_request", uuid7()), once="late", what="x")
        await tell(access, ORDINARY, [ann.member_id], what="at its moment")
        await tell(access, ORDINARY, [ann.member_id], what="at its moment")
    assert await owner.fetchval("select count(*) from notice") == 3


async def test_those_with_a_permission_are_told_in_one_statement_and_nobody_else(services, database, firm, owner):
    admin = await make_member(database, firm, Role.ORG_ADMIN)
    about = await make_member(database, firm, Role.ORG_ADMIN)
    officer = await make_member(database, firm, Role.PRIVACY_OFFICER)
    await make_member(database, firm)
    await make_member(database, firm, Role.ORG_ADMIN, state="deactivated")
    other = await make_organisation(database)
    await make_member(database, other, Role.ORG_ADMIN)
    async with system_access(services, firm) as access:
        before = access.transaction.statements
        await tell_permitted(access, ORDINARY, Permission.REQUESTS_DECIDE, but=[about.member_id], what="x")
        assert access.transaction.statements == before + 1
    told = await owner.fetch("select member_id from notice")
    assert {row["member_id"] for row in told} == {admin.member_id, officer.member_id}


async def test_who_lost_the_permission_or_the_membership_is_not_mailed(services, database, firm, owner):
    demoted = await make_member(database, firm, Role.ORG_ADMIN)
    removed = await make_member(database, firm, Role.ORG_ADMIN)
    async with system_access(services, firm) as access:
        await tell_permitted(access, URGENT, Permission.REQUESTS_DECIDE, what="x", until=UNTIL)
    await owner.execute("delete from role_assignment where member_id = $1 and role = 'org_admin'", demoted.member_id)
    await owner.execute("update member set state = 'removed' where id = $1", removed.member_id)
    assert await mails(services) == []
    assert await states(owner) == ["in_product", "in_product"]


async def test_reader_without_a_verified_address_is_not_mailed(services, database, firm, owner):
    ann, bob = await make_member(database, firm), await make_member(database, firm)
    await owner.execute("update account_email set verified_at = null where account_id = $1", ann.account_id)
    async with system_access(services, firm) as access:
        assert [await has_address(access, person.member_id) for person in (ann, bob)] == [False, True]
        await tell(access, URGENT, [ann.member_id, bob.member_id], what="x", until=UNTIL)
    assert await mails(services) == [(bob.email, "Something urgent: x")]
    assert sorted(await states(owner)) == ["mailed", "unreachable"]


async def test_many_at_once_are_one_mail_and_more_than_ten_in_an_hour_wait(services, database, firm, clock):
    ann = await make_member(database, firm)

    async def tell_urgent(count: int) -> None:
        async with system_access(services, firm) as access:
            for number in range(count):
                await tell(access, URGENT, [ann.member_id], what=f"{clock.now()} {number}", until=UNTIL)
        await mail_notices(services)

    await tell_urgent(50)
    assert await mails(services) == [(ann.email, "50 notices from Firm")]
    clock.advance(timedelta(minutes=1))
    await tell_urgent(1)
    assert len(await mails(services)) == 1
    clock.advance(timedelta(hours=1, minutes=1))
    await mail_notices(services)
    assert (await mails(services))[1][1].startswith("Something urgent")
    assert MOST_IN_AN_HOUR == 10


async def test_privacy_team_is_told_from_an_organisation_that_learns_nothing_of_it(services, database, firm, owner):
    (staff,) = [await make_member(database, await make_organisation(database))]
    await owner.execute(
        "insert into staff (id, created_at, account_id, role) values ($1, now(), $2, 'privacy_team')",
        uuid7(),
        staff.account_id,
    )
    admin = await make_member(database, firm, Role.ORG_ADMIN)
    async with access_for(services, admin) as access:
        await tell_privacy_team(access, URGENT, target=("data_request", uuid7()), what="x", until=UNTIL)
        assert await access.transaction.fetchval("select count(*) from account_notice") == 0
    assert await mails(services) == [(staff.email, "Something urgent: x")]
    assert await owner.fetchval("select organisation_id from account_notice") == firm.id


async def test_who_left_the_privacy_team_is_not_mailed_what_it_was_told(services, database, owner):
    staff = await make_member(database, await make_organisation(database))
    place = uuid7()
    await owner.execute(
        "insert into staff (id, created_at, account_id, role) values ($1, now(), $2, 'privacy_team')",
        place,
        staff.account_id,
    )
    async with database.directory() as transaction:
        await tell_staff(transaction, services, URGENT, what="x", until=UNTIL)
    await owner.execute("delete from staff where id = $1", place)
    assert await mails(services) == []


async def test_account_is_told_whatever_its_organisation(services, database):
    ann = await make_member(database, await make_organisation(database))
    async with database.directory() as transaction:
        await tell_account(transaction, services, ann.account_id, URGENT, what="x", until=UNTIL)
    assert await mails(services) == [(ann.email, "Something urgent: x")]


async def test_an_organisation_sees_only_its_own_notices(services, database, firm):
    ann = await make_member(database, firm)
    other = await make_organisation(database)
    async with system_access(services, firm) as access:
        await tell(access, ORDINARY, [ann.member_id], what="x")
    async with system_access(services, other) as access:
        await tell(access, ORDINARY, [ann.member_id], what="from elsewhere")
        assert await access.transaction.fetchval("select count(*) from notice") == 0
    async with system_access(services, firm) as access:
        assert await access.transaction.fetchval("select count(*) from notice") == 1


async def test_notice_is_removed_a_year_after_it_was_read(services, database, firm, owner, clock):
    ann = await make_member(database, firm)
    async with system_access(services, firm) as access:
        await tell(access, ORDINARY, [ann.member_id], what="read")
        await tell(access, ORDINARY, [ann.member_id], what="unread")
    await owner.execute("update notice set read_at = created_at where details ->> 'what' = 'read'")
    clock.advance(KEPT_READ)
    await forget_notices(services)
    assert await owner.fetchval("select count(*) from notice") == 2
    clock.advance(timedelta(seconds=1))
    await forget_notices(services)
    assert await owner.fetchval("select details ->> 'what' from notice") == "unread"
    clock.advance(KEPT)
    await forget_notices(services)
    assert await owner.fetchval("select count(*) from notice") == 0


async def test_twenty_thousand_members_are_told_in_one_statement(services, firm, owner):
    await owner.execute(
        "insert into member (organisation_id, id, created_at, display_name, pseudonym)"
        " select $1, gen_random_uuid(), now(), 'Person ' || n, 'Pseudonym ' || n from generate_series(1, 20000) n",
        firm.id,
    )
    async with system_access(services, firm) as access:
        ids = [row["id"] for row in await access.fetch("select id from member where organisation_id = $1")]
        before = access.transaction.statements
        await tell(access, ORDINARY, ids, what="x")
        assert access.transaction.statements == before + 1
    assert await owner.fetchval("select count(*) from notice") == 20000


async def test_value_that_the_text_misses_is_an_error_where_the_event_is_told(services, database, firm, owner):
    ann = await make_member(database, firm)
    with pytest.raises(Exception, match="'what' is undefined"):
        async with system_access(services, firm) as access:
            await tell(access, ORDINARY, [ann.member_id])
    assert await owner.fetchval("select count(*) from notice") == 0


async def test_morning_and_dates_are_those_of_the_readers_own_time_zone(services, database, firm, owner):
    ann = await make_member(database, firm)
    await owner.execute("update account set time_zone = 'Asia/Kolkata' where id = $1", ann.account_id)
    async with system_access(services, firm) as access:
        await tell(access, ORDINARY, [ann.member_id], what="x")
        await tell(access, URGENT, [ann.member_id], what="x", until=UNTIL)
    ((_, _, body),) = await waiting_mails(services)
    assert "2026-12-02 04:00 (Asia/Kolkata)" in body
    morning = await owner.fetchval("select mail_at from notice where mail_state = 'waiting'")
    assert morning == datetime.fromisoformat("2026-11-22T08:00:00+05:30")


async def test_refused_address_is_shown_in_the_product_and_deciders_reach_who_must_be_reached(
    services, database, firm, owner
):
    ann = await make_member(database, firm)
    admin = await make_member(database, firm, Role.ORG_ADMIN)
    nobody = await make_member(database, firm)
    await owner.execute("update account_email set verified_at = null where account_id = $1", nobody.account_id)
    async with system_access(services, firm) as access:
        await tell(access, MUST_REACH, [ann.member_id, nobody.member_id], what="x")
        await tell(access, ORDINARY, [ann.member_id, nobody.member_id], what="x")
    assert len(await mails(services)) == 1
    await owner.execute(
        "with gone as (delete from outgoing_mail returning *) insert into refused_mail (id, created_at, account_id,"
        " about, organisation_id, reason) select id, created_at, account_id, about, organisation_id, '550' from gone"
    )
    await follow_refusals(services)
    await follow_refusals(services)
    assert (
        await owner.fetchval(
            "select mail_state from notice where member_id = $1 and kind = 'must_reach'", ann.member_id
        )
        == "refused"
    )
    found = await told(services, owner)
    to_admin = [item for item in found if item.recipient == admin.email]
    assert [item.subject for item in to_admin] == ["Somebody could not be told: Must reach x"] * 2
    assert {ann.email in item.body or ann.display_name in item.body for item in to_admin} == {False}
    assert "Mail to your address does not arrive" in [item.subject for item in found if item.recipient == ann.email]
    assert await owner.fetchval("select count(*) from refused_mail") == 0
