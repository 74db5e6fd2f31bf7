"""Time-based one-time passwords (RFC 6238): six digits, thirty seconds, SHA-1, as authenticators expect."""

from __future__ import annotations

import base64
import hmac
import io
from datetime import datetime
from typing import Final

import segno
from pyotp.hotp import HOTP
from pyotp.totp import TOTP

STEP_SECONDS: Final = 30
_ISSUER: Final = "Wardship"
_TOLERATED_STEPS: Final = 1
_EXPLAINED_STEPS: Final = 240


def written_secret(secret: bytes) -> str:
    """Return a secret as a person types it into an authenticator: base 32."""
    return base64.b32encode(secret).decode()


def matching_step(secret: bytes, code: str, *, at: datetime) -> int | None:
    """Return the time step to which a code belongs, one step early or late allowed; None when it is wrong.

    The caller stores the step and accepts only later ones, or a code could be used twice.
    """
    generator = HOTP(written_secret(secret))
    now = int(at.timestamp()) // STEP_SECONDS
    matched = None
    for step in range(now - _TOLERATED_STEPS, now + _TOLERATED_STEPS + 1):
        if hmac.compare_digest(generator.at(step).encode(), code.encode()):
            matched = step
    return matched


def steps_behind(secret: bytes, code: str, *, at: datetime) -> int | None:
    """Return by how many time steps a code is too old, up to two hours; None when it isn't one of those.

    Codes to come are not looked at: who guesses must not learn of a right one while it can still be used.
    """
    generator = HOTP(written_secret(secret))
    now = int(at.timestamp()) // STEP_SECONDS
    found = None
    for behind in range(_TOLERATED_STEPS + 1, _EXPLAINED_STEPS + 1):
        if hmac.compare_digest(generator.at(max(now - behind, 0)).encode(), code.encode()):
            found = behind
    return found


def provisioning_uri(secret: bytes, account: str) -> str:
    """Return the otpauth URI that an authenticator reads."""
    return TOTP(written_secret(secret)).provisioning_uri(name=account, issuer_name=_ISSUER)


def qr_code(uri: str) -> str:
    """Return a URI as QR code in SVG, without XML declaration, to be placed in a page."""
    out = io.BytesIO()
    segno.make(uri, error="m").save(out, kind="svg", scale=5, xmldecl=False, svgns=True, omitsize=False)
    return out.getvalue().decode()
