"""Give a group a rule, which is looked at first, or let it go."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.errors import ConflictError, InvalidInputError, NotFoundError
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access
from wardship.tenants.groups.change import open_group, require_by_hand
from wardship.tenants.groups.read import GroupRecord, group_by_id
from wardship.tenants.groups.rules.filling import apply_rules
from wardship.tenants.groups.rules.holding import Filling, look
from wardship.tenants.groups.rules.read import rule_of_group, rules_of_groups
from wardship.tenants.groups.rules.records import RuleAttribute, RuleCondition, RuleRecord, checked_conditions
from wardship.tenants.groups.rules.telling import tell_filled
from wardship.tenants.groups.visibility import own_group_rank
from wardship.tenants.members.fields import members_changed
from wardship.tenants.permissions import Permission

MOST_RULES: Final = 100
FIRST: Final = 10
"""So many of those who would come and go are named."""

_HELD: Final = (
    "select name from domain_claim where organisation_id = $1 and state = 'verified' and name = any($2::text[])"
)
_COUNT: Final = "select count(*) from group_rule where organisation_id = $1 and group_id <> $2"
_FORGET: Final = "delete from group_rule where organisation_id = $1 and group_id = $2"
_INSERT: Final = """
    with rule as (
        insert into group_rule (organisation_id, id, created_at, group_id, swept_at) values ($1, $2, $3, $4, $3)
        returning organisation_id, id, created_at
    )
    insert into group_rule_value (organisation_id, id, created_at, rule_id, place, attribute, value)
    select r.organisation_id, v.id, r.created_at, r.id, v.place, v.attribute, v.value
    from rule r cross join unnest($5::uuid[], $6::integer[], $7::text[], $8::text[]) as v (id, place, attribute, value)
"""
_KEEP: Final = (
    "update group_membership set is_by_rule = false where organisation_id = $1 and group_id = $2 and is_by_rule"
)
_LEAVE: Final = (
    "update group_membership set left_at = $3, role = 'member'"
    " where organisation_id = $1 and group_id = $2 and left_at is null and is_by_rule returning member_id"
)


class RuleDomainNotHeldError(InvalidInputError):
    """The rule names a domain that the organisation has not proven: prove it first, or name another."""

    code: ClassVar[str] = "RULE_DOMAIN_NOT_HELD"


class RulePreviewChangedError(ConflictError):
    """The rule would do something else than what was looked at: look again, and set it with the new fingerprint."""

    code: ClassVar[str] = "RULE_PREVIEW_CHANGED"


class TooManyRulesError(ConflictError):
    """The organisation has a hundred rules for groups: let one go first."""

    code: ClassVar[str] = "TOO_MANY_RULES"


@dataclass(frozen=True, slots=True)
class RulePreview:
    """What a rule would do now, before anything is done.

    Attributes:
        group: of which.
        joining: whom it would put in, in the order of their names.
        leaving: whom it would take out: those whom the present rule has put in.
        staying: how many are in the group for whom it holds.
        kept_out: how many it would put in, had nobody taken them out and had they not left by themselves.
        fingerprint: by which the rule is set: it does then exactly what is said here.
    """

    group: GroupRecord
    joining: Sequence[UUID]
    leaving: Sequence[UUID]
    staying: int
    kept_out: int
    fingerprint: str

    @property
    def joining_count(self) -> int:
        """Return how many would come."""
        return len(self.joining)

    @property
    def leaving_count(self) -> int:
        """Return how many would go."""
        return len(self.leaving)

    @property
    def first_joining(self) -> Sequence[UUID]:
        """Return the first of those who would come, by name."""
        return self.joining[:FIRST]

    @property
    def first_leaving(self) -> Sequence[UUID]:
        """Return the first of those who would go, by name."""
        return self.leaving[:FIRST]

    @property
    def shows_contacts(self) -> bool:
        """Return whether members of the group see each other's contact details."""
        return self.group.contact_visibility == "contact_details"


async def preview_rule(access: Access, group_id: UUID, wanted: Sequence[RuleCondition]) -> RulePreview:
    """Return what a rule would do; nothing is changed.

    Raises:
        PermissionDeniedError: the caller does not manage groups.
        NotFoundError: there is no such group.
        GroupArchivedError: it is archived.
        GroupOfDirectoryError: the directory decides who is in it.
        InvalidRuleError: there are none, too many, or unreadable conditions.
        RuleDomainNotHeldError: it names a domain that the organisation has not proven.
    """
    access.require(Permission.GROUPS_MANAGE)
    group = await open_group(access, group_id)
    require_by_hand(group)
    conditions = await _conditions(access, wanted)
    outlook = await look(access, Filling(uuid7(), group_id, conditions))
    fingerprint = fingerprint_of(group_id, conditions, outlook.joining, outlook.leaving)
    return RulePreview(group, outlook.joining, outlook.leaving, outlook.staying, outlook.kept_out, fingerprint)


async def set_rule(access: Access, group_id: UUID, wanted: Sequence[RuleCondition], fingerprint: str) -> GroupRecord:
    """Fill a group by a rule from now on, in place of the one that it has, exactly as the preview said.

    Args:
        access: the caller.
        group_id: which.
        wanted: its conditions, all of which have to hold.
        fingerprint: of the preview.

    Raises:
        StepUpRequiredError: the second factor was not shown a moment ago.
        RulePreviewChangedError: it would do something else now than the preview said.
        TooManyRulesError: the organisation has as many as it may.
    """
    access.require(Permission.GROUPS_MANAGE)
    access.require_step_up()
    await own_group_rank(access, group_id)  # locks the group
    group = await open_group(access, group_id)
    require_by_hand(group)
    conditions = await _conditions(access, wanted)
    if await access.fetchval(_COUNT, group_id) >= MOST_RULES:
        raise TooManyRulesError(f"An organisation has at most {MOST_RULES} rules for groups: let one go first.")
    rule = await _write(access, group_id, conditions)
    changes = await apply_rules(access, [rule])
    joined = [change.member_id for change in changes if change.is_joined]
    left = [change.member_id for change in changes if not change.is_joined]
    if fingerprint_of(group_id, conditions, joined, left) != fingerprint:
        raise RulePreviewChangedError(
            "This rule would do something else now than what you looked at: look again (previewGroupRule), and set it"
            " with the fingerprint from there.",
            path=("fingerprint",),
        )
    attributes = [condition.attribute.value for condition in conditions]
    await access.audit("group.rule_set", "group", group_id, attributes=attributes)
    return group


async def let_rule_go(access: Access, group_id: UUID, *, keeps_members: bool) -> GroupRecord:
    """Fill a group by hand from now on; of an archived one too.

    Args:
        access: the caller.
        group_id: which.
        keeps_members: whether those whom the rule has put in stay, as if put in by hand; else they leave.

    Raises:
        StepUpRequiredError: the second factor was not shown a moment ago.
        NotFoundError: the group has no rule, or there is no such group.
    """
    access.require(Permission.GROUPS_MANAGE)
    access.require_step_up()
    await own_group_rank(access, group_id)  # locks the group
    group, rule = await group_by_id(access, group_id), await rule_of_group(access, group_id)
    if rule is None:
        raise NotFoundError("No rule fills this group.", path=("group_id",))
    await access.execute(_FORGET, group_id)
    left: list[UUID] = []
    if keeps_members:
        await access.execute(_KEEP, group_id)
    else:
        left = [row["member_id"] for row in await access.fetch(_LEAVE, group_id, access.now)]
        await tell_filled(access, group, rule.conditions, [], left)
    await access.audit("group.rule_ended", "group", group_id, left=len(left))
    await members_changed(access, sorted(left), frozenset({"groups"}))
    return group


async def _conditions(access: Access, wanted: Sequence[RuleCondition]) -> tuple[RuleCondition, ...]:
    conditions = checked_conditions(wanted)
    domains = {
        value
        for condition in conditions
        if condition.attribute is RuleAttribute.EMAIL_DOMAIN
        for value in condition.values
    }
    held = {row["name"] for row in await access.fetch(_HELD, sorted(domains))} if domains else set()
    if missing := domains - held:
        raise RuleDomainNotHeldError(
            f"Your organisation has not proven {', '.join(sorted(missing))}: prove it first, or name another domain.",
            path=("conditions",),
        )
    return conditions


async def _write(access: Access, group_id: UUID, conditions: Sequence[RuleCondition]) -> RuleRecord:
    await access.execute(_FORGET, group_id)
    values = [
        (uuid7(), place, condition.attribute.value, value)
        for place, condition in enumerate(conditions)
        for value in condition.values
    ]
    columns = ([each[column] for each in values] for column in range(4))
    await access.execute(_INSERT, uuid7(), access.now, group_id, *columns)
    return (await rules_of_groups(access, [group_id]))[group_id]


def fingerprint_of(
    group_id: UUID, conditions: Sequence[RuleCondition], joining: Collection[UUID], leaving: Collection[UUID]
) -> str:
    """Return by what a rule and all that it does are known again."""
    said = sorted((condition.attribute.value, *sorted(condition.keys)) for condition in conditions)
    parts = (group_id, said, sorted(map(str, joining)), sorted(map(str, leaving)))
    return hashlib.sha256(repr(parts).encode()).hexdigest()
