"""For whom rules hold: all of them and all members in two statements, or a few who have changed.

Values are compared in one canonical form, which is made by the program and not by the database. So the spellings that
occur are read first, each once however many people have it; the second statement compares these as they are.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from wardship.core.database.rows import Row, column
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access
from wardship.tenants.groups.rules.records import RuleAttribute, RuleCondition, comparable

_OF_DIRECTORY: Final = (RuleAttribute.DEPARTMENT, RuleAttribute.DIVISION, RuleAttribute.COST_CENTER)
_OF_PROFILE: Final = (RuleAttribute.JOB_TITLE, RuleAttribute.COMPANY)
_VALUES: Final = ", ".join(
    [f"('{name}', m.{name})" for name in _OF_PROFILE]
    + [f"('{name}', coalesce(d.{name}, ''))" for name in _OF_DIRECTORY]
)
_EVERYBODY: Final = "member m"
_SOME: Final = "unnest($2::uuid[]) as w (id) join member m on m.organisation_id = $1 and m.id = w.id"
_OF_MEMBERS: Final = " from {members} left join directory_user d on d.organisation_id = $1 and d.member_id = m.id"
_READ: Final = _OF_MEMBERS + " cross join lateral (values " + _VALUES + ") as v (attribute, value)"
_DISTINCT: Final = "select distinct v.attribute, v.value"
_ASKED: Final = (
    " where m.organisation_id = $1 and m.state <> 'erased' and v.value <> '' and v.attribute = any($3::text[])"
    " and ($2::uuid[] is null or m.id = any($2))"
)
_SPELLINGS: Final = _DISTINCT + _READ + _ASKED
# $2 whom it is about or null, $3 to $5 the rules with their groups and how many conditions each has, $6 to $9 the
# spellings by which each condition holds, $10 the domains among these.
_GIVEN: Final = """
    with rule as (select * from unnest($3::uuid[], $4::uuid[], $5::integer[]) as r (id, group_id, conditions)),
    spelling as (
        select * from unnest($6::uuid[], $7::integer[], $8::text[], $9::text[]) as s (rule_id, place, attribute, value)
    ), held as (
        select s.rule_id, s.place, m.id as member_id
"""
_COMPARED: Final = """
            join spelling s on s.attribute = v.attribute and s.value = v.value
        where m.organisation_id = $1 and m.state <> 'erased'
        union
        select s.rule_id, s.place, a.member_id
        from members_at_domains($10::text[], $2::uuid[]) a
            join spelling s on s.attribute = 'email_domain' and s.value = a.name
    ), holding as (
        select r.group_id, h.member_id from held h join rule r on r.id = h.rule_id
        group by r.id, r.group_id, r.conditions, h.member_id having count(*) = r.conditions
    ), joining as (
        select h.group_id, h.member_id, m.display_name from holding h
            join member m on m.organisation_id = $1 and m.id = h.member_id and m.state = 'active'
        where not exists (select from group_membership s where s.organisation_id = $1 and s.group_id = h.group_id
            and s.member_id = h.member_id and (s.left_at is null or s.is_taken_out))
    ), leaving as (
        select s.id, s.group_id, s.member_id, m.display_name from rule r
            join group_membership s on s.organisation_id = $1 and s.group_id = r.group_id and s.left_at is null
                and s.is_by_rule and ($2::uuid[] is null or s.member_id = any($2))
            join member m on m.organisation_id = $1 and m.id = s.member_id
        where not exists (select from holding h where h.group_id = s.group_id and h.member_id = s.member_id)
    )
"""
_HOLDING: Final = _GIVEN + _READ + _COMPARED
_DONE: Final = """
    , joined as (
        insert into group_membership (organisation_id, id, created_at, group_id, member_id, role, is_by_rule)
        select $1, ($12 || substr(gen_random_uuid()::text, 19))::uuid, $11, group_id, member_id, 'member', true
        from joining
        on conflict (organisation_id, group_id, member_id) where left_at is null do nothing
        returning group_id, member_id
    ), gone as (
        update group_membership s set left_at = $11, role = 'member' from leaving l
        where s.organisation_id = $1 and s.id = l.id and s.left_at is null returning s.group_id, s.member_id
    )
    select group_id, member_id, true as is_joined from joined
    union all select group_id, member_id, false from gone
"""
_FILL: Final = _HOLDING + _DONE
_SEEN: Final = """
    select array(select member_id from joining order by display_name, member_id) as joining,
        array(select member_id from leaving order by display_name, member_id) as leaving,
        (select count(*) from holding h join group_membership s on s.organisation_id = $1 and s.group_id = h.group_id
            and s.member_id = h.member_id and s.left_at is null) as staying,
        (select count(*) from holding h where not exists (select from group_membership s where s.organisation_id = $1
                and s.group_id = h.group_id and s.member_id = h.member_id and s.left_at is null)
            and exists (select from group_membership s where s.organisation_id = $1 and s.group_id = h.group_id
                and s.member_id = h.member_id and s.is_taken_out)) as kept_out
"""
_LOOK: Final = _HOLDING + _SEEN


class Change(Row):
    """Somebody whom a rule has put into a group, or taken out of it."""

    __slots__ = ()

    group_id: UUID = column("group_id")
    member_id: UUID = column("member_id")
    is_joined: bool = column("is_joined")


class Outlook(Row):
    """What a rule would do: whom it would put in and take out, in the order of their names, and whom it leaves.

    Attributes:
        staying: how many are in the group for whom it holds.
        kept_out: for how many it holds whom somebody has taken out of the group, or who left it by themselves.
    """

    __slots__ = ()

    joining: list[UUID] = column("joining")
    leaving: list[UUID] = column("leaving")
    staying: int = column("staying")
    kept_out: int = column("kept_out")


@dataclass(frozen=True, slots=True)
class Filling:
    """A rule as it is applied.

    Attributes:
        rule_id: its id, or one that stands for it while it is only looked at.
    """

    rule_id: UUID
    group_id: UUID
    conditions: tuple[RuleCondition, ...]


async def fill(access: Access, rules: Sequence[Filling], scope: Collection[UUID] | None = None) -> list[Change]:
    """Put into groups for whom their rules hold, take out for whom they hold no more, and return the changes.

    Put in are active members, always as plain members; who was taken out or left is not put in again, and who was put
    in by hand stays. What follows from the changes is the caller's to see to.

    Args:
        access: by which it is done.
        rules: which, at most one for each group.
        scope: the members who have changed; None for all.
    """
    arguments = await _arguments(access, rules, scope)
    return await access.fetch_as(Change, _of(_FILL, scope), *arguments, access.now, str(uuid7())[:18])


async def look(access: Access, rule: Filling) -> Outlook:
    """Return what a rule would do now; nothing is changed."""
    (found,) = await access.fetch_as(Outlook, _of(_LOOK, None), *await _arguments(access, [rule], None))
    return found


async def _arguments(access: Access, rules: Sequence[Filling], scope: Collection[UUID] | None) -> tuple[object, ...]:
    spellings = await _spellings(access, rules, scope)
    held = [
        (rule.rule_id, place, condition.attribute.value, value)
        for rule in rules
        for place, condition in enumerate(rule.conditions)
        for key in condition.keys
        for value in spellings.get((condition.attribute, key), ())
    ]
    domains = sorted({value for _, _, attribute, value in held if attribute == RuleAttribute.EMAIL_DOMAIN})
    return (
        None if scope is None else list(scope),
        [rule.rule_id for rule in rules],
        [rule.group_id for rule in rules],
        [len(rule.conditions) for rule in rules],
        *([each[column] for each in held] for column in range(4)),
        domains,
    )


async def _spellings(
    access: Access, rules: Sequence[Filling], scope: Collection[UUID] | None
) -> Mapping[tuple[RuleAttribute, str], list[str]]:
    """Return the values that occur, by attribute and the form that is compared; domains as rules name them."""
    conditions = [condition for rule in rules for condition in rule.conditions]
    found: dict[tuple[RuleAttribute, str], list[str]] = {
        (RuleAttribute.EMAIL_DOMAIN, comparable(value)): [value]
        for condition in conditions
        if condition.attribute is RuleAttribute.EMAIL_DOMAIN
        for value in condition.values
    }
    wanted = sorted({condition.attribute for condition in conditions} - {RuleAttribute.EMAIL_DOMAIN})
    if wanted:
        rows = await access.fetch(_of(_SPELLINGS, scope), None if scope is None else list(scope), wanted)
        for row in rows:
            found.setdefault((RuleAttribute(row["attribute"]), comparable(row["value"])), []).append(row["value"])
    return found


def _of(sql: str, scope: Collection[UUID] | None) -> str:
    """Return a statement about all members, or about a few that are looked up one by one."""
    return sql.replace("{members}", _EVERYBODY if scope is None else _SOME)
