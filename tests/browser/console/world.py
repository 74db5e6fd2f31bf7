"""An organisation at work: a real third party has its members' data, and people are signed in with a second factor."""

import asyncio
import email
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE_MS
from tests.browser.console.calling import connect_address_book
from tests.browser.serving import ROOT, Running, serving
from wardship.app.demo.radicale_server import RadicaleServer, radicale_server
from wardship.core.database.embedded import ROLE_SUPERUSER

HARBOUR = "/console/o/harbour"
AT_PROVIDER = {"privacy team", "operator", "vendor"}
"""The roles of the provider's own people, who belong to no organisation."""
CALL = """async ([organisation, query, variables]) => {
  const session = await (await fetch("/auth/session")).json();
  const headers = {"Content-Type": "application/json", "X-Wardship-CSRF": session.csrf_token,
    "X-Wardship-Organisation": organisation};
  return (await fetch("/graphql", {method: "POST", headers, body: JSON.stringify({query, variables})})).json();
}"""
POST = """async ([path, body]) => {
  const session = await (await fetch("/auth/session")).json();
  const headers = {"Content-Type": "application/json", "X-Wardship-CSRF": session.csrf_token};
  return (await fetch(path, {method: "POST", headers, body: JSON.stringify(body)})).json();
}"""
INPUTS = dict(re.findall(r"^  (\w+)\(input: (\w+)!\)", (ROOT / "schema.graphql").read_text("utf-8"), re.MULTILINE))
"""What each mutation takes."""
SENT = "{ members(first: 50) { edges { node { email holdings { edges { node { since } } } } } } }"


@dataclass
class World:
    """The application, a real server that speaks CardDAV, who is signed in by role, and codes that open the account."""

    running: Running
    vendor: RadicaleServer
    data: Path
    states: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, list[str]] = field(default_factory=dict)

    def sign_in(self, browser: Browser, role: str, *, prepare: Callable[[Page], None] | None = None) -> None:
        """Use a printed link, which works once; then let something be done by the person."""
        context = browser.new_context()
        page = context.new_page()
        page.goto(self.running.links[role])
        page.get_by_role("button").click()
        # Who belongs to one organisation is led on to it.
        page.wait_for_url("**/console" if role in AT_PROVIDER or "of no" in role else "**/console/o/*")
        if prepare:
            prepare(page)
        self.states[role] = context.storage_state()
        context.close()

    def enrol(self, role: str, page: Page) -> None:
        """Give an account an authenticator: its recovery codes are kept, each good for one step."""
        secret = page.evaluate(POST, ["/auth/enrol-second-factor", {}])["secret"]
        done = page.evaluate(POST, ["/auth/enrol-second-factor/confirm", {"code": pyotp.TOTP(secret).now()}])
        self.codes[role] = done["recovery_codes"]

    @contextmanager
    def visit(self, browser: Browser, role: str, address: str = HARBOUR, **options: Any) -> Iterator[Page]:
        """Open somebody's browser at an address."""
        context = browser.new_context(
            storage_state=self.states[role], **{"viewport": {"width": 1400, "height": 900}, **options}
        )
        context.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        page = context.new_page()
        page.goto(f"{self.running.origin}{address}")
        yield page
        # A second step renews what stands for the session.
        self.states[role] = context.storage_state()
        context.close()

    def lock(self) -> None:
        """Let the second step of everybody be too long ago."""
        self.execute("update session set stepped_up_at = null")

    def unlock(self) -> None:
        """Let everybody have shown the second step just now."""
        self.execute("update session set stepped_up_at = now()")

    def execute(self, statement: str) -> None:
        """Change the database as time would, or somebody else."""
        self._in_database(lambda connection: connection.execute(statement))

    def value(self, statement: str) -> Any:
        """Look up one value in the database."""
        return self._in_database(lambda connection: connection.fetchval(statement))

    def _in_database(self, do: Callable[[asyncpg.Connection], Awaitable[Any]]) -> Any:
        sockets = Path((self.data / "postgres" / "runtime").read_text().strip()) / "socket"

        async def connected() -> Any:
            connection = await asyncpg.connect(host=str(sockets), user=ROLE_SUPERUSER, database="wardship")
            found = await do(connection)
            await connection.close()
            return found

        with ThreadPoolExecutor() as threads:  # this one has Playwright's loop
            return threads.submit(lambda: asyncio.run(connected())).result()

    def mailed_code(self) -> str | None:
        """Return the code of the newest mail that has one."""
        for path in sorted(self.data.rglob("*.eml"), key=lambda path: path.stat().st_mtime_ns, reverse=True):
            if found := re.search(r"\b\d{8}\b", _plain_text(path)):
                return found[0]
        return None


def _plain_text(path: Path) -> str:
    parts = email.message_from_bytes(path.read_bytes()).walk()
    return "".join(part.get_payload(decode=True).decode() for part in parts if part.get_content_type() == "text/plain")


@contextmanager
def world_in(data: Path) -> Iterator[World]:
    """Start the application on a data folder, and its third party beside it."""
    with radicale_server(data.with_name("vendor")) as vendor, serving(data) as running:
        yield World(running, vendor, data)


def call(page: Page, query: str, *, organisation: str = "harbour", **variables: object) -> dict[str, Any]:
    """Send a document of one's own, as the explorer does."""

    def ask() -> Any:
        answer = page.evaluate(CALL, [organisation, query, variables])
        is_busy = "TOO_MANY_DOCUMENTS" in str(answer.get("errors"))  # documents that are new here wait for their turn
        assert is_busy or "errors" not in answer, answer
        return answer.get("data")

    return until(ask)


def command(page: Page, name: str, /, selection: str = "", *, organisation: str = "harbour", **given: object) -> Any:
    """Do an act over the API, which must not be refused; returns its payload."""
    sent = f"{name}(input: $input) {{ {selection} errors {{ code message }} }}"
    document = f"mutation($input: {INPUTS[name]}!) {{ {sent} }}"
    payload = call(page, document, organisation=organisation, input=given)[name]
    assert payload["errors"] == [], payload
    return payload


def connect(admin: Page, vendor: RadicaleServer, holder: str = "mia@harbour.example") -> None:
    """Install the address book with all that it declares, and wait until it has somebody's data."""
    connect_address_book(admin, vendor)
    until(lambda: holder in holders(admin))


def holders(admin: Page) -> set[str]:
    """Return the addresses of those whose data a third party holds."""
    people = [edge["node"] for edge in call(admin, SENT)["members"]["edges"]]
    return {person["email"] for person in people if person["holdings"]["edges"]}


def until(look: Callable[[], Any]) -> Any:
    """Ask again until it holds: the worker of a real server is waited for."""
    for _ in range(200):
        if found := look():
            return found
        time.sleep(0.1)  # a real worker does it: there is nothing else to wait for
    pytest.fail("it did not happen")
