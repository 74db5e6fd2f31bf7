"""Write a new request and its rights down, with the clocks that start."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access
from wardship.tenants.requests.regimes import regime_of
from wardship.tenants.requests.reminders import Clocks
from wardship.tenants.requests.states import RightKind

ACKNOWLEDGE_WITHIN: Final = timedelta(hours=72)
DECIDE_WITHIN: Final = timedelta(days=7)


def reference_hash(reference: str) -> bytes:
    """Return what is kept of a reference: its SHA-256, which the person can compute too; it has 192 random bits."""
    return hashlib.sha256(reference.encode()).digest()


async def insert_request(access: Access, member_id: UUID, country: str, work_country: str, reference: str) -> UUID:
    """Write down a request of a member and return its id; its due date follows from now and the country's law."""
    request_id = uuid7()
    law, now = regime_of(country), access.now
    clocks = Clocks(now + ACKNOWLEDGE_WITHIN, now + DECIDE_WITHIN, law.due_at(now, await _settings(access)))
    await access.execute(
        "insert into data_request (organisation_id, id, created_at, member_id, submitted_at, country, work_country,"
        " regime, due_at, original_due_at, acknowledge_by, decide_by, remind_at, reference_hash, handler)"
        " values ($1, $2, $3, $4, $3, $5, $6, $7, $8, $8, $9, $10, $11, $12, $13)",
        request_id,
        access.now,
        member_id,
        country,
        work_country,
        law.key,
        clocks.due_at,
        clocks.acknowledge_by,
        clocks.decide_by,
        clocks.next_reminder(access.now),
        reference_hash(reference),
        "privacy_team" if access.actor.is_at_provider else "admin",
    )
    return request_id


async def insert_rights(access: Access, request_id: UUID, rights: Mapping[RightKind, Mapping[str, object]]) -> None:
    """Write down the rights of a request with their particulars, each as submitted."""
    await access.transaction.executemany(
        "insert into request_right (organisation_id, id, created_at, request_id, kind, state, details)"
        " values ($1, $2, $3, $4, $5, 'submitted', $6)",
        [
            (
                access.organisation_id,
                uuid7(),
                access.now,
                request_id,
                kind.value,
                msgspec.json.encode(details).decode(),
            )
            for kind, details in rights.items()
        ],
    )


async def _settings(access: Access) -> Mapping[str, Any]:
    return promised_in(await access.fetchval("select settings from organisation where id = $1"))


def promised_in(settings: str | None) -> Mapping[str, Any]:
    """Return an organisation's settings, by which it may promise to answer sooner than the law asks."""
    return msgspec.json.decode(settings or "{}", type=dict[str, Any])
