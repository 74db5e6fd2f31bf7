"""What Authlib's grants judge: a client, a code and a token, as they were read before, in memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from wardship.tenants.vendor_access.protocol import AuthorizationCodeMixin, ClientMixin, TokenMixin
from wardship.tenants.vendor_access.records import KnownClient, KnownCode, KnownToken
from wardship.tenants.vendor_access.tokens import SCOPE

BY_SECRET: Final = ("client_secret_basic", "client_secret_post")


@dataclass(frozen=True, slots=True)
class JudgedClient(ClientMixin):
    """A client; Authlib asks it what it may do."""

    known: KnownClient

    @property
    def client_id(self) -> str:
        """Its identifier, as it is sent."""
        return str(self.known.id)

    def get_client_id(self) -> str:
        """Return its identifier, as it is sent."""
        return self.client_id

    def get_default_redirect_uri(self) -> None:
        """Return none: each request names where it goes back to."""

    def get_allowed_scope(self, scope: str | None) -> str:
        """Return the one scope that there is, asked for or not."""
        del scope
        return SCOPE

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Return whether an address is registered, letter by letter (RFC 9700, section 4.1.3)."""
        return redirect_uri in self.known.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        """Return whether a secret is the client's."""
        return self.known.knows(client_secret)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """Return whether it may prove itself so: a confidential one by its secret alone."""
        del endpoint
        return method in BY_SECRET if self.known.is_confidential else method == "none"

    def check_response_type(self, response_type: str) -> bool:
        """Return whether it may ask for this."""
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        """Return whether it may get tokens so: without a person, a confidential one alone."""
        return grant_type != "client_credentials" or self.known.is_confidential


@dataclass(frozen=True, slots=True)
class JudgedCode(AuthorizationCodeMixin):
    """A code that may be redeemed."""

    known: KnownCode
    code_challenge_method: str = "S256"

    @property
    def code_challenge(self) -> str:
        """What its redemption answers."""
        return self.known.code_challenge

    def get_redirect_uri(self) -> str:
        """Return where the browser was sent back to."""
        return self.known.redirect_uri

    def get_scope(self) -> str:
        """Return what it is for."""
        return SCOPE


@dataclass(frozen=True, slots=True)
class JudgedToken(TokenMixin):
    """A token as it was read at a moment."""

    known: KnownToken
    now: datetime

    def check_client(self, client: JudgedClient) -> bool:
        """Return whether it was given to this client."""
        return self.known.client_id == client.known.id

    def get_scope(self) -> str:
        """Return what it is for."""
        return SCOPE

    def get_expires_in(self) -> int:
        """Return for how many seconds it was made."""
        return int((self.known.expires_at - self.known.created_at).total_seconds())

    def is_expired(self) -> bool:
        """Return whether its time is over."""
        return self.known.expires_at <= self.now

    def is_revoked(self) -> bool:
        """Return whether it opens nothing any more, for whatever reason."""
        return not self.known.is_living(self.now)
