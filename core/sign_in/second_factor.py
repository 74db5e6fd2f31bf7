"""The second factor: an authenticator, and ten recovery codes for when it is lost.

One that was set up in a session that an organisation's provider opened belongs to the identity by which that provider
vouches, and counts in its sessions alone: whoever runs the provider neither opens the rest of the account by it, nor
locks its owner out. The account's own, once there is one, takes the place of all of these.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.database.engine import Transaction
from wardship.core.errors import ConflictError, WardshipError
from wardship.core.identifiers import uuid7
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.sessions import Session
from wardship.core.sign_in.totp import (
    STEP_SECONDS,
    matching_step,
    provisioning_uri,
    qr_code,
    steps_behind,
    written_secret,
)

RECOVERY_CODES: Final = 10
FEW_CODES: Final = 3
"""So many recovery codes are few: their owner is told to renew them."""
_PURPOSE: Final = "totp"
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is read as another
_TOTP_CODE: Final = re.compile(r"[0-9]{6}")


class WrongCodeError(WardshipError):
    """The code is wrong, was used before, or has passed: wait for the next one."""

    code: ClassVar[str] = "WRONG_CODE"
    status: ClassVar[int] = 401


class LaterCodeUsedError(WrongCodeError):
    """The code is right, but a later one was used: the server's clock was put back. Use a recovery code, or wait."""

    code: ClassVar[str] = "LATER_CODE_USED"


class ClockBehindError(WrongCodeError):
    """The code has passed: the authenticator's clock is behind. Set that clock right, or use a recovery code."""

    code: ClassVar[str] = "CLOCK_BEHIND"


class NoPendingAuthenticatorError(ConflictError):
    """No authenticator waits for its first code: POST /auth/enrol-second-factor first."""

    code: ClassVar[str] = "NO_PENDING_AUTHENTICATOR"


class LastSecondFactorError(ConflictError):
    """It is the only second factor of the account: set up another one first."""

    code: ClassVar[str] = "LAST_SECOND_FACTOR"


class SecondFactorExistsError(ConflictError):
    """The account has a second factor already: sign in with it."""

    code: ClassVar[str] = "SECOND_FACTOR_EXISTS"


CODE_REFUSALS: Final = (WrongCodeError, LaterCodeUsedError, ClockBehindError)
"""Why a code is refused."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator needs, in three forms."""

    secret: str
    uri: str
    qr_svg: str


def bound_identity(session: Session) -> UUID | None:
    """Return whose second factor a session sets up and asks for beside the account's own; None for that alone."""
    return session.identity_id if session.organisation_id is not None else None


async def has_second_factor(transaction: Transaction, account_id: UUID, identity_id: UUID | None = None) -> bool:
    """Return whether an authenticator is confirmed, or there is a passkey: the account's, or an identity's own."""
    found: bool = await transaction.fetchval("select has_second_factor($1, $2)", account_id, identity_id)
    return found


async def begin_enrolment(
    transaction: Transaction, call: Call, session: Session, address: str, *, may_replace: bool
) -> Enrolment:
    """Make a secret that takes effect once a code confirms it; until then a former one stays in force.

    Raises:
        SecondFactorExistsError: one is confirmed and the caller may not replace it.
    """
    secret = secrets.token_bytes(20)  # 160 bits (RFC 4226, section 4)
    begun = await transaction.execute(
        "insert into totp_credential as held (id, created_at, account_id, pending_secret, identity_id)"
        " values ($1, $2, $3, $4, $6) on conflict (account_id, identity_id)"
        " do update set pending_secret = $4 where held.confirmed_at is null or $5",
        uuid7(),
        call.now,
        session.account_id,
        call.keys.encrypt(_PURPOSE, secret, bound_to=session.account_id.bytes),
        may_replace,
        bound_identity(session),
    )
    if not begun:
        raise SecondFactorExistsError("This account has a second factor already: sign in with it.")
    uri = provisioning_uri(secret, address)
    return Enrolment(written_secret(secret), uri, qr_code(uri))


async def confirm_enrolment(
    transaction: Transaction, call: Call, session: Session, code: str, *, may_replace: bool
) -> list[str]:
    """Put the pending authenticator in force and return new recovery codes, which are shown this once.

    Raises:
        NoPendingAuthenticatorError: none waits.
        WrongCodeError: the code is not the pending authenticator's.
        SecondFactorExistsError: another call confirmed one meanwhile.
    """
    account_id, identity_id = session.account_id, bound_identity(session)
    pending = await transaction.fetchval(
        "select pending_secret from totp_credential where account_id = $1 and identity_id is not distinct from $2"
        " for update",
        account_id,
        identity_id,
    )
    if pending is None:
        raise NoPendingAuthenticatorError("Begin with POST /auth/enrol-second-factor, then confirm it with a code.")
    step = matching_step(call.keys.decrypt(_PURPOSE, pending, bound_to=account_id.bytes), _digits(code), at=call.now)
    if step is None:
        raise _wrong_code()
    confirmed = await transaction.execute(
        "update totp_credential set secret = pending_secret, pending_secret = null, confirmed_at = $2, last_step = $3"
        " where account_id = $1 and (confirmed_at is null or $4) and identity_id is not distinct from $5",
        account_id,
        call.now,
        step,
        may_replace,
        identity_id,
    )
    if not confirmed:
        raise SecondFactorExistsError("This account has a second factor already: sign in with it.")
    if identity_id is None:
        await end_bound_authenticators(transaction, account_id)
    return await renew_recovery_codes(transaction, call, account_id, identity_id)


async def end_bound_authenticators(transaction: Transaction, account_id: UUID) -> None:
    """Let the account's own second factor take the place of those of its identities; their codes go with the next."""
    await transaction.execute(
        "delete from totp_credential where account_id = $1 and identity_id is not null", account_id
    )


async def delete_authenticator(transaction: Transaction, account_id: UUID) -> bool:
    """Remove the account's own authenticator, and return whether it had one that was confirmed."""
    confirmed: bool | None = await transaction.fetchval(
        "delete from totp_credential where account_id = $1 and identity_id is null returning confirmed_at is not null",
        account_id,
    )
    return confirmed is True


async def check_code(
    transaction: Transaction, call: Call, account_id: UUID, code: str, identity_id: UUID | None = None
) -> bool:
    """Accept a code of the authenticator, or use up a recovery code; return whether it was a recovery code.

    Args:
        transaction: scoped to the directory.
        call: the moment, and the deployment's keys.
        account_id: whose code it is to be.
        code: as typed.
        identity_id: whose second factor counts beside the account's own; None where that alone does.

    Raises:
        WrongCodeError: it is wrong, or was accepted before.
    """
    digits = _digits(code)
    if _TOTP_CODE.fullmatch(digits):
        await _accept_totp(transaction, call, (account_id, identity_id), digits)
        return False
    await _use_recovery_code(transaction, call, (account_id, identity_id), code)
    return True


async def renew_recovery_codes(
    transaction: Transaction, call: Call, account_id: UUID, identity_id: UUID | None = None
) -> list[str]:
    """Replace all recovery codes of an account, or of one identity, and return the new ones, shown this once."""
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    await transaction.execute(
        "delete from recovery_code where account_id = $1 and ($2::uuid is null or identity_id = $2)",
        account_id,
        identity_id,
    )
    fingerprints = [call.keys.fingerprint("recovery-code", _bound(account_id, code)) for code in codes]
    await transaction.executemany(
        "insert into recovery_code (id, created_at, account_id, code_hash, identity_id) values ($1, $2, $3, $4, $5)",
        [(uuid7(), call.now, account_id, fingerprint, identity_id) for fingerprint in fingerprints],
    )
    return codes


async def codes_left(transaction: Transaction, account_id: UUID, identity_id: UUID | None = None) -> int:
    """Return how many recovery codes were not used yet."""
    left: int = await transaction.fetchval(
        "select count(*) from recovery_code where account_id = $1 and used_at is null"
        " and (identity_id is null or identity_id = $2)",
        account_id,
        identity_id,
    )
    return left


async def _accept_totp(transaction: Transaction, call: Call, whose: tuple[UUID, UUID | None], digits: str) -> None:
    account_id, identity_id = whose
    row = await transaction.fetchrow(
        "select secret, last_step from totp_credential where account_id = $1 and confirmed_at is not null"
        " and (identity_id is null or identity_id = $2) order by identity_id nulls first limit 1",
        account_id,
        identity_id,
    )
    if row is None:
        raise _wrong_code()
    secret = call.keys.decrypt(_PURPOSE, row["secret"], bound_to=account_id.bytes)
    step = matching_step(secret, digits, at=call.now)
    if step is None:
        raise _passed_code(secret, digits, call.now)
    if not await transaction.execute(
        # Of concurrent callers with one code, one finds the earlier step.
        "update totp_credential set last_step = $2 where account_id = $1 and last_step < $2 and secret = $3",
        account_id,
        step,
        row["secret"],
    ):
        raise _used_code(step, row["last_step"])


async def _use_recovery_code(transaction: Transaction, call: Call, whose: tuple[UUID, UUID | None], code: str) -> None:
    account_id, identity_id = whose
    used = await transaction.execute(
        "update recovery_code set used_at = $3 where account_id = $1 and code_hash = any($2) and used_at is null"
        " and (identity_id is null or identity_id = $4)",
        account_id,
        call.keys.fingerprints("recovery-code", _bound(account_id, code)),
        call.now,
        identity_id,
    )
    if not used:
        raise _wrong_code()


def _wrong_code() -> WrongCodeError:
    return WrongCodeError("This code is wrong or was used before: wait for the next one.", path=("code",))


def _passed_code(secret: bytes, digits: str, at: datetime) -> WrongCodeError:
    """Return the refusal of a code that is not one of now: one that has passed says whose clock is wrong."""
    behind = steps_behind(secret, digits, at=at)
    if behind is None:
        return _wrong_code()
    minutes = max(1, round(behind * STEP_SECONDS / 60))
    return ClockBehindError(
        f"This code passed about {minutes} minutes ago: set the clock of your authenticator right (use the network's"
        " time), or use a recovery code.",
        path=("code",),
    )


def _used_code(step: int, last_step: int) -> WrongCodeError:
    """Return the refusal of a right code that can't be used: it was, or a later one was before a clock went back."""
    if last_step <= step + 1:
        return _wrong_code()
    minutes = ceil((last_step - step) * STEP_SECONDS / 60)
    return LaterCodeUsedError(
        f"This code is right, but a later one was used already, because a clock was put back: codes work again in"
        f" about {minutes} minutes. Until then use a recovery code.",
        path=("code",),
    )


def _digits(code: str) -> str:
    return re.sub(r"[\s-]", "", code)


def _bound(account_id: UUID, code: str) -> str:
    return f"{account_id}:{re.sub(r'[^a-z0-9]', '', code.lower())}"


def _recovery_code() -> str:
    letters = "".join(secrets.choice(_LETTERS) for _ in range(12))
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"
