from __future__ import annotations

import pytest

from wardship.plugins.host.remote.settings_schema import MOST_FIELDS, SchemaFaultError, settings_of_schema
from wardship.plugins.host.settings import InvalidSettingsError, build_settings, secret_names, split_settings

SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "title": "Letters",
    "properties": {
        "workspace": {"type": "string", "title": "Workspace", "description": "As in its address."},
        "site": {"type": "string", "format": "uri"},
        "api_key": {"type": "string", "format": "password"},
        "spare_key": {"type": "string", "format": "password"},
        "per_page": {"type": "integer", "default": 50},
        "is_quiet": {"type": "boolean", "default": False},
        "region": {"type": "string", "enum": ["eu", "us"], "default": "eu"},
    },
    "required": ["workspace", "api_key"],
    "additionalProperties": False,
}
GIVEN = {"workspace": "harbour", "api_key": "k3y"}


def test_a_schema_is_a_form_with_secrets_apart():
    form = settings_of_schema(SCHEMA)
    assert secret_names(form) == {"api_key", "spare_key"}
    public, secrets = split_settings(form, GIVEN)
    assert public == {"workspace": "harbour", "site": None, "per_page": 50, "is_quiet": False, "region": "eu"}
    assert secrets == {"api_key": "k3y"}
    assert build_settings(form, public, secrets).secrets == {"api_key": "k3y"}


def test_a_form_shows_titles_and_descriptions():
    shown = settings_of_schema(SCHEMA).model_json_schema()
    assert shown["required"] == ["workspace", "api_key"]
    assert shown["properties"]["workspace"]["title"] == "Workspace"
    assert shown["properties"]["workspace"]["description"] == "As in its address."
    assert shown["properties"]["api_key"]["format"] == "password"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("workspace", "x" * 2_001),
        ("workspace", 7),
        ("site", "no address"),
        ("site", "javascript:alert(1)"),
        ("per_page", 2**53),
        ("per_page", "many"),
        ("is_quiet", "perhaps"),
        ("region", "mars"),
        ("unknown", 1),
    ],
)
def test_a_value_that_does_not_fit_is_refused(name, value):
    with pytest.raises(InvalidSettingsError) as raised:
        split_settings(settings_of_schema(SCHEMA), GIVEN | {name: value})
    assert raised.value.path == (name,)


def test_a_secret_is_not_repeated_when_it_does_not_fit():
    with pytest.raises(InvalidSettingsError) as raised:
        split_settings(settings_of_schema(SCHEMA), GIVEN | {"api_key": ["s3cret"]})
    assert "s3cret" not in raised.value.message


@pytest.mark.parametrize(
    ("schema", "at"),
    [
        ({"type": "array"}, "type"),
        ({"type": "object", "patternProperties": {}}, "patternProperties"),
        ({"type": "object", "additionalProperties": True}, "additionalProperties"),
        ({"type": "object", "required": ["absent"]}, "required.0"),
        ({"type": "object", "properties": {"a": {"type": "number"}}}, "properties.a.type"),
        ({"type": "object", "properties": {"a": {"type": "string", "$ref": "#"}}}, "properties.a.$ref"),
        ({"type": "object", "properties": {"a": {"type": "string", "pattern": "(a+)+$"}}}, "properties.a.pattern"),
        ({"type": "object", "properties": {"a": {"type": "string", "format": "email"}}}, "properties.a.format"),
        ({"type": "object", "properties": {"a": {"type": "integer", "format": "password"}}}, "properties.a"),
        ({"type": "object", "properties": {"a": {"type": "string", "enum": ["b", "b"]}}}, "properties.a.enum"),
        ({"type": "object", "properties": {"a": {"type": "string", "enum": []}}}, "properties.a.enum"),
        ({"type": "object", "properties": {"a": {"type": "integer", "default": "b"}}}, "properties.a.default"),
        (
            {"type": "object", "properties": {"a": {"type": "string", "format": "password", "default": "s"}}},
            "properties.a.default",
        ),
        (
            {"type": "object", "properties": {"a": {"type": "string", "default": "b"}}, "required": ["a"]},
            "properties.a.default",
        ),
        ({"type": "object", "properties": {f"a{n}": {"type": "string"} for n in range(MOST_FIELDS + 1)}}, "properties"),
        *(
            ({"type": "object", "properties": {name: {"type": "string"}}}, f"properties.{name}")
            for name in ("version", "migrate", "model_config", "__init__", "_x", "A", "ä", "copy", "json", "a" * 65)
        ),
    ],
)
def test_what_a_form_can_not_have_is_refused_by_its_place(schema, at):
    with pytest.raises(SchemaFaultError) as raised:
        settings_of_schema(schema)
    assert ".".join(raised.value.path) == at
    assert raised.value.what
    assert raised.value.remedy
