"""The last check before data reaches a plugin: the egress gate builds records, and this refuses its mistakes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from pydantic import BaseModel

from wardship.core.errors import WardshipError
from wardship.plugins.api import Manifest, Record, SubjectRef
from wardship.plugins.api.taxonomy import covers


class UndeclaredDataError(WardshipError):
    """A field or identifier was about to be sent that the integration does not declare; nothing was sent."""

    code: ClassVar[str] = "UNDECLARED_DATA"


def require_declared(manifest: Manifest, argument: BaseModel | None) -> None:
    """Raise ``UndeclaredDataError`` when an argument holds a field or an identifier that was not declared."""
    known = {identifier.type for identifier in manifest.identifiers}
    for part in _parts(argument):
        if isinstance(part, SubjectRef):
            if undeclared := {identifier.type for identifier in part.identifiers} - known:
                raise UndeclaredDataError(f"{manifest.key} does not declare the identifier {min(undeclared)}")
            continue
        for field in part.fields:
            declared = manifest.declaration_of(field.name)
            if declared is None or not covers(declared.category, field.category):
                raise UndeclaredDataError(f"{manifest.key} does not declare {field.name} as {field.category}")


def _parts(node: object) -> Iterator[Record | SubjectRef]:
    if isinstance(node, Record | SubjectRef):
        yield node
    if isinstance(node, BaseModel):
        for name in type(node).model_fields:
            yield from _parts(getattr(node, name))
    elif isinstance(node, tuple):
        for each in node:
            yield from _parts(each)
