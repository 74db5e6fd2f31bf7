"""Which successes are no answers: they say that something was sent, and nothing of what was asked."""

from __future__ import annotations

import json
import re
from typing import Final

from wardship.plugins.api import HttpResponse

_CREATED: Final = 201
_MULTI_STATUS: Final = 207
_MARKUP: Final = (b"<!doctype html", b"<html")
_FAILED_PART: Final = re.compile(rb"HTTP/\d(?:\.\d)?\s+(?:5\d\d|401|403|408|423|425|429)\b")
_ERRORS: Final = ("errors", "error")


def tells_nothing(method: str, response: HttpResponse) -> bool:
    """Tell whether a success answers no question: somebody who was sought may be there, or not.

    So do an empty body, a page for people (a sign-in page in place of everything), an error that comes with a status of
    success, and a multi-status in which a part has failed.
    """
    if response.status == _CREATED:
        return False
    if "html" in response.headers.get("content-type", "").lower():
        return True
    if method == "HEAD":
        return False
    body = response.body.strip()
    if not body or body[:20].lower().startswith(_MARKUP):
        return True
    if response.status == _MULTI_STATUS:
        return _FAILED_PART.search(body) is not None
    return body.startswith(b"{") and any(f'"{name}"'.encode() in body for name in _ERRORS) and _is_error(body)


def _is_error(body: bytes) -> bool:
    try:
        told = json.loads(body)
    except ValueError:
        return False
    return any(told.get(name) for name in _ERRORS)
