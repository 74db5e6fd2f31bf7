"""Versions of resources (entity tags): made of what they hold, so that whoever changes it, they change."""

from __future__ import annotations

import hashlib
from typing import Final

from scim2_models import PreconditionFailedException

_SEPARATOR: Final = "\x1f"


def version_of(*values: object) -> str:
    """Return the weak entity tag of a resource that holds these values."""
    content = _SEPARATOR.join(map(str, values)).encode("utf-8", "surrogatepass")
    return f'W/"{hashlib.sha256(content).hexdigest()[:24]}"'


def require_version(found: str | None, expected: str | None) -> None:
    """Refuse a change of what has been changed meanwhile.

    Raises:
        PreconditionFailedException: it has another version than the expected one.
    """
    if expected is not None and found != expected:
        raise PreconditionFailedException
