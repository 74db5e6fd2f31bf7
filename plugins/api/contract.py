"""The version of the contract, and the shape that all of its values share."""

from __future__ import annotations

from typing import ClassVar, Final

from pydantic import BaseModel, ConfigDict

CONTRACT_VERSION: Final = 1
"""Raised only when something breaks; the host serves this one and the one before."""


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
