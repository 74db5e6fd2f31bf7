"""Find the mergers of an organisation, and what one would bring in numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import msgspec

from wardship.core.errors import NotFoundError
from wardship.tenants.access import Access
from wardship.tenants.accounts.directory import in_directory
from wardship.tenants.mergers.records import SELECT, MergerRecord
from wardship.tenants.paging import Page, PageRequest, page_of_rows
from wardship.tenants.permissions import Permission

_OWN: Final = "select * from own_mergers($1, $2, $3, $4)"
_LOCKED: Final = SELECT + " and g.id = $2 for no key update of g"
_FIGURES: Final = "select merger_figures($1)"
_FIGURES_OF: Final = "select id, merger_figures(id) as figures from unnest($1::uuid[]) as id"


@dataclass(frozen=True, slots=True)
class MergerFigure:
    """One number of a preview."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class MergerPreview:
    """What a merger would bring at this moment; the digest names it when it is accepted (64 hexadecimal digits)."""

    figures: tuple[MergerFigure, ...]
    digest: str


async def list_mergers(access: Access, page: PageRequest) -> Page[MergerRecord]:
    """Return a page of the mergers in which the organisation takes or took part, by the time they were offered.

    Raises:
        PermissionDeniedError: the caller may not see them.
    """
    access.require(Permission.AUDIT_READ)
    after_at, after_id = page.after or (None, None)
    rows = await access.transaction.fetch_as(MergerRecord, _OWN, None, after_at, after_id, page.limit + 1)
    return page_of_rows(rows, page)


async def merger_by_id(access: Access, merger_id: UUID) -> MergerRecord:
    """Return one merger.

    Raises:
        NotFoundError: absent, or not the caller's to see.
    """
    found = await find_merger(access, merger_id) if access.may(Permission.AUDIT_READ) else None
    if found is None:
        raise merger_not_found()
    return found


async def find_merger(access: Access, merger_id: UUID) -> MergerRecord | None:
    """Return a merger of this organisation; for acts that have checked who may."""
    return await access.transaction.fetchrow_as(MergerRecord, _OWN, merger_id, None, None, 1)


async def lock_merger(access: Access, merger_id: UUID) -> MergerRecord | None:
    """Return a merger of this organisation, locked until the transaction ends; for acts that have checked who may."""
    async with in_directory(access):
        return await access.fetchrow_as(MergerRecord, _LOCKED, merger_id)


async def previews_of(access: Access, mergers: Sequence[MergerRecord]) -> list[MergerPreview | None]:
    """Return what each of these mergers brings: to whom it was offered, and to both once it was accepted.

    Before that, the figures tell who offers it nothing about the other. What was accepted stays as it was shown.
    """
    rows = await access.transaction.fetch(_FIGURES_OF, [merger.id for merger in mergers])
    fresh = {row["id"]: row["figures"] for row in rows if row["figures"] is not None}
    return [
        _preview(merger.figures)
        if merger.figures is not None
        else _preview(msgspec.json.decode(fresh[merger.id], type=dict[str, int]))
        if merger.id in fresh
        else None
        for merger in mergers
    ]


async def fresh_preview(access: Access, merger_id: UUID) -> MergerPreview | None:
    """Return what a merger would bring now; None when nothing of it is decided any more."""
    text = await access.transaction.fetchval(_FIGURES, merger_id)
    return None if text is None else _preview(msgspec.json.decode(text, type=dict[str, int]))


def merger_not_found() -> NotFoundError:
    """Return the one answer for a merger that is absent and for one that is not the caller's to see."""
    return NotFoundError("No such merger: list those of your organisation.", path=("merger_id",))


def _preview(figures: Mapping[str, int]) -> MergerPreview:
    ordered = msgspec.json.encode(figures, order="sorted")
    shown = tuple(MergerFigure(name, figures[name]) for name in sorted(figures))
    return MergerPreview(shown, hashlib.sha256(ordered).hexdigest())
