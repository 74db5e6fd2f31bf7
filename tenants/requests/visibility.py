"""Which requests one caller may see: the one way to reach them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NewType
from uuid import UUID

from wardship.core.errors import NotFoundError
from wardship.tenants.access import Access
from wardship.tenants.parameters import Parameters
from wardship.tenants.permissions import Permission
from wardship.tenants.requests.records import (
    REQUEST_COLUMNS,
    RIGHTS,
    LockedRequest,
    request_record,
    right_record,
)


@dataclass(frozen=True, slots=True)
class _Reach:
    access: Access
    sees_all: bool
    member_id: UUID | None
    sees_escalated: bool


VisibleRequests = NewType("VisibleRequests", _Reach)
"""One's own requests; all with ``requests.read``; for the privacy team those of which a right is with it, no longer."""

_WITH_TEAM: Final = """(r.handler = 'privacy_team' and exists (select from request_right t
        where t.organisation_id = $1 and t.request_id = r.id and t.handler = 'privacy_team' and t.ended_at is null))"""
_LEFT_BY_TEAM: Final = """exists (select from left_by_privacy_team t
        where t.organisation_id = $1 and t.request_id = r.id)"""
_VISIBLE: Final = """
    r.organisation_id = $1 and ($2::boolean or r.member_id = $3::uuid or ($4::boolean and {with_team}))
"""

# Takes $1 organisation, $2 sees_all, $3 member, $4 sees_escalated.
VISIBLE_SQL: Final = _VISIBLE.format(with_team=_WITH_TEAM)
_VISIBLE_OR_LEFT: Final = _VISIBLE.format(with_team=f"({_WITH_TEAM} or {_LEFT_BY_TEAM})")


def visible_requests(access: Access) -> VisibleRequests:
    """Return which requests the caller may see."""
    return VisibleRequests(
        _Reach(
            access,
            access.may(Permission.REQUESTS_READ),
            access.actor.member_id if "read" in access.actor.scopes else None,
            access.may(Permission.REQUESTS_DECIDE_ESCALATED),
        )
    )


def visible_arguments(reach: VisibleRequests) -> tuple[object, ...]:
    """Return the arguments $1 to $4 of ``VISIBLE_SQL``."""
    return (reach.access.organisation_id, reach.sees_all, reach.member_id, reach.sees_escalated)


def visible_conditions(reach: VisibleRequests, parameters: Parameters) -> list[str]:
    """Return what ``VISIBLE_SQL`` says besides the organisation, for a list: only what binds this caller.

    A plan for all callers would read the requests of the whole organisation for somebody who sees a few.
    """
    if reach.sees_all:
        return []
    own = f"r.member_id = {parameters.add(reach.member_id)}"
    return [f"({own} or {_WITH_TEAM})" if reach.sees_escalated else own]


def request_not_found() -> NotFoundError:
    """Return the one answer for a request that is absent and for one that is not the caller's to see."""
    return NotFoundError("No such request: use the id of one that you can see.", path=("request",))


async def lock_request(access: Access, request_id: UUID, *, is_left: bool = False) -> LockedRequest:
    """Return a request that the caller may see with its rights, both locked until the transaction ends.

    Args:
        access: the caller.
        request_id: which one.
        is_left: whether the act is about what a right has left (a remainder, a restriction), which the privacy team
            ends where it decided so, though it sees the request no more.

    Raises:
        NotFoundError: absent, or not the caller's to see.
    """
    visible = _VISIBLE_OR_LEFT if is_left else VISIBLE_SQL
    row = await access.transaction.fetchrow(
        f"select {REQUEST_COLUMNS} from data_request r where {visible} and r.id = $5 for no key update",  # noqa: S608 - constants
        *visible_arguments(visible_requests(access)),
        request_id,
    )
    if row is None:
        raise request_not_found()
    rights = await access.fetch(
        "select " + RIGHTS + " where g.organisation_id = $1 and g.request_id = $2 order by g.created_at, g.id"
        " for no key update",
        request_id,
    )
    return LockedRequest(request_record(row), tuple(right_record(item) for item in rights))


async def lock_request_of_right(access: Access, right_id: UUID, *, is_left: bool = False) -> LockedRequest:
    """Return the request of a right, as ``lock_request`` does.

    Raises:
        NotFoundError: absent, or not the caller's to see.
    """
    request_id = await access.fetchval(
        "select request_id from request_right where organisation_id = $1 and id = $2", right_id
    )
    if request_id is None:
        raise request_not_found()
    return await lock_request(access, request_id, is_left=is_left)
