"""Check a certificate offline, with the published keys: no database, no network, no secret."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from wardship.core.errors import WardshipError
from wardship.core.signing import SignatureError, key_id, verify
from wardship.plugins.host.grading import Basis
from wardship.tenants.certificates import uninstalled
from wardship.tenants.certificates.content import VERSION, Place, Statement
from wardship.tenants.certificates.uninstalled import ABOUT, UninstallationStatement, grade_of
from wardship.tenants.obligations.proofs import derived_grade

CERTIFICATE_TYPE = "wardship-certificate+jws"
_WITHOUT_EXCHANGES: Final = 1
"""The last version whose grades came without what they are derived from."""


class UnfoundedGradeError(WardshipError):
    """A grade in a certificate does not follow from the exchanges that the certificate holds: do not rely on it."""

    code = "UNFOUNDED_GRADE"


@dataclass(frozen=True, slots=True)
class VerifiedCertificate:
    """What a certificate that verifies states.

    Attributes:
        statement: what was done: for a request, or when an integration was taken away.
        key_thumbprint: the key that signed (RFC 7638).
        is_founded: whether its grades follow from exchanges that it holds; those of version 1 came without.
        is_yours: whether it belongs to the reference that was given; None when none was.
    """

    statement: Statement | UninstallationStatement
    key_thumbprint: str
    is_founded: bool
    is_yours: bool | None


def verify_certificate(jws: str, key_set: Mapping[str, Any], reference: str | None = None) -> VerifiedCertificate:
    """Return what a certificate states, checked against a JWK set.

    Args:
        jws: the certificate, compact JWS.
        key_set: as published at ``/.well-known/wardship-certificate-keys.json``.
        reference: what the person was given when asking, to check whose certificate it is.

    Raises:
        SignatureError: changed, not by one of the keys, or no certificate of a version up to this one.
        UnfoundedGradeError: a grade does not follow from the exchanges that the certificate itself holds.
    """
    content = verify(jws, key_set, CERTIFICATE_TYPE)
    stated = _read(content)
    is_founded = stated.version > _WITHOUT_EXCHANGES
    if isinstance(stated, UninstallationStatement):
        _require_whole(stated)
    elif is_founded:
        _require_founded(place for right in stated.rights for place in right.places)
    is_yours = None
    if reference is not None:
        shown = hashlib.sha256(reference.encode()).hexdigest()
        # One of an integration belongs to nobody's reference.
        is_yours = isinstance(stated, Statement) and hmac.compare_digest(shown, stated.reference_sha256)
    return VerifiedCertificate(stated, key_id(jws), is_founded, is_yours)


def _read(content: Mapping[str, Any]) -> Statement | UninstallationStatement:
    version, is_of_request = content.get("version"), "about" not in content
    if is_of_request and version not in range(1, VERSION + 1):
        raise SignatureError(f"This is no certificate of a version up to {VERSION}: get a program that reads it.")
    if not is_of_request and (version, content["about"]) != (uninstalled.VERSION, ABOUT):
        raise SignatureError("This is a certificate of something else, or newer: get a program that reads it.")
    try:
        if is_of_request:
            return msgspec.convert(content, Statement)
        return msgspec.convert(content, UninstallationStatement)
    except msgspec.ValidationError as error:
        raise SignatureError(f"The certificate is signed but incomplete: {error}.") from None


def _require_whole(stated: UninstallationStatement) -> None:
    """Refuse one whose grade does not follow from its parts, or a part about everybody from evidence that it holds."""
    _require_founded(place for place in stated.places if not place.people)
    held = {(each.place, each.proof, each.basis) for each in stated.places if not each.people}
    for part in stated.proven:
        if part.proof and not part.people and (part.place, part.proof, part.basis) not in held:
            raise UnfoundedGradeError(
                "The certificate is signed, but holds nothing from which what was taken back of everybody is graded"
                f" {part.proof}: do not rely on it, and ask the deployment that signed it."
            )
    try:
        found = grade_of(stated)
    except ValueError as error:
        raise SignatureError(f"The certificate is signed but incomplete: {error}.") from None
    if stated.grade != found:
        raise UnfoundedGradeError(
            f"The certificate is signed, but is graded {stated.grade} as a whole and what it holds shows {found}:"
            " do not rely on it, and ask the deployment that signed it."
        )


def _require_founded(places: Iterable[Place]) -> None:
    for place in (each for each in places if each.proof):
        found = derived_grade(_basis(place), place.evidence)
        if (place.proof, place.basis) != found:
            raise UnfoundedGradeError(
                f"The certificate is signed, but what was owed at {place.recipient} ({place.verb}) is graded"
                f" {place.proof} ({place.basis}) and what it holds shows {found.level} ({found.basis}):"
                " do not rely on it, and ask the deployment that signed it."
            )


def _basis(place: Place) -> Basis:
    known = {basis.value: basis for basis in Basis}
    return known.get(place.basis, Basis.NONE_KEPT)
