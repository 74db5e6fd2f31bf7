"""Count what waits for the caller, by the clock that runs, and derive what is set up from facts; in one statement.

Each part is counted only where the caller's role lets the caller do something about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from wardship.core.database.rows import Row, column
from wardship.tenants.access import Access
from wardship.tenants.obligations.states import ENDED, ObligationState
from wardship.tenants.permissions import Permission

MOST_COUNTED: Final = 1000
"""This many stands for as many or more."""
_NOBODY: Final = UUID(int=0)


class WaitingKind(StrEnum):
    """What waits for somebody's act."""

    REQUESTS_TO_ACKNOWLEDGE = "requests_to_acknowledge"
    REQUESTS_TO_DECIDE = "requests_to_decide"
    ERASURES_TO_COMMIT = "erasures_to_commit"
    MANUAL_TASKS = "manual_tasks"
    DELETIONS_TO_APPROVE = "deletions_to_approve"
    ACCOUNT_RECOVERIES = "account_recoveries"
    DOMAINS_AT_RISK = "domains_at_risk"
    INSTALLATIONS_TO_APPROVE = "installations_to_approve"
    INSTALLATIONS_IN_TROUBLE = "installations_in_trouble"


class SetUpStep(StrEnum):
    """A step from an empty organisation to one that works; done when the facts say so, never ticked off."""

    CONTACT = "contact"
    SECOND_ADMIN = "second_admin"
    DOMAIN = "domain"
    DOMAIN_POLICY = "domain_policy"
    INTEGRATION = "integration"
    REQUEST = "request"


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much of a kind waits; ``due_at`` is the soonest, None where no clock runs."""

    kind: WaitingKind
    count: int
    late: int
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwedByAge:
    """How many obligations were made within a day, within a week, within 30 days, and before."""

    day: int
    week: int
    month: int
    older: int


@dataclass(frozen=True, slots=True)
class OwedInState:
    """How many obligations stand in a state, and since when; ``oldest_at`` is when the oldest of them was made."""

    state: ObligationState
    count: int
    late: int
    due_at: datetime | None
    oldest_at: datetime | None
    ages: OwedByAge


@dataclass(frozen=True, slots=True)
class Step:
    """Whether a step is done."""

    step: SetUpStep
    is_done: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """What the caller sees at first; None is not the caller's to see.

    Attributes:
        waiting: what waits, the soonest due first; only what there is.
        obligations: what recipients owe, by state, those that have not ended.
        set_up: the steps, in their order.
    """

    waiting: Sequence[Waiting] = ()
    obligations: Sequence[OwedInState] | None = None
    set_up: Sequence[Step] | None = None


_OPEN_REQUEST: Final = (
    "select {due} as due_at, r.created_at from data_request r where r.organisation_id = $1 and r.ended_at is null"
    " and r.handler = 'admin' and r.identity_state = 'verified' and r.member_id <> $3 and {more}"
    " order by r.due_at, r.id"
)
_HAS_RIGHT: Final = (
    "exists (select from request_right g where g.organisation_id = $1 and g.request_id = r.id and g.handler = 'admin'"
    " and g.ended_at is null and {})"
)
_INSTALLATIONS: Final = (
    "select null::timestamptz as due_at, i.created_at from installation i where i.organisation_id = $1"
    " and i.state <> 'removed' and {} order by i.created_at, i.id"
)

_WAITING: Final = MappingProxyType(
    {
        WaitingKind.REQUESTS_TO_ACKNOWLEDGE: (
            Permission.REQUESTS_DECIDE,
            _OPEN_REQUEST.format(
                due="r.acknowledge_by",
                more="r.acknowledged_at is null and " + _HAS_RIGHT.format("g.state = 'with_admin'"),
            ),
        ),
        WaitingKind.REQUESTS_TO_DECIDE: (
            Permission.REQUESTS_DECIDE,
            _OPEN_REQUEST.format(due="r.decide_by", more=_HAS_RIGHT.format("g.state = 'with_admin'")),
        ),
        WaitingKind.ERASURES_TO_COMMIT: (
            Permission.REQUESTS_DECIDE,
            _OPEN_REQUEST.format(
                due="r.due_at",
                more=_HAS_RIGHT.format("g.kind = 'erasure' and g.state in ('approved', 'previewed')"),
            ),
        ),
        WaitingKind.MANUAL_TASKS: (
            Permission.TASKS_COMPLETE,
            (
                "select t.due_at, t.created_at from manual_task t where t.organisation_id = $1 and t.state = 'open'"
                " order by t.due_at, t.id"
            ),
        ),
        WaitingKind.DELETIONS_TO_APPROVE: (
            Permission.DELETIONS_APPROVE,
            (
                "select a.expires_at as due_at, a.created_at from approval a where a.organisation_id = $1"
                " and a.state = 'asked' and not a.is_with_privacy_team and a.expires_at > $2"
                " and a.asked_by is distinct from $3 and a.member_id <> $3 order by a.created_at, a.id"
            ),
        ),
        WaitingKind.ACCOUNT_RECOVERIES: (
            Permission.MEMBERS_RECOVER,
            (
                "select r.acts_at as due_at, r.created_at from account_recoveries(array['asked'], null, null, 1000) r"
                " where r.member_id is distinct from $3"
            ),
        ),
        WaitingKind.DOMAINS_AT_RISK: (
            Permission.DOMAINS_MANAGE,
            (
                "select d.state_until as due_at, d.created_at from domain_claim d where d.organisation_id = $1"
                " and d.state in ('grace', 'contested', 'disputed')"
            ),
        ),
        WaitingKind.INSTALLATIONS_TO_APPROVE: (
            Permission.INTEGRATIONS_MANAGE,
            _INSTALLATIONS.format(
                "(i.state = 'needs_approval' or (i.state = 'paused' and i.state_reason = 'organisations_merged'))"
            ),
        ),
        WaitingKind.INSTALLATIONS_IN_TROUBLE: (
            Permission.INTEGRATIONS_MANAGE,
            _INSTALLATIONS.format("i.state in ('degraded', 'load_failed', 'migration_failed', 'revocation_overdue')"),
        ),
    }
)
"""What waits: the permission to do something about it, and a statement for its moments. $2 is now, $3 the caller."""

_OWED: Final = (
    "select o.due_at, o.created_at from obligation o where o.organisation_id = $1 and o.state = '{}'"
    " order by o.created_at, o.id"
)
_STEPS: Final = MappingProxyType(
    {
        SetUpStep.CONTACT: "exists (select from organisation o where o.id = $1"
        " and coalesce(o.settings ->> 'grievance_contact', '') <> ''"
        " and coalesce(o.settings ->> 'legal_entity', '') <> '')",
        SetUpStep.SECOND_ADMIN: "(select count(*) from (select distinct a.member_id from role_assignment a"
        " join member m on m.organisation_id = $1 and m.id = a.member_id where a.organisation_id = $1"
        " and a.role in ('org_admin', 'org_owner') and m.state = 'active' and m.account_id is not null limit 2) two)"
        " > 1",
        SetUpStep.DOMAIN: "exists (select from domain_claim d where d.organisation_id = $1 and d.state = 'verified')",
        SetUpStep.DOMAIN_POLICY: "exists (select from domain_policy p where p.organisation_id = $1)",
        SetUpStep.INTEGRATION: "exists (select from installation i where i.organisation_id = $1"
        " and i.state <> 'removed' and i.state in ('checked', 'active', 'degraded', 'paused', 'needs_approval'))",
        SetUpStep.REQUEST: "exists (select from data_request r where r.organisation_id = $1)",
    }
)
_COUNT: Final = (
    "select {name} as name, count(*) as count, count(*) filter (where w.due_at < $2) as late, min(w.due_at) as due_at,"
    " min(w.created_at) as oldest_at, {ages} as ages from ({select} limit 1000) w"
)
_AGES: Final = (
    "array[count(*) filter (where w.created_at >= $2 - interval '1 day'),"
    " count(*) filter (where w.created_at >= $2 - interval '7 days'),"
    " count(*) filter (where w.created_at >= $2 - interval '30 days'), count(*)]::int[]"
)
"""Each of these holds those before it."""
_NO_AGES: Final = "null::int[]"
_FACT: Final = (
    "select {name} as name, case when {fact} then 1 else 0 end as count, 0 as late, null::timestamptz as due_at,"
    " null::timestamptz as oldest_at, null::int[] as ages"
)


class _Counted(Row):
    __slots__ = ()

    name: str = column("name")
    count: int = column("count")
    late: int = column("late")
    due_at: datetime | None = column("due_at")
    oldest_at: datetime | None = column("oldest_at")
    ages: list[int] = column("ages")


async def read_overview(access: Access) -> Overview:
    """Return what waits for the caller, how obligations stand, and what is set up, as far as the caller may see.

    Raises:
        PermissionDeniedError: the caller has no place in the organisation.
    """
    access.require(Permission.ORGANISATION_READ)
    kinds = [kind for kind, (permission, _) in _WAITING.items() if access.may(permission)]
    states = [state for state in ObligationState if state not in ENDED and access.may(Permission.INTEGRATIONS_READ)]
    steps = list(SetUpStep) if access.may(Permission.ORGANISATION_UPDATE) else []
    parts = [
        *(_COUNT.format(name=f"'{kind}'", ages=_NO_AGES, select=_WAITING[kind][1]) for kind in kinds),
        *(_COUNT.format(name=f"'{state}'", ages=_AGES, select=_OWED.format(state)) for state in states),
        *(_FACT.format(name=f"'{step}'", fact=_STEPS[step]) for step in steps),
    ]
    if not parts:
        return Overview()
    # What no part asks has no type.
    sql = f"with asked as (select $2::timestamptz, $3::uuid) {' union all '.join(parts)}"
    rows = await access.fetch_as(_Counted, sql, access.now, access.actor.member_id or _NOBODY)
    found = {row.name: row for row in rows}
    return Overview(
        _waiting([found[kind] for kind in kinds]),
        [_owed(state, found[state]) for state in states] if states else None,
        [Step(step, bool(found[step].count)) for step in steps] if steps else None,
    )


def _waiting(rows: Sequence[_Counted]) -> list[Waiting]:
    present = [Waiting(WaitingKind(row.name), row.count, row.late, row.due_at) for row in rows if row.count]
    return sorted(present, key=lambda item: (item.due_at is None, item.due_at.timestamp() if item.due_at else 0))


def _owed(state: ObligationState, row: _Counted) -> OwedInState:
    day, week, month, every = row.ages
    ages = OwedByAge(day, week - day, month - week, every - month)
    return OwedInState(state, row.count, row.late, row.due_at, row.oldest_at, ages)
