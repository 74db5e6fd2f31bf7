"""Keep views, rename, share and remove them."""

from __future__ import annotations

import re
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.errors import ConflictError, InvalidInputError
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access
from wardship.tenants.permissions import Permission
from wardship.tenants.text import LONGEST_ADDRESS, one_line
from wardship.tenants.views.read import ViewRecord, visible_view

MOST_OWN: Final = 100
MOST_SHARED: Final = 100
"""Of one organisation."""
_LONGEST_NAME: Final = 100
# A place among the console's pages, which leads nowhere else: no dots, no scheme, no slash at an end.
_PAGE: Final = re.compile(r"[a-z][a-z_-]*(?:/[a-z][a-z_-]*)*")
# RFC 3986, section 3.4: a query, whose bytes beyond ASCII are written with percent signs.
_QUERY: Final = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*")
_LONGEST_PAGE: Final = 64


class TooManyViewsError(ConflictError):
    """One keeps at most a hundred views, and an organisation shares as many: remove one first."""

    code: ClassVar[str] = "TOO_MANY_VIEWS"


async def create_view(access: Access, *, name: str, page: str, address: str, is_shared: bool) -> ViewRecord:
    """Keep a view by a name; see ``tenants/views`` for who may share one.

    Raises:
        PermissionDeniedError: the caller is no member here, or may not share.
        InvalidInputError: name, page or address can't be accepted.
        TooManyViewsError: there are as many as may be.
    """
    member_id = access.require_member()
    checked = (_name(name), _page(page), _address(address))
    if is_shared:
        access.require(Permission.VIEWS_SHARE)
    await _require_room(access, member_id, is_shared=is_shared, is_new=True)
    view_id = uuid7()
    await access.execute(
        "insert into saved_view (organisation_id, id, created_at, member_id, name, page, address, is_shared)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8)",
        view_id,
        access.now,
        member_id,
        *checked,
        is_shared,
    )
    if is_shared:
        await access.audit("view.shared", "saved_view", view_id)
    return await visible_view(access, view_id)


async def update_view(
    access: Access, view_id: UUID, *, name: str | None, address: str | None, is_shared: bool | None
) -> ViewRecord:
    """Change a view; None leaves what it is. Others' shared ones are changed by who may share.

    Raises:
        NotFoundError: absent, or somebody else's own.
        PermissionDeniedError: it is shared, or shall be, and the caller may not share.
        InvalidInputError: name or address can't be accepted.
        TooManyViewsError: as many are shared as may be.
    """
    before = await visible_view(access, view_id)
    will_be_shared = before.is_shared if is_shared is None else is_shared
    if will_be_shared or before.member_id != access.require_member():
        access.require(Permission.VIEWS_SHARE)
    if will_be_shared and not before.is_shared:
        await _require_room(access, before.member_id, is_shared=True, is_new=False)
    (view,) = await access.fetch_as(
        ViewRecord,
        "update saved_view v set name = coalesce($3, name), address = coalesce($4, address), is_shared = $5"
        " where organisation_id = $1 and id = $2 returning v.*, v.member_id = $6 as is_own",
        view_id,
        None if name is None else _name(name),
        None if address is None else _address(address),
        will_be_shared,
        access.require_member(),
    )
    if will_be_shared or before.is_shared:
        await access.audit("view.changed" if will_be_shared else "view.unshared", "saved_view", view_id)
    return view


async def remove_view(access: Access, view_id: UUID) -> ViewRecord:
    """Remove an own view, or one that somebody shares, and return what it was.

    Raises:
        NotFoundError: absent, or somebody else's own.
        PermissionDeniedError: somebody else shares it, and the caller may not share.
    """
    view = await visible_view(access, view_id)
    if view.member_id != access.require_member():
        access.require(Permission.VIEWS_SHARE)
    await access.execute("delete from saved_view where organisation_id = $1 and id = $2", view_id)
    if view.is_shared:
        await access.audit("view.removed", "saved_view", view_id)
    return view


async def _require_room(access: Access, member_id: UUID, *, is_shared: bool, is_new: bool) -> None:
    """Refuse one view too many; two calls at once are counted one after the other."""
    await access.transaction.execute(
        "select pg_advisory_xact_lock(hashtextextended($1, 0))", f"views:{access.organisation_id}"
    )
    row = await access.fetchrow(
        "select (select count(*) from saved_view where organisation_id = $1 and member_id = $2) as own,"
        " (select count(*) from saved_view where organisation_id = $1 and is_shared) as shared",
        member_id,
    )
    if row is None or (is_new and row["own"] >= MOST_OWN):
        raise TooManyViewsError(f"You keep {MOST_OWN} views already: remove one first.")
    if is_shared and row["shared"] >= MOST_SHARED:
        raise TooManyViewsError(f"The organisation shares {MOST_SHARED} views already: have one removed first.")


def _name(value: str) -> str:
    return one_line(value, "name", least=1, most=_LONGEST_NAME)


def _page(value: str) -> str:
    if len(value) > _LONGEST_PAGE or not _PAGE.fullmatch(value):
        raise InvalidInputError(
            "Give the page as its address has it after the organisation, as `members`.", path=("page",)
        )
    return value


def _address(value: str) -> str:
    if len(value) > LONGEST_ADDRESS or not _QUERY.fullmatch(value):
        raise InvalidInputError(
            f"Give what the address has after `?`, in at most {LONGEST_ADDRESS} characters.", path=("address",)
        )
    return value
