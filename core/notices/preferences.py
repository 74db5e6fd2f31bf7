"""How somebody wants to be mailed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from wardship.core.database.engine import Transaction


class Pace(StrEnum):
    """When what is not urgent is mailed."""

    AT_ONCE = "at_once"
    DAILY = "daily"


@dataclass(frozen=True, slots=True)
class NoticePreference:
    """What somebody chose, or what holds when nothing was chosen.

    Attributes:
        pace: of what is not urgent.
        turned_off: names of kinds that are told in the product alone.
        zone: the time zone of the account, an IANA name.
    """

    pace: Pace = Pace.DAILY
    turned_off: tuple[str, ...] = ()
    zone: str = "UTC"


async def notice_preference(transaction: Transaction, account_id: UUID) -> NoticePreference:
    """Return what an account chose, in a transaction of any scope."""
    row = await transaction.fetchrow("select pace, turned_off, zone from notice_preference_of($1)", account_id)
    if row is None:
        return NoticePreference()
    return NoticePreference(Pace(row["pace"]), tuple(row["turned_off"]), row["zone"])


async def choose_notices(
    transaction: Transaction, account_id: UUID, pace: Pace, turned_off: Collection[str], *, at: datetime
) -> None:
    """Keep what an account chose, in a transaction of any scope; the names are of kinds that may be turned off."""
    await transaction.execute(
        "select choose_notices($1, $2, $3, $4)", account_id, at, pace.value, sorted(set(turned_off))
    )
