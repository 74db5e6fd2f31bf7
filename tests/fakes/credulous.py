"""A vendor that can be told to lie, err, rename, redirect and refuse, and an integration that believes all of it.

The connector takes every answer but a plain success for absence and always says "probed": what is graded better than it
should be is the host's fault and nobody else's.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from pydantic import HttpUrl, SecretStr

from tests.fakes.recorder import manifest, plan
from wardship.plugins.api import (
    Attestation,
    AttestationLevel,
    Claim,
    Claimed,
    Connector,
    ConnectorContext,
    Deadlines,
    HttpResponse,
    KnownAs,
    Manifest,
    Outcome,
    Revocation,
    RevocationPlan,
    Settings,
    Share,
    SubjectRef,
    VendorConfirmation,
    hookimpl,
)

KEY = "credulous"
TOKEN = "token-of-the-credulous"
Answer = tuple[int, dict[str, str], bytes]


class CredulousSettings(Settings):
    server_url: HttpUrl
    token: SecretStr


@dataclass
class Shelf:
    """What the vendor holds, and how it answers.

    Attributes:
        cards: by the vendor's own name.
        renames: under which name a card is kept; None where it is kept as it was sent.
        answers: by method and beginning of the path, what is answered in place of the ordinary; None for that.
    """

    url: str = ""
    cards: dict[str, str] = field(default_factory=dict)
    renames: Callable[[str], str] | None = None
    tells_name: bool = False
    forgets: bool = True
    is_revoked: bool = False
    answers: dict[tuple[str, str], Callable[[], Answer | None]] = field(default_factory=dict)

    def always(self, method: str, path: str, status: int, **headers: str) -> None:
        """Answer so from now on."""
        self.answers[method, path] = lambda: (status, headers, b"{}")

    def once(self, method: str, path: str, status: int, **headers: str) -> None:
        """Answer so the next time."""
        left = [(status, headers, b"{}")]
        self.answers[method, path] = lambda: left.pop() if left else None

    def answer(self, method: str, path: str, credential: str, body: bytes) -> Answer:
        for (told_method, beginning), told in self.answers.items():
            if method == told_method and path.startswith(beginning) and (answer := told()) is not None:
                return answer
        if path == "/status":
            return 200, {}, b'{"open": true}'
        if self.is_revoked or credential != f"Bearer {TOKEN}":
            return 401, {}, b"{}"
        return self._serve(method, path, body)

    def _serve(self, method: str, path: str, body: bytes) -> Answer:
        if path == "/me":
            return 200, {}, b'{"ok": true}'
        if path == "/token":
            self.is_revoked = self.forgets
            return 204, {}, b""
        name = path.removeprefix("/cards/")
        if method == "PUT":
            return self._keep(name, body.decode())
        if method == "DELETE":
            found = self.cards.pop(name, None) if self.forgets else self.cards.get(name)
            return (204 if found is not None else 404), {}, b""
        return (200, {}, self.cards[name].encode()) if name in self.cards else (404, {}, b"{}")

    def _keep(self, name: str, body: str) -> Answer:
        kept = self.renames(name) if self.renames else name
        self.cards[kept] = body
        return 201, {"location": f"/cards/{kept}"} if self.tells_name else {}, b""


def _handler(shelf: Shelf) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            sent = self.rfile.read(int(self.headers.get("content-length") or 0))
            status, headers, body = shelf.answer(self.command, self.path, self.headers.get("authorization", ""), sent)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            if status != 204:
                self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_PUT = do_POST = do_DELETE = handle_any  # noqa: N815 - names that the base class looks for

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
            """Say nothing."""

    return Handler


@contextmanager
def running_shelf() -> Iterator[Shelf]:
    """Serve until the context ends."""
    shelf = Shelf()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(shelf))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    shelf.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield shelf
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Credulous:
    """The plugin object.

    Attributes:
        says: how good it says that its proof is.
        looks: the paths that it looks at to prove it, of ``{name}``; none for no look at all.
        code: the vendor's receipt; empty for none.
        heeds_location: it remembers what the vendor called a card, and asks for that.
        seen: every subject of its calls, in order.
    """

    declared: Manifest
    plan: RevocationPlan
    says: AttestationLevel = AttestationLevel.PROBED
    looks: tuple[str, ...] = ("/cards/{name}", "/me")
    looks_before: tuple[str, ...] = ("/cards/{name}",)
    code: str = ""
    heeds_location: bool = False
    seen: list[tuple[str, SubjectRef]] = field(default_factory=list)

    @hookimpl
    def wardship_receives(self) -> Manifest:
        return self.declared

    @hookimpl
    def wardship_revokes(self) -> RevocationPlan:
        return self.plan

    @hookimpl
    def wardship_connector(self, context: ConnectorContext[CredulousSettings]) -> Connector[Any]:
        return CredulousConnector(context, self)


class CredulousConnector(Connector[CredulousSettings]):
    def __init__(self, context: ConnectorContext[CredulousSettings], plugin: Credulous) -> None:
        super().__init__(context)
        self.plugin = plugin

    async def check(self) -> Outcome:
        (await self._ask("GET", "/me")).expect(200)
        return Outcome.completed()

    async def share(self, share: Share) -> Outcome:
        names = [known for record in share.records if (known := await self._put(record.subject, record.fields))]
        return Outcome.completed(len(share.records), known_as=tuple(names))

    async def erase(self, subject: SubjectRef) -> Outcome:
        self.plugin.seen.append(("erase", subject))
        for path in self.plugin.looks_before:
            await self._ask("GET", path.format(name=self._name(subject)))
        response = await self._ask("DELETE", f"/cards/{self._name(subject)}")
        return Outcome.completed(int(response.status == 204))

    async def revoke(self, revocation: Revocation) -> Outcome:
        if revocation.everything:
            (await self._ask("DELETE", "/token")).expect(204)
        return Outcome.completed()

    async def attest(self, claim: Claim) -> Attestation:
        left = 0
        for subject in claim.subjects or (SubjectRef(id="nobody-at-all"),):
            self.plugin.seen.append(("attest", subject))
            left += await self._look(subject)
        if claim.claimed is Claimed.REVOKED:
            await self._ask("GET", "/status", is_open=True)
        confirmation = VendorConfirmation(code=self.plugin.code) if self.plugin.code else None
        return Attestation(
            level=self.plugin.says,
            checked_at=self.context.now(),
            method="looked up",
            vendor_confirmation=confirmation,
            residual=("a card",) * left,
        )

    async def _look(self, subject: SubjectRef) -> int:
        paths = [path.format(name=self._name(subject)) for path in self.plugin.looks]
        answers = [(path, (await self._ask("GET", path)).status) for path in paths]
        return sum(status == 200 for path, status in answers if path.startswith("/cards/"))

    async def _put(self, subject: SubjectRef, fields: object) -> KnownAs | None:
        self.plugin.seen.append(("share", subject))
        body = json.dumps({"id": subject.id, "fields": str(fields)}).encode()
        response = await self._ask("PUT", f"/cards/{self._name(subject)}", body)
        location = response.headers.get("location", "")
        if not self.plugin.heeds_location or not location:
            return None
        return KnownAs(subject_id=subject.id, name=location.removeprefix("/cards/"))

    def _name(self, subject: SubjectRef) -> str:
        return (subject.known_as if self.plugin.heeds_location else None) or subject.id

    async def _ask(
        self, method: str, path: str, content: bytes | None = None, *, is_open: bool = False
    ) -> HttpResponse:
        url = str(self.context.settings.server_url).rstrip("/") + path
        headers = {} if is_open else {"authorization": f"Bearer {self.context.secret('token')}"}
        return await self.context.http.request(method, url, headers=headers, content=content)


def credulous(supports: dict[str, Any] | None = None, **changes: Any) -> Credulous:
    """Return the integration; ``changes`` are of its own attributes."""
    declared = manifest(
        KEY,
        supports={"correct": False, "restrict": False, "export": "none"} | (supports or {}),
        name="Credulous",
        settings=CredulousSettings,
        host_settings=("server_url",),
        identifiers=(),
        # Its calls go over the wire: on a machine that is busy each of them takes a while.
        deadlines=Deadlines(acknowledge_s=20),
    )
    return Credulous(declared, plan(declared), **changes)
