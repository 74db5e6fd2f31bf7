"""The statement that appends an entry to the chain, whole, so that it can travel in the message of COMMIT.

PostgreSQL takes parameters for one statement a message only, hence every value stands in the text itself. None is
quoted: identifiers and texts are written in hexadecimal digits, moments as integers, so that no value could end a
literal, whatever it holds and however the server reads literals.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


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
        _identifier(organisation_id),
        _identifier(entry_id),
        f"{(at - _EPOCH) // _MICROSECOND:d}",
        _bytes(entry),
        _identifier(actor_id),
        _bytes(action.encode()),
        _bytes(target_kind.encode()),
        _identifier(target_id),
    )
    return f"call append_audit_entry({', '.join(values)})"


def _identifier(value: UUID | None) -> str:
    return "null" if value is None else f"'{value.int:032x}'"


def _bytes(value: bytes) -> str:
    return f"decode('{value.hex()}', 'hex')"
