"""Check a certificate offline, with the published keys: no database, no network, no secret."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from wardship.core.signing import SignatureError, key_id, verify
from wardship.tenants.certificates.content import VERSION, Statement

CERTIFICATE_TYPE = "wardship-certificate+jws"


@dataclass(frozen=True, slots=True)
class VerifiedCertificate:
    """What a certificate that verifies states.

    Attributes:
        statement: what was done.
        key_thumbprint: the key that signed (RFC 7638).
        is_yours: whether it belongs to the reference that was given; None when none was.
    """

    statement: Statement
    key_thumbprint: str
    is_yours: bool | None


def verify_certificate(jws: str, key_set: Mapping[str, Any], reference: str | None = None) -> VerifiedCertificate:
    """Return what a certificate states, checked against a JWK set.

    Args:
        jws: the certificate, compact JWS.
        key_set: as published at ``/.well-known/wardship-certificate-keys.json``.
        reference: what the person was given when asking, to check whose certificate it is.

    Raises:
        SignatureError: changed, not by one of the keys, or no certificate of this version.
    """
    content = verify(jws, key_set, CERTIFICATE_TYPE)
    if content.get("version") != VERSION:
        raise SignatureError(f"This is not a certificate of version {VERSION}: get a program that reads it.")
    try:
        stated = msgspec.convert(content, Statement)
    except msgspec.ValidationError as error:
        raise SignatureError(f"The certificate is signed but incomplete: {error}.") from None
    is_yours = None
    if reference is not None:
        is_yours = hmac.compare_digest(hashlib.sha256(reference.encode()).hexdigest(), stated.reference_sha256)
    return VerifiedCertificate(stated, key_id(jws), is_yours)
