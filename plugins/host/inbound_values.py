"""The values in a call from outside, which must not get into a log: nobody has checked what it holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qsl

from wardship.plugins.api import InboundCall

MOST: Final = 300
"""Values that are told apart."""
MOST_TEXT: Final = 32_768
"""Characters of all of them together."""


class UntoldValuesError(ValueError):
    """What a call holds can't be told apart: nothing that is said of it can be kept."""


def inbound_values(call: InboundCall) -> list[str]:
    """Return the texts of a call: headers, parameters, and what stands in its body as JSON or as a form.

    Raises:
        UntoldValuesError: they are too many or too long, or the body is neither.
    """
    found, length = [], 0
    for text in _texts(call):
        found.append(text)
        length += len(text)
        if len(found) > MOST or length > MOST_TEXT:
            raise UntoldValuesError
    return found


def _texts(call: InboundCall) -> Iterator[str]:
    yield from (value for _, value in (*call.headers, *call.query))
    if call.body:
        yield from _in_body(call)


def _in_body(call: InboundCall) -> Iterator[str]:
    if (call.header("content-type") or "").startswith("application/x-www-form-urlencoded"):
        yield from (value for _, value in parse_qsl(call.body.decode("latin-1"), keep_blank_values=True))
        return
    try:
        parsed = json.loads(call.body)
    except (ValueError, RecursionError):
        raise UntoldValuesError from None
    yield from _leaves(parsed)


def _leaves(node: object) -> Iterator[str]:
    """Yield the texts and numbers in a JSON value, without recursion: it may nest as deep as it likes."""
    waiting = [node]
    while waiting:
        match waiting.pop():
            case dict() as found:
                waiting += found.values()
            case list() as found:
                waiting += found
            case str() | int() | float() as found:
                yield str(found)
            case _:
                pass
