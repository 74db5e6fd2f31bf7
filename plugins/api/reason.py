"""What a vendor says of a refusal, read from the forms in which refusals are said."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final

LONGEST: Final = 200
"""Characters of a vendor's reason that are kept."""

# RFC 9457 (detail, title), RFC 6749 section 5.2 (error_description), and what most others say.
_NAMES: Final = ("detail", "error_description", "message", "reason", "error", "title", "errors")
_PRECONDITION: Final = re.compile(r"<(?:[\w.-]+:)?error\b[^>]*>\s*<(?:[\w.-]+:)?([\w.-]+)")
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_DEPTH: Final = 3


def vendor_reason(headers: Mapping[str, str], body: bytes) -> str:
    """Return a vendor's own words for a refusal on one line; empty where it says none, or writes a page for people.

    Read are problem documents (RFC 9457) and the other common forms in JSON, the precondition of a DAV error
    (RFC 4918, section 16), and a first line of plain text.

    Args:
        headers: names in lower case.
        body: of the answer, whole.
    """
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    text = body[:65_536].decode("utf-8", errors="replace")
    if kind == "application/json" or kind.endswith("+json"):
        found = _in_json(text)
    elif kind.endswith("xml") and "html" not in kind:
        found = _in_xml(text)
    elif kind == "text/plain":
        found = text.strip().partition("\n")[0]
    else:
        found = ""
    line = " ".join(_CONTROLS.sub(" ", found).split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def _in_json(text: str) -> str:
    try:
        return _said(json.loads(text), _DEPTH)
    except (ValueError, RecursionError):
        return ""


def _said(value: object, depth: int) -> str:
    if isinstance(value, str):
        return value
    if depth and isinstance(value, list):
        return next((found for each in value if (found := _said(each, depth - 1))), "")
    if depth and isinstance(value, dict):
        return next((found for name in _NAMES if (found := _said(value.get(name), depth - 1))), "")
    return ""


def _in_xml(text: str) -> str:
    found = _PRECONDITION.search(text)
    return found[1].replace("-", " ") if found else ""
