"""What an integration declares of a vendor that demands OAuth 2.0: the host connects, refreshes and revokes."""

from __future__ import annotations

from enum import StrEnum
from ipaddress import ip_address
from typing import Annotated, Final, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from wardship.plugins.api.contract import ContractModel

_OURS: Final = frozenset(
    {
        "client_id",
        "client_secret",
        "code",
        "code_challenge",
        "code_challenge_method",
        "redirect_uri",
        "response_mode",
        "response_type",
        "scope",
        "state",
    }
)
"""Parameters of an authorization request that are the host's."""
_DEFAULT_PORT: Final = {"https": 443, "http": 80}


class ClientAuthentication(StrEnum):
    """How this deployment proves to the vendor who it is (RFC 6749, section 2.3.1)."""

    BASIC = "client_secret_basic"
    POST = "client_secret_post"


def _safe_address(text: str) -> str:
    """Return an address to which people or secrets may be led: https, or http on the vendor's own machine."""
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError("is no address: give it whole, such as https://vendor.example/oauth/token") from None
    is_plain = text.isascii() and text.isprintable() and not set(text) & set(" #@\\")
    if not host or port == 0 or not is_plain:
        raise ValueError("is no address: give it whole, in ASCII, without user, password or fragment")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_own_machine(host)):
        raise ValueError("must be https: what goes there opens people's data")
    return text


def _is_own_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


Address = Annotated[str, StringConstraints(min_length=10, max_length=500), AfterValidator(_safe_address)]
Scope = Annotated[str, StringConstraints(pattern=r"^[!#-\[\]-~]{1,200}$")]
"""One scope (RFC 6749, section 3.3)."""
Parameter = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,60}=[ -~]{1,200}$")]
"""One parameter of an authorization request, as ``name=value``."""


class OAuth(ContractModel):
    """A vendor's authorization server, at which an administrator lets this deployment in. Of contract 2.

    The connector has the present access token by ``await context.access_token()``; it never sees more.

    Attributes:
        authorization_endpoint: where the administrator's browser is led.
        token_endpoint: where codes and refresh tokens are redeemed.
        revocation_endpoint: where tokens are revoked (RFC 7009). With it ``supports.revoke`` is ``rfc7009``, and the
            host revokes and proves it, without the connector. None where the vendor has no such address.
        scopes: what is asked for; a vendor that grants less is told to the administrator, and not connected.
        issuer: what the vendor's answers name as ``iss`` (RFC 9207); None where they name none.
        is_pkce_supported: whether the vendor takes a challenge (RFC 7636), always S256. Leave it unless it refuses one.
        client_authentication: how the deployment's secret is shown.
        authorize_parameters: what the authorization request says besides, such as ``access_type=offline``.
        bearer_name: what the vendor calls its bearer tokens in ``token_type``; Slack has others than ``Bearer``.
        probe: an address that answers GET with the token with a success, and without a good one with 401 or 403. It
            proves a revocation.
        status: an address of the same server that answers everybody with a success: that tells a refused token from a
            server that refuses everything. Not needed where the revocation endpoint is at that server.
        account: where an answer names the vendor's account: names of JSON members with dots between, looked for in the
            answer of the token endpoint, then in that of the probe. By it another account is noticed. Empty: unknown.
    """

    authorization_endpoint: Address
    token_endpoint: Address
    revocation_endpoint: Address | None = None
    scopes: Annotated[tuple[Scope, ...], Field(max_length=100)] = ()
    issuer: Address | None = None
    is_pkce_supported: bool = True
    client_authentication: ClientAuthentication = ClientAuthentication.BASIC
    authorize_parameters: tuple[Parameter, ...] = ()
    bearer_name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,40}$")] = "Bearer"
    probe: Address | None = None
    status: Address | None = None
    account: Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*)?$", max_length=200)] = ""

    @model_validator(mode="after")
    def _parameters_are_the_vendors(self) -> Self:
        if taken := _OURS & self.parameters.keys():
            raise ValueError(f"authorize_parameters: {min(taken)} belongs to the host")
        if len(self.parameters) < len(self.authorize_parameters):
            raise ValueError("authorize_parameters: one stands there twice")
        return self

    @model_validator(mode="after")
    def _status_is_of_the_probe(self) -> Self:
        if self.status is not None and (self.probe is None or place_of(self.status) != place_of(self.probe)):
            raise ValueError("status must be at the server of the probe")
        return self

    @property
    def parameters(self) -> dict[str, str]:
        """What the authorization request says besides, by name."""
        return dict(parameter.split("=", 1) for parameter in self.authorize_parameters)

    @property
    def called(self) -> tuple[str, ...]:
        """The addresses that the host itself calls, each once; a browser alone is led to the other."""
        named = (self.token_endpoint, self.revocation_endpoint, self.probe, self.status)
        return tuple(dict.fromkeys(address for address in named if address is not None))


def place_of(address: str) -> str:
    """Return host and port of an address, in the way in which a manifest's ``hosts`` has them."""
    parts = urlsplit(address)
    port = parts.port or _DEFAULT_PORT[parts.scheme]
    return f"{parts.hostname}" if port == _DEFAULT_PORT["https"] else f"{parts.hostname}:{port}"
