"""Settings of a deployment: environment variables ``WARDSHIP_…``, refused at start when wrong."""

from __future__ import annotations

import json
import os
from email.utils import parseaddr
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails

from wardship.core.dns_server import parse_dns_server
from wardship.core.errors import WardshipError
from wardship.core.oauth_client import OAuthClient
from wardship.core.origin import canonical_host, canonical_origin
from wardship.core.outbound.private_networks import parse_private_network
from wardship.core.sign_in_provider import SignInProvider

_PREFIX: Final = "WARDSHIP_"
_MINIMUM_SECRET = 32


class SettingsError(WardshipError):
    """A setting is missing or wrong; the message names the variable and what it takes."""

    code = "SETTINGS"


class Settings(BaseModel):
    """Every setting, typed. ``docs/settings.md`` is compared with this class by a test."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    database_url: str | None = Field(
        None, description="PostgreSQL 15 or later, as the serving role; unset: embedded PostgreSQL under DATA_DIR."
    )
    database_owner_url: str | None = Field(
        None, description="The same database as the owning role, which `migrate` uses; needed with DATABASE_URL."
    )
    database_connections: int = Field(10, ge=2, le=200, description="Connections of one process at most.")
    data_dir: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("wardship", appauthor=False),
        description="Folder of the embedded database, the generated key and undelivered mail.",
    )
    public_url: str = Field(
        "http://localhost:8000",
        description="Address under which people reach this deployment; links are built from it.",
    )
    internal_domains: list[str] = Field(
        default_factory=list,
        description='JSON list of domains that only your own network knows, such as ["corp.local"]: addresses there '
        "and below are accepted, and mail for them goes to SMTP_URL.",
    )
    secret_key: SecretStr | None = Field(
        None, description="At least 32 characters; unset with the embedded database: generated and kept under DATA_DIR."
    )
    previous_secret_keys: list[SecretStr] = Field(
        default_factory=list, description="JSON list of earlier keys: still decrypt and verify, never encrypt or sign."
    )
    smtp_url: SecretStr | None = Field(
        None, description="smtp://user:password@host:port or smtps://…; unset: mail is written under DATA_DIR/mail."
    )
    mail_from: str = Field("wardship@localhost", description="Sender of mail.")
    dns_servers: list[str] = Field(
        default_factory=list,
        description='JSON list of resolvers that are asked for proofs of domains, at least two, such as ["192.0.2.1", '
        '"192.0.2.2:5353"], or one that checks signatures, ["validating@127.0.0.1"]; empty: the system\'s.',
    )
    private_networks: list[str] = Field(
        default_factory=list,
        description='JSON list of private networks of yours, such as ["10.20.0.0/16"]: integrations and providers of '
        "sign-in may be there too, over https; everything else private stays out of reach.",
    )
    log_format: Literal["console", "json"] = Field("console", description="How log lines are written to stderr.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least level that is logged."
    )
    sockets: int = Field(
        2000, ge=1, description="WebSockets of one process at most, besides those that have shown no credential yet."
    )
    sockets_per_credential: int = Field(
        10, ge=1, description="WebSockets that one session or token may hold open at one process."
    )
    socket_operations: int = Field(
        20, ge=1, description="Subscriptions and other operations that may run at once on one WebSocket."
    )
    document_share: float = Field(
        0.04, gt=0, le=1, description="Part of the time in which GraphQL documents that are new may be compiled."
    )
    cost_per_credential: int = Field(
        10_000_000,
        ge=100_000,
        description="What one session or token may ask of one process in a minute, by the cost of GraphQL.",
    )
    cost_per_organisation: int = Field(
        40_000_000, ge=100_000, description="The same for all sessions and tokens of one organisation together."
    )
    sign_in_by_mail: bool = Field(
        True, description="Whether people may sign in by a mailed link in place of the password; the second step stays."
    )
    trusted_documents_only: bool = Field(
        False,
        description="Whether browser sessions may send the console's own GraphQL documents alone, by their identifiers;"
        " the explorer is closed then, and programs go on with access tokens.",
    )
    introspection: bool = Field(True, description="Whether GraphQL introspection is answered.")
    development: bool = Field(
        False,
        description=(
            "Lets integrations and providers of sign-in be at loopback and private addresses and speak plain http,"
            " and .example and .test be claimed. Never in production."
        ),
    )

    sign_in_providers: list[SignInProvider] = Field(
        default_factory=list,
        description="JSON list of OpenID Connect providers by which people may sign in, such as "
        '[{"key": "google", "name": "Google", "issuer": "https://accounts.google.com", "client_id": "…", '
        '"client_secret": "…"}].',
    )
    oauth_clients: list[OAuthClient] = Field(
        default_factory=list,
        description="JSON list of this deployment's clients at vendors that demand OAuth 2.0, such as "
        '[{"integration": "newsletter", "client_id": "…", "client_secret": "…"}]; they count before those that '
        "`wardship integration-client set` keeps.",
    )

    @field_validator("public_url")
    @classmethod
    def _is_origin(cls, value: str) -> str:
        return canonical_origin(value)

    @field_validator(
        "previous_secret_keys",
        "dns_servers",
        "private_networks",
        "internal_domains",
        "sign_in_providers",
        "oauth_clients",
        mode="before",
    )
    @classmethod
    def _is_list(cls, value: object) -> object:
        found = _json_list(value) if isinstance(value, str) else value
        if found is None:
            raise ValueError('must be a JSON list, such as ["one", "another"]')
        return found

    @field_validator("smtp_url")
    @classmethod
    def _is_mail_server(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _is_server(value.get_secret_value()):
            raise ValueError("must be smtp:// or smtps://, a host, and a port if it isn't the usual one")
        return value

    @field_validator("mail_from")
    @classmethod
    def _is_sender(cls, value: str) -> str:
        local, _, domain = parseaddr(value)[1].rpartition("@")
        if not local or not domain or not value.isprintable():
            raise ValueError("must be an address such as wardship@example.org, with a name before it or without")
        return value

    @field_validator("internal_domains")
    @classmethod
    def _are_domains(cls, value: list[str]) -> list[str]:
        return [canonical_host(domain.strip()) for domain in value]

    @field_validator("dns_servers")
    @classmethod
    def _are_dns_servers(cls, value: list[str]) -> list[str]:
        return [str(parse_dns_server(each)) for each in value]

    @field_validator("private_networks")
    @classmethod
    def _are_private(cls, value: list[str]) -> list[str]:
        return [str(parse_private_network(each)) for each in value]

    @field_validator("sign_in_providers")
    @classmethod
    def _are_providers(cls, value: list[SignInProvider], info: ValidationInfo) -> list[SignInProvider]:
        for named in ([item.key for item in value], [item.issuer for item in value]):
            if len(set(named)) < len(named):
                raise ValueError("must name each provider once: key and issuer differ")
        if any(item.needs_development for item in value) and not info.data.get("development"):
            raise ValueError("must have issuers with https; http is for development")
        return value

    @field_validator("oauth_clients")
    @classmethod
    def _are_clients(cls, value: list[OAuthClient]) -> list[OAuthClient]:
        named = [item.integration for item in value]
        if len(set(named)) < len(named):
            raise ValueError("must name each integration once")
        return value

    @field_validator("secret_key")
    @classmethod
    def _is_long(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < _MINIMUM_SECRET:
            raise ValueError(
                "must have at least 32 characters: `python -c 'import secrets; print(secrets.token_urlsafe(48))'`"
            )
        return value

    @property
    def uses_embedded_database(self) -> bool:
        """Whether PostgreSQL is started under ``data_dir``."""
        return self.database_url is None


def load_settings() -> Settings:
    """Read the settings from the environment.

    Raises:
        SettingsError: one line for each wrong variable, saying what it takes.
    """
    try:
        settings = Settings.model_validate(_environment())
    except ValidationError as error:
        raise SettingsError("; ".join(_line(item) for item in error.errors())) from None
    if not settings.uses_embedded_database and settings.secret_key is None:
        raise SettingsError(
            "WARDSHIP_SECRET_KEY: is needed with WARDSHIP_DATABASE_URL; set at least 32 random characters"
        )
    return settings


def _environment() -> dict[str, str]:
    """Return what is set, by the names of the fields."""
    named = {name: _PREFIX + name.upper() for name in Settings.model_fields}
    return {name: os.environ[variable] for name, variable in named.items() if variable in os.environ}


def _json_list(text: str) -> list[object] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, list) else None


def _is_server(url: str) -> bool:
    """Return whether it is the address of a mail server."""
    try:
        parts = urlsplit(url)
        return parts.scheme in {"smtp", "smtps"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _line(fault: ErrorDetails) -> str:
    variable, *inner = fault["loc"] or ("settings",)
    name = _PREFIX + str(variable).upper() if fault["loc"] else variable
    name = ".".join(map(str, (name, *inner)))
    return f"{name}: {fault['msg'].removeprefix('Value error, ')}"
