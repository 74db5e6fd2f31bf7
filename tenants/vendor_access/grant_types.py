"""Authlib's grants over what was read before: codes with PKCE, refresh tokens used once, client credentials."""

from __future__ import annotations

from typing import ClassVar, Final

from authlib.oauth2.rfc6749 import InvalidGrantError, InvalidRequestError

from wardship.tenants.vendor_access.judged import BY_SECRET, JudgedClient, JudgedCode, JudgedToken
from wardship.tenants.vendor_access.oauth_requests import VendorRequest
from wardship.tenants.vendor_access.protocol import (
    AuthorizationCodeGrant,
    ClientCredentialsGrant,
    CodeChallenge,
    RefreshTokenGrant,
)
from wardship.tenants.vendor_access.tokens import CODE_PREFIX, new_text

_EVERY_METHOD: Final = [*BY_SECRET, "none"]
_S256_LENGTH: Final = 43


class S256Challenge(CodeChallenge):
    """PKCE that nobody can leave out, and by S256 alone (RFC 7636; RFC 9700, section 2.1.1)."""

    SUPPORTED_CODE_CHALLENGE_METHOD: ClassVar[list[str]] = ["S256"]

    def validate_code_challenge(self, grant: ByCode, redirect_uri: str) -> None:
        """Refuse a request without a challenge, or by another method.

        Raises:
            InvalidRequestError: so it is.
        """
        sent = grant.request.form
        if sent.get("code_challenge_method") != "S256":
            raise InvalidRequestError("Send 'code_challenge_method=S256'.")
        if len(sent.get("code_challenge", "")) != _S256_LENGTH:
            raise InvalidRequestError("Send 'code_challenge', the SHA-256 of the verifier in base64url.")
        super().validate_code_challenge(grant, redirect_uri)


class ByCode(AuthorizationCodeGrant):
    """A code that somebody consented to."""

    TOKEN_ENDPOINT_AUTH_METHODS: ClassVar[list[str]] = _EVERY_METHOD

    @staticmethod
    def validate_authorization_redirect_uri(request: VendorRequest, client: JudgedClient) -> str:
        """Return where the browser goes back to: each request names it, and it is registered letter by letter.

        Raises:
            InvalidRequestError: it isn't; nobody is sent there.
        """
        address = request.payload.redirect_uri
        if not address or not client.check_redirect_uri(address):
            raise InvalidRequestError("The 'redirect_uri' is not one that is registered for this client.")
        return str(address)

    def generate_authorization_code(self) -> str:
        """Return the text of a code."""
        return new_text(CODE_PREFIX)

    def save_authorization_code(self, code: str, request: VendorRequest) -> None:
        """Keep in mind what was made: it is written together with the grant."""
        del request
        self.server.decided.issued = code

    def query_authorization_code(self, code: str, client: JudgedClient) -> JudgedCode | None:
        """Return the code, if this client may redeem it now."""
        del code
        found: JudgedCode | None = self.server.known_code()
        return found if found is not None and found.known.client_id == client.known.id else None

    def authenticate_user(self, authorization_code: JudgedCode) -> object:
        """Return in whose name: the organisation's, which is as good as the grant is."""
        return authorization_code.known.grant_id

    def delete_authorization_code(self, authorization_code: JudgedCode) -> None:
        """Let the code be used up, by the statement that writes the tokens."""
        self.server.decided.code = authorization_code.known


class ByRefreshToken(RefreshTokenGrant):
    """A refresh token, which is used once and gives another."""

    INCLUDE_NEW_REFRESH_TOKEN = True
    TOKEN_ENDPOINT_AUTH_METHODS: ClassVar[list[str]] = _EVERY_METHOD

    def authenticate_refresh_token(self, refresh_token: str) -> JudgedToken | None:
        """Return the token, if it is a refresh token that may be used now."""
        del refresh_token
        found: JudgedToken | None = self.server.known_token()
        is_fit = found is not None and found.known.kind == "refresh" and not found.is_revoked()
        return found if is_fit else None

    def authenticate_user(self, refresh_token: JudgedToken) -> object:
        """Return in whose name: the organisation's, which is as good as the grant is."""
        return refresh_token.known.grant_id

    def revoke_old_credential(self, refresh_token: JudgedToken) -> None:
        """Let the token be used up, by the statement that writes the new ones."""
        self.server.decided.refreshed = refresh_token.known


class ByClientCredentials(ClientCredentialsGrant):
    """A client for itself, at an installation that somebody has let it into."""

    TOKEN_ENDPOINT_AUTH_METHODS: ClassVar[list[str]] = list(BY_SECRET)

    def validate_token_request(self) -> None:
        """Refuse a client that was let into nothing there, beside what Authlib refuses.

        Raises:
            InvalidRequestError: no installation is named.
            InvalidGrantError: nobody has consented there, or has withdrawn it.
        """
        super().validate_token_request()
        if "installation" not in self.request.form:
            raise InvalidRequestError("Name the 'installation' that you were let into.")
        if self.server.facts.grant is None:
            raise InvalidGrantError("Nobody has let this client into that installation.")
        self.server.decided.grant = self.server.facts.grant
