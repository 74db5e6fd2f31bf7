from __future__ import annotations

import pytest
from pydantic import HttpUrl, SecretStr, field_validator

from wardship.plugins.api import Settings
from wardship.plugins.host.settings import InvalidSettingsError, build_settings, secret_names, split_settings


class Form(Settings):
    server_url: HttpUrl
    token: SecretStr
    second: SecretStr | None = None
    folder: str = "inbox"

    version = 2

    @classmethod
    def migrate(cls, stored_version, stored):
        if stored_version != 1:
            raise RuntimeError("cannot")
        return {"server_url": stored["url"], "token": stored["token"]}

    @field_validator("token")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if len(value.get_secret_value()) < 3:
            raise ValueError(f"{value.get_secret_value()} is too short")
        return value


class Crashing(Settings):
    name: str

    @field_validator("name")
    @classmethod
    def _crash(cls, value: str) -> str:
        raise KeyError(value)


class Choosy(Settings):
    country: str
    port: int

    @field_validator("country")
    @classmethod
    def _of_two_letters(cls, value: str) -> str:
        if len(value) != 2:
            raise ValueError("Two letters, such as DE.")
        return value

    @field_validator("port")
    @classmethod
    def _other_than_none(cls, value: int) -> int:
        if not value:
            raise AssertionError("not this one")
        return value


RAW = {"server_url": "https://dav.example/x", "token": "s3cret"}


def test_secrets_are_stored_apart():
    public, secrets = split_settings(Form, RAW)
    assert public == {"server_url": "https://dav.example/x", "folder": "inbox"}
    assert secrets == {"token": "s3cret"}
    assert secret_names(Form) == {"token", "second"}


def test_what_was_split_is_built_again_with_secrets_blank():
    built = build_settings(Form, *split_settings(Form, RAW | {"second": "other"}))
    assert str(built.settings.server_url) == "https://dav.example/x"
    assert built.settings.token.get_secret_value() == ""
    assert built.secrets == {"token": "s3cret", "second": "other"}
    assert "s3cret" not in repr(built.settings)


@pytest.mark.parametrize(
    ("change", "path", "message"),
    [
        ({"server_url": "nonsense"}, ("server_url",), "server_url: Input should be a valid URL"),
        ({"folder": 3}, ("folder",), "folder: Input should be a valid string"),
        ({"extra": "x"}, ("extra",), "extra: Extra inputs are not permitted"),
        ({"token": "xy"}, ("token",), "token: this secret is missing or malformed"),
        ({"token": 7}, ("token",), "token: this secret is missing or malformed"),
    ],
)
def test_a_bad_field_is_named_and_its_value_not_repeated(change, path, message):
    with pytest.raises(InvalidSettingsError) as caught:
        split_settings(Form, RAW | change)
    assert caught.value.code == "INVALID_SETTINGS"
    assert caught.value.path == path
    assert str(caught.value).startswith(message)
    assert "xy" not in str(caught.value)


def test_a_missing_secret_is_named():
    with pytest.raises(InvalidSettingsError, match="token: this secret is missing"):
        split_settings(Form, {"server_url": "https://dav.example"})


def test_a_validator_says_it_in_its_own_words():
    with pytest.raises(InvalidSettingsError) as refused:
        split_settings(Choosy, {"country": "a country", "port": 0})
    assert refused.value.message == "country: Two letters, such as DE."
    with pytest.raises(InvalidSettingsError) as refused:
        split_settings(Choosy, {"country": "DE", "port": 0})
    assert refused.value.message == "port: not this one"


def test_a_validator_that_crashes_is_a_typed_error():
    with pytest.raises(InvalidSettingsError, match=r"^the settings could not be checked \(KeyError\)$"):
        split_settings(Crashing, {"name": "x"})


def test_stored_settings_of_an_earlier_version_are_migrated():
    built = build_settings(Form, {"url": "https://old.example/"}, {"token": "s3cret"}, stored_version=1)
    assert str(built.settings.server_url) == "https://old.example/"
    assert built.secrets == {"token": "s3cret"}


def test_a_failing_migration_says_what_to_do():
    with pytest.raises(InvalidSettingsError, match=r"version 0 could not be brought to version 2 \(RuntimeError\)"):
        build_settings(Form, {}, {}, stored_version=0)


def test_the_default_migration_reads_its_own_version_only():
    assert Settings.migrate(1, {"a": 1}) == {"a": 1}
    with pytest.raises(ValueError, match="version 3 cannot be read by version 1"):
        Settings.migrate(3, {})
