"""A client of this deployment at a vendor that demands OAuth 2.0, as its operator sets it up."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

_LONGEST: Final = 500


class OAuthClient(BaseModel):
    """One client of ``WARDSHIP_OAUTH_CLIENTS``.

    Attributes:
        integration: the key of the integration whose vendor knows this deployment by it.
        client_id: what the vendor calls this deployment.
        client_secret: what it has given to it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    integration: str = Field(pattern=r"^[a-z][a-z0-9_]{1,63}$")
    client_id: str
    client_secret: SecretStr

    @field_validator("client_id")
    @classmethod
    def _is_copied(cls, value: str) -> str:
        if not is_one_word(value):
            raise ValueError("must be what the vendor calls this deployment, without spaces around it")
        return value

    @field_validator("client_secret")
    @classmethod
    def _is_set(cls, value: SecretStr) -> SecretStr:
        if not is_one_word(value.get_secret_value()):
            raise ValueError("must be what the vendor has given to this deployment, without spaces around it")
        return value


def is_one_word(text: str) -> bool:
    """Return whether a text can be an identifier or secret that was copied whole, and nothing besides."""
    return 0 < len(text) <= _LONGEST and text.isprintable() and text.strip() == text
