"""Prove that the person who asks is the one whose data it is, before anything is disclosed or changed (D3)."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from wardship.core.actor import CredentialKind
from wardship.core.errors import ConflictError
from wardship.core.notice_kind import NoticeKind
from wardship.tenants.access import STEP_UP_LASTS, Access
from wardship.tenants.notices import tell_by_mail
from wardship.tenants.requests.authority import require_own
from wardship.tenants.requests.events import record_event
from wardship.tenants.requests.notices import IDENTITY_CODE
from wardship.tenants.requests.records import IdentityState, LockedRequest, RequestRecord
from wardship.tenants.requests.reminders import Clocks
from wardship.tenants.requests.routing import route
from wardship.tenants.requests.visibility import lock_request

CODE_LASTS: Final = timedelta(minutes=30)
CODE_PAUSE: Final = timedelta(minutes=1)
MOST_ATTEMPTS: Final = 10
_DIGITS: Final = 8
_PURPOSE: Final = "request-identity-code"


class IdentityError(ConflictError):
    """The identity can't be proven this way now: the message says how else."""

    code = "IDENTITY_NOT_PROVEN"


@dataclass(frozen=True, slots=True)
class Verification:
    """The result of one attempt, to be committed whichever it is, so that attempts count.

    Attributes:
        request: as it then is.
        is_verified: whether the identity is now proven.
        attempts_left: how many more codes may be tried for this request.
    """

    request: RequestRecord
    is_verified: bool
    attempts_left: int


async def send_identity_code(access: Access, request_id: UUID) -> RequestRecord:
    """Mail another code to the verified address of the person who asked, and return the request.

    Raises:
        NotFoundError: no such request of the caller's own.
        IdentityError: nothing is left to prove, a code was sent a moment ago, or there is no verified address.
    """
    locked = await lock_request(access, request_id)
    require_own(access, locked)
    _require_pending(locked)
    sent_at = await access.fetchval(
        "select identity_code_sent_at from data_request where organisation_id = $1 and id = $2", request_id
    )
    if sent_at is not None and access.now - sent_at < CODE_PAUSE:
        raise IdentityError("A code was sent less than a minute ago: look into your mail.")
    if not await mail_identity_code(access, locked):
        raise IdentityError("Your account has no verified address: show your second factor (POST /auth/step-up).")
    return locked.request


async def mail_identity_code(
    access: Access, locked: LockedRequest, kind: NoticeKind = IDENTITY_CODE, **values: object
) -> bool:
    """Mail a fresh code, which replaces the one before; return False when the account has no verified address.

    Args:
        access: the person's.
        locked: the request.
        kind: of the mail, where it says more than the code.
        values: what its template names besides.
    """
    code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
    target = ("data_request", locked.request.id)
    if not await tell_by_mail(access, kind, locked.request.member_id, target=target, code=code, **values):
        return False
    await access.execute(
        "update data_request set identity_code_hash = $3, identity_code_sent_at = $4"
        " where organisation_id = $1 and id = $2",
        locked.request.id,
        access.services.keys.fingerprint(_PURPOSE, f"{locked.request.id}:{code}"),
        access.now,
    )
    return True


async def verify_identity(access: Access, request_id: UUID, code: str | None = None) -> Verification:
    """Prove the identity by the mailed code, or without one by the second factor shown in the last ten minutes.

    A wrong code is an answer rather than an error, because the count of attempts must be committed.

    Raises:
        NotFoundError: no such request of the caller's own.
        IdentityError: nothing is left to prove, or too many codes were tried.
        StepUpRequiredError: no code was given, and the second factor was not shown a moment ago.
    """
    locked = await lock_request(access, request_id)
    require_own(access, locked)
    _require_pending(locked)
    if code is None:
        _require_second_factor(access)
        locked = await accept_identity(access, locked, "second_factor")
        return Verification(locked.request, is_verified=True, attempts_left=MOST_ATTEMPTS)
    return await _try_code(access, locked, code)


def _require_second_factor(access: Access) -> None:
    if access.actor.credential is not CredentialKind.SESSION:
        raise IdentityError("A token proves no identity: sign in and show your second factor, or enter the code.")
    access.require_step_up()


async def _try_code(access: Access, locked: LockedRequest, code: str) -> Verification:
    row = await access.fetchrow(
        "select identity_code_hash, identity_code_sent_at, identity_code_attempts from data_request"
        " where organisation_id = $1 and id = $2",
        locked.request.id,
    )
    tried = row["identity_code_attempts"] if row else MOST_ATTEMPTS
    if row is None or tried >= MOST_ATTEMPTS:
        raise IdentityError("Too many codes were tried: show your second factor instead (POST /auth/step-up).")
    left = MOST_ATTEMPTS - tried - 1
    given = [
        hash_
        for hash_ in access.services.keys.fingerprints(_PURPOSE, f"{locked.request.id}:{code.strip()}")
        if row["identity_code_hash"] is not None and hmac.compare_digest(hash_, row["identity_code_hash"])
    ]
    if given and access.now - row["identity_code_sent_at"] <= CODE_LASTS:
        locked = await accept_identity(access, locked, "verified_address")
        return Verification(locked.request, is_verified=True, attempts_left=left)
    await access.execute(
        "update data_request set identity_code_attempts = identity_code_attempts + 1"
        " where organisation_id = $1 and id = $2",
        locked.request.id,
    )
    return Verification(locked.request, is_verified=False, attempts_left=left)


async def accept_identity(access: Access, locked: LockedRequest, method: str) -> LockedRequest:
    """Take the identity as proven and give the request to the decider, whose clocks start now."""
    now = access.now
    waited = now - locked.request.submitted_at
    request = replace(
        locked.request,
        identity_state=IdentityState.VERIFIED,
        identity_method=method,
        identity_verified_at=now,
        acknowledge_by=locked.request.acknowledge_by + waited,
        decide_by=locked.request.decide_by + waited,
    )
    request = replace(request, remind_at=Clocks.of(request).next_reminder(now))
    await access.execute(
        "update data_request set identity_state = 'verified', identity_method = $3, identity_verified_at = $4,"
        " identity_code_hash = null, acknowledge_by = $5, decide_by = $6, remind_at = $7"
        " where organisation_id = $1 and id = $2",
        request.id,
        method,
        now,
        request.acknowledge_by,
        request.decide_by,
        request.remind_at,
    )
    await record_event(access, locked.request, "identity_verified")
    lasts = STEP_UP_LASTS if method == "second_factor" else CODE_LASTS
    await access.audit("request.identity_verified", "data_request", locked.request.id, method=method, within=str(lasts))
    return await route(access, LockedRequest(request, locked.rights))


def _require_pending(locked: LockedRequest) -> None:
    if locked.request.identity_state is not IdentityState.PENDING or locked.request.ended_at is not None:
        raise IdentityError("There is nothing left to prove for this request: look at its state.")
