"""The version of the contract, and what all of its values are made of: their shape, the verbs, countries."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar, Final

import pycountry
from pydantic import AfterValidator, BaseModel, ConfigDict

CONTRACT_VERSION: Final = 2
"""Raised only when something breaks; the host serves this one and the one before."""

FIRST_CONTRACT: Final = 1
"""That of a manifest which states none: it was written when there was no other."""


class ContractModel(BaseModel):
    """A frozen value of the contract: validated when made, unknown fields refused, read and written as JSON.

    ``hide_input_in_errors`` keeps personal data and secrets out of the messages of refused values.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        validate_default=True,
        ser_json_bytes="base64",
        val_json_bytes="base64",
    )


class Settings(BaseModel):
    """The base of what an administrator fills in at installation.

    Declare secrets as ``pydantic.SecretStr`` at the top level: the host stores those encrypted, and a connector reads
    them by ``context.secret(name)`` only. Raise ``version`` and override ``migrate`` when stored settings must change.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    version: ClassVar[int] = 1

    @classmethod
    def migrate(cls, stored_version: int, stored: dict[str, object]) -> dict[str, object]:
        """Return settings stored under an earlier version in the form of the present one, secrets included."""
        if stored_version == cls.version:
            return stored
        raise ValueError(f"settings of version {stored_version} cannot be read by version {cls.version}")


class Verb(StrEnum):
    """What the host may ask of a connector; the value is the name of the connector's method."""

    CHECK = "check"
    GRANT = "grant"
    SHARE = "share"
    REVOKE = "revoke"
    EXPORT = "export"
    CORRECT = "correct"
    RESTRICT = "restrict"
    ERASE = "erase"
    ATTEST = "attest"
    RECONCILE = "reconcile"
    RECEIVE = "receive"


def country_name(code: str) -> str:
    """Return the English short name of a country; raises ``KeyError`` for a code that is none."""
    country = pycountry.countries.get(alpha_2=code) if code.isupper() else None
    if country is None:
        raise KeyError(code)
    return str(country.name)


def _known_country(code: str) -> str:
    try:
        country_name(code)
    except KeyError:
        raise ValueError(f"{code!r} is not a country; give its ISO 3166-1 code in two capitals, such as DE") from None
    return code


CountryCode = Annotated[str, AfterValidator(_known_country)]
"""An ISO 3166-1 code in two capitals."""
