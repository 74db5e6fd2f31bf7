"""Set rules of groups as an administrator does, who looks first."""

from __future__ import annotations

from tests.builders import access_for
from wardship.tenants.groups.people import add_to_group
from wardship.tenants.groups.rules.change import (
    preview_rule,
    set_rule,
)
from wardship.tenants.groups.rules.records import RuleAttribute, RuleCondition

A = RuleAttribute
SALES = (RuleCondition(A.DEPARTMENT, ("Sales",)),)
WELDERS = (RuleCondition(A.JOB_TITLE, ("Schweißer", "Welder")),)


async def do(services, person, action, *arguments, **more):
    async with access_for(services, person.actor(at=services.clock.now())) as access:
        return await action(access, *arguments, **more)


async def set_as_seen(services, person, group, conditions):
    """Look at a rule, set it, and return what was seen."""
    preview = await do(services, person, preview_rule, group, conditions)
    await do(services, person, set_rule, group, conditions, preview.fingerprint)
    return preview


async def add_by_hand(services, adam, group, person):
    await do(services, adam, add_to_group, group, person.member_id)


async def set_rule_again(access, group):
    preview = await preview_rule(access, group, WELDERS)
    await set_rule(access, group, WELDERS, preview.fingerprint)
