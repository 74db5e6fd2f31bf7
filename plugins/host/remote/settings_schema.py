"""Make the form that an administrator fills in of a small part of JSON Schema (2020-12).

One object of texts, whole numbers and switches, each with a title and a description; a text may be an address
(``"format": "uri"``), a secret (``"format": "password"``) or one of a list (``enum``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, NoReturn, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr, StrictBool, ValidationError, create_model
from pydantic.fields import FieldInfo

from wardship.plugins.api import Settings

MOST_FIELDS: Final = 40
_LONGEST_TEXT: Final = 2_000
_MOST_CHOICES: Final = 100
_LARGEST_NUMBER: Final = 2**53 - 1
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_TAKEN: Final = frozenset(dir(Settings))
"""Names that mean something else on a form."""

Text = Annotated[str, Field(max_length=_LONGEST_TEXT)]
Number = Annotated[int, Field(ge=-_LARGEST_NUMBER, le=_LARGEST_NUMBER)]
Kind: TypeAlias = Any
"""What stands behind a field's colon, for which Python has no type of its own."""
_OF_FORMAT: Final[Mapping[str, Kind]] = {"uri": HttpUrl, "password": SecretStr}
_OF_TYPE: Final[Mapping[str, Kind]] = {"string": Text, "integer": Number, "boolean": StrictBool}


class SchemaFaultError(Exception):
    """A schema is none that a form can be made of.

    Attributes:
        path: where, below the schema.
        what: what is wrong.
        remedy: what its author does about it.
    """

    def __init__(self, path: tuple[str, ...], what: str, remedy: str) -> None:
        super().__init__(what)
        self.path, self.what, self.remedy = path, what, remedy


class _Property(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    type: Literal["string", "integer", "boolean"]
    title: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    description: Annotated[str, Field(max_length=500)] | None = None
    format: Literal["uri", "password"] | None = None
    enum: Annotated[list[Annotated[str, Field(min_length=1, max_length=200)]], Field(min_length=1)] | None = None
    default: str | int | bool | None = None


class _Schema(BaseModel):
    # ``additionalProperties`` and ``$schema`` say what holds anyway.
    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    schema_: Annotated[str, Field(alias="$schema")] = ""
    type: Literal["object"]
    title: str | None = None
    description: str | None = None
    properties: Annotated[dict[str, _Property], Field(max_length=MOST_FIELDS)] = {}
    required: list[str] = []
    additional: Annotated[Literal[False], Field(alias="additionalProperties")] = False


def settings_of_schema(schema: Mapping[str, Any]) -> type[Settings]:
    """Return the form that a schema describes.

    Raises:
        SchemaFaultError: it says what a form can't have, or contradicts itself.
    """
    read = _read(schema)
    for position, name in enumerate(read.required):
        if name not in read.properties:
            _refuse(("required", str(position)), "it names no property", "name one that is declared")
    fields: dict[str, Any] = {
        name: _field(name, each, is_required=name in read.required) for name, each in read.properties.items()
    }
    return create_model("RemoteSettings", __base__=Settings, __module__=__name__, **fields)


def _read(schema: Mapping[str, Any]) -> _Schema:
    try:
        return _Schema.model_validate(schema)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        _refuse(tuple(map(str, first["loc"])), first["msg"], "see which keywords a form can have")


def _field(name: str, declared: _Property, *, is_required: bool) -> tuple[Kind, FieldInfo]:
    path = ("properties", name)
    if not _NAME.fullmatch(name) or name in _TAKEN:
        _refuse(path, "a setting can't be called so", "take other words: small letters, digits and underscores")
    kind = _kind(path, declared)
    if is_required and declared.default is not None:
        _refuse((*path, "default"), "a required setting has no default", "take one of both out")
    if not is_required and declared.default is None:
        kind = kind | None
    default = ... if is_required else declared.default
    if declared.default is not None:
        _require_fit(path, kind, declared)
    return kind, Field(default=default, title=declared.title, description=declared.description, validate_default=True)


def _kind(path: tuple[str, ...], declared: _Property) -> Kind:
    if declared.type != "string" and (declared.format or declared.enum):
        _refuse(path, "format and enum belong to texts", "write type string, or take them out")
    if declared.format and declared.enum:
        _refuse(path, "a list of choices has no format", "take one of both out")
    if declared.format == "password" and declared.default is not None:
        _refuse((*path, "default"), "a secret has no default", "take it out")
    if declared.enum is not None:
        if len(set(declared.enum)) != len(declared.enum) or len(declared.enum) > _MOST_CHOICES:
            _refuse((*path, "enum"), f"there are more than {_MOST_CHOICES} choices, or one twice", "name each once")
        return Literal[tuple(declared.enum)]
    return _OF_FORMAT[declared.format] if declared.format else _OF_TYPE[declared.type]


def _require_fit(path: tuple[str, ...], kind: Kind, declared: _Property) -> None:
    probe = create_model("Probe", value=(kind, ...))
    try:
        probe.model_validate({"value": declared.default})
    except ValidationError:
        _refuse((*path, "default"), "it does not fit the setting", "name one that does")


def _refuse(path: tuple[str, ...], what: str, remedy: str) -> NoReturn:
    raise SchemaFaultError(path, what, remedy)
