"""By what a declaration is accepted: the digest of exactly that which somebody has read."""

from __future__ import annotations

import hashlib
from typing import ClassVar

import rfc8785

from wardship.core.errors import ConflictError, InvalidInputError
from wardship.plugins.api import Manifest, RevocationPlan


class StaleDeclarationError(ConflictError):
    """The declaration is not the one that was read: read the present one and accept that."""

    code: ClassVar[str] = "STALE_DECLARATION"


def declaration_digest(manifest: Manifest, plan: RevocationPlan) -> bytes:
    """Return SHA-256 over the canonical JSON (RFC 8785) of the manifest and the revocation plan."""
    declared = {"manifest": manifest.model_dump(mode="json"), "plan": plan.model_dump(mode="json")}
    return hashlib.sha256(rfc8785.dumps(declared)).digest()


def require_accepted(manifest: Manifest, plan: RevocationPlan, accepted: str) -> bytes:
    """Return the digest of a declaration when it is the one that was accepted.

    Raises:
        InvalidInputError: what was given is no digest.
        StaleDeclarationError: another declaration was accepted.
    """
    try:
        named = bytes.fromhex(accepted)
    except ValueError:
        raise InvalidInputError(
            "Give the digest of the declaration that you have read.", path=("declaration_digest",)
        ) from None
    digest = declaration_digest(manifest, plan)
    if named != digest:
        raise StaleDeclarationError(
            "The declaration has changed since you read it: read it again and accept the present one.",
            path=("declaration_digest",),
        )
    return digest
