"""A merger as the domain hands it out, and which state may follow which."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

import msgspec

from wardship.core.database.rows import Row, column


class MergerState(StrEnum):
    """Where a merger stands.

    An offered one waits for the owner of the other organisation. An announced one has its day, of which everybody was
    told. While it is merging nobody gets into the organisation that goes; then it is part of the other.
    """

    OFFERED = "offered"
    ANNOUNCED = "announced"
    MERGING = "merging"
    MERGED = "merged"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


_S = MergerState

TRANSITIONS: Final = MappingProxyType(
    {
        _S.OFFERED: frozenset({_S.ANNOUNCED, _S.DECLINED, _S.WITHDRAWN, _S.EXPIRED}),
        _S.ANNOUNCED: frozenset({_S.MERGING, _S.WITHDRAWN, _S.EXPIRED}),
        # Where the other is suspended or leaves meanwhile, the organisation opens again.
        _S.MERGING: frozenset({_S.MERGED, _S.ANNOUNCED}),
        _S.MERGED: frozenset[MergerState](),
        _S.DECLINED: frozenset[MergerState](),
        _S.WITHDRAWN: frozenset[MergerState](),
        _S.EXPIRED: frozenset[MergerState](),
    }
)
"""Every write of a state follows this table."""


def _numbers(text: str) -> Mapping[str, int]:
    return msgspec.json.decode(text, type=dict[str, int])


class MergerRecord(Row):
    """A merger, as one of the two organisations sees it.

    Attributes:
        source_id: the organisation that goes.
        target_slug: the short name of the organisation that it becomes part of, as it was typed.
        target_id: that organisation; None until the offer was delivered, and where there is none.
        source_slug: of the organisation that goes.
        source_name: likewise.
        target_name: of the organisation that it becomes part of; None for whom that is not to be known yet.
        state_until: when the clock acts: the offer ends, or it is carried out, or tried again.
        offered_by: the account that offered it.
        figures: what the accepting owner was shown.
        moved: rows that were carried over, by table.
        day: that of which everybody was told, once it was accepted.
        waits_for: what it waits for although its day has come.
    """

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    source_id: UUID = column("source_id")
    source_slug: str = column("source_slug")
    source_name: str = column("source_name")
    target_slug: str = column("target_slug")
    target_id: UUID | None = column("target_id")
    target_name: str | None = column("target_name")
    state: MergerState = column("state", MergerState)
    state_since: datetime = column("state_since")
    state_until: datetime | None = column("state_until")
    offered_by: UUID = column("offered_by")
    delivered_at: datetime | None = column("delivered_at")
    figures: Mapping[str, int] | None = column("figures", _numbers)
    moved: Mapping[str, Any] | None = column("moved", _numbers)
    day: datetime | None = column("day")
    waits_for: str | None = column("waits_for")


SELECT: Final = (
    "select g.id, g.created_at, g.source_id, s.slug as source_slug, s.name as source_name, g.target_slug, g.target_id,"
    " case when g.state in ('announced', 'merging', 'merged') or g.target_id = $1 then t.name end as target_name,"
    " g.state, g.state_since, g.state_until, g.offered_by, g.delivered_at, g.day, g.figures, g.moved, g.waits_for"
    " from merger g join organisation s on s.id = g.source_id left join organisation t on t.id = g.target_id"
    " where (g.source_id = $1 or g.target_id = $1)"
)
"""The mergers of the organisation ``$1``; to be followed by conditions."""
