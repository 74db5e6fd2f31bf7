"""Read the rules of groups."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from wardship.tenants.access import Access
from wardship.tenants.groups.rules.records import RuleRecord
from wardship.tenants.parameters import Parameters
from wardship.tenants.permissions import Permission

_SELECT: Final = """
    select r.id, r.created_at, r.group_id, r.rests_since,
        (select json_agg(json_build_object('attribute', v.attribute, 'value', v.value) order by v.place, v.id)::text
            from group_rule_value v where v.organisation_id = $1 and v.rule_id = r.id) as said,
        array(select v.value from group_rule_value v where v.organisation_id = $1 and v.rule_id = r.id
            and v.attribute = 'email_domain' and not exists (select from domain_claim c where c.organisation_id = $1
                and c.name = v.value and c.state = 'verified') order by v.value) as missing_domains
    from group_rule r
"""
_OPEN: Final = (
    " join user_group g on g.organisation_id = $1 and g.id = r.group_id and g.archived_at is null"
    " and g.managed_by = 'people' where r.organisation_id = $1 order by r.group_id"
)


async def rules_of_groups(access: Access, group_ids: Collection[UUID]) -> dict[UUID, RuleRecord]:
    """Return the rule of each group that has one, for who manages groups: nothing for others."""
    if not access.may(Permission.GROUPS_MANAGE):
        return {}
    parameters = Parameters(access.organisation_id)
    sql = parameters.for_each(group_ids, f"{_SELECT} where r.organisation_id = $1 and r.group_id = w.id")
    rows = await access.transaction.fetch_as(RuleRecord, sql, *parameters.values)
    return {row.group_id: row for row in rows}


async def rules_in_force(access: Access) -> list[RuleRecord]:
    """Return the rules of all groups that are open and not the directory's, those that rest left out."""
    found = await access.fetch_as(RuleRecord, _SELECT + _OPEN)
    return [rule for rule in found if not rule.is_resting]


async def rule_of_group(access: Access, group_id: UUID) -> RuleRecord | None:
    """Return the rule of a group; for acts that have checked who may."""
    return await access.fetchrow_as(RuleRecord, f"{_SELECT} where r.organisation_id = $1 and r.group_id = $2", group_id)
