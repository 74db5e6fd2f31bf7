"""What guards data at the border to a plugin: nothing undeclared gets there, and nothing of it comes back in words.

The egress gate builds records, and the check refuses its mistakes. Redaction cuts personal data and secrets out of what
a plugin says, in its log and in its messages to the administrator. Of the host's HTTP client a plugin gets a way to
send requests, and nothing that leads to what is written down of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Self, Unpack
from urllib.parse import quote, quote_plus

import structlog
from pydantic import BaseModel

from wardship.core.errors import WardshipError
from wardship.plugins.api import (
    Field,
    HttpClient,
    HttpResponse,
    IdentifierValue,
    InboundCall,
    Manifest,
    Record,
    SubjectRef,
)
from wardship.plugins.api.subjects import FieldValue
from wardship.plugins.api.taxonomy import covers
from wardship.plugins.host.client import RequestParts
from wardship.plugins.host.inbound_values import UntoldValuesError, inbound_values

_SHORTEST = 3
_SHORTEST_IN_DATA = 8
"""A shorter secret stands in what somebody is called or lives in: data are not mangled for it."""
_CUT = "[cut]"
_EVERYTHING = re.compile(r".+", re.DOTALL)


class UndeclaredDataError(WardshipError):
    """A field or identifier was about to be sent that the integration does not declare; nothing was sent."""

    code: ClassVar[str] = "UNDECLARED_DATA"


def require_declared(manifest: Manifest, argument: BaseModel | None) -> None:
    """Raise ``UndeclaredDataError`` when an argument holds a field or an identifier that was not declared."""
    known = {identifier.type for identifier in manifest.identifiers}
    for part in _parts(argument):
        if isinstance(part, SubjectRef):
            if undeclared := {identifier.type for identifier in (*part.identifiers, *part.earlier)} - known:
                raise UndeclaredDataError(f"{manifest.key} does not declare the identifier {min(undeclared)}")
            continue
        for field in part.fields:
            declared = manifest.declarations_of(field.name)
            if not any(covers(entry.category, field.category) for entry in declared):
                raise UndeclaredDataError(f"{manifest.key} does not declare {field.name} as {field.category}")


def people_in(argument: BaseModel | None) -> frozenset[str]:
    """Return the ids of the people whom an argument is about."""
    return frozenset(part.id for part in _parts(argument) if isinstance(part, SubjectRef))


def _parts(node: object) -> Iterator[Record | SubjectRef]:
    if isinstance(node, Record | SubjectRef):
        yield node
    if isinstance(node, BaseModel):
        for name in type(node).model_fields:
            yield from _parts(getattr(node, name))
    elif isinstance(node, tuple):
        for each in node:
            yield from _parts(each)


class PluginHttp:
    """The HTTP client as a plugin gets it: the contract's one method, around the host's client."""

    __slots__ = ("request",)

    def __init__(self, client: HttpClient) -> None:
        async def request(method: str, url: str, **parts: Unpack[RequestParts]) -> HttpResponse:
            """Send one request and return the whole response, whatever its status."""
            return await client.request(method, url, **parts)

        self.request = request


@dataclass(frozen=True, slots=True)
class Redaction:
    """Knows the values of one call that must not be repeated.

    Attributes:
        pattern: all of them; None for none.
        secrets: those that let somebody in, which must not stand in data either.
    """

    pattern: re.Pattern[str] | None
    secrets: re.Pattern[str] | None = None

    @classmethod
    def of(cls, argument: BaseModel | None, secrets: Iterable[str]) -> Self:
        """Return the redaction for the values in a call's argument and for the installation's secrets.

        They are known as they are and as they stand in an address (RFC 3986, section 2.1). Values shorter than three
        characters are left: they stand in ordinary words.
        """
        known = set(secrets)
        try:
            told = set(_values(argument))
        except UntoldValuesError:
            return cls(_EVERYTHING)
        # What a person is known by is the person's, though somebody signs in with it.
        in_data = {value for value in known - told if len(value) >= _SHORTEST_IN_DATA}
        return cls(_pattern(value for value in told | known if len(value) >= _SHORTEST), _pattern(in_data))

    def cut(self, text: str) -> str:
        """Return the text without the values."""
        return self.pattern.sub(_CUT, text) if self.pattern else text

    def cut_secrets(self, value: FieldValue) -> FieldValue:
        """Return a datum that the vendor hands out without the secrets that it repeats: whom it is about gets it."""
        if self.secrets is None or not isinstance(value, str | tuple):
            return value
        if isinstance(value, tuple):
            return tuple(self.secrets.sub(_CUT, each) for each in value)
        return self.secrets.sub(_CUT, value)


def _pattern(values: Iterable[str]) -> re.Pattern[str] | None:
    plain = set(values)
    known = plain | {quote(value, safe="") for value in plain} | {quote_plus(value) for value in plain}
    longest_first = sorted(known, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE) if known else None


class PluginLog:
    """The logger that a connector gets: bound, and with the call's values cut out."""

    def __init__(self, redaction: Redaction, **bound: str) -> None:
        self._redaction = redaction
        self._log: structlog.stdlib.BoundLogger = structlog.get_logger("wardship.integration").bind(**bound)

    def info(self, event: str, **fields: object) -> None:
        """Log what happened."""
        self._log.info("integration.says", message=self._redaction.cut(event), **self._clean(fields))

    def warning(self, event: str, **fields: object) -> None:
        """Log what may need attention."""
        self._log.warning("integration.says", message=self._redaction.cut(event), **self._clean(fields))

    def _clean(self, fields: dict[str, object]) -> dict[str, Any]:
        return {f"plugin_{name}": self._redaction.cut(str(value)) for name, value in fields.items()}


def _values(node: object) -> Iterator[str]:
    if isinstance(node, InboundCall):
        yield from inbound_values(node)
    elif isinstance(node, Field):
        yield from (node.value if isinstance(node.value, tuple) else (str(node.value),))
    elif isinstance(node, IdentifierValue):
        yield node.value
    elif isinstance(node, SubjectRef):
        yield from (known.value for known in (*node.identifiers, *node.earlier))
        if node.known_as is not None:
            yield node.known_as
    elif isinstance(node, BaseModel):
        for name in type(node).model_fields:
            yield from _values(getattr(node, name))
    elif isinstance(node, tuple):
        for each in node:
            yield from _values(each)
