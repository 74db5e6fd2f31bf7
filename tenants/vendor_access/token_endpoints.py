"""What a client may ask about a token of its own: that it ends (RFC 7009), and whether it is good (RFC 7662)."""

from __future__ import annotations

from typing import Any, ClassVar

from authlib.oauth2.rfc6749 import InvalidRequestError

from wardship.tenants.vendor_access.judged import BY_SECRET, JudgedClient, JudgedToken
from wardship.tenants.vendor_access.oauth_requests import VendorRequest
from wardship.tenants.vendor_access.protocol import IntrospectionEndpoint, RevocationEndpoint


class _AboutToken:
    """A request about the token that was read for it; a hint is not needed, and a wrong one changes nothing."""

    server: Any

    def check_params(self, request: VendorRequest, client: JudgedClient) -> None:
        """Refuse a request without a token.

        Raises:
            InvalidRequestError: so it is.
        """
        del client
        if "token" not in request.form:
            raise InvalidRequestError("Missing 'token' in request.")

    def query_token(self, token_string: str, token_type_hint: str | None) -> JudgedToken | None:
        """Return the token that was read, living or not."""
        del token_string, token_type_hint
        found: JudgedToken | None = self.server.known_token()
        return found


class Revocation(_AboutToken, RevocationEndpoint):
    """A client ends a token: a refresh token with all of its family."""

    CLIENT_AUTH_METHODS: ClassVar[list[str]] = [*BY_SECRET, "none"]

    def revoke_token(self, token: JudgedToken, request: VendorRequest) -> None:
        """Let it be ended, by the statement that follows."""
        del request
        self.server.decided.revoked = token.known


class Introspection(_AboutToken, IntrospectionEndpoint):
    """A client that can keep a secret asks about its own tokens; those of others are as if they were not."""

    CLIENT_AUTH_METHODS: ClassVar[list[str]] = list(BY_SECRET)

    def check_permission(self, token: JudgedToken, client: JudgedClient, request: VendorRequest) -> bool:
        """Return whether it was given to who asks."""
        del request
        return token.check_client(client)

    def introspect_token(self, token: JudgedToken) -> dict[str, Any]:
        """Return what a living token is."""
        known = token.known
        return {
            "active": True,
            "scope": token.get_scope(),
            "client_id": str(known.client_id),
            "token_type": "Bearer",
            "exp": int(known.expires_at.timestamp()),
            "iat": int(known.created_at.timestamp()),
            "sub": str(known.installation_id),
            "aud": f"{self.server.facts.issuer}/vendor/v1",
            "iss": self.server.facts.issuer,
        }
