"""What is filled in as text has the value and type that its field says; what is kept is shown as that text."""

from __future__ import annotations

from enum import Enum, IntEnum
from typing import Literal

import pytest
from pydantic import Field, SecretStr, StrictBool, StrictInt

from wardship.plugins.api import Settings
from wardship.plugins.host.form import form_fields, text_of
from wardship.plugins.host.remote.settings_schema import settings_of_schema
from wardship.plugins.host.settings import InvalidSettingsError, split_settings


class Region(Enum):
    EU = "eu"
    US = "us"


class Size(IntEnum):
    FEW = 1
    MANY = 2


class Every(Settings):
    region: Region
    size: Size = Size.MANY
    level: Literal["low", "true", "Über\u200dalles"] | None = None
    only: Literal["here"] = "here"
    ports: Literal[25, 587] | None = None
    is_strict: StrictBool
    is_open: StrictBool | None = None
    count: StrictInt | None = None
    share: float = 0.5
    note: str = "true"
    key: SecretStr | None = Field(default=None, title="The key")


GIVEN = {"region": "us", "is_strict": "false"}


def test_every_field_says_what_it_is_also_where_it_may_stay_empty():
    shown = {each.name: (each.json_type, each.is_required, each.choices, each.default) for each in form_fields(Every)}
    assert shown == {
        "region": ("string", True, ("eu", "us"), None),
        "size": ("integer", False, (1, 2), 2),
        "level": ("string", False, ("low", "true", "Über\u200dalles"), None),
        "only": ("string", False, ("here",), "here"),
        "ports": ("integer", False, (25, 587), None),
        "is_strict": ("boolean", True, (), None),
        "is_open": ("boolean", False, (), None),
        "count": ("integer", False, (), None),
        "share": ("number", False, (), 0.5),
        "note": ("string", False, (), "true"),
        "key": ("string", False, (), None),
    }
    assert {each.name: each.title for each in form_fields(Every)}["key"] == "The key"


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("size", "1", 1),
        ("level", "true", "true"),
        ("level", "Über\u200dalles", "Über\u200dalles"),
        ("ports", "587", 587),
        ("is_strict", "true", True),
        ("is_open", "false", False),
        ("count", " -42 ", -42),
        ("share", "1.25e1", 12.5),
        ("share", "3", 3.0),
        ("note", "false", "false"),
        ("note", "7", "7"),
    ],
)
def test_text_becomes_the_value_of_its_type_and_back(name, text, value):
    kept = split_settings(Every, GIVEN | {name: text}).public
    assert (kept[name], type(kept[name])) == (value, type(value))
    again = split_settings(Every, kept | {name: text_of(kept[name])}).public
    assert again == kept


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("region", "EU"),
        ("region", "Region.EU"),
        ("size", "3"),
        ("size", "one"),
        ("level", "LOW"),
        ("ports", "25.0"),
        ("is_strict", "perhaps"),
        ("is_strict", "True"),
        ("count", "4.5"),
        ("count", "1e3"),
        ("count", "٣"),
        ("count", "9" * 5_000),
        ("share", "1,5"),
    ],
)
def test_text_that_is_no_such_value_is_refused_at_its_field(name, text):
    with pytest.raises(InvalidSettingsError) as raised:
        split_settings(Every, GIVEN | {name: text})
    assert raised.value.path == (name,)


def test_switch_and_number_of_a_remote_integration_are_filled_in_as_text():
    form = settings_of_schema(
        {
            "type": "object",
            "properties": {
                "is_quiet": {"type": "boolean"},
                "per_page": {"type": "integer"},
                "region": {"type": "string", "enum": ["eu", "us"]},
            },
            "required": ["is_quiet"],
        }
    )
    assert [(each.json_type, each.choices) for each in form_fields(form)] == [
        ("boolean", ()),
        ("integer", ()),
        ("string", ("eu", "us")),
    ]
    kept = split_settings(form, {"is_quiet": "true", "per_page": "50", "region": "us"}).public
    assert kept == {"is_quiet": True, "per_page": 50, "region": "us"}


def test_kept_values_are_shown_as_what_is_filled_in():
    assert [text_of(value) for value in (None, True, False, 7, 0.5, "true", "Ä")] == [
        "",
        "true",
        "false",
        "7",
        "0.5",
        "true",
        "Ä",
    ]
