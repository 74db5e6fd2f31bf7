"""An OpenID provider on loopback that is strict with its clients and says of people what a test wants."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from tests.fixed_clock import FixedClock

LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
Claims = dict[str, Any]


@dataclass
class OpenIdProvider:
    """One provider: what it publishes, and how it answers.

    Attributes:
        document: what its document says besides, or instead.
        claims: of the person who signs in; ``None`` leaves a claim out.
        header: of the ID token besides, or instead.
        userinfo: what its UserInfo endpoint tells.
        answer: parameters with which it leads the browser back besides, or instead.
        sign: makes the ID token, where a test signs it in its own way.
        seen: paths that were asked for.
    """

    clock: FixedClock
    client_id: str = "wardship"
    client_secret: str = "s3cret/with+signs"
    path: str = ""
    port: int = 0
    document: Claims = field(default_factory=dict)
    claims: Claims = field(default_factory=dict)
    header: Claims = field(default_factory=dict)
    userinfo: Claims | None = None
    answer: dict[str, str | None] = field(default_factory=dict)
    sign: Callable[[Claims], str] | None = None
    seen: list[str] = field(default_factory=list)
    asked: dict[str, str] = field(default_factory=dict)
    is_silent: bool = False
    keys: list[RSAKey | ECKey] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rotate()

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.path}"

    def rotate(self) -> None:
        """Sign with a new key, and publish no other."""
        self.keys = [RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig", "alg": "RS256"})]

    def authorize(self, url: str, **claims: object) -> str:
        """Sign somebody in who was led to this address, and return where the browser is led back to."""
        asked = dict(parse_qsl(urlsplit(url).query, strict_parsing=True))
        assert url.startswith(f"{self.issuer}/authorize?")
        assert asked["response_type"] == "code"
        assert "openid" in asked["scope"].split()
        assert asked["client_id"] == self.client_id
        assert asked["code_challenge_method"] == "S256"
        assert len(asked["state"]) >= 43
        assert len(asked["nonce"]) >= 43
        self.asked = asked
        code = secrets.token_urlsafe(16)
        self._codes[code] = {**asked, "person": json.dumps({**self.claims, **claims})}
        answer = {"code": code, "state": asked["state"]} | self.answer
        return (
            f"{asked['redirect_uri']}?{urlencode({key: value for key, value in answer.items() if value is not None})}"
        )

    def id_token(self, claims: Claims) -> str:
        now = int(self.clock.now().timestamp())
        said = {"iss": self.issuer, "sub": "person-1", "aud": self.client_id, "iat": now, "exp": now + 300} | claims
        said = {name: value for name, value in said.items() if value is not None}
        if self.sign is not None:
            return self.sign(said)
        key = self.keys[0]
        header = {"alg": "RS256", "kid": key.kid} | self.header
        return jwt.encode({name: value for name, value in header.items() if value}, said, key)

    def logout_token(self, **claims: object) -> str:
        """Return a logout token, as it is sent over the back channel."""
        now = int(self.clock.now().timestamp())
        said = {"iss": self.issuer, "aud": self.client_id, "iat": now, "exp": now + 120, "jti": secrets.token_hex(8)}
        said |= {"events": {LOGOUT_EVENT: {}}} | claims
        said = {name: value for name, value in said.items() if value is not None}
        return jwt.encode(
            {"alg": "RS256", "kid": self.keys[0].kid, "typ": "logout+jwt"} | self.header, said, self.keys[0]
        )

    def _respond(self, method: str, target: str, headers: dict[str, str], body: str) -> tuple[int, Claims]:
        path = urlsplit(target).path.removeprefix(self.path)
        self.seen.append(path)
        if path == "/.well-known/openid-configuration":
            return 200, self._document()
        if path == "/jwks":
            return 200, {"keys": [key.as_dict(private=False) for key in self.keys]}
        if path == "/token" and method == "POST":
            return self._token(headers, {name: values[0] for name, values in parse_qs(body).items()})
        if path == "/userinfo" and headers.get("authorization", "").startswith("Bearer "):
            return 200, self.userinfo or {}
        return 404, {"error": "not_found"}

    def _document(self) -> Claims:
        said = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/logout",
            "userinfo_endpoint": None if self.userinfo is None else f"{self.issuer}/userinfo",
        } | self.document
        return {name: value for name, value in said.items() if value is not None}

    def _token(self, headers: dict[str, str], form: dict[str, str]) -> tuple[int, Claims]:
        if self._shown_secret(headers, form) != (self.client_id, self.client_secret):
            return 401, {"error": "invalid_client"}
        asked = self._codes.pop(form.get("code", ""), None)
        if asked is None or form.get("redirect_uri") != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        claims = {"nonce": asked["nonce"], **json.loads(asked["person"])}
        return 200, {"token_type": "Bearer", "access_token": "a-token", "id_token": self.id_token(claims)}

    @staticmethod
    def _shown_secret(headers: dict[str, str], form: dict[str, str]) -> tuple[str, str]:
        basic = headers.get("authorization", "")
        if basic.startswith("Basic "):
            client_id, _, secret = base64.b64decode(basic[6:]).decode().partition(":")
            return unquote(client_id), unquote(secret)
        return form.get("client_id", ""), form.get("client_secret", "")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            method, target, _ = head[0].split(" ")
            pairs = (line.partition(":") for line in head[1:-2])
            headers = {name.lower(): value.strip() for name, _, value in pairs}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            if not self.is_silent:
                status, said = self._respond(method, target, headers, body.decode())
                content = json.dumps(said).encode()
                writer.write(b"HTTP/1.1 %d X\r\ncontent-length: %d\r\n" % (status, len(content)))
                writer.write(b"content-type: application/json\r\nconnection: close\r\n\r\n" + content)
                await writer.drain()
        finally:
            writer.close()


@asynccontextmanager
async def open_provider(clock: FixedClock, **values: Any) -> AsyncIterator[OpenIdProvider]:
    """Serve a provider on loopback until the context ends."""
    provider = OpenIdProvider(clock, **values)
    server = await asyncio.start_server(provider.serve, "127.0.0.1", 0)
    provider.port = server.sockets[0].getsockname()[1]
    try:
        yield provider
    finally:
        server.close()
        await server.wait_closed()
