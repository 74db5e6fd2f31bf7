"""Groups filled by rules: looked at first, done exactly so, and kept in line with members, hands and domains."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import NOW, access_for, make_group, make_member, make_organisation, system_access
from wardship.core.actor import Role
from wardship.core.errors import InvalidInputError, NotFoundError, PermissionDeniedError
from wardship.core.identifiers import uuid7
from wardship.tenants.access import StepUpRequiredError
from wardship.tenants.groups.change import ContactVisibility, archive_group, restore_group, set_contact_visibility
from wardship.tenants.groups.people import add_to_group, remove_from_group, set_group_role
from wardship.tenants.groups.rules import change as rules_module
from wardship.tenants.groups.rules.change import (
    RulePreviewChangedError,
    TooManyRulesError,
    let_rule_go,
    preview_rule,
    set_rule,
)
from wardship.tenants.groups.rules.filling import EVERY, fill_due_groups
from wardship.tenants.groups.rules.pinning import GroupFilledByRuleError
from wardship.tenants.groups.rules.read import rules_of_groups
from wardship.tenants.groups.rules.records import RuleAttribute, RuleCondition
from wardship.tenants.groups.visibility import GroupRole
from wardship.tenants.members.fields import DIRECTORY, members_changed
from wardship.tenants.members.membership import deactivate_member, reactivate_member
from wardship.tenants.members.profile import update_member

pytestmark = pytest.mark.anyio

A = RuleAttribute
SALES = (RuleCondition(A.DEPARTMENT, ("Sales",)),)
WELDERS = (RuleCondition(A.JOB_TITLE, ("Schweißer", "Welder")),)


@pytest.fixture
async def firm(database):
    return await make_organisation(database, "firm")


@pytest.fixture
async def adam(database, firm):
    return await make_member(database, firm, Role.ORG_ADMIN, name="Adam")


@pytest.fixture
async def people(database, firm):
    """Ann, Bob and Çağla."""
    return [await make_member(database, firm, name=name) for name in ("Ann", "Bob", "Çağla")]


@pytest.fixture
async def group(database, firm):
    return await make_group(database, firm, "Team")


@pytest.fixture
def titled(owner):
    """Give members a job title, as if it had always been so."""

    async def run(title, *people):
        await owner.execute("update member set job_title = $1 where id = any($2)", title, [p.member_id for p in people])

    return run


@pytest.fixture
def in_department(owner):
    """Let the directory say of members in which department they are."""

    async def run(department, *people):
        for person in people:
            await owner.execute(
                "insert into directory_user (organisation_id, id, created_at, member_id, changed_at, user_name,"
                " user_name_key, department) values ($1, $2, $3, $4, $3, $5, $5, $6)"
                " on conflict (organisation_id, member_id) do update set department = excluded.department",
                person.organisation_id,
                uuid7(),
                NOW,
                person.member_id,
                str(person.member_id),
                department,
            )

    return run


@pytest.fixture
def present(owner, group):
    """Return names of who is in the group, with a star of those whom its rule has put in."""

    async def run():
        rows = await owner.fetch(
            "select m.display_name || case when s.is_by_rule then '*' else '' end as name from group_membership s"
            " join member m on m.id = s.member_id where s.group_id = $1 and s.left_at is null order by 1",
            group,
        )
        return [row["name"] for row in rows]

    return run


async def do(services, person, action, *arguments, **more):
    async with access_for(services, person.actor(at=services.clock.now())) as access:
        return await action(access, *arguments, **more)


async def set_as_seen(services, person, group, conditions):
    """Look at a rule, set it, and return what was seen."""
    preview = await do(services, person, preview_rule, group, conditions)
    await do(services, person, set_rule, group, conditions, preview.fingerprint)
    return preview


async def test_preview_changes_nothing_and_the_rule_does_exactly_what_it_said(
    services, adam, people, group, titled, present, owner
):
    ann, bob, _ = people
    await titled("welder", ann, bob)
    preview = await do(services, adam, preview_rule, group, WELDERS)
    assert (preview.joining, preview.leaving) == ([ann.member_id, bob.member_id], [])
    assert (preview.staying, preview.kept_out, preview.shows_contacts) == (0, 0, False)
    assert await present() == []
    assert await owner.fetchval("select count(*) from audit_entry") == 0
    assert await owner.fetchval("select count(*) from group_rule") == 0
    await do(services, adam, set_rule, group, WELDERS, preview.fingerprint)
    assert await present() == ["Ann*", "Bob*"]
    actions = await owner.fetch("select action from audit_entry order by sequence")
    assert [row["action"] for row in actions] == ["group.filled_by_rule", "group.rule_set"]


async def test_rule_that_would_do_something_else_by_now_is_refused_whole(
    services, adam, people, group, titled, present, owner
):
    ann, bob, _ = people
    await titled("welder", ann)
    preview = await do(services, adam, preview_rule, group, WELDERS)
    await titled("Welder", bob)
    with pytest.raises(RulePreviewChangedError):
        await do(services, adam, set_rule, group, WELDERS, preview.fingerprint)
    with pytest.raises(RulePreviewChangedError):
        await do(services, adam, set_rule, group, SALES, preview.fingerprint)
    assert await present() == []
    assert await owner.fetchval("select count(*) from group_rule") == 0
    assert await owner.fetchval("select count(*) from notice") == 0
    assert await owner.fetchval("select count(*) from audit_entry") == 0


@pytest.mark.parametrize(
    ("typed", "held"),
    [
        ("Schweißer", "SCHWEISSER"),
        ("İstanbul Şubesi", "istanbul şubesi"),
        ("ΟΔΟΣ", "οδος"),
        ("Ｗｅｌｄｅｒ", "welder"),
        ("head  of\tsales", "Head of Sales"),
        ("محاسب", "محاسب"),
        ("Bücher", "Bu\u0308cher"),
        ("한글", "\u1112\u1161\u11ab\u1100\u1173\u11af"),
        ("می\u200cخواهم", "میخواهم"),
        ("क्\u200dष", "क्ष"),
        ("ﬁtter", "FITTER"),
        ("ქართული", "ᲥᲐᲠᲗᲣᲚᲘ"),
        ("ꭰꮃꭹ", "ᎠᎳᎩ"),
        ("𐐶", "𐐎"),
        ("शिफ्ट १२", "शिफ्ट 12"),
    ],
    ids=[
        *("sharp-s", "dotted-i", "final-sigma", "wide", "spaces", "arabic", "composed", "hangul", "non-joiner"),
        *("joiner", "ligature", "georgian", "cherokee", "deseret", "digits"),
    ],
)
async def test_values_are_compared_in_one_form_outside_ascii_too(
    services, adam, people, group, titled, present, typed, held
):
    await titled(held, people[0])
    await titled("something else", people[1])
    await set_as_seen(services, adam, group, [RuleCondition(A.JOB_TITLE, (" ".join(typed.split()),))])
    assert await present() == ["Ann*"]


async def test_all_conditions_hold_and_each_by_any_of_its_values(
    services, adam, people, group, titled, in_department, present
):
    ann, bob, cagla = people
    await titled("Welder", ann)
    await titled("schweisser", bob)
    await titled("Painter", cagla)
    await in_department("Sales", ann, cagla)
    await set_as_seen(services, adam, group, [*WELDERS, *SALES])
    assert await present() == ["Ann*"]
    preview = await set_as_seen(services, adam, group, WELDERS)
    assert (preview.joining, preview.leaving, preview.staying) == ([bob.member_id], [], 1)
    assert await present() == ["Ann*", "Bob*"]
    preview = await set_as_seen(services, adam, group, [RuleCondition(A.JOB_TITLE, ("painter",))])
    assert (preview.joining, preview.leaving) == ([cagla.member_id], [ann.member_id, bob.member_id])
    assert await present() == ["Çağla*"]


async def test_who_changes_comes_and_goes_in_the_same_transaction(services, adam, people, group, present, titled):
    ann, bob, _ = people
    await add_by_hand(services, adam, group, bob)
    await titled("Painter", bob)
    await set_as_seen(services, adam, group, WELDERS)
    await do(services, adam, update_member, ann.member_id, {"job_title": "Welder"})
    assert await present() == ["Ann*", "Bob"]
    await do(services, adam, update_member, ann.member_id, {"job_title": "Painter"})
    assert await present() == ["Bob"]


async def add_by_hand(services, adam, group, person):
    await do(services, adam, add_to_group, group, person.member_id)


async def test_what_the_directory_says_counts_at_once(services, firm, adam, people, group, in_department, present):
    await set_as_seen(services, adam, group, SALES)
    await in_department("SALES", people[0])
    async with system_access(services, firm) as access:
        await members_changed(access, [people[0].member_id], frozenset({DIRECTORY}))
    assert await present() == ["Ann*"]


async def test_who_was_put_in_by_hand_stays_when_the_rule_does_not_hold(services, adam, people, group, titled, present):
    ann, bob, _ = people
    await add_by_hand(services, adam, group, ann)
    await titled("Welder", ann, bob)
    preview = await set_as_seen(services, adam, group, WELDERS)
    assert (preview.joining, preview.staying) == ([bob.member_id], 1)
    await titled("Painter", ann, bob)
    await do(services, adam, set_rule_again, group)
    assert await present() == ["Ann"]


async def set_rule_again(access, group):
    preview = await preview_rule(access, group, WELDERS)
    await set_rule(access, group, WELDERS, preview.fingerprint)


async def test_inactive_members_are_not_put_in_and_stay_while_they_are_away(
    services, adam, people, group, titled, present, clock
):
    ann, bob, _ = people
    await titled("Welder", ann, bob)
    await do(services, adam, deactivate_member, bob.member_id)
    await set_as_seen(services, adam, group, WELDERS)
    assert await present() == ["Ann*"]
    await do(services, adam, deactivate_member, ann.member_id)
    clock.advance(EVERY + timedelta(minutes=1))
    await fill_due_groups(services)
    assert await present() == ["Ann*"]
    await do(services, adam, reactivate_member, bob.member_id)
    assert await present() == ["Ann*", "Bob*"]


@pytest.mark.parametrize("who", ["administrator", "member"])
async def test_who_was_taken_out_or_left_is_not_put_in_again_by_any_rule(
    services, adam, people, group, titled, present, who, clock
):
    ann, bob, _ = people
    await titled("Welder", ann, bob)
    await set_as_seen(services, adam, group, WELDERS)
    if who == "administrator":
        await do(services, adam, remove_from_group, group, ann.member_id, is_pinned=True)
    else:
        await do(services, ann, remove_from_group, group, ann.member_id)
    await do(services, adam, update_member, ann.member_id, {"job_title": "welder"})
    clock.advance(EVERY + timedelta(minutes=1))
    await fill_due_groups(services)
    assert await present() == ["Bob*"]
    preview = await set_as_seen(services, adam, group, [RuleCondition(A.JOB_TITLE, ("WELDER",))])
    assert (preview.joining, preview.kept_out) == ([], 1)
    await do(services, adam, let_rule_go, group, keeps_members=True)
    await add_by_hand(services, adam, group, ann)
    assert await present() == ["Ann", "Bob"]


async def test_who_left_before_there_was_a_rule_is_not_put_in_either(services, adam, people, group, titled, present):
    ann = people[0]
    await add_by_hand(services, adam, group, ann)
    await do(services, ann, remove_from_group, group, ann.member_id)
    await titled("Welder", *people)
    preview = await set_as_seen(services, adam, group, WELDERS)
    assert preview.kept_out == 1
    assert await present() == ["Bob*", "Çağla*"]


async def test_change_by_hand_is_refused_unless_it_is_pinned(services, adam, people, group, titled, present, owner):
    ann, bob, cagla = people
    await titled("Welder", ann, bob)
    await set_as_seen(services, adam, group, WELDERS)
    before = await owner.fetch("select * from group_membership order by id")
    told = await owner.fetchval("select count(*) from notice")
    for act in (
        (add_to_group, group, cagla.member_id),
        (remove_from_group, group, ann.member_id),
        (set_group_role, group, ann.member_id, GroupRole.GROUP_ADMIN),
    ):
        with pytest.raises(GroupFilledByRuleError):
            await do(services, adam, *act)
    assert await owner.fetch("select * from group_membership order by id") == before
    assert await owner.fetchval("select count(*) from notice") == told
    await do(services, adam, add_to_group, group, cagla.member_id, is_pinned=True)
    await do(services, adam, add_to_group, group, ann.member_id, is_pinned=True)
    await do(services, adam, set_group_role, group, bob.member_id, GroupRole.GROUP_ADMIN, is_pinned=True)
    await titled("Painter", ann, bob)
    await do(services, adam, set_rule_again, group)
    assert await present() == ["Ann", "Bob", "Çağla"]


async def test_rule_gives_no_role_above_member(services, adam, people, group, titled, owner):
    ann = people[0]
    await add_by_hand(services, adam, group, ann)
    await do(services, adam, set_group_role, group, ann.member_id, GroupRole.GROUP_OWNER)
    await owner.execute("update group_membership set left_at = $1, role = 'member'", NOW)
    await titled("Welder", *people)
    await set_as_seen(services, adam, group, WELDERS)
    rows = await owner.fetch("select distinct role from group_membership where left_at is null")
    assert [row["role"] for row in rows] == ["member"]


async def test_end_of_the_membership_ends_it_and_a_return_is_put_in_again(
    services, adam, people, group, titled, present
):
    ann = people[0]
    await titled("Welder", ann)
    await set_as_seen(services, adam, group, WELDERS)
    async with access_for(services, adam) as access:
        await access.execute(
            "update member set state = 'removed' where organisation_id = $1 and id = $2", ann.member_id
        )
        await members_changed(access, [ann.member_id], frozenset({"state", "ended"}))
    assert await present() == []
    async with access_for(services, adam) as access:
        await access.execute("update member set state = 'active' where organisation_id = $1 and id = $2", ann.member_id)
        await members_changed(access, [ann.member_id], frozenset({"state"}))
    assert await present() == ["Ann*"]


@pytest.mark.parametrize("keeps", [True, False], ids=["keeping", "leaving"])
async def test_group_without_its_rule_is_filled_by_hand(services, adam, people, group, titled, present, owner, keeps):
    ann, bob, _ = people
    await add_by_hand(services, adam, group, bob)
    await titled("Welder", ann)
    await set_as_seen(services, adam, group, WELDERS)
    await do(services, adam, let_rule_go, group, keeps_members=keeps)
    assert await present() == (["Ann", "Bob"] if keeps else ["Bob"])
    assert await owner.fetchval("select count(*) from group_rule_value") == 0
    await do(services, adam, remove_from_group, group, bob.member_id)
    with pytest.raises(NotFoundError):
        await do(services, adam, let_rule_go, group, keeps_members=keeps)


async def test_who_leaves_with_a_rule_can_come_by_the_next(services, adam, people, group, titled, present):
    await titled("Welder", people[0])
    await set_as_seen(services, adam, group, WELDERS)
    await do(services, adam, let_rule_go, group, keeps_members=False)
    await set_as_seen(services, adam, group, WELDERS)
    assert await present() == ["Ann*"]


async def test_archived_group_is_left_alone_and_followed_again_when_open(
    services, adam, people, group, titled, present, clock
):
    ann, bob, _ = people
    await titled("Welder", ann)
    await set_as_seen(services, adam, group, WELDERS)
    await do(services, adam, archive_group, group)
    await titled("Painter", ann)
    await titled("Welder", bob)
    clock.advance(EVERY + timedelta(minutes=1))
    await fill_due_groups(services)
    assert await present() == ["Ann*"]
    await do(services, adam, restore_group, group)
    clock.advance(EVERY + timedelta(minutes=1))
    await fill_due_groups(services)
    assert await present() == ["Bob*"]


async def test_sweep_looks_at_each_organisation_once_in_a_while(services, adam, people, group, titled, present, clock):
    await set_as_seen(services, adam, group, WELDERS)
    await titled("Welder", people[0])
    await fill_due_groups(services)
    assert await present() == []
    clock.advance(EVERY + timedelta(minutes=1))
    await fill_due_groups(services)
    assert await present() == ["Ann*"]


async def test_only_who_manages_groups_and_has_shown_the_second_factor_sets_rules(
    services, database, firm, adam, people, group, owner
):
    lead = people[0]
    await add_by_hand(services, adam, group, lead)
    await owner.execute("update group_membership set role = 'group_owner'")
    auditor = await make_member(database, firm, Role.AUDITOR)
    preview = await do(services, adam, preview_rule, group, WELDERS)
    for person in (lead, auditor):
        with pytest.raises(PermissionDeniedError):
            await do(services, person, preview_rule, group, WELDERS)
        with pytest.raises(PermissionDeniedError):
            await do(services, person, set_rule, group, WELDERS, preview.fingerprint)
        with pytest.raises(PermissionDeniedError):
            await do(services, person, let_rule_go, group, keeps_members=True)
    async with access_for(services, adam.actor(stepped_up=False)) as access:
        with pytest.raises(StepUpRequiredError):
            await set_rule(access, group, WELDERS, preview.fingerprint)
        with pytest.raises(StepUpRequiredError):
            await let_rule_go(access, group, keeps_members=True)
    assert await owner.fetchval("select count(*) from group_rule") == 0
    async with access_for(services, lead, read_only=True) as access:
        assert await rules_of_groups(access, [group]) == {}


@pytest.mark.parametrize(
    "conditions",
    [
        [],
        [RuleCondition(A.JOB_TITLE, ())],
        [RuleCondition(A.JOB_TITLE, ("\u2060",))],
        [RuleCondition(A.JOB_TITLE, ("a\nb",))],
        [RuleCondition(A.JOB_TITLE, ("x" * 201,))],
        [RuleCondition(A.JOB_TITLE, tuple(map(str, range(21))))],
        [RuleCondition(A.JOB_TITLE, ("a",)), RuleCondition(A.JOB_TITLE, ("b",))],
        [RuleCondition(A.EMAIL_DOMAIN, ("not a domain",))],
    ],
    ids=["none", "no-values", "unseen", "lines", "long", "many-values", "twice", "no-domain"],
)
async def test_conditions_that_say_nothing_or_too_much_are_refused(services, adam, group, owner, conditions):
    with pytest.raises(InvalidInputError):
        await do(services, adam, preview_rule, group, conditions)
    with pytest.raises(InvalidInputError):
        await do(services, adam, set_rule, group, conditions, "")
    assert await owner.fetchval("select count(*) from group_rule") == 0


async def test_too_many_rules_are_refused(services, adam, database, firm, group, monkeypatch):
    monkeypatch.setattr(rules_module, "MOST_RULES", 1)
    await set_as_seen(services, adam, group, WELDERS)
    await set_as_seen(services, adam, group, SALES)
    other = await make_group(database, firm, "Other")
    with pytest.raises(TooManyRulesError):
        await set_as_seen(services, adam, other, WELDERS)


async def test_all_members_take_two_statements_however_many_there_are(services, adam, people, group, titled):
    await titled("Welder", *people)
    async with access_for(services, adam) as access:
        before = access.transaction.statements
        await preview_rule(access, group, WELDERS)
        assert access.transaction.statements == before + 3  # the group, the spellings, the outlook


async def test_contact_details_that_a_group_shows_are_said_in_the_preview(services, adam, people, group, titled):
    await titled("Welder", people[0])
    await do(services, adam, set_contact_visibility, group, ContactVisibility.CONTACT_DETAILS)
    assert (await do(services, adam, preview_rule, group, WELDERS)).shows_contacts is True


async def test_another_organisations_people_are_never_looked_at(services, database, adam, group, titled, present):
    elsewhere = await make_organisation(database, "elsewhere")
    stranger = await make_member(database, elsewhere, name="Eve")
    await titled("Welder", stranger)
    assert (await set_as_seen(services, adam, group, WELDERS)).joining == []
    assert await present() == []
