"""Fill groups by their rules: in the transaction in which members change, and now and then by a sweep."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from wardship.core.actor import system_actor
from wardship.tenants.access import Access, Services
from wardship.tenants.groups.read import GROUP, GroupRecord
from wardship.tenants.groups.rules.holding import Change, Filling, fill
from wardship.tenants.groups.rules.read import rules_in_force
from wardship.tenants.groups.rules.records import RuleRecord
from wardship.tenants.groups.rules.telling import tell_filled
from wardship.tenants.members.fields import DIRECTORY, members_changed

EVERY: Final = timedelta(minutes=15)
"""How often all members of an organisation are looked at: no change of a member tells of a proven address."""
_MOST: Final = 50
_RELEVANT: Final = frozenset({"state", "email", "job_title", "company", DIRECTORY})
_SELECT: Final = "select "
_THESE: Final = " from user_group g where g.organisation_id = $1 and g.id = any($2::uuid[])"
_GROUPS: Final = _SELECT + GROUP + _THESE
_SWEPT: Final = "update group_rule set swept_at = $2 where organisation_id = $1"


async def fill_groups(access: Access, member_ids: Collection[UUID], columns: frozenset[str]) -> None:
    """Bring groups with rules in line with members who have changed: a listener of members."""
    if not columns.isdisjoint(_RELEVANT) and (rules := await rules_in_force(access)):
        await apply_rules(access, rules, member_ids)


async def look_again(access: Access, _claim_id: UUID, state: str) -> None:
    """Let the next sweep look at everybody, once a domain is proven: a listener of domains."""
    if state == "verified":
        await access.execute(_SWEPT, access.now - EVERY - EVERY)


async def apply_rules(
    access: Access, rules: Sequence[RuleRecord], scope: Collection[UUID] | None = None
) -> list[Change]:
    """Fill the groups of some rules, tell and record what was done, and return it; see ``fill``."""
    fillings = [Filling(rule.id, rule.group_id, rule.conditions) for rule in rules]
    changes = await fill(access, fillings, scope)
    await _follow(access, rules, changes)
    return changes


async def fill_due_groups(services: Services) -> None:
    """Fill the groups of organisations whose rules were not looked at for a while: a sweep."""
    async with services.database.directory(read_only=True) as transaction:
        rows = await transaction.fetch(
            "select organisation_id from group_rules_due($1, $2)", services.clock.now() - EVERY, _MOST
        )
    for row in rows:
        async with services.database.tenant(row["organisation_id"]) as transaction:
            here = Access(system_actor(row["organisation_id"]), transaction, services, "sweep-group-rules")
            await here.execute(_SWEPT, here.now)
            if rules := await rules_in_force(here):
                await apply_rules(here, rules)


async def _follow(access: Access, rules: Sequence[RuleRecord], changes: Sequence[Change]) -> None:
    """See to what follows: people are told, the log says how many, and what is shared follows the groups."""
    if not changes:
        return
    by_group: dict[UUID, list[Change]] = {}
    for change in changes:
        by_group.setdefault(change.group_id, []).append(change)
    conditions = {rule.group_id: rule.conditions for rule in rules}
    for group in await access.fetch_as(GroupRecord, _GROUPS, list(by_group)):
        joined, left = _parted(by_group[group.id])
        await access.audit("group.filled_by_rule", "group", group.id, joined=len(joined), left=len(left))
        await tell_filled(access, group, conditions[group.id], joined, left)
    await members_changed(access, sorted({change.member_id for change in changes}), frozenset({"groups"}))


def _parted(changes: Sequence[Change]) -> tuple[list[UUID], list[UUID]]:
    joined = [change.member_id for change in changes if change.is_joined]
    return joined, [change.member_id for change in changes if not change.is_joined]
