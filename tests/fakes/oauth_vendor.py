"""A vendor on loopback that demands OAuth 2.0, is strict with its clients, and can be told to be slow, down or lying.

Codes and refresh tokens are used once: one that is shown again ends its consent, and so does a revocation.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlencode, urlsplit

from tests.fakes.recorder import RECEIVES, manifest, plan
from tests.fixed_clock import FixedClock
from wardship.plugins.api import (
    Attestation,
    Claim,
    Connector,
    ConnectorContext,
    Deadlines,
    Export,
    Field,
    HttpResponse,
    Manifest,
    OAuth,
    Outcome,
    Revocation,
    RevocationPlan,
    Settings,
    Share,
    SubjectRef,
    hookimpl,
)

KEY = "let_in"
Answer = tuple[int, dict[str, str], Any]


@dataclass
class Consent:
    """What somebody has let a client in for, and all that came of it."""

    account: str
    is_ended: bool = False


@dataclass
class OAuthVendor:
    """The vendor's server.

    Attributes:
        answers: by path, what is answered in place of the ordinary.
        seen: method, path and form of each request, in order.
        held: what it holds, by the path.
        said: what the token endpoint says besides, or instead; None leaves a member out.
        leads_back: parameters with which it leads browsers back besides, or instead.
        rotates: whether each refresh gives another refresh token.
        gate: what requests to the token endpoint wait for; None for nothing. ``reached``: one waits.
    """

    clock: FixedClock
    port: int = 0
    client_id: str = "wardship"
    client_secret: str = "s3cret/with+signs"
    account: str = "account-1"
    access_life: int | None = 3600
    rotates: bool = True
    gives_refresh: bool = True
    is_down: bool = False
    knows_pkce: bool = True
    answers: dict[str, Answer] = field(default_factory=dict)
    seen: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    asked: dict[str, str] = field(default_factory=dict)
    held: dict[str, str] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)
    leads_back: dict[str, str | None] = field(default_factory=dict)
    gate: asyncio.Event | None = None
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    _codes: dict[str, tuple[dict[str, str], Consent]] = field(default_factory=dict)
    access: dict[str, tuple[Consent, datetime | None]] = field(default_factory=dict)
    refresh: dict[str, tuple[Consent, bool]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def count(self, path: str) -> int:
        return sum(seen == path for _, seen, _ in self.seen)

    def is_accepted(self, token: str) -> bool:
        """Whether the vendor's interface takes an access token now."""
        consent, expires_at = self.access.get(token, (Consent("", is_ended=True), None))
        return not consent.is_ended and (expires_at is None or self.clock.now() < expires_at)

    def authorize(self, url: str) -> str:
        """Let the client in that led a browser to this address; return where the browser is led back to."""
        asked = dict(parse_qsl(urlsplit(url).query, strict_parsing=True))
        assert url.startswith(f"{self.url}/authorize?")
        assert asked["response_type"] == "code"
        assert asked["client_id"] == self.client_id
        assert asked.get("code_challenge_method") == ("S256" if self.knows_pkce else None)
        assert len(asked["state"]) >= 43
        self.asked = asked
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked, Consent(self.account)
        back = {"code": code, "state": asked["state"]} | self.leads_back
        told = urlencode({name: value for name, value in back.items() if value is not None})
        return f"{asked['redirect_uri']}?{told}"

    def answer(self, method: str, target: str, headers: dict[str, str], body: str) -> Answer:
        path = urlsplit(target).path
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self.seen.append((method, path, form))
        if path in self.answers:
            return self.answers[path]
        if path == "/authorize":
            return 302, {"location": self.authorize(f"{self.url}{target}")}, {}
        if path == "/status":
            return 200, {}, {"open": True}
        if path in {"/token", "/revoke"}:
            return self._by_client(path, headers, form)
        return self._by_token(method, path, headers, body)

    def _by_client(self, path: str, headers: dict[str, str], form: dict[str, str]) -> Answer:
        if self._shown_secret(headers, form) != (self.client_id, self.client_secret):
            return 401, {}, {"error": "invalid_client"}
        return self._token(form) if path == "/token" else self._revoke(form)

    def _by_token(self, method: str, path: str, headers: dict[str, str], body: str) -> Answer:
        token = headers.get("authorization", "").removeprefix("Bearer ")
        if not self.is_accepted(token):
            return 401, {}, {"error": "invalid_token"}
        return self._serve(method, path, body, self.access[token][0])

    def _token(self, form: dict[str, str]) -> Answer:
        if form.get("grant_type") == "authorization_code":
            return self._redeem(form)
        consent, is_used = self.refresh.get(form.get("refresh_token", ""), (Consent("", is_ended=True), False))
        if consent.is_ended or is_used:
            consent.is_ended = True
            return 400, {}, {"error": "invalid_grant"}
        if self.rotates:
            self.refresh[form["refresh_token"]] = consent, True
        return self._give(consent)

    def _redeem(self, form: dict[str, str]) -> Answer:
        asked, consent = self._codes.pop(form.get("code", ""), ({}, Consent("")))
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        is_proven = base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked.get("code_challenge")
        if not self.knows_pkce:
            is_proven = form.keys().isdisjoint({"code_verifier"}) and asked.keys().isdisjoint({"code_challenge"})
        if not asked or not is_proven or form.get("redirect_uri") != asked["redirect_uri"]:
            return 400, {}, {"error": "invalid_grant"}
        return self._give(consent, is_first=True)

    def _give(self, consent: Consent, *, is_first: bool = False) -> Answer:
        access, refresh = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        life = None if self.access_life is None else timedelta(seconds=self.access_life)
        self.access[access] = consent, None if life is None else self.clock.now() + life
        given: dict[str, Any] = {"access_token": access, "token_type": "bearer", "expires_in": self.access_life}
        given["team"] = {"id": consent.account}
        if self.gives_refresh and (is_first or self.rotates):
            self.refresh[refresh] = consent, False
            given["refresh_token"] = refresh
        given |= self.said
        return 200, {}, {name: value for name, value in given.items() if value is not None}

    def _revoke(self, form: dict[str, str]) -> Answer:
        token = form.get("token", "")
        if token in self.refresh:
            self.refresh[token][0].is_ended = True
        elif token in self.access:
            self.access[token] = Consent("", is_ended=True), None
        return 200, {}, {}

    def _serve(self, method: str, path: str, body: str, consent: Consent) -> Answer:
        if path == "/me":
            return 200, {}, {"account": consent.account}
        if method == "PUT":
            self.held[path] = body
            return 200, {}, {"id": path}
        found = self.held.pop(path, None) if method == "DELETE" else self.held.get(path)
        if found is None:
            return 404, {}, {}
        return 200, {}, {"id": path}

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
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:-2])}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            if self.gate is not None and target == "/token":
                self.reached.set()
                await self.gate.wait()
            if not self.is_down:
                status, more, said = self.answer(method, target, headers, body.decode())
                content = said if isinstance(said, bytes) else json.dumps(said).encode()
                told = {"content-length": str(len(content)), "content-type": "application/json", "connection": "close"}
                lines = "".join(f"{name}: {value}\r\n" for name, value in (told | more).items())
                writer.write(f"HTTP/1.1 {status} X\r\n{lines}\r\n".encode() + content)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def declared(self, **changes: Any) -> OAuth:
        """Return what an integration declares of this server."""
        values: dict[str, Any] = {
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "revocation_endpoint": f"{self.url}/revoke",
            "scopes": ("contacts.write", "contacts.read"),
            "authorize_parameters": ("access_type=offline",),
            "probe": f"{self.url}/me",
            "account": "team.id",
        }
        return OAuth(**(values | changes))

    def integration(self, key: str = KEY, *, oauth: OAuth | None = None, **changes: Any) -> LetIn:
        """Return an integration of this vendor; ``changes`` replace parts of its declaration."""
        supports = {"revoke": "rfc7009", "export": "none", "correct": False, "restrict": False}
        values: dict[str, Any] = {
            "name": "Let In",
            "contract": 2,
            "hosts": (f"127.0.0.1:{self.port}",),
            "oauth": oauth or self.declared(),
            "identifiers": (),
            "receives": RECEIVES[:1],
            "deadlines": Deadlines(acknowledge_s=20),
            "supports": supports | changes.pop("supports", {}),
        }
        made = manifest(key, **(values | changes))
        return LetIn(self, made, plan(made))


@asynccontextmanager
async def open_vendor(clock: FixedClock, **values: Any) -> AsyncIterator[OAuthVendor]:
    """Serve a vendor on loopback until the context ends."""
    vendor = OAuthVendor(clock, **values)
    server = await asyncio.start_server(vendor.serve, "127.0.0.1", 0)
    vendor.port = server.sockets[0].getsockname()[1]
    try:
        yield vendor
    finally:
        server.close()
        await server.wait_closed()


@dataclass
class LetIn:
    """The plugin object.

    Attributes:
        tokens: what connectors were given, in order.
        revocations: what they were asked to revoke.
    """

    vendor: OAuthVendor
    declared: Manifest
    plan: RevocationPlan
    tokens: list[str] = field(default_factory=list)
    revocations: list[Revocation] = field(default_factory=list)

    @hookimpl
    def wardship_receives(self) -> Manifest:
        return self.declared

    @hookimpl
    def wardship_revokes(self) -> RevocationPlan:
        return self.plan

    @hookimpl
    def wardship_connector(self, context: ConnectorContext[Settings]) -> Connector[Any]:
        kind = LetInConnector if self.declared.supports.export == "none" else ExportingConnector
        return kind(context, self)


class LetInConnector(Connector[Settings]):
    def __init__(self, context: ConnectorContext[Settings], plugin: LetIn) -> None:
        super().__init__(context)
        self.plugin = plugin

    async def check(self) -> Outcome:
        (await self._ask("GET", "/me")).expect(200)
        return Outcome.completed()

    async def share(self, share: Share) -> Outcome:
        for record in share.records:
            body = json.dumps({"id": record.subject.id}).encode()
            (await self._ask("PUT", f"/people/{record.subject.id}", body)).expect(200)
        return Outcome.completed(len(share.records))

    async def erase(self, subject: SubjectRef) -> Outcome:
        (await self._ask("GET", f"/people/{subject.id}")).expect(200, 404)
        response = (await self._ask("DELETE", f"/people/{subject.id}")).expect(200, 404)
        return Outcome.completed(int(response.status == 200))

    async def revoke(self, revocation: Revocation) -> Outcome:
        assert not revocation.everything or self.plugin.declared.oauth.revocation_endpoint is None, "it is the host's"
        self.plugin.revocations.append(revocation)
        return Outcome.completed()

    async def attest(self, claim: Claim) -> Attestation:
        gone = [(await self._ask("GET", f"/people/{subject.id}")).expect_absent() for subject in claim.subjects]
        (await self._ask("GET", "/me")).expect(200)
        return Attestation.looked_up(at=self.context.now(), method="looked up", gone=gone)

    async def _ask(self, method: str, path: str, content: bytes | None = None) -> HttpResponse:
        token = await self.context.access_token()
        self.plugin.tokens.append(token)
        self.context.log.info("asking", path=path, token=token)
        headers = {"authorization": f"Bearer {token}"}
        url = f"{self.plugin.vendor.url}{path}"
        return await self.context.http.request(method, url, headers=headers, content=content)


class ExportingConnector(LetInConnector):
    async def export(self, subject: SubjectRef) -> Export:
        """Hand out what the vendor holds, and with it what its owner of the account may see alone."""
        token = await self.context.access_token()
        (await self._ask("GET", f"/people/{subject.id}")).expect(200, 404)
        held = Field(category="user.contact.email", name="email", value=f"ada@example.org by {token}")
        return Export(outcome=Outcome(status="completed", detail=f"as {token}"), rows=(held,))
