"""Authlib's authorization server for one request: it judges what was read before, and says what is to be written.

Its classes are synchronous and our database is not, so the two never meet: what a request needs is read first
(``Facts``), Authlib judges in memory, and what it decided (``Decided``) is written by one conditional statement.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Error

from wardship.tenants.vendor_access.grant_types import (
    ByClientCredentials,
    ByCode,
    ByRefreshToken,
    S256Challenge,
)
from wardship.tenants.vendor_access.judged import JudgedClient, JudgedCode, JudgedToken
from wardship.tenants.vendor_access.oauth_requests import Answer, VendorRequest, answer_of
from wardship.tenants.vendor_access.protocol import AuthorizationServer, IssuerParameter
from wardship.tenants.vendor_access.records import KnownClient, KnownCode, KnownGrant, KnownToken
from wardship.tenants.vendor_access.token_endpoints import Introspection, Revocation
from wardship.tenants.vendor_access.tokens import ACCESS_LIFE, PREFIXES, SCOPE, TokenKind, new_text

# Authlib writes the tokens that it has made into the log at DEBUG.
logging.getLogger("authlib.oauth2").setLevel(logging.INFO)


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known about a request when it is judged.

    Attributes:
        issuer: the deployment's own address.
        now: the moment.
        client: the one that the request names, if it is let in.
        code: the code that was sent, if it exists.
        token: the token that was sent, if it exists.
        grant: what the client was let into at the installation that the request names.
    """

    issuer: str
    now: datetime
    client: KnownClient | None = None
    code: KnownCode | None = None
    token: KnownToken | None = None
    grant: KnownGrant | None = None


@dataclass(slots=True)
class Decided:
    """What came of the judgement.

    Attributes:
        client: the client that proved who it is.
        issued: the text of the code that was made for a consent.
        tokens: the texts of those that were made, by kind.
        code: the code that is redeemed.
        refreshed: the refresh token that is used.
        grant: what a client gets a token for by its own credentials.
        revoked: the token that is revoked.
    """

    client: KnownClient | None = None
    issued: str = ""
    tokens: dict[TokenKind, str] = field(default_factory=dict)
    code: KnownCode | None = None
    refreshed: KnownToken | None = None
    grant: KnownGrant | None = None
    revoked: KnownToken | None = None


class _OurIssuer(IssuerParameter):
    """Adds who answered to each authorization response (RFC 9207): a mix-up is seen by the client."""

    def __init__(self, server: VendorServer) -> None:
        self._issuer = server.facts.issuer
        self(server)

    def get_issuer(self) -> str:
        """Return the deployment's own address."""
        return self._issuer


class VendorServer(AuthorizationServer):
    """The authorization server, for one request.

    Args:
        facts: what was read for it.
    """

    def __init__(self, facts: Facts) -> None:
        super().__init__(scopes_supported=[SCOPE])
        self.facts = facts
        self.decided = Decided()
        self.register_grant(ByCode, [S256Challenge(required=True)])
        self.register_grant(ByRefreshToken)
        self.register_grant(ByClientCredentials)
        self.register_endpoint(Revocation)
        self.register_endpoint(Introspection)
        self.register_token_generator("default", self._make_tokens)
        self.register_extension(_OurIssuer)

    def query_client(self, client_id: str) -> JudgedClient | None:
        """Return the client that was read, if that is the one."""
        known = self.facts.client
        return JudgedClient(known) if known is not None and str(known.id) == client_id else None

    def known_code(self) -> JudgedCode | None:
        """Return the code that was read, if it can still be redeemed."""
        code = self.facts.code
        if code is None or not code.opens or code.used_at is not None or code.expires_at <= self.facts.now:
            return None
        return JudgedCode(code)

    def known_token(self) -> JudgedToken | None:
        """Return the token that was read, living or not."""
        token = self.facts.token
        return None if token is None else JudgedToken(token, self.facts.now)

    def create_oauth2_request(self, request: VendorRequest) -> VendorRequest:
        """Return the request, which is one of Authlib's already."""
        return request

    def handle_response(self, status: int, body: object, headers: Sequence[tuple[str, str]]) -> Answer:
        """Return an answer."""
        return answer_of(status, body, headers)

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Tell nobody: what is decided is asked for afterwards."""
        del name, args, kwargs

    def authenticate_client(self, request: VendorRequest, methods: list[str], endpoint: str = "token") -> JudgedClient:
        """Return the client that proved who it is, and keep in mind which."""
        client: JudgedClient = super().authenticate_client(request, methods, endpoint)
        self.decided.client = client.known
        return client

    def save_token(self, token: Mapping[str, Any], request: VendorRequest) -> None:
        """Keep in mind what was made: it is written once everything is judged."""
        del request
        self.decided.tokens = {kind: token[f"{kind}_token"] for kind in TokenKind if f"{kind}_token" in token}

    def judge_consent(self, request: VendorRequest) -> ByCode:
        """Judge a request at the authorization endpoint, before anybody is asked.

        Raises:
            OAuth2Error: refused; with where the browser goes back to, but for a client or an address that is unknown.
        """
        address = _require_known(self, request)
        try:
            _require_by_query(request)
            grant: ByCode = self.get_consent_grant(request)
        except OAuth2Error as error:
            error.redirect_uri, error.state = address, request.payload.state
            raise
        return grant

    def answer_consent(self, request: VendorRequest, grant: ByCode, *, is_given: bool) -> Answer:
        """Return where the browser goes with a code, or with the refusal."""
        answer: Answer = self.create_authorization_response(request, grant_user=is_given or None, grant=grant)
        return answer

    def refuse_consent(self, request: VendorRequest, error: OAuth2Error) -> Answer:
        """Return where the browser goes because the request was refused; nowhere for a client that is unknown."""
        answer = self._refused(request, error)
        self.execute_hook("after_create_authorization_response", answer)
        return answer

    def judge_tokens(self, request: VendorRequest) -> Answer:
        """Judge a request at the token endpoint."""
        try:
            _require_plain(request)
        except OAuth2Error as error:
            return self._refused(request, error)
        answer: Answer = self.create_token_response(request)
        return answer

    def judge_endpoint(self, name: str, request: VendorRequest) -> Answer:
        """Judge a request about a token: ``revocation`` or ``introspection``."""
        try:
            request.payload.require_each_once()
        except OAuth2Error as error:
            return self._refused(request, error)
        answer: Answer = self.create_endpoint_response(name, request)
        return answer

    def _refused(self, request: VendorRequest, error: OAuth2Error) -> Answer:
        answer: Answer = self.handle_error_response(request, error)
        return answer

    def _make_tokens(self, *, include_refresh_token: bool = True, **_: object) -> dict[str, object]:
        token: dict[str, object] = {
            "token_type": "Bearer",
            "access_token": new_text(PREFIXES[TokenKind.ACCESS]),
            "expires_in": int(ACCESS_LIFE.total_seconds()),
            "scope": SCOPE,
        }
        if include_refresh_token:
            token["refresh_token"] = new_text(PREFIXES[TokenKind.REFRESH])
        return token


def _require_known(server: VendorServer, request: VendorRequest) -> str:
    """Return where the browser may be sent back to.

    Raises:
        InvalidRequestError: the client is unknown, or the address is none of its own: nobody is sent anywhere.
    """
    values = request.payload.datalist
    client = server.query_client(request.payload.client_id or "")
    if client is None or any(len(values.get(name, ())) > 1 for name in ("client_id", "redirect_uri")):
        raise InvalidRequestError("The application that sent you here is not known, or not let in at present.")
    return ByCode.validate_authorization_redirect_uri(request, client)


def _require_by_query(request: VendorRequest) -> None:
    """Refuse what is answered otherwise than by a code in the query.

    Raises:
        OAuth2Error: so it is.
    """
    request.payload.require_each_once()
    if request.payload.response_type != "code":
        raise InvalidRequestError("Ask for 'response_type=code'.", error="unsupported_response_type")
    if request.form.get("response_mode", "query") != "query":
        raise InvalidRequestError("Only 'response_mode=query' is supported.")


def _require_plain(request: VendorRequest) -> None:
    """Refuse what RFC 6749 forbids and Authlib lets pass: parameters twice, two ways to prove who one is.

    Raises:
        InvalidRequestError: so it is.
    """
    request.payload.require_each_once()
    form = request.form
    if "grant_type" not in form:
        raise InvalidRequestError("Missing 'grant_type' in request.")
    if "Authorization" in request.headers and "client_secret" in form:
        raise InvalidRequestError("Prove who you are in one way: by the header, or by the form.")
