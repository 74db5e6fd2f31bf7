"""Append to an organisation's audit chain.

``hash(n) = sha256(hash(n-1) || sha256(entry))`` where ``entry`` is canonical JSON (RFC 8785) and ``hash(0)`` is empty.
Entries hold identifiers only, never personal data, so that the chain verifies before and after an erasure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import orjson

from wardship.core.actor import Actor, CredentialKind
from wardship.core.database.engine import Transaction
from wardship.core.database.literals import identifier, microseconds, octets
from wardship.core.identifiers import uuid7


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One act.

    Attributes:
        action: noun and verb in the past, for example ``member.invited``.
        target_kind: the noun acted on.
        target_id: its identifier.
        purpose: why, where a purpose was stated.
        outcome: ``done`` or a stable code of what happened instead.
        details: identifiers, codes, counts and names of fields; never a value of personal data.
    """

    action: str
    target_kind: str
    target_id: UUID | None = None
    purpose: str = ""
    outcome: str = "done"
    details: Mapping[str, object] = field(default_factory=dict)


async def record(transaction: Transaction, actor: Actor, event: AuditEvent, *, at: datetime, request_id: str) -> None:
    """Append one entry with the caller's transaction, in the message of its commit.

    The head of the chain is the one row that every change in an organisation locks. Locked last, it is held while
    PostgreSQL commits and not while it waits for us, and two changes that lock other rows in different order can't wait
    for each other over it.
    """
    transaction.at_commit(appending(actor, event, at=at, request_id=request_id))


def appending(actor: Actor, event: AuditEvent, *, at: datetime, request_id: str) -> str:
    """Return the statement, without parameters, that appends one entry to the chain of the caller's organisation."""
    entry_id = uuid7()
    values = (
        identifier(actor.organisation_id),
        identifier(entry_id),
        microseconds(at),
        octets(canonical_entry(entry_id, actor, event, at=at, request_id=request_id)),
        identifier(actor.account_id),
        octets(event.action.encode()),
        octets(event.target_kind.encode()),
        identifier(event.target_id),
    )
    return f"call append_audit_entry({', '.join(values)})"


def canonical_entry(entry_id: UUID, actor: Actor, event: AuditEvent, *, at: datetime, request_id: str) -> bytes:
    """Return an entry as canonical JSON (RFC 8785), UTF-8.

    The encoder is many times faster than a canonical one and equal to it for what an entry holds: texts, identifiers,
    integers, and names of ours, which are ASCII. What it doesn't know is written as a text.
    """
    return orjson.dumps(
        {
            "id": entry_id,
            "organisation": actor.organisation_id,
            "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor": _who(actor),
            "action": event.action,
            "target": {"kind": event.target_kind, "id": event.target_id},
            "purpose": event.purpose,
            "outcome": event.outcome,
            "request": request_id,
            "details": _plain(event.details),
        },
        default=str,
        option=orjson.OPT_SORT_KEYS,
    )


def _who(actor: Actor) -> dict[str, object]:
    """Return who acted; of a vendor, by which installation."""
    who: dict[str, object] = {"kind": actor.kind, "account": actor.account_id, "member": actor.member_id}
    return who | {"installation": actor.credential_id} if actor.credential is CredentialKind.VENDOR else who


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        items = [_plain(item) for item in value]
        return sorted(items, key=str) if isinstance(value, (set, frozenset)) else items
    return value if value is None or isinstance(value, (str, int, bool)) else str(value)
