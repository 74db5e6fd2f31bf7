"""An installation's settings: checked against the plugin's form, with the secrets kept apart."""

from __future__ import annotations

from collections.abc import Mapping
from types import UnionType
from typing import ClassVar, Generic, NamedTuple, TypeVar, Union, get_args, get_origin

from pydantic import SecretStr, ValidationError

from wardship.core.errors import WardshipError
from wardship.plugins.api import Settings
from wardship.plugins.host.form import filled_in

SettingsT = TypeVar("SettingsT", bound=Settings)


class InvalidSettingsError(WardshipError):
    """A setting can't be accepted; ``path`` names it, and the message never repeats its value."""

    code: ClassVar[str] = "INVALID_SETTINGS"


class SplitSettings(NamedTuple):
    """Settings as they are stored: ``public`` as JSON values, ``secrets`` in clear text, to be encrypted."""

    public: dict[str, object]
    secrets: dict[str, str]


class BuiltSettings(NamedTuple, Generic[SettingsT]):
    """Settings as the plugin sees them, secrets blanked, and the secrets that its getter hands out."""

    settings: SettingsT
    secrets: Mapping[str, str]


def secret_names(model: type[Settings]) -> frozenset[str]:
    """Return the names of the fields that are stored encrypted."""
    return frozenset(name for name, field in model.model_fields.items() if _is_secret(field.annotation))


def split_settings(model: type[Settings], raw: Mapping[str, object]) -> SplitSettings:
    """Return the settings that an administrator filled in, as texts or as values, checked, with secrets apart.

    Raises:
        InvalidSettingsError: a field is missing, unknown or wrong.
    """
    settings = _validate(model, filled_in(model, raw))
    return SplitSettings(settings.model_dump(mode="json", exclude=set(secret_names(model))), _secrets(settings))


def build_settings(
    model: type[SettingsT],
    public: Mapping[str, object],
    secrets: Mapping[str, str],
    *,
    stored_version: int | None = None,
) -> BuiltSettings[SettingsT]:
    """Return stored settings checked against the plugin's form; those of an earlier version are migrated first.

    Raises:
        InvalidSettingsError: what was stored no longer fits the plugin's form.
    """
    raw: dict[str, object] = {**public, **secrets}
    if stored_version is not None and stored_version != model.version:
        try:
            raw = model.migrate(stored_version, raw)
        except Exception as error:
            raise InvalidSettingsError(
                f"settings of version {stored_version} could not be brought to version {model.version} "
                f"({type(error).__name__}); fill in the settings again"
            ) from None
    settings = _validate(model, raw)
    blank = settings.model_copy(update={name: SecretStr("") for name in secret_names(model)})
    return BuiltSettings(blank, _secrets(settings))


def _secrets(settings: Settings) -> dict[str, str]:
    held = ((name, getattr(settings, name)) for name in secret_names(type(settings)))
    return {name: value.get_secret_value() for name, value in held if isinstance(value, SecretStr)}


def _validate(model: type[SettingsT], raw: Mapping[str, object]) -> SettingsT:
    try:
        return model.model_validate(dict(raw))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        path = tuple(str(part) for part in first["loc"])
        # A validator's own message may quote the value, which must not happen to a secret.
        secret = bool(path) and path[0] in secret_names(model)
        message = "this secret is missing or malformed" if secret else _own_words(first["msg"])
        raise InvalidSettingsError(f"{'.'.join(path) or 'settings'}: {message}", path=path) from None
    except Exception as error:
        raise InvalidSettingsError(f"the settings could not be checked ({type(error).__name__})") from None


def _own_words(message: str) -> str:
    """Return what a plugin's validator says, without the kind of exception that pydantic puts before it."""
    return message.removeprefix("Value error, ").removeprefix("Assertion failed, ")


def _is_secret(annotation: object) -> bool:
    if get_origin(annotation) in {Union, UnionType}:
        return SecretStr in get_args(annotation)
    return annotation is SecretStr
