"""The form of an integration: the fields of its settings as an administrator fills them in, and texts as their values.

What is filled in comes as text, and what is kept is shown as text: by the type of a field both lead to the same value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from wardship.plugins.api import Settings

_NULL: Final = {"type": "null"}
_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_WHOLE: Final = re.compile(r"-?(0|[1-9][0-9]*)")
_MOST_DIGITS: Final = 400
"""What is longer is no number that anybody means."""


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of the form that an administrator fills in.

    Attributes:
        json_type: ``string``, ``integer``, ``boolean``, … as in JSON Schema; of what may stay empty, when it does not.
        choices: the values that it can have; empty where it is free.
        default: what holds when it is left out; None where that is nothing.
    """

    name: str
    title: str
    description: str
    json_type: str
    is_required: bool
    choices: tuple[object, ...]
    default: object | None


def form_fields(form: type[Settings]) -> tuple[FormField, ...]:
    """Return the fields of a form, in its order."""
    schema = form.model_json_schema()
    definitions = schema.get("$defs", {})
    required = set(schema.get("required", ()))
    return tuple(
        _field(name, _resolved(declared, definitions), is_required=name in required)
        for name, declared in schema.get("properties", {}).items()
    )


def text_of(value: object) -> str:
    """Return a value of a form as text: a text as it is, nothing as empty, all else as JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def filled_in(form: type[Settings], raw: Mapping[str, object]) -> dict[str, object]:
    """Return what was filled in with each text as the value that it is in its field; what is none stays as it is."""
    fields = {each.name: each for each in form_fields(form)}
    return {
        name: _value(fields[name], value) if name in fields and isinstance(value, str) else value
        for name, value in raw.items()
    }


def _value(field: FormField, text: str) -> object:
    if field.choices:
        return next((choice for choice in field.choices if text_of(choice) == text), text)
    if field.json_type == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if field.json_type in {"integer", "number"}:
        return _number(text, is_whole=field.json_type == "integer")
    return text


def _number(text: str, *, is_whole: bool) -> object:
    stripped = text.strip()
    pattern = _WHOLE if is_whole else _NUMBER
    return json.loads(stripped) if len(stripped) <= _MOST_DIGITS and pattern.fullmatch(stripped) else text


def _field(name: str, declared: Mapping[str, Any], *, is_required: bool) -> FormField:
    choices = declared.get("enum", [declared["const"]] if "const" in declared else [])
    return FormField(
        name=name,
        title=str(declared.get("title", name)),
        description=str(declared.get("description", "")),
        json_type=str(declared.get("type", "string")),
        is_required=is_required,
        choices=tuple(choice for choice in choices if choice is not None),
        default=declared.get("default"),
    )


def _resolved(declared: Mapping[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    """Return a property with what it refers to, and with what it is when it is not empty; its own words come first."""
    found = dict(declared)
    while parts := _parts(found, definitions):
        rest = {key: value for key, value in found.items() if key not in {"$ref", "allOf", "anyOf"}}
        found = {**parts, **rest}
    return found


def _parts(declared: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the one thing that a property says by reference; None where it says all by itself, or one of several."""
    if "$ref" in declared:
        found: Mapping[str, Any] = definitions[declared["$ref"].removeprefix("#/$defs/")]
        return found
    several = [each for each in declared.get("anyOf", declared.get("allOf", ())) if each != _NULL]
    return several[0] if len(several) == 1 else None
