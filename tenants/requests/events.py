"""What happened to a request: written down for the person, and told to the workers."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from wardship.core.actor import CredentialKind
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access
from wardship.tenants.permissions import Permission
from wardship.tenants.requests.records import RequestRecord

_SWEEPS_CHANNEL: Final = "wardship_sweeps"


async def record_event(
    access: Access, request: RequestRecord, kind: str, reason: str = "", right_id: UUID | None = None
) -> None:
    """Write down what happened to a request, for the person to see."""
    await access.execute(
        "insert into request_event (organisation_id, id, created_at, request_id, right_id, actor_id, actor_kind, kind,"
        " reason) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        uuid7(),
        access.now,
        request.id,
        right_id,
        access.actor.member_id or access.actor.account_id,
        _capacity(access, request),
        kind,
        reason,
    )


async def record_event_once(access: Access, request: RequestRecord, kind: str, reason: str, right_id: UUID) -> bool:
    """Write down what happened to a right, unless that was written before; return whether it was written now."""
    is_known = await access.fetchval(
        "select true from request_event where organisation_id = $1 and request_id = $2 and right_id = $3 and kind = $4"
        " and reason = $5",
        request.id,
        right_id,
        kind,
        reason,
    )
    if not is_known:
        await record_event(access, request, kind, reason, right_id)
    return not is_known


def _capacity(access: Access, request: RequestRecord) -> str:
    """Return as what the caller acts on a request: ``system``, ``member``, ``admin`` or ``privacy_team``."""
    actor = access.actor
    if actor.credential is CredentialKind.SYSTEM:
        return "system"
    if actor.member_id == request.member_id:
        return "member"
    return "privacy_team" if actor.member_id is None or access.is_staff_without(Permission.REQUESTS_DECIDE) else "admin"


async def wake_workers(access: Access) -> None:
    """Let a worker sweep as soon as this transaction commits; PostgreSQL merges repeated calls."""
    await access.transaction.execute("select pg_notify($1, '')", _SWEEPS_CHANNEL)
