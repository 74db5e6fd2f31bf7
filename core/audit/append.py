"""The statement that appends an entry to the chain, whole, so that it can travel in the message of COMMIT."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from wardship.core.database.literals import identifier, microseconds, octets


def append_statement(  # noqa: PLR0913 - one keyword for each argument of the procedure
    *,
    organisation_id: UUID,
    entry_id: UUID,
    at: datetime,
    entry: bytes,
    actor_id: UUID | None,
    action: str,
    target_kind: str,
    target_id: UUID | None,
) -> str:
    """Return the call of ``append_audit_entry`` with these values.

    Args:
        organisation_id: whose chain.
        entry_id: of the entry.
        at: the moment, aware.
        entry: canonical JSON, UTF-8.
        actor_id: the account that acted; None for the system.
        action: noun and verb in the past.
        target_kind: the noun acted on.
        target_id: its identifier, where there is one.
    """
    values = (
        identifier(organisation_id),
        identifier(entry_id),
        microseconds(at),
        octets(entry),
        identifier(actor_id),
        octets(action.encode()),
        octets(target_kind.encode()),
        identifier(target_id),
    )
    return f"call append_audit_entry({', '.join(values)})"
