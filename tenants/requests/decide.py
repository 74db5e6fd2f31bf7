"""Acknowledge a request and decide its rights, each on its own (requirements D2, D5, D7)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

import msgspec

from wardship.core.audit.log import AuditEvent
from wardship.core.errors import ConflictError, InvalidInputError
from wardship.tenants.access import Access
from wardship.tenants.grants.restrictions import Cause
from wardship.tenants.requests.decider import NotWithYouError, require_decider
from wardship.tenants.requests.disputes import restrict_for
from wardship.tenants.requests.identity import IdentityError
from wardship.tenants.requests.notify import notify
from wardship.tenants.requests.records import Case, Handler, IdentityState, RefusalCode, RightRecord
from wardship.tenants.requests.routing import escalate
from wardship.tenants.requests.states import RightKind, RightState, WrongStateError, require_transition
from wardship.tenants.requests.transition import move, record_event
from wardship.tenants.requests.visibility import lock_case, lock_case_of_right
from wardship.tenants.requests.wake import wake_workers
from wardship.tenants.text import many_lines

LONGEST_REASON: Final = 2000
_WORDS: Final = {"reason": "decision_reason", "limitation": "limitation"}


class AlreadyAcknowledgedError(ConflictError):
    """The request was acknowledged before: decide its rights now."""

    code = "ALREADY_ACKNOWLEDGED"


def stated(reason: str, name: str = "reason", *, least: int = 1) -> str:
    """Return a reason in the form in which it is kept and shown to the person.

    Raises:
        InvalidInputError: empty where one is needed, or too long.
    """
    return many_lines(reason, name, most=LONGEST_REASON, least=least)


async def acknowledge_request(access: Access, request_id: UUID) -> None:
    """Tell the person that somebody deals with the request.

    Raises:
        NotFoundError: no such request.
        NotWithYouError: it has gone to the privacy team.
        AlreadyAcknowledgedError: it was acknowledged before.
    """
    case = await lock_case(access, request_id)
    require_decider(access, case)
    _require_proven(case)
    if case.request.acknowledged_at is not None:
        raise AlreadyAcknowledgedError("This request was acknowledged before: decide its rights.")
    await access.transaction.execute(
        "update data_request set acknowledged_at = $3 where organisation_id = $1 and id = $2",
        access.organisation_id,
        request_id,
        access.now,
    )
    await record_event(access, case.request, "acknowledged")
    await access.audit(AuditEvent("request.acknowledged", "data_request", request_id))


async def approve_right(
    access: Access, right_id: UUID, *, reason: str = "", limitation: str = "", fields: Collection[str] | None = None
) -> None:
    """Agree to a right, wholly or in part; an erasure is carried out only after preview and commit.

    Args:
        access: the decider.
        right_id: the right.
        reason: for the person; may be empty.
        limitation: what is withheld and why (requirement D5); empty when nothing is.
        fields: of a correction, only these; None means all.

    Raises:
        NotFoundError: no such right.
        SelfDecisionError, NotWithYouError, PermissionDeniedError, StepUpRequiredError: not the caller's to decide.
        WrongStateError: it is not waiting for a decision.
    """
    case = await lock_case_of_right(access, right_id)
    right = case.right(right_id)
    require_decider(access, case, right)
    access.require_step_up()
    _require_proven(case)
    require_transition(right.state, RightState.APPROVED)
    columns = _decision(access, "partly_granted" if limitation.strip() or fields is not None else "granted", reason)
    columns["limitation"] = stated(limitation, "limitation", least=0)
    if fields is not None:
        columns |= _only(right, fields, str(columns["limitation"]))
    await move(access, case, right, RightState.APPROVED, str(columns["decision_reason"]), **columns)
    words = {name: str(columns[column]) for name, column in _WORDS.items()}
    await _tell(access, case, right, "approved", **words)
    await wake_workers(access)


def _only(right: RightRecord, fields: Collection[str], limitation: str) -> dict[str, object]:
    asked = right.details.get("fields") if right.kind is RightKind.CORRECTION else None
    if asked is None:
        raise InvalidInputError("Only a correction can be granted field by field.", path=("fields",))
    if not fields or set(fields) - set(asked):
        raise InvalidInputError("Name fields that the person asked to correct.", path=("fields",))
    if set(fields) != set(asked) and not limitation:
        raise InvalidInputError("Say why the other fields are not corrected.", path=("limitation",))
    kept = {"fields": {name: asked[name] for name in sorted(fields)}}
    return {"details": msgspec.json.encode(kept).decode()}


async def refuse_right(access: Access, right_id: UUID, code: RefusalCode, reason: str) -> None:
    """Refuse a right as an administrator: the privacy team decides next, and until then the data rests (D4).

    Raises:
        NotFoundError: no such right.
        SelfDecisionError, NotWithYouError, PermissionDeniedError: not the caller's to decide.
        WrongStateError: it is not waiting for the admin.
        InvalidInputError: no reason.
    """
    case = await lock_case_of_right(access, right_id)
    right = case.right(right_id)
    require_decider(access, case, right)
    _require_proven(case)
    if right.handler is not Handler.ADMIN:
        raise NotWithYouError("The privacy team denies rather than refuses: use denyRight.")
    columns = _decision(access, code.value, stated(reason))
    case = await move(access, case, right, RightState.REFUSED, str(columns["decision_reason"]), **columns)
    await escalate(access, case, [case.right(right_id)], "admin_refused")
    await restrict_for(access, case, Cause.DISPUTED)
    await _tell(access, case, right, "refused by the administrator, now with the privacy team", reason=reason)


async def deny_right(access: Access, right_id: UUID, code: RefusalCode, reason: str) -> None:
    """Deny a right as the privacy team: the last word here; the person can complain to an authority.

    Raises:
        NotFoundError: no such right.
        SelfDecisionError, NotWithYouError, PermissionDeniedError, StepUpRequiredError: not the caller's to decide.
        WrongStateError: it is not with the privacy team.
        InvalidInputError: no reason.
    """
    case = await lock_case_of_right(access, right_id)
    right = case.right(right_id)
    require_decider(access, case, right)
    if right.handler is not Handler.PRIVACY_TEAM:
        raise NotWithYouError("An administrator refuses rather than denies: use refuseRight.")
    access.require_step_up()
    columns = _decision(access, code.value, stated(reason))
    await move(access, case, right, RightState.DENIED, str(columns["decision_reason"]), **columns)
    await _tell(access, case, right, "denied", reason=reason)


async def escalate_request(access: Access, request_id: UUID, reason: str) -> None:
    """Hand a request over to the privacy team: every right that the admin has not decided.

    Raises:
        NotFoundError: no such request.
        WrongStateError: nothing is left with the admin.
        InvalidInputError: no reason.
    """
    case = await lock_case(access, request_id)
    rights = [right for right in case.rights if right.state is RightState.WITH_ADMIN]
    require_decider(access, case, rights[0] if rights else None)
    if not rights:
        raise WrongStateError("No right of this request waits for the administrator.")
    await escalate(access, case, rights, "handed_over", stated(reason))


def _decision(access: Access, code: str, reason: str) -> dict[str, object]:
    return {
        "decided_by": access.actor.member_id or access.actor.account_id,
        "decided_at": access.now,
        "decision_code": code,
        "decision_reason": stated(reason, least=0),
    }


def _require_proven(case: Case) -> None:
    if case.request.identity_state is not IdentityState.VERIFIED:
        raise IdentityError("The person has not proven to be the one concerned yet: nothing can be decided.")


async def _tell(access: Access, case: Case, right: RightRecord, decision: str, **words: str) -> None:
    """Mail the decision; ``words`` are its reason and limitation."""
    kind = right.kind.replace("_", " ").capitalize()
    shown = {"reason": "", "limitation": ""} | {name: text.strip() for name, text in words.items()}
    await notify(access, case.request.member_id, "decided", kind=kind, decision=decision, **shown)
