"""A provider by which people may sign in to the whole deployment, as its operator sets it up."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

_LONGEST_ISSUER: Final = 500
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class SignInProvider(BaseModel):
    """One provider of ``WARDSHIP_SIGN_IN_PROVIDERS``: any that speaks OpenID Connect.

    Attributes:
        key: its name in addresses of ours, and in sessions; it stays as it is, because the provider knows the address.
        name: what people read.
        issuer: the provider, exactly as it names itself.
        client_id: what it calls this deployment.
        client_secret: what it has given to it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str = Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")
    name: str = Field(min_length=1, max_length=40)
    issuer: str
    client_id: str = Field(min_length=1, max_length=500)
    client_secret: SecretStr

    @property
    def method(self) -> str:
        """Return by what a session was opened that this provider vouched for."""
        return f"provider:{self.key}"

    @field_validator("name")
    @classmethod
    def _is_readable(cls, value: str) -> str:
        if not value.isprintable() or value.strip() != value:
            raise ValueError("must be one line of text that people read, such as Google")
        return value

    @field_validator("client_id")
    @classmethod
    def _is_copied(cls, value: str) -> str:
        if not _is_one_word(value):
            raise ValueError("must be what the provider calls this deployment, without spaces around it")
        return value

    @field_validator("client_secret")
    @classmethod
    def _is_set(cls, value: SecretStr) -> SecretStr:
        if not _is_one_word(value.get_secret_value()):
            raise ValueError("must be what the provider has given to this deployment, without spaces around it")
        return value

    @field_validator("issuer")
    @classmethod
    def _is_issuer(cls, value: str) -> str:
        if not is_issuer(value):
            raise ValueError(
                "must be the provider's own address as its document has it, such as https://accounts.google.com"
            )
        return value

    @property
    def needs_development(self) -> bool:
        """Whether it is on this machine, without TLS."""
        return self.issuer.startswith("http:")


def _is_one_word(text: str) -> bool:
    """Return whether a text can be an identifier or secret that was copied whole, and nothing besides."""
    return bool(text) and text.isprintable() and text.strip() == text


def is_issuer(text: str) -> bool:
    """Return whether an address can be a provider's: https, or http on this machine; without user, query, fragment."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    is_plain = text.isascii() and text.isprintable() and not set(text) & set(" ?#{}@") and len(text) <= _LONGEST_ISSUER
    is_near = parts.scheme == "http" and host in _LOOPBACK
    return bool(host) and is_plain and (parts.scheme == "https" or is_near)
