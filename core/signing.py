"""Signed statements that anybody can check without us: compact JWS (RFC 7515) with Ed25519 (RFC 8032, RFC 9864).

A key is named by its thumbprint (RFC 7638). Keys of earlier secrets stay in the published set, so that what they
signed still verifies after a rotation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import msgspec
import rfc8785
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization, OKPKey

from wardship.core.errors import WardshipError
from wardship.core.keys import KeyRing

ALGORITHM = "Ed25519"
CERTIFICATE = "certificate"
AUDIT_CHECKPOINT = "audit-checkpoint"
PUBLISHED_PURPOSES = (CERTIFICATE, AUDIT_CHECKPOINT)
"""The purposes whose keys stand at ``/.well-known/wardship-certificate-keys.json``."""


class SignatureError(WardshipError):
    """A signed statement can't be trusted; the message says why."""

    code = "SIGNATURE_INVALID"


def _keys(keys: KeyRing, purpose: str) -> list[OKPKey]:
    return [OKPKey.import_key(key) for key in keys.signing_keys(purpose)]


def sign(keys: KeyRing, purpose: str, statement_type: str, statement: Mapping[str, Any]) -> str:
    """Return a statement, as canonical JSON, signed under the purpose's present key.

    Args:
        keys: the deployment's keys.
        purpose: which key signs.
        statement_type: the ``typ`` header, so that a statement of one kind is not taken for another.
        statement: what is stated: text, whole numbers, truth values, lists and mappings of them.
    """
    key = _keys(keys, purpose)[0]
    header = {"alg": ALGORITHM, "kid": key.thumbprint(), "typ": statement_type}
    return jws.serialize_compact(header, rfc8785.dumps(dict(statement)), key, algorithms=[ALGORITHM])


def public_keys(keys: KeyRing, purposes: Sequence[str] = PUBLISHED_PURPOSES) -> dict[str, list[dict[str, str]]]:
    """Return the JWK set (RFC 7517) of the purposes' public keys, the signing one of each purpose first."""
    return {
        "keys": [
            {**_text(key.as_dict(private=False)), "kid": key.thumbprint(), "alg": ALGORITHM, "use": "sig"}
            for purpose in purposes
            for key in _keys(keys, purpose)
        ]
    }


def verify(token: str, key_set: Mapping[str, Any], statement_type: str) -> dict[str, Any]:
    """Return what a signed statement says, checked against a JWK set; pure, offline.

    Raises:
        SignatureError: malformed, of another type, by an unknown key, or changed since it was signed.
    """
    try:
        keys = KeySet.import_key_set(cast("KeySetSerialization", dict(key_set)))
        statement = jws.deserialize_compact(token.strip().encode(), keys, algorithms=[ALGORITHM])
        content = msgspec.json.decode(statement.payload, type=dict[str, Any])
    except JoseError as error:
        raise SignatureError(f"The signature does not verify: {error}. Get the statement or the keys again.") from None
    except (ValueError, KeyError, TypeError, msgspec.DecodeError):
        raise SignatureError("This is not a signed statement with a JWK set: check the two files.") from None
    if statement.headers().get("typ") != statement_type:
        raise SignatureError(f"The statement is not of the type {statement_type}: another kind of file was given.")
    return content


def key_id(token: str) -> str:
    """Return the thumbprint of the key that a statement names, unchecked; empty when it names none."""
    try:
        return str(jws.extract_compact(token.strip().encode()).headers().get("kid", ""))
    except (JoseError, ValueError):
        return ""


def _text(key: Mapping[str, Any]) -> dict[str, str]:
    return {str(name): str(value) for name, value in key.items()}
