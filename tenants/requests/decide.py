"""Acknowledge a request and decide its rights, each on its own (requirements D2, D5, D7)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import partial
from typing import Final, TypedDict, Unpack
from uuid import UUID

from wardship.core.errors import ConflictError, InvalidInputError
from wardship.tenants.access import Access
from wardship.tenants.grants.restrictions import RestrictionCause
from wardship.tenants.members.batches import RowResult, each_by_itself, require_small_enough
from wardship.tenants.members.ranks import deciding_person
from wardship.tenants.requests.authority import NotWithYouError, require_decider
from wardship.tenants.requests.events import record_event, wake_workers
from wardship.tenants.requests.identity import IdentityError
from wardship.tenants.requests.limitations import (
    LimitationNamesNothingError,
    WantedLimitation,
    checked_limitations,
)
from wardship.tenants.requests.records import (
    Handler,
    IdentityState,
    LockedRequest,
    RefusalCode,
    RequestRecord,
    RightRecord,
)
from wardship.tenants.requests.restricting import restrict_for
from wardship.tenants.requests.routing import escalate
from wardship.tenants.requests.states import RightKind, RightState, WrongStateError, require_transition
from wardship.tenants.requests.telling import ADMIN_REFUSED, tell_acknowledged, tell_decided
from wardship.tenants.requests.transition import RightColumns, transition_right
from wardship.tenants.requests.visibility import lock_request, lock_request_of_right
from wardship.tenants.text import many_lines

LONGEST_REASON: Final = 2000
_APPROVED: Final = "approved"


class AlreadyAcknowledgedError(ConflictError):
    """The request was acknowledged before: decide its rights now."""

    code = "ALREADY_ACKNOWLEDGED"


def stated(reason: str, name: str = "reason", *, least: int = 1) -> str:
    """Return a reason in the form in which it is kept and shown to the person.

    Raises:
        InvalidInputError: empty where one is needed, or too long.
    """
    return many_lines(reason, name, most=LONGEST_REASON, least=least)


async def acknowledge_request(access: Access, request_id: UUID) -> RequestRecord:
    """Tell the person that somebody deals with the request, and return it.

    Raises:
        NotFoundError: no such request.
        NotWithYouError: it has gone to the privacy team.
        AlreadyAcknowledgedError: it was acknowledged before.
    """
    locked = await lock_request(access, request_id)
    await require_decider(access, locked)
    _require_proven(locked)
    if locked.request.acknowledged_at is not None:
        raise AlreadyAcknowledgedError("This request was acknowledged before: decide its rights.")
    now = access.now
    await access.execute(
        "update data_request set acknowledged_at = $3 where organisation_id = $1 and id = $2", request_id, now
    )
    await record_event(access, locked.request, "acknowledged")
    await access.audit("request.acknowledged", "data_request", request_id)
    await tell_acknowledged(access, locked)
    return replace(locked.request, acknowledged_at=now)


async def acknowledge_requests(access: Access, request_ids: Sequence[UUID]) -> list[RowResult]:
    """Tell the persons that somebody deals with their requests, each by itself; see ``acknowledge_request``."""
    ids = require_small_enough(request_ids, "request_ids")
    return await each_by_itself(ids, partial(acknowledge_request, access))


class Approval(TypedDict, total=False):
    """What a decider says of a right that is granted.

    Attributes:
        reason: for the person; may be empty.
        limitation: the limitations in words; left empty, the reasons that they give.
        limitations: what is withheld or kept, and why (requirement D5).
        fields: of a correction, only these; None means all.
    """

    reason: str
    limitation: str
    limitations: Sequence[WantedLimitation]
    fields: Collection[str] | None


async def approve_right(access: Access, right_id: UUID, **said: Unpack[Approval]) -> RightRecord:
    """Agree to a right, wholly or in part, and return it; an erasure is carried out only after preview and commit.

    Args:
        access: the decider.
        right_id: the right.
        said: reason and limits.

    Raises:
        NotFoundError: no such right.
        SelfDecisionError, NotWithYouError, PermissionDeniedError, StepUpRequiredError: not the caller's to decide.
        WrongStateError: it is not waiting for a decision.
        LimitationNamesNothingError: a limitation in words names nothing that could be withheld.
        LimitsEverythingError: nothing is left of the right.
    """
    locked = await lock_request_of_right(access, right_id)
    right = locked.right(right_id)
    await require_decider(access, locked, right)
    access.require_step_up()
    _require_proven(locked)
    require_transition(right.state, RightState.APPROVED)
    named = await checked_limitations(access, locked.request.member_id, right, said.get("limitations", ()))
    words, fields = stated(said.get("reason", ""), least=0), said.get("fields")
    withheld = stated(said.get("limitation", ""), "limitation", least=0)
    if withheld and not named and fields is None:
        raise LimitationNamesNothingError(
            "Words alone withhold nothing: name what is withheld in `limitations`.", path=("limitation",)
        )
    withheld = withheld or stated("\n".join(item.reason for item in named)[:LONGEST_REASON], "limitation", least=0)
    columns = await _decision(access, "partly_granted" if withheld or fields is not None else "granted", words)
    columns["limitation"], columns["limitations"] = withheld, named
    if fields is not None:
        columns["details"] = _only(right, fields, withheld)
    locked = await transition_right(access, locked, right, RightState.APPROVED, words, **columns)
    await wake_workers(access)
    return await _tell(access, locked, right_id, _APPROVED)


def _only(right: RightRecord, fields: Collection[str], limitation: str) -> dict[str, dict[str, str]]:
    """Return the particulars of a correction with these fields alone."""
    asked = right.details.get("fields") if right.kind is RightKind.CORRECTION else None
    if asked is None:
        raise InvalidInputError("Only a correction can be granted field by field.", path=("fields",))
    if not fields or set(fields) - set(asked):
        raise InvalidInputError("Name fields that the person asked to correct.", path=("fields",))
    if set(fields) != set(asked) and not limitation:
        raise InvalidInputError("Say why the other fields are not corrected.", path=("limitation",))
    return {"fields": {name: asked[name] for name in sorted(fields)}}


async def refuse_right(access: Access, right_id: UUID, code: RefusalCode, reason: str) -> RightRecord:
    """Refuse a right as an administrator, and return it: the privacy team decides next, until then the data rests.

    Raises:
        NotFoundError: no such right.
        SelfDecisionError, NotWithYouError, PermissionDeniedError: not the caller's to decide.
        WrongStateError: it is not waiting for the admin.
        InvalidInputError: no reason.
    """
    locked = await lock_request_of_right(access, right_id)
    right = locked.right(right_id)
    await require_decider(access, locked, right)
    _require_proven(locked)
    if right.handler is not Handler.ADMIN:
        raise NotWithYouError("The privacy team denies rather than refuses: use denyRight.")
    words = stated(reason)
    columns = await _decision(access, code.value, words)
    locked = await transition_right(access, locked, right, RightState.REFUSED, words, **columns)
    locked = await escalate(access, locked, [locked.right(right_id)], ADMIN_REFUSED)
    await restrict_for(access, locked, RestrictionCause.DISPUTED)
    return await _tell(access, locked, right_id, "refused by the administrator, now with the privacy team")


async def deny_right(access: Access, right_id: UUID, code: RefusalCode, reason: str) -> RightRecord:
    """Deny a right as the privacy team, and return it: the last word here; the person can complain to an authority.

    Raises:
        NotFoundError: no such right.
        SelfDecisionError, NotWithYouError, PermissionDeniedError, StepUpRequiredError: not the caller's to decide.
        WrongStateError: it is not with the privacy team.
        InvalidInputError: no reason.
    """
    locked = await lock_request_of_right(access, right_id)
    right = locked.right(right_id)
    await require_decider(access, locked, right)
    if right.handler is not Handler.PRIVACY_TEAM:
        raise NotWithYouError("An administrator refuses rather than denies: use refuseRight.")
    access.require_step_up()
    words = stated(reason)
    columns = await _decision(access, code.value, words)
    locked = await transition_right(access, locked, right, RightState.DENIED, words, **columns)
    return await _tell(access, locked, right_id, "denied")


async def escalate_request(access: Access, request_id: UUID, reason: str) -> RequestRecord:
    """Hand every right that the admin has not decided over to the privacy team, and return the request.

    Raises:
        NotFoundError: no such request.
        WrongStateError: nothing is left with the admin.
        InvalidInputError: no reason.
    """
    locked = await lock_request(access, request_id)
    rights = [right for right in locked.rights if right.state is RightState.WITH_ADMIN]
    await require_decider(access, locked, rights[0] if rights else None)
    if not rights:
        raise WrongStateError("No right of this request waits for the administrator.")
    locked = await escalate(access, locked, rights, "handed_over", stated(reason))
    return locked.request


async def _decision(access: Access, code: str, reason: str) -> RightColumns:
    return {
        "decided_by": await deciding_person(access),
        "decided_at": access.now,
        "decision_code": code,
        "decision_reason": reason,
    }


def _require_proven(locked: LockedRequest) -> None:
    if locked.request.identity_state is not IdentityState.VERIFIED:
        raise IdentityError("The person has not proven to be the one concerned yet: nothing can be decided.")


async def _tell(access: Access, locked: LockedRequest, right_id: UUID, decision: str) -> RightRecord:
    """Tell the decision, with its reason and limitation, and return the right."""
    right = locked.right(right_id)
    await tell_decided(access, locked, right, decision)
    return right
