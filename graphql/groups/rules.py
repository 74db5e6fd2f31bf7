"""Groups filled by rules, as the API shows and changes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import strawberry

from wardship.graphql.api.command import command, object_payload
from wardship.graphql.api.context import ApiContext
from wardship.graphql.api.identifiers import id_argument
from wardship.graphql.api.relations import extends, in_order
from wardship.graphql.api.types import input_type, object_type
from wardship.graphql.engine import BatchInfo, batch_field, field
from wardship.graphql.groups.model import Group
from wardship.graphql.groups.mutations import GroupInput, GroupPayload
from wardship.graphql.members.model import Member, related_members
from wardship.tenants.access import Access
from wardship.tenants.groups.read import GroupRecord
from wardship.tenants.groups.rules.change import RulePreview, let_rule_go, preview_rule, set_rule
from wardship.tenants.groups.rules.read import rules_of_groups
from wardship.tenants.groups.rules.records import RuleAttribute, RuleCondition, RuleRecord

strawberry.enum(RuleAttribute, name="GroupRuleAttribute", description="What a condition looks at.")


@object_type(RuleCondition)
class GroupRuleCondition:
    """A condition of a rule: it holds for whom the attribute has one of the values."""

    attribute: RuleAttribute = field("What it looks at.")
    values: list[str] = field("Any of these; letter case does not count.", size=20)


@object_type(RuleRecord)
class GroupRule:
    """What fills a group: its conditions all have to hold."""

    created_at: datetime = field("Since when it is as it is.")
    conditions: list[GroupRuleCondition] = field("All of these have to hold.", size=5)
    is_resting: bool = field(
        "Whether it does nothing now: a domain that it names is not proven, or an organisation has joined."
    )
    missing_domains: list[str] = field("Domains that it names and the organisation does not hold now.", size=20)
    rests_since: datetime | None = field(
        "Since when it rests because another organisation has joined yours: set it again, once you have looked at it."
    )


@extends(Group)
class GroupRules:
    """The rule of a group."""

    @batch_field(cost=2)
    @staticmethod
    async def rule(parents: Sequence[GroupRecord], info: BatchInfo[ApiContext]) -> Sequence[GroupRule | None]:
        """What fills it; null where people do, and for who does not manage groups."""
        ids = [parent.id for parent in parents]
        return in_order(await rules_of_groups(info.context.access, ids), ids)


@object_type(RulePreview)
class GroupRulePreview:
    """What a rule would do now; nothing is changed by looking."""

    joining_count: int = field("How many members it would put in.")
    leaving_count: int = field("How many it would take out: of those whom the present rule has put in.")
    staying: int = field("How many are in the group for whom it holds.")
    kept_out: int = field("For how many it holds who were taken out of the group or left it: it leaves them alone.")
    shows_contacts: bool = field("Whether members of the group see each other's contact details.")
    fingerprint: str = field("By which the rule is set: it then does exactly what is said here, or nothing.")

    @batch_field(cost=2, size=10)
    @staticmethod
    async def first_joining(parents: Sequence[RulePreview], info: BatchInfo[ApiContext]) -> Sequence[list[Member]]:
        """The first ten who would come, by name."""
        return [await _members(info, parent.first_joining) for parent in parents]

    @batch_field(cost=2, size=10)
    @staticmethod
    async def first_leaving(parents: Sequence[RulePreview], info: BatchInfo[ApiContext]) -> Sequence[list[Member]]:
        """The first ten who would go, by name."""
        return [await _members(info, parent.first_leaving) for parent in parents]


async def _members(info: BatchInfo[ApiContext], ids: Sequence[UUID]) -> list[Member]:
    found = await related_members(info, ids) if ids else []
    return [member for member in found if member is not None]


@input_type
class GroupRuleConditionInput:
    """A condition of a rule."""

    attribute: RuleAttribute = field("What it looks at; once in a rule.")
    values: list[str] = field("One to twenty values, any of which may hold; domains are ones that are proven.")


@input_type
class PreviewGroupRuleInput(GroupInput):
    """A rule that a group may get."""

    conditions: list[GroupRuleConditionInput] = field("One to five conditions, all of which have to hold.")


@input_type
class SetGroupRuleInput(PreviewGroupRuleInput):
    """A rule for a group."""

    fingerprint: str = field("That of the preview with the same conditions.")


@input_type
class EndGroupRuleInput:
    """A group whose rule ends."""

    group_id: UUID = id_argument("Group", "The group's id.")
    keeps_members: bool = field("Whether those whom it has put in stay, as if put in by hand; else they leave.")


GroupRulePreviewPayload = object_payload("GroupRulePreviewPayload", "preview", GroupRulePreview)


@strawberry.type
class GroupRuleMutations:
    """Rules of groups."""

    @command(GroupRulePreviewPayload)
    async def preview_group_rule(self, access: Access, input: PreviewGroupRuleInput) -> RulePreview:
        """Look at what a rule would do to a group: how many would come and go, and the first; nothing is changed."""
        return await preview_rule(access, input.group_id, _conditions(input.conditions))

    @command(GroupPayload)
    async def set_group_rule(self, access: Access, input: SetGroupRuleInput) -> GroupRecord:
        """Fill a group by a rule from now on, exactly as the preview said. Needs step-up."""
        return await set_rule(access, input.group_id, _conditions(input.conditions), input.fingerprint)

    @command(GroupPayload)
    async def end_group_rule(self, access: Access, input: EndGroupRuleInput) -> GroupRecord:
        """Fill a group by hand again: who came by the rule stays or leaves, as you say. Needs step-up."""
        return await let_rule_go(access, input.group_id, keeps_members=input.keeps_members)


def _conditions(given: Sequence[GroupRuleConditionInput]) -> list[RuleCondition]:
    return [RuleCondition(each.attribute, tuple(each.values)) for each in given]
