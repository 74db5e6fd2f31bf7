"""What a provider says of itself: the document of OpenID Connect Discovery 1.0, checked before it is relied on."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from wardship.core.errors import InvalidInputError
from wardship.core.openid.refusals import ProviderUnavailableError

WELL_KNOWN: Final = "/.well-known/openid-configuration"
LONGEST_ISSUER: Final = 500
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class InvalidIssuerError(InvalidInputError):
    """This is no issuer: give the provider's own https address, exactly as it names itself, without query."""

    code = "INVALID_ISSUER"


class Metadata(msgspec.Struct, frozen=True):
    """A provider's document, as far as it is used."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    end_session_endpoint: str | None = None
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False
    acr_values_supported: list[str] | None = None


def checked_issuer(text: str, *, development: bool) -> str:
    """Return an issuer as it was typed, which is how providers compare it.

    Args:
        text: such as ``https://login.example.org/tenant``.
        development: whether plain http to this machine is allowed.

    Raises:
        InvalidIssuerError: it is not an address that a provider can have.
    """
    issuer = text.strip()
    if len(issuer) > LONGEST_ISSUER or not issuer.isascii() or not issuer.isprintable() or " " in issuer:
        raise InvalidIssuerError("An issuer is an address in ASCII letters, such as https://login.example.org.")
    if not is_provider_address(issuer, development=development) or urlsplit(issuer).query or "#" in issuer:
        raise InvalidIssuerError("Give the issuer as an https address without user, query and fragment.")
    if "{" in issuer or "%7b" in issuer.lower():
        raise InvalidIssuerError("Put your own tenant into the issuer in place of the braces.")
    return issuer


def is_provider_address(url: str, *, development: bool) -> bool:
    """Return whether a URL may be a provider's: https, or, in development, http on this machine."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or parts.username is not None or parts.password is not None:
        return False
    return parts.scheme == "https" or (development and parts.scheme == "http" and host in _LOOPBACK)


def document_url(issuer: str) -> str:
    """Return where the provider's document stands."""
    return issuer.rstrip("/") + WELL_KNOWN


def read_metadata(issuer: str, document: dict[str, Any], *, development: bool) -> Metadata:
    """Return the document of a provider.

    Raises:
        ProviderUnavailableError: it lacks what is needed, names another issuer, or leads away from https.
    """
    try:
        found = msgspec.convert(document, Metadata)
    except msgspec.ValidationError as error:
        raise ProviderUnavailableError(f"The provider's document can't be used: {error}.") from None
    if found.issuer != issuer:
        raise ProviderUnavailableError(
            "The provider's document names another issuer: give the issuer exactly as the provider's document has it,"
            " with or without a slash at its end, and with your own tenant."
        )
    addresses = [found.authorization_endpoint, found.token_endpoint, found.jwks_uri]
    addresses += [url for url in (found.userinfo_endpoint, found.end_session_endpoint) if url is not None]
    if not all(is_provider_address(url, development=development) for url in addresses):
        raise ProviderUnavailableError("The provider's document leads to addresses other than https.")
    return found
