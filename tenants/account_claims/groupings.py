"""Group the accounts at a domain: count them first, begin exactly that, watch how far it has come, stop it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.database.changes import Topic, Watch
from wardship.core.errors import ConflictError, NotFoundError
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access
from wardship.tenants.account_claims.policies import managed_domain, policies_of, require_held
from wardship.tenants.account_claims.records import (
    GROUPING_COLUMNS,
    GROUPING_TRANSITIONS,
    Enrolment,
    GroupingRecord,
    GroupingState,
)
from wardship.tenants.domains.records import ClaimRecord
from wardship.tenants.organisations.states import require_active
from wardship.tenants.paging import Page, PageRequest, each_page_sql, pages_by_parent
from wardship.tenants.permissions import Permission

KIND: Final = "grouping"
PREVIEW_LASTS: Final = timedelta(hours=1)
RUNS_FOR: Final = timedelta(days=7)
"""How long a grouping goes on at most, for instance while the domain has to be proven again."""

_COUNTS: Final = "select kind, accounts from count_groupable($1, $2)"
_INSERT: Final = (
    "insert into domain_grouping (organisation_id, id, created_at, domain_id, epoch, state, state_since, state_until,"
    " matching, members, former_members, claimed, unproven, elsewhere)"
    " values ($1, $2, $3, $4, $5, 'previewed', $3, $6, $7, $8, $9, $10, $11, $12) returning "
)
_PREVIEW: Final = _INSERT + GROUPING_COLUMNS
_SELECT: Final = "select "
_FROM: Final = " from domain_grouping"
_FIND: Final = _SELECT + GROUPING_COLUMNS + _FROM
_BY_ID: Final = " where organisation_id = $1 and id = $2 "
_MOVE: Final = (
    "update domain_grouping set state = $3, state_since = $4, state_until = $5 where organisation_id = $1 and id = $2"
    " returning "
)
_MOVED: Final = _MOVE + GROUPING_COLUMNS
_COUNTED: Final = ("matching", "member", "former", "claimed", "unproven", "elsewhere")


class GroupingStateError(ConflictError):
    """The grouping is not in a state from which this can be done: look at its state, or make another preview."""

    code: ClassVar[str] = "GROUPING_STATE"


class GroupingRefusedError(ConflictError):
    """The accounts at this domain can't be grouped now; the message says why, and until when."""

    code: ClassVar[str] = "GROUPING_REFUSED"


async def preview_grouping(access: Access, domain_id: UUID) -> GroupingRecord:
    """Count the accounts at a domain by what a grouping would do with them; nobody is named, asked or told.

    Raises:
        NotFoundError: no such domain, or not the caller's to see.
        PermissionDeniedError: the caller does not manage domains.
        StepUpRequiredError: the second factor was not shown a moment ago.
        OrganisationNotActiveError: the organisation is suspended, or ends.
        DomainNotHeldError: it is not proven now.
        GroupingRefusedError: the domain's policy wants nothing of accounts that exist, or it is in quarantine.
    """
    domain = await managed_domain(access, domain_id)
    await _require_groupable(access, domain)
    rows = await access.transaction.fetch(_COUNTS, domain_id, access.now)
    counts = {row["kind"]: row["accounts"] for row in rows}
    counted = [counts.get(kind, 0) for kind in _COUNTED]
    made = await access.fetchrow_as(
        GroupingRecord, _PREVIEW, uuid7(), access.now, domain_id, domain.epoch, access.now + PREVIEW_LASTS, *counted
    )
    return _found(made)


async def start_grouping(access: Access, grouping_id: UUID) -> GroupingRecord:
    """Begin what a preview has counted: a worker asks those accounts, and none that was proven since.

    Raises:
        NotFoundError: no such preview, or not the caller's to see.
        PermissionDeniedError: the caller does not manage domains.
        StepUpRequiredError: the second factor was not shown a moment ago.
        GroupingStateError: it is older than an hour, was begun already, or the domain has another holder since.
        DomainNotHeldError: it is not proven now.
        GroupingRefusedError: the policy or a quarantine stands against it, or another grouping of the domain runs.
    """
    preview = await grouping_by_id(access, grouping_id)
    domain = await managed_domain(access, preview.domain_id)
    await _require_groupable(access, domain)
    preview = await _lock(access, grouping_id)
    is_old = preview.state_until is not None and preview.state_until <= access.now
    if preview.state is not GroupingState.PREVIEWED or is_old or preview.epoch != domain.epoch:
        raise GroupingStateError("This preview is too old, or was begun: make another.", path=("grouping_id",))
    if await access.fetchval(
        "select exists (select from domain_grouping where organisation_id = $1 and domain_id = $2"
        " and state = 'running')",
        domain.id,
    ):
        raise GroupingRefusedError("The accounts at this domain are being grouped: wait, or cancel that.")
    begun = await move_grouping(access, preview, GroupingState.RUNNING)
    await access.audit("grouping.started", "domain_grouping", begun.id, domain=str(domain.id), accounts=begun.matching)
    await access.transaction.execute("select pg_notify('wardship_sweeps', '')")
    return begun


async def cancel_grouping(access: Access, grouping_id: UUID) -> GroupingRecord:
    """Stop a grouping: who was not told yet is left alone, who was has the choices still.

    Raises:
        NotFoundError: no such grouping, or not the caller's to see.
        PermissionDeniedError: the caller does not manage domains.
        StepUpRequiredError: the second factor was not shown a moment ago.
        GroupingStateError: it is over.
    """
    await grouping_by_id(access, grouping_id)
    access.require(Permission.DOMAINS_MANAGE)
    access.require_step_up()
    return await end_grouping(access, await _lock(access, grouping_id), GroupingState.CANCELLED)


async def end_grouping(access: Access, grouping: GroupingRecord, to: GroupingState) -> GroupingRecord:
    """End a grouping, which is locked, before it is done; accounts that were not told are left alone.

    Raises:
        GroupingStateError: it is over.
    """
    ended = await move_grouping(access, grouping, to)
    await access.audit(f"grouping.{to.value}", "domain_grouping", grouping.id, before=grouping.state.value)
    return ended


async def move_grouping(access: Access, grouping: GroupingRecord, to: GroupingState) -> GroupingRecord:
    """Bring a grouping, which is locked, into another state.

    Raises:
        GroupingStateError: the table holds no such transition.
    """
    if to not in GROUPING_TRANSITIONS[grouping.state]:
        raise GroupingStateError(f"This grouping is {grouping.state.value}: it is over.", path=("grouping_id",))
    until = access.now + RUNS_FOR if to is GroupingState.RUNNING else None
    return _found(await access.fetchrow_as(GroupingRecord, _MOVED, grouping.id, to.value, access.now, until))


async def grouping_by_id(access: Access, grouping_id: UUID) -> GroupingRecord:
    """Return one grouping.

    Raises:
        NotFoundError: absent, or the caller may see none.
    """
    if not access.may(Permission.DOMAINS_READ):
        return _found(None)
    return _found(await access.fetchrow_as(GroupingRecord, _FIND + _BY_ID, grouping_id))


async def groupings_of_domains(
    access: Access, domain_ids: Collection[UUID], page: PageRequest
) -> dict[UUID, Page[GroupingRecord]]:
    """Return a page of the groupings of each domain, previews among them, by the time they were made.

    The caller has checked who may see the domains.
    """
    sql = each_page_sql(_FIND, "domain_id")
    after = page.after or (None, None)
    rows = await access.fetch_as(GroupingRecord, sql, list(domain_ids), *after, page.limit)
    return pages_by_parent(domain_ids, rows, "domain_id", page)


async def watch_grouping(access: Access, grouping_id: UUID) -> Watch:
    """Watch a grouping from now on.

    Raises:
        NotFoundError: absent, or the caller may see none.
    """
    await grouping_by_id(access, grouping_id)
    return access.services.database.changes.watch(Topic(access.organisation_id, KIND, grouping_id))


async def lock_grouping(access: Access, grouping_id: UUID) -> GroupingRecord | None:
    """Return a grouping locked, for acts that have checked who may; None while somebody else is at it."""
    return await access.fetchrow_as(GroupingRecord, _FIND + _BY_ID + "for no key update skip locked", grouping_id)


async def _lock(access: Access, grouping_id: UUID) -> GroupingRecord:
    return _found(await access.fetchrow_as(GroupingRecord, _FIND + _BY_ID + "for no key update", grouping_id))


async def _require_groupable(access: Access, domain: ClaimRecord) -> None:
    await require_active(access)
    require_held(domain)
    if domain.quarantined_until is not None and domain.quarantined_until > access.now:
        raise GroupingRefusedError(
            f"Somebody else held this domain before: it is in quarantine until {domain.quarantined_until:%Y-%m-%d}.",
            path=("domain_id",),
        )
    policy = (await policies_of(access, [domain.id])).get(domain.id)
    if policy is None or policy.enrolment is not Enrolment.CLAIM_EXISTING:
        raise GroupingRefusedError(
            "The policy of this domain wants nothing of accounts that exist: set it to CLAIM_EXISTING first.",
            path=("domain_id",),
        )


def _found(grouping: GroupingRecord | None) -> GroupingRecord:
    if grouping is None:
        raise NotFoundError("No such grouping here: use the id of one that you can see.", path=("grouping_id",))
    return grouping
