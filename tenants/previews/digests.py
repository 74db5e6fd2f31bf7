"""The digest of a preview, which an act takes to be of exactly that, and which tells what has changed."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

import msgspec
import rfc8785

from wardship.tenants.requests.erasures import StalePreviewError

_LONG: Final = 16


def digest_of(preview: msgspec.Struct) -> str:
    """Return the digest of a preview: a part for each of its fields, so that a stale one tells what has changed."""
    values = msgspec.to_builtins(preview)
    return "".join(hashlib.sha256(rfc8785.dumps([name, value])).hexdigest()[:_LONG] for name, value in values.items())


def require_unchanged(given: str, preview: msgspec.Struct) -> None:
    """Refuse an act whose preview would be another by now.

    Raises:
        StalePreviewError: naming what has changed.
    """
    now = digest_of(preview)
    if hmac.compare_digest(given.encode(), now.encode()):
        return
    names = preview.__struct_fields__
    parts = zip(names, (now[place : place + _LONG] for place in range(0, len(now), _LONG)), strict=True)
    changed = [name for place, (name, part) in enumerate(parts) if given[place * _LONG : (place + 1) * _LONG] != part]
    told = ", ".join(name.replace("_", " ") for name in changed) if len(given) == len(now) else "everything"
    raise StalePreviewError(
        f"This would do something else than you saw ({told}): make another preview, look at it, then do that.",
        path=("digest",),
    )
