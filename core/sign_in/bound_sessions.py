"""Sessions that an organisation's provider opened, and those that came in past it: ended, and noted to be told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from wardship.core.database.engine import Transaction


async def end_bound_sessions(
    transaction: Transaction, organisation_id: UUID, *, account_ids: Sequence[UUID] | None = None
) -> int:
    """End the sessions that an organisation's provider opened, of some accounts or of all; return how many."""
    return await transaction.execute(
        "delete from session where organisation_id = $1 and ($2::uuid[] is null or account_id = any($2))",
        organisation_id,
        None if account_ids is None else list(account_ids),
    )


async def end_provider_sessions(
    transaction: Transaction, organisation_id: UUID, issuer: str, subject: str | None, provider_session: str | None
) -> list[UUID]:
    """End the sessions of which a provider says that they are over, and return whose they were.

    Args:
        transaction: it reaches the directory.
        organisation_id: whose provider it is.
        issuer: the provider.
        subject: whose sessions; None where only the provider's session is named.
        provider_session: the provider's session; None ends all of the subject's.
    """
    rows = await transaction.fetch(
        "delete from session s using identity i where i.id = s.identity_id and s.organisation_id = $1 and i.issuer = $2"
        " and ($3::text is null or i.subject = $3) and ($4::text is null or s.provider_session = $4)"
        " and ($3::text is not null or $4::text is not null) returning s.account_id",
        organisation_id,
        issuer,
        subject,
        provider_session,
    )
    return sorted({row["account_id"] for row in rows})


async def note_break_glass(transaction: Transaction, session_id: UUID, organisation_id: UUID, *, at: datetime) -> bool:
    """Note that a session came into an organisation past its provider; return whether that is new."""
    noted = await transaction.execute(
        "update session set break_glass_in = $2, break_glass_at = $3, break_glass_told = false"
        " where id = $1 and break_glass_in is distinct from $2",
        session_id,
        organisation_id,
        at,
    )
    return noted > 0


async def note_break_glass_told(transaction: Transaction, session_ids: Sequence[UUID]) -> None:
    """Note that people were told of sessions that came in past a provider."""
    await transaction.execute("update session set break_glass_told = true where id = any($1)", list(session_ids))
