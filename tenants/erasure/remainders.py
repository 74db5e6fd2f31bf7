"""What an erasure leaves, by each limitation: sealed until it is erased later, and ended by date or by decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from wardship.core.database.rows import Row, column
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access
from wardship.tenants.limitations.limits import Limitation
from wardship.tenants.matching.identifiers import Identifiers

SEALED_FOR: Final = "erasure-remainder"
"""What a remainder is encrypted for."""


class RemainderRecord(Row):
    """What one limitation kept from an erasure: names and numbers, never what is kept."""

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    right_id: UUID = column("right_id")
    member_id: UUID = column("member_id")
    position: int = column("position")
    reason_code: str = column("reason_code")
    named: str = column("named")
    rows: int = column("rows")
    until: datetime | None = column("until")
    ended_at: datetime | None = column("ended_at")


class SealedRemainder(msgspec.Struct, frozen=True):
    """What is encrypted with a remainder.

    Attributes:
        known: what the person was known by, to find what still names the person.
        values: of the member's own row, by column.
        places: those that keep what they have, with the identifiers by which the person is found there.
    """

    known: Identifiers
    values: dict[str, Any]
    places: dict[UUID, list[dict[str, Any]]]


SELECT_REMAINDERS: Final = (
    "select e.id, e.created_at, e.right_id, e.member_id, e.position, e.reason_code, e.named, e.rows, e.until,"
    " e.ended_at from erasure_remainder e"
)
"""What the record is made of; to be followed by a join or a condition."""

_SELECT: Final = SELECT_REMAINDERS + " where e.organisation_id = $1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remainder:
    """What a limitation keeps: of whose erasure, at which of its limitations, and how many rows of each table."""

    right_id: UUID
    member_id: UUID
    position: int
    limitation: Limitation
    rows: Mapping[str, int]
    sealed: SealedRemainder


async def keep_remainder(access: Access, kept: Remainder) -> UUID:
    """Write down what a limitation keeps and return its id; call it with what was read before the erasure."""
    limitation = kept.limitation
    remainder_id = uuid7()
    await access.execute(
        "insert into erasure_remainder (organisation_id, id, created_at, right_id, member_id, position, reason_code,"
        " named, rows, until, sealed) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        remainder_id,
        access.now,
        kept.right_id,
        kept.member_id,
        kept.position,
        limitation.reason_code.value,
        limitation.named(),
        sum(kept.rows.values()),
        limitation.until,
        access.encrypt(SEALED_FOR, remainder_id, msgspec.json.encode(kept.sealed)),
    )
    await access.audit("remainder.kept", "erasure_remainder", remainder_id, right=kept.right_id, rows=dict(kept.rows))
    return remainder_id


async def has_remainders(access: Access, right_id: UUID) -> bool:
    """Return whether an erasure left anything."""
    found: bool = await access.fetchval(
        "select exists (select from erasure_remainder where organisation_id = $1 and right_id = $2)", right_id
    )
    return found


async def lock_remainders(access: Access, member_id: UUID) -> Sequence[RemainderRecord]:
    """Return what is still kept of a member, locked until the transaction ends."""
    return await access.fetch_as(
        RemainderRecord,
        f"{_SELECT} and e.member_id = $2 and e.ended_at is null order by e.id for no key update",
        member_id,
    )


async def give_to_privacy_team(access: Access) -> list[UUID]:
    """Let the privacy team end everything that is kept in the organisation; return the rights that kept it."""
    rows = await access.fetch(
        "update erasure_remainder set is_privacy_teams = true where organisation_id = $1 and ended_at is null"
        " returning right_id"
    )
    return [row["right_id"] for row in rows]


async def remainder_by_id(access: Access, remainder_id: UUID) -> RemainderRecord | None:
    """Return one, for code that has checked who may see it; None when there is none."""
    return await access.fetchrow_as(RemainderRecord, f"{_SELECT} and e.id = $2", remainder_id)


async def unsealed(access: Access, remainder_id: UUID) -> SealedRemainder:
    """Return what was encrypted with a remainder that is still kept, for code that has checked who may see it."""
    content = await access.fetchval(
        "select sealed from erasure_remainder where organisation_id = $1 and id = $2", remainder_id
    )
    return msgspec.json.decode(access.decrypt(SEALED_FOR, remainder_id, content), type=SealedRemainder)


async def end_remainder(access: Access, remainder_id: UUID) -> None:
    """Note that what was kept is erased, and forget what was encrypted with it."""
    await access.execute(
        "update erasure_remainder set ended_at = $3, ended_by = $4, sealed = null"
        " where organisation_id = $1 and id = $2",
        remainder_id,
        access.now,
        access.actor.member_id or access.actor.account_id,
    )
    await access.audit("remainder.erased", "erasure_remainder", remainder_id)
