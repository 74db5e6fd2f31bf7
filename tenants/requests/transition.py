"""Move a right from one state to the next, with the event that the person sees and the entry in the audit."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from wardship.core.actor import CredentialKind
from wardship.core.audit.log import AuditEvent
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access
from wardship.tenants.requests.records import Case, RequestRecord, RightRecord
from wardship.tenants.requests.states import CERTIFIED, TERMINAL, RightState, WrongStateError, require_transition


async def move(
    access: Access, case: Case, right: RightRecord, target: RightState, reason: str = "", **columns: object
) -> Case:
    """Bring a right into another state and return the case as it then is.

    Args:
        access: the caller.
        case: the locked request.
        right: one of its rights.
        target: a state that may follow.
        reason: in words, for the person; may be empty.
        columns: further columns of the right that change with it.

    Raises:
        WrongStateError: the state may not follow, or a concurrent call moved the right first.
    """
    require_transition(right.state, target)
    ended_at = access.now if target in TERMINAL else None
    names = sorted(columns)
    placed = "".join(f", {name} = ${place}" for place, name in enumerate(names, start=6))
    changed = await access.transaction.execute(
        f"update request_right set state = $3, ended_at = $4{placed}"  # noqa: S608 - names are our own
        " where organisation_id = $1 and id = $2 and state = $5",
        access.organisation_id,
        right.id,
        target.value,
        ended_at,
        right.state.value,
        *(columns[name] for name in names),
    )
    if not changed:
        raise WrongStateError("Somebody else moved this right at the same moment: look again.")
    await record_event(access, case.request, str(target), reason, right.id)
    details = {"request": case.request.id, "kind": right.kind, "from": right.state, "to": target}
    await access.audit(AuditEvent("right.moved", "request_right", right.id, details=details))
    changes = {name: value for name, value in columns.items() if name != "details"}
    moved = replace(right, state=target, ended_at=ended_at, **changes)  # type: ignore[arg-type]  # columns of the record
    rights = tuple(moved if item.id == right.id else item for item in case.rights)
    return await _end_if_done(access, Case(case.request, rights))


async def _end_if_done(access: Access, case: Case) -> Case:
    if any(right.is_open for right in case.rights) or case.request.ended_at is not None:
        return case
    await access.transaction.execute(
        "update data_request set ended_at = $3, is_certificate_due = $4 where organisation_id = $1 and id = $2",
        access.organisation_id,
        case.request.id,
        access.now,
        any(right.state in CERTIFIED for right in case.rights),
    )
    await record_event(access, case.request, "ended")
    await access.audit(AuditEvent("request.ended", "data_request", case.request.id))
    return Case(replace(case.request, ended_at=access.now), case.rights)


async def record_event(
    access: Access, request: RequestRecord, kind: str, reason: str = "", right_id: UUID | None = None
) -> None:
    """Write down what happened to a request, for the person to see."""
    await access.transaction.execute(
        "insert into request_event (organisation_id, id, created_at, request_id, right_id, actor_id, actor_kind, kind,"
        " reason) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        access.organisation_id,
        uuid7(),
        access.now,
        request.id,
        right_id,
        access.actor.member_id or access.actor.account_id,
        capacity(access, request),
        kind,
        reason,
    )


def capacity(access: Access, request: RequestRecord) -> str:
    """Return as what the caller acts on a request: ``system``, ``member``, ``admin`` or ``privacy_team``."""
    if access.actor.credential is CredentialKind.SYSTEM:
        return "system"
    if access.actor.member_id is None:
        return "privacy_team"
    return "member" if access.actor.member_id == request.member_id else "admin"
