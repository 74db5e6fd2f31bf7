"""A rule of a group is looked at first, done exactly so, and set by those who may."""

from __future__ import annotations

import pytest

from tests.builders import access_for, make_group, make_member, make_organisation
from tests.tenants.groups.rules.ruling import SALES, WELDERS, A, add_by_hand, do, set_as_seen
from wardship.core.actor import Role
from wardship.core.errors import InvalidInputError, PermissionDeniedError
from wardship.tenants.access import StepUpRequiredError
from wardship.tenants.groups.change import ContactVisibility, set_contact_visibility
from wardship.tenants.groups.rules import change as rules_module
from wardship.tenants.groups.rules.change import (
    RulePreviewChangedError,
    TooManyRulesError,
    let_rule_go,
    preview_rule,
    set_rule,
)
from wardship.tenants.groups.rules.read import rules_of_groups
from wardship.tenants.groups.rules.records import RuleCondition

pytestmark = pytest.mark.anyio


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


async def test_all_members_take_three_statements_however_many_there_are(services, adam, people, group, titled):
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
