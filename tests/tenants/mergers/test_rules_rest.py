"""Groups filled by rules in a merger: people stay, and no rule brings anybody in whom nobody has looked at."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import make_group, make_member
from tests.connecting import Connections
from wardship.plugins.api import Holder
from wardship.tenants.groups.rules.change import let_rule_go, preview_rule, set_rule
from wardship.tenants.groups.rules.filling import EVERY, fill_due_groups
from wardship.tenants.groups.rules.read import rules_of_groups
from wardship.tenants.groups.rules.records import RuleAttribute, RuleCondition
from wardship.tenants.members.profile import update_member
from wardship.tenants.mergers.handing_over import follow_legal_entity

pytestmark = pytest.mark.anyio
WELDERS = (RuleCondition(RuleAttribute.JOB_TITLE, ("Schweißer",)),)


@pytest.fixture
def welder(merging, database):
    """Make somebody for whom the rule holds."""

    async def run(organisation, **columns):
        person = await make_member(database, organisation, **columns)
        await merging.owner.execute("update member set job_title = 'SCHWEISSER' where id = $1", person.member_id)
        return person

    return run


async def _set(merging, who, group):
    async with merging.access(who) as access:
        await set_rule(access, group, WELDERS, (await preview_rule(access, group, WELDERS)).fingerprint)


async def _sweep(merging):
    merging.clock.advance(EVERY + timedelta(minutes=1))
    await fill_due_groups(merging.services)


async def _present(merging, group):
    rows = await merging.owner.fetch(
        "select member_id, is_by_rule from group_membership where group_id = $1 and left_at is null", group
    )
    return {row["member_id"]: row["is_by_rule"] for row in rows}


async def test_whom_a_rule_had_put_in_there_stays_as_if_by_hand(merging, database, welder):
    ann = await welder(merging.orchard)
    crew = await make_group(database, merging.orchard, "Crew")
    await _set(merging, merging.oscar, crew)
    assert await _present(merging, crew) == {ann.member_id: True}
    await merging.merge()
    assert await _present(merging, crew) == {ann.member_id: False}
    painters = (RuleCondition(RuleAttribute.JOB_TITLE, ("Painter",)),)
    async with merging.access(merging.hanna) as access:
        preview = await preview_rule(access, crew, painters)
        await set_rule(access, crew, painters, preview.fingerprint)
    assert preview.leaving == []
    assert await _present(merging, crew) == {ann.member_id: False}


async def test_no_rule_brings_in_who_came_until_somebody_has_looked(merging, database, welder, recording):
    ours = Connections(merging.services, merging.hanna, merging.clock.now())
    crew, here = await make_group(database, merging.harbour, "Crew"), await welder(merging.harbour)
    await _set(merging, merging.hanna, crew)
    await ours.connect(holder=Holder.GROUP, group_id=crew)
    ann = await welder(merging.orchard)
    shared = len(recording.held)
    await merging.merge()
    await _sweep(merging)
    async with merging.access(merging.hanna) as access:
        await update_member(access, ann.member_id, {"job_title": "Schweißer"})
        await update_member(access, here.member_id, {"job_title": "Painter"})
        rule = (await rules_of_groups(access, [crew]))[crew]
    await ours.work()
    assert (rule.is_resting, rule.rests_since is not None, rule.missing_domains) == (True, True, [])
    assert await _present(merging, crew) == {here.member_id: True}
    assert len(recording.held) == shared == 1
    await _set(merging, merging.hanna, crew)
    assert await _present(merging, crew) == {ann.member_id: True}
    async with merging.access(merging.hanna) as access:
        assert not (await rules_of_groups(access, [crew]))[crew].is_resting


async def test_rule_of_an_archived_group_rests_too_and_one_that_rests_can_end(merging, database, welder):
    crew, quay = [await make_group(database, merging.harbour, name) for name in ("Crew", "Quay")]
    for group in (crew, quay):
        await _set(merging, merging.hanna, group)
    await merging.owner.execute("update user_group set archived_at = now() where id = $1", quay)
    await welder(merging.orchard)
    await merging.merge()
    await merging.owner.execute("update user_group set archived_at = null where id = $1", quay)
    await _sweep(merging)
    assert await _present(merging, quay) == await _present(merging, crew) == {}
    async with merging.access(merging.hanna) as access:
        await let_rule_go(access, crew, keeps_members=True)
    told = await merging.owner.fetchval("select details ->> 'count' from notice where kind = 'group_rules_rest'")
    assert told == "1", "an archived group waits for nobody"


async def test_rules_go_on_where_another_legal_entity_takes_over(merging, database, welder):
    crew = await make_group(database, merging.harbour, "Crew")
    await _set(merging, merging.hanna, crew)
    async with merging.access(merging.hanna) as access:
        await follow_legal_entity(access, {"legal_entity": ("Harbour ApS", "Harbour AS")})
    ann = await welder(merging.harbour)
    await _sweep(merging)
    assert await _present(merging, crew) == {ann.member_id: True}
