"""A strict DAV server on loopback that treats what it is handed as a test says: it renames, redirects, refuses, lies.

Only what the DAV integrations need: PROPFIND, REPORT by a text, GET, PUT, DELETE, below ``/book/``, for one account.
"""

from __future__ import annotations

import base64
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, unquote
from xml.sax.saxutils import escape

USERNAME, PASSWORD = "wardship", "dav password of the tests"
_KINDS = {
    "address_book": ("addressbook", "urn:ietf:params:xml:ns:carddav", "address-data"),
    "calendar": ("calendar", "urn:ietf:params:xml:ns:caldav", "calendar-data"),
}

_FORBIDDEN = '<?xml version="1.0"?><d:error xmlns:d="DAV:"><d:need-privileges/></d:error>'


@dataclass
class DavServer:
    """A running server.

    Attributes:
        kind: ``address_book`` or ``calendar``.
        renames: a new resource gets a name of the server's own: not, told by ``Location``, or silently.
        location: what ``Location`` says of a new resource, in place of the truth.
        changes_uid: the server puts a UID of its own into what it stores.
        report_status: what a REPORT is answered with, in place of being done.
        is_loose: a REPORT finds everything, whatever it asks for.
        is_cut: a REPORT tells nothing of what it found, and says so.
        keeps_all: a DELETE is answered 204 and does nothing.
        moved_to: where the collection is now, and how that is said.
        always: every request is answered with this status.
        per_method: so are those of a method.
        refuses: entries whose content or name holds this are forbidden, with a reason.
        hangs: nothing is answered any more until it ends.
        entries: what it holds, by name.
        requests: method and name of what was asked.
    """

    kind: str
    port: int = 0
    renames: str = ""
    location: str = ""
    changes_uid: bool = False
    report_status: int = 0
    is_loose: bool = False
    is_cut: bool = False
    keeps_all: bool = False
    moved_to: str = ""
    moved_with: int = 301
    always: int = 0
    per_method: dict[str, int] = field(default_factory=dict)
    refuses: str = ""
    hangs: bool = False
    ended: threading.Event = field(default_factory=threading.Event)
    entries: dict[str, str] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def public_settings(self) -> dict[str, object]:
        return {"collection_url": f"{self.url}/book/", "username": USERNAME, "server_country": "DE"}

    @property
    def secrets(self) -> dict[str, str]:
        return {"password": PASSWORD}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    dav: DavServer

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        path = unquote(self.path)
        self.dav.requests.append(f"{self.command} {path.rsplit('/', 1)[-1]}")
        if self.dav.hangs:
            self.dav.ended.wait(10)
        status = self.dav.always or self.dav.per_method.get(self.command, 0)
        token = base64.b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode("ascii")
        if self.headers.get("authorization") != f"Basic {token}":
            self.answer(401)
        elif self.dav.refuses and self.dav.refuses in path + body and self.command in {"GET", "PUT", "DELETE"}:
            self.answer(403, _FORBIDDEN, kind="application/xml")
        elif status:
            self.answer(status, location=f"{self.dav.url}/login" if 300 <= status < 400 else "")
        elif self.dav.moved_to and path.startswith("/book/"):
            self.answer(self.dav.moved_with, location=self.dav.moved_to + self.path.removeprefix("/book/"))
        elif not path.startswith(("/book/", "/new/")):
            self.answer(404)
        else:
            getattr(self, f"on_{self.command.lower()}")(path.rsplit("/", 1)[-1], body)

    def on_propfind(self, _name: str, _body: str) -> None:
        namespace = _KINDS[self.dav.kind]
        kinds = f'<d:collection/><k:{namespace[0]} xmlns:k="{namespace[1]}"/>'
        parts = [self.response("", f"<d:resourcetype>{kinds}</d:resourcetype>")]
        if self.headers.get("depth") == "1":
            parts += [self.response(each, "<d:resourcetype/>") for each in self.dav.entries]
        self.multistatus(parts)

    def on_report(self, _name: str, body: str) -> None:
        if self.dav.report_status:
            self.answer(self.dav.report_status)
            return
        _, namespace, data = _KINDS[self.dav.kind]
        (wanted,) = re.findall(r"<c:text-match[^>]*>([^<]*)<", body)
        found = [
            self.response(name, f'<k:{data} xmlns:k="{namespace}">{escape(content)}</k:{data}>')
            for name, content in self.dav.entries.items()
            if self.dav.is_loose or wanted.lower() in re.sub(r"\r?\n ", "", content).lower()
        ]
        cut = "<d:response><d:href>/book/</d:href><d:status>HTTP/1.1 507 Too many</d:status></d:response>"
        self.multistatus([cut] if self.dav.is_cut else found)

    def on_get(self, name: str, _body: str) -> None:
        content = self.dav.entries.get(name)
        self.answer(404 if content is None else 200, content or "")

    def on_put(self, name: str, body: str) -> None:
        is_new, location = name not in self.dav.entries, ""
        if is_new and self.dav.renames:
            name = f"server {len(self.dav.entries)}#1"
            location = f"/book/{quote(name)}" if self.dav.renames == "told" else ""
        if self.dav.changes_uid:
            body = re.sub(r"^UID:.*(\r\n .*)*", "UID:of-the-server", body, flags=re.MULTILINE)
        self.dav.entries[name] = body
        self.answer(201 if is_new else 204, location=(self.dav.location if is_new else "") or location)

    def on_delete(self, name: str, _body: str) -> None:
        is_there = name in self.dav.entries
        if is_there and not self.dav.keeps_all:
            del self.dav.entries[name]
        self.answer(204 if is_there or self.dav.keeps_all else 404)

    def response(self, name: str, properties: str) -> str:
        return (
            f"<d:response><d:href>/book/{quote(name)}</d:href><d:propstat><d:prop>{properties}</d:prop>"
            "<d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
        )

    def multistatus(self, parts: list[str]) -> None:
        self.answer(207, f'<?xml version="1.0"?><d:multistatus xmlns:d="DAV:">{"".join(parts)}</d:multistatus>')

    def answer(self, status: int, content: str = "", location: str = "", kind: str = "") -> None:
        body = content.encode()
        self.send_response(status)
        if kind:
            self.send_header("content-type", kind)
        if location:
            self.send_header("location", location)
        if status != 204:
            self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


for _method in ("PROPFIND", "REPORT", "GET", "PUT", "DELETE"):
    setattr(_Handler, f"do_{_method}", _Handler.handle_any)


@contextmanager
def running_dav_server(kind: str) -> Iterator[DavServer]:
    """Serve until the context ends."""
    dav = DavServer(kind)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"dav": dav}))
    server.daemon_threads = True
    dav.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield dav
    finally:
        dav.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()
