"""The delivery log: of one installation for those who see it, and of a vendor's integrations without any person."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from wardship.core.database.rows import Row, column
from wardship.core.errors import InvalidInputError
from wardship.plugins.api import Verb
from wardship.tenants.access import Access
from wardship.tenants.obligations.attempts import Attempt, read_attempts
from wardship.tenants.obligations.states import ObligationState
from wardship.tenants.paging import Page, PageRequest, page_of_rows, pages_by_parent
from wardship.tenants.permissions import Permission


class _Tried(Row):
    """What both logs tell of one obligation that was tried: codes and times.

    Attributes:
        status: the contract's word for the end of the last call.
        code: why, as a stable word.
        detail: why the last call did not do what was asked, in words, without what looks like a person.
        attempts: oldest first; of many the first and the newest.
    """

    __slots__ = ()

    id: UUID = column("id")
    installation_id: UUID = column("installation_id")
    verb: Verb = column("verb", Verb)
    state: ObligationState = column("state", ObligationState)
    attempt: int = column("attempt")
    failures: int = column("failures")
    submitted_at: datetime = column("submitted_at")
    due_at: datetime = column("due_at")
    next_at: datetime = column("next_at")
    tried_at: datetime = column("tried_at")
    ended_at: datetime | None = column("ended_at")
    status: str = column("status")
    code: str = column("code")
    detail: str = column("detail")
    attempts: tuple[Attempt, ...] = column("attempts", read_attempts)


class DeliveryRecord(_Tried):
    """One obligation in the log of an installation; ``member_id`` is None where it is about all."""

    __slots__ = ()

    member_id: UUID | None = column("member_id")


class VendorDelivery(_Tried):
    """What a vendor sees of one obligation at one of its integrations: no person, and no organisation by name."""

    __slots__ = ()

    integration_key: str = column("integration_key")


_SELECT: Final = (
    "select o.id, o.installation_id, o.member_id, o.verb, o.state, o.attempt, o.failures, o.submitted_at, o.due_at,"
    " o.next_at, o.tried_at, o.ended_at, coalesce(o.outcome ->> 'status', '') as status,"
    " coalesce(o.outcome ->> 'code', '') as code, o.detail, o.attempts from obligation o"
)
# Each state by itself: the index holds the rows of one in the order of time.
_SEEN: Final = (
    " where organisation_id = $1 and installation_id = parent and state = s.wanted and tried_at is not null"
    " and ($3::timestamptz is null or (tried_at, id) < ($3, $4::uuid)) order by tried_at desc, id desc limit $5"
)
_BEGIN: Final = (
    "select each.* from unnest($2::uuid[]) as parent cross join lateral (select found.* from unnest($6::text[])"
    " as s (wanted) cross join lateral ("
)
_END: Final = ") found order by tried_at desc, id desc limit $5) each"
_EACH: Final = _BEGIN + _SELECT + _SEEN + _END
_OF_VENDOR: Final = "select * from vendor_deliveries($1, $2, $3, $4, $5, $6)"


async def deliveries_by_installation(
    access: Access, installation_ids: Collection[UUID], page: PageRequest, states: Collection[ObligationState] = ()
) -> dict[UUID, Page[DeliveryRecord]]:
    """Return, for each installation, a page of what was tried there, the last tried first; the caller sees them.

    No states means all.
    """
    wanted = [state.value for state in states or ObligationState]
    after = page.after or (None, None)
    rows = await access.fetch_as(DeliveryRecord, _EACH, list(installation_ids), *after, page.limit, wanted)
    return pages_by_parent(installation_ids, rows, "installation_id", page)


async def list_vendor_deliveries(
    access: Access,
    page: PageRequest,
    *,
    installation: str | None = None,
    states: Collection[ObligationState] = (),
) -> Page[VendorDelivery]:
    """Return what was tried at the caller's own integrations in all organisations, the last tried first.

    Args:
        access: the caller.
        page: what is asked for.
        installation: the id by which connectors know one; None for all.
        states: none for all.

    Raises:
        PermissionDeniedError: the caller is no vendor.
        InvalidInputError: the installation is no such id.
    """
    access.require(Permission.VENDOR_CLIENTS_OWN)
    wanted = [state.value for state in states or ObligationState]
    after_at, after_id = page.after or (None, None)
    rows = await access.transaction.fetch_as(
        VendorDelivery,
        _OF_VENDOR,
        access.actor.account_id,
        wanted,
        None if installation is None else _known(installation),
        after_at,
        after_id,
        page.limit,
    )
    return page_of_rows(rows, page)


def _known(installation: str) -> UUID:
    try:
        return UUID(installation)
    except ValueError:
        raise InvalidInputError(
            "Give an installation's id as your connector knows it.", path=("installation",)
        ) from None
