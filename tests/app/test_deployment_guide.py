"""The commands of `docs/deployment.md`, executed in order, on a PostgreSQL of the test's own and on the embedded."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, closing
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Self

import asyncpg
import pytest
from aiosmtpd.controller import Controller

from tests.app.beginning import AFTER, Story, connected
from tests.app.guide import GUIDE, blocks, replaced, sections
from tests.app.outside import Outside
from tests.app.programs import ROOT, environment, free_port, postgres_processes, until
from tests.app.shell import Shell
from tests.app.visitor import Visitor, look
from tests.inbox import Inbox
from tests.mail_parts import body_of
from wardship.app.doctor import examine
from wardship.app.first_run import FIRST_COMMAND
from wardship.core.database.embedded import ROLE_SUPERUSER, EmbeddedPostgres
from wardship.core.settings import Settings

EMBEDDED = "With the embedded database"
BEGINNING = ("The first organisation", "Suspending and closing an organisation")
EVE = "eve@elsewhere.example"


class MailServer:
    """A mail server on loopback, and what it was given."""

    def __init__(self) -> None:
        self._inbox = Inbox()
        self._controller = Controller(self._inbox, hostname="127.0.0.1", port=free_port())

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._controller.port}"

    def link(self, address: str) -> str:
        """Return the link in the latest letter to an address, once there is one."""
        return until(lambda: _link(message for to, message in [*self._inbox.messages] if to == [address]))


def _link(messages: Iterable[EmailMessage]) -> str | None:
    links = [link for message in messages for link in re.findall(r"http\S+/auth/link/\S+", body_of(message))]
    return links[-1] if links else None


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def shells(tmp_path: Path) -> Iterator[Callable[..., Shell]]:
    opened: list[Shell] = []

    def open_shell(*programs: Path) -> Shell:
        opened.append(Shell(tmp_path, environment(tmp_path / "data"), *programs))
        return opened[-1]

    yield open_shell
    for shell in opened:
        shell.close()


def story_of(outside: Outside, mail_server: MailServer, shell: Shell, site: str) -> Story:
    def settings() -> Settings:
        key = shell.run('echo "$WARDSHIP_SECRET_KEY"').strip()
        url = outside.url("wardship_serve")
        return Settings(database_url=url, secret_key=key, public_url=site, smtp_url=mail_server.url)

    return Story(site, shell, mail_server.link, settings, lambda: connected(dsn=outside.url(ROLE_SUPERUSER)))


def test_every_command_of_the_guide_does_what_it_says(
    bare: Outside, mail_server: MailServer, shells: Callable[..., Shell], tmp_path: Path
):
    [roles] = blocks("sql")
    bare.psql(roles)
    bare.psql("create database restored owner wardship_owner;")
    site = f"http://localhost:{(port := free_port())}"
    changes = {
        f"postgresql://{role}:{password}@db.example.org/wardship?sslmode=verify-full": bare.url(role)
        for role, password in (
            ("wardship_serve", "choose-another"),
            ("wardship_owner", "choose-one"),
            ("wardship_backup", "and-a-third"),
        )
    } | {
        "postgresql://postgres@db.example.org/restored": bare.url("postgres", "restored"),
        "smtps://wardship:password@mail.example.org": mail_server.url,
        "https://wardship.example.org": site,
        "--port 8000": f"--port {port}",
    }
    shell = shells(bare.server.binaries)
    typed = [block for block in sections("sh") if block.heading != EMBEDDED]
    with closing(story_of(bare, mail_server, shell, site)) as story:
        for block in typed:
            if block.heading == "Upgrades" and (tmp_path / "serve.pid").exists():
                shell.run("ended serve; export WARDSHIP_DATABASE_OWNER_URL=$owner")
            said = story.type(replaced(block.text, changes))
            assert "FAIL" not in said
            if block.heading == "First start":
                assert f"organisations: none yet: `{FIRST_COMMAND}` makes the first\n" in said
                assert "privacy team: nobody needs it yet\n" in said
                shell.run("owner=$WARDSHIP_DATABASE_OWNER_URL; unset WARDSHIP_DATABASE_OWNER_URL")
            if "wardship worker" in block.text:
                shell.run("ended worker")
            if "wardship serve" in block.text:
                assert f"first one:\n  {FIRST_COMMAND}\n" in shell.written("serve")
                nobody_is_anybody_by_being_first(story)
    assert not (tmp_path / "serve.pid").exists()
    assert not (tmp_path / "data").exists(), "an outside database needs no data folder"
    assert [words for words in AFTER if not any(words in block.text for block in typed)] == []
    everything = "select name, app_name from migration order by id"
    assert bare.fetch(everything, "restored") == bare.fetch(everything) != []
    restored = Settings(database_url=bare.url("wardship_serve", "restored"), secret_key="x" * 40)
    found = {finding.subject: finding.is_sound for finding in asyncio.run(examine(restored))}
    assert (found["migrations"], found["tenant isolation"]) == (True, True)


def nobody_is_anybody_by_being_first(story: Story) -> None:
    """Let somebody open the page first and register first, and ask for what everybody may ask the provider."""
    assert look(f"{story.site}/console").heading == "There is no organisation here"
    with closing(Visitor(story.site, EVE)) as eve:
        assert eve.see("/auth/registration", email=EVE).heading == "Look into your mailbox"
    story.register(EVE, "Eve")
    eve = story.people[EVE]
    viewer = eve.get("{ viewer { member { id } staffRoles permissions } }")["viewer"]
    assert (viewer["member"], viewer["staffRoles"]) == (None, [])
    assert eve.see("/").heading == "There is no organisation here"
    asked = eve.get("mutation { submitRequest(input: {rights: [{kind: ACCESS}]}) { request { id } errors { code } } }")
    assert asked["submitRequest"]["errors"] == []
    story.queue.append({"organisation": "provider", "rights": [{"kind": "ACCESS"}]})


def test_embedded_deployment_begins_by_the_guide_without_a_mail_server(shells: Callable[..., Shell], tmp_path: Path):
    site = f"http://localhost:{(port := free_port())}"
    changes = {"http://localhost:8000": site, "--port 8000": f"--port {port}"}
    data, shell = tmp_path / "data", shells()

    def link(address: str) -> str:
        """Return the link that was printed, once the letter with the same link is there."""
        [*_, printed] = re.findall(rf"give it to {address} alone:\n(http\S+)\n", shell.said)
        return until(lambda: printed if printed == _link(_letters(data, address)) else None)

    def settings() -> Settings:
        return Settings(data_dir=data, public_url=site)

    with closing(Story(site, shell, link, settings, lambda: superuser(data))) as story:
        [begun] = [block for block in sections("sh") if block.heading == EMBEDDED]
        story.type(replaced(begun.text, changes))
        again, *others = [block for block in sections("sh") if block.heading in BEGINNING]
        assert shell.run(again.text) == "harbour is there already.\n"
        for block in others:
            story.type(replaced(block.text, changes))
    assert shell.run("ended serve") == ""
    assert postgres_processes(data) == {}
    told = json.loads(shell.run("wardship organisation list --json"))
    assert {item["slug"]: item["state"] for item in told} == {"harbour": "active", "orchard": "closed"}
    assert postgres_processes(data) == {}, "a command that found none running ends its own"


def _letters(data: Path, address: str) -> list[EmailMessage]:
    messages = [message_from_bytes(path.read_bytes(), policy=default) for path in sorted(data.glob("mail/*/*.eml"))]
    return [message for message in messages if message["To"] == address]


@asynccontextmanager
async def superuser(data: Path) -> AsyncIterator[asyncpg.Connection]:
    with EmbeddedPostgres.start(data / "postgres") as server:
        async with connected(**server.dsn(role=ROLE_SUPERUSER)) as connection:
            yield connection


def test_guide_names_settings_that_exist():
    known = {f"WARDSHIP_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"\bWARDSHIP_[A-Z_]+\b", GUIDE)) <= known


def test_guide_names_paths_metrics_and_events_that_exist():
    folders = ("app", "core", "graphql", "tenants")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py") if "node_modules" not in path.parts]
    sources = "".join(path.read_text("utf-8") for path in files)
    [table] = re.findall(r"## What to watch\n(.*?)\nLog lines", GUIDE, re.DOTALL)
    named = re.findall(r"`(?:GET )?([^` ]+)`", table)
    metrics = {
        "wardship_graphql_masked_total": "masked",
        "wardship_graphql_refused_total": "wardship_graphql_refused",
        "wardship_graphql_dropped_total": "wardship_graphql_dropped",
    }
    for name in {"/health/ready", "/metrics", "worker.ended", "mail_given_up", *metrics}:
        assert name in named
    for name in set(named) - {"unexpected_error", "code", "reason", "--workers", "serve", "wardship"}:
        assert f'"{metrics.get(name, name)}"' in sources, name
