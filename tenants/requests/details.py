"""What a right asks for in particular, checked when it is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final
from uuid import UUID

from wardship.core.errors import InvalidInputError
from wardship.plugins.api.taxonomy import PURPOSES
from wardship.tenants.members.profile import checked_correction
from wardship.tenants.requests.states import RightKind

Details = dict[str, object]
ACCOUNT: Final = "account"
"""That a copy is asked of the account alone, on which the provider decides (requirement A6)."""


def checked_details(kind: RightKind, details: Mapping[str, object]) -> Details:
    """Return the particulars of a right, without anything that the kind doesn't know.

    Raises:
        InvalidInputError: something is missing, unknown or malformed; the path names it.
    """
    return _CHECKS.get(kind, _nothing)(details)


def is_about_account(details: Mapping[str, object]) -> bool:
    """Return whether a right is about the account alone, so that the provider decides, wherever it is asked."""
    return details.get("about") == ACCOUNT


def _nothing(details: Mapping[str, object]) -> Details:
    if details:
        raise InvalidInputError("This right takes no particulars: leave them out.", path=("details",))
    return {}


def _correction(details: Mapping[str, object]) -> Details:
    fields = details.get("fields")
    if not isinstance(fields, Mapping) or not fields:
        raise InvalidInputError("Name at least one field and its right value.", path=("fields",))
    return {"fields": checked_correction({str(name): str(value) for name, value in fields.items()})}


def _copy(details: Mapping[str, object]) -> Details:
    about = details.get("about")
    if set(details) - {"about"} or about not in {None, ACCOUNT}:
        raise InvalidInputError("A copy is of everything, or of the account alone.", path=("details",))
    return {"about": ACCOUNT} if about else {}


def _recipient(details: Mapping[str, object]) -> Details:
    purpose, installation = str(details.get("purpose") or ""), details.get("installation_id")
    if purpose and purpose not in PURPOSES:
        raise InvalidInputError(f"{purpose!r} is not a purpose; use one of the declared ones.", path=("purpose",))
    if not purpose and not installation:
        raise InvalidInputError("Name a purpose, a recipient, or both.", path=("purpose",))
    identifier = (
        None if not installation else str(installation if isinstance(installation, UUID) else _uuid(installation))
    )
    return {"purpose": purpose, "installation_id": identifier}


def _consent(details: Mapping[str, object]) -> Details:
    checked = _recipient(details)
    if not checked["purpose"]:
        raise InvalidInputError("Name the purpose that you no longer consent to.", path=("purpose",))
    return checked


def _uuid(value: object) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        raise InvalidInputError("This is no recipient's id.", path=("installation_id",)) from None


_CHECKS: Mapping[RightKind, Callable[[Mapping[str, object]], Details]] = MappingProxyType(
    {
        RightKind.ACCESS: _copy,
        RightKind.PORTABILITY: _copy,
        RightKind.CORRECTION: _correction,
        RightKind.OBJECTION: _recipient,
        RightKind.CONSENT_WITHDRAWAL: _consent,
    }
)
