"""Mails that were given up, for what they were about to learn of it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from wardship.core.database.engine import Transaction
from wardship.core.database.rows import Row, column

BATCH: Final = 500


class RefusedMailRow(Row):
    """A mail that was given up: its id, whose it was, and why, as a code."""

    __slots__ = ()

    id: UUID = column("id")
    account_id: UUID | None = column("account_id")
    reason: str = column("reason")


async def organisations_of_refusals(transaction: Transaction, about: str) -> list[UUID]:
    """Return where mails about something were given up; the transaction must reach the directory."""
    rows = await transaction.fetch(
        "select distinct organisation_id as id from refused_mail where about = $1 and organisation_id is not null",
        about,
    )
    return [row["id"] for row in rows]


async def take_refusals(transaction: Transaction, about: str, organisation_id: UUID | None) -> list[RefusedMailRow]:
    """Return mails about something that were given up, and remove them: the caller sees to what follows."""
    return await transaction.fetch_as(
        RefusedMailRow,
        "delete from refused_mail where id in (select id from refused_mail where about = $1"
        " and organisation_id is not distinct from $2 order by created_at limit $3 for update skip locked)"
        " returning id, account_id, reason",
        about,
        organisation_id,
        BATCH,
    )
