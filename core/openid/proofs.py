"""What a provider has signed: ID tokens and logout tokens, believed once every claim was checked."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import BadSignatureError, ClaimError, JoseError
from joserfc.jwk import Key

from wardship.core.openid.provider_keys import ALGORITHMS, ProviderKeys
from wardship.core.openid.refusals import ProofRefusedError

SKEW: Final = timedelta(seconds=60)
"""By so much the clocks of a provider and of this deployment may differ."""
LONGEST_LOGOUT: Final = timedelta(minutes=5)
"""A logout token is not older than this, beside the skew, so that what was seen need not be kept longer."""
LONGEST: Final = 32 * 1024
_LONGEST_SUBJECT: Final = 255
_LOGOUT_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"


class SignedHeader(msgspec.Struct, frozen=True):
    """The header of a signed text (RFC 7515)."""

    alg: str
    kid: str | None = None
    typ: str | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """Whose signature counts.

    Attributes:
        issuer: who must have signed.
        client_id: for whom it must be.
        at: the present moment.
    """

    issuer: str
    client_id: str
    at: datetime


async def read_id_token(
    keys: ProviderKeys, text: str, expected: Expected, *, nonce: str, access_token: str | None
) -> dict[str, Any]:
    """Return the claims of an ID token (OpenID Connect Core 1.0, section 3.1.3.7).

    Args:
        keys: of the providers.
        text: the token.
        expected: whose it must be, and when.
        nonce: what the sign-in was begun with.
        access_token: what came with it; its hash is compared where the token holds one.

    Raises:
        ProofRefusedError: it is not the issuer's, not for us, not of this sign-in, or over.
        ProviderUnavailableError: the issuer's keys can't be had.
    """
    header, found = await _signed(keys, text, expected.issuer)
    claims = CodeIDToken(
        found,
        msgspec.to_builtins(header),
        {"iss": {"essential": True, "value": expected.issuer}, "aud": {"essential": True, "value": expected.client_id}},
        {"nonce": nonce, "client_id": expected.client_id, "access_token": access_token},
    )
    try:
        claims.validate(now=int(expected.at.timestamp()), leeway=int(SKEW.total_seconds()))
    except ClaimError as error:
        raise _refused(error) from None
    _require_subject(found)
    return found


async def read_logout_token(keys: ProviderKeys, text: str, expected: Expected) -> dict[str, Any]:
    """Return the claims of a logout token (Back-Channel Logout 1.0, section 2.6); the caller keeps its ``jti``.

    Raises:
        ProofRefusedError: it is not the issuer's, not for us, old, or no logout token.
        ProviderUnavailableError: the issuer's keys can't be had.
    """
    header, found = await _signed(keys, text, expected.issuer)
    if header.typ is not None and header.typ.lower() not in {"logout+jwt", "jwt"}:
        raise ProofRefusedError("This is no logout token.")
    registry = jwt.JWTClaimsRegistry(
        int(expected.at.timestamp()),
        int(SKEW.total_seconds()),
        iss={"essential": True, "value": expected.issuer},
        aud={"essential": True, "value": expected.client_id},
        iat={"essential": True},
        jti={"essential": True},
    )
    try:
        registry.validate(found)
    except ClaimError as error:
        raise _refused(error) from None
    events = found.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(_LOGOUT_EVENT), dict) or "nonce" in found:
        raise ProofRefusedError("This is no logout token.")
    if expected.at.timestamp() - found["iat"] > (LONGEST_LOGOUT + SKEW).total_seconds():
        raise ProofRefusedError("This logout token is too old.")
    if not isinstance(found["jti"], str) or not any(isinstance(found.get(name), str) for name in ("sub", "sid")):
        raise ProofRefusedError("This logout token names nobody.")
    return found


async def _signed(keys: ProviderKeys, text: str, issuer: str) -> tuple[SignedHeader, dict[str, Any]]:
    header = _header(text)
    claims = _verified(text, await keys.keys_for(issuer, header.alg, header.kid))
    if claims is None:  # some providers change their keys and call them as before, or do not call them at all
        claims = _verified(text, await keys.newer_keys_for(issuer, header.alg, header.kid))
    if claims is None:
        raise ProofRefusedError("The provider's signature is wrong.")
    return header, claims


def _verified(text: str, candidates: list[Key]) -> dict[str, Any] | None:
    for key in candidates:
        try:
            return jwt.decode(text, key, algorithms=list(ALGORITHMS)).claims
        except BadSignatureError:
            continue
        except JoseError as error:
            raise _refused(error) from None
    return None


def _header(text: str) -> SignedHeader:
    """Return the header of a signed text, which chooses the key and is not believed before the signature is checked."""
    first, _, rest = text.partition(".")
    if len(text) > LONGEST or rest.count(".") != 1 or not text.isascii():
        raise ProofRefusedError("The provider's answer holds no signed text.")
    try:
        decoded = base64.b64decode(first + "=" * (-len(first) % 4), altchars=b"-_", validate=True)
        return msgspec.json.decode(decoded, type=SignedHeader)
    except (ValueError, msgspec.DecodeError):
        raise ProofRefusedError("The provider's answer holds no signed text.") from None


def _require_subject(claims: dict[str, Any]) -> None:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT or not subject.isprintable():
        raise ProofRefusedError("The provider names nobody: `sub` is missing or can't be one.")


def _refused(error: JoseError) -> ProofRefusedError:
    """Return the refusal with the name of the claim, never with a value that the provider or somebody else wrote."""
    what = "it can't be read"
    if isinstance(error, ClaimError):
        what = f"the claim `{error.claim}` is missing, wrong or over"
    return ProofRefusedError(f"What the provider signed can't be relied on: {what}. Begin again.")
