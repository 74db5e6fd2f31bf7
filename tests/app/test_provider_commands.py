"""`wardship organisation` and `wardship staff` as an operator types them: refusals in a line, and JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from subprocess import CompletedProcess
from typing import Any, TypeAlias

import asyncpg
import pytest

from tests.app.conftest import Deployed
from tests.app.programs import run
from tests.app.test_cli import one_line
from tests.tables import digest
from wardship.core.database.embedded import ROLE_SUPERUSER, EmbeddedPostgres

Command: TypeAlias = tuple[str, ...]
NAME = 'شركة "النور" & O\u2019Brien'
OWNER = "olivia@bücher.example"


def create(slug: str, name: str, owner: str) -> Command:
    return ("organisation", "create", "--slug", slug, "--name", name, "--owner", owner)


REFUSED: dict[Command, tuple[int, str]] = {
    create("harbour", "Another", "a@b.example"): (1, "Another organisation has this short name: choose another."),
    create("Not A Slug", "Another", "a@b.example"): (1, "Use 1 to 63 lower-case letters, digits and hyphens."),
    create("another", " ", "a@b.example"): (1, "Give 1 to 200 characters; this has 0."),
    create("another", "Another", "no address"): (1, "This is not an e-mail address: write it as name@example.org."),
    ("organisation", "suspend", "nobody"): (1, "There is no such organisation: list them to see the short names."),
    ("provider", "rename", " "): (1, "Give 1 to 200 characters; this has 0."),
    ("staff", "add", "p@corp.local"): (1, "in WARDSHIP_INTERNAL_DOMAINS."),
    ("staff", "remove", "nobody@b.example"): (1, "Nobody with this address has such a role: list the staff."),
    ("organisation", "create", "--slug", "another"): (2, "Missing option '--name'."),
    ("staff", "add", "a@b.example", "--role", "king"): (
        2,
        "'king' is not one of 'operator', 'privacy_team', 'vendor'.",
    ),
}
# Those of a round need nothing of one another, and run at the same time.
FIRST: dict[Command, dict[str, Any]] = {
    create("nour", NAME, OWNER): {"name": NAME, "state": "awaiting_owner", "awaited": OWNER, "is_new": True},
    ("organisation", "suspend", "orchard", "--reason", "“Unpaid”"): {"state": "suspended", "state_reason": "“Unpaid”"},
    ("organisation", "close", "harbour"): {"slug": "harbour", "state": "leaving"},
    ("staff", "add", OWNER): {"email": OWNER, "role": "privacy_team", "is_new": True},
}  # fmt: skip
THEN: dict[Command, dict[str, Any]] = {
    ("organisation", "reopen", "harbour"): {"slug": "harbour", "state": "active", "state_until": None},
    ("provider", "rename", NAME): {"slug": "provider", "name": NAME},
    ("staff", "remove", OWNER): {"email": OWNER, "removed": ["privacy_team"]},
}


@pytest.fixture(scope="module")
def database(shared: Deployed) -> Iterator[EmbeddedPostgres]:
    """The deployment's server, held so that it isn't started for every command."""
    with EmbeddedPostgres.start(shared.data / "postgres") as server:
        yield server


def run_all(shared: Deployed, commands: Iterable[Command]) -> dict[Command, CompletedProcess[str]]:
    with ThreadPoolExecutor(4) as threads:
        return dict(zip(commands, threads.map(lambda command: run(*command, env=shared.env), commands), strict=True))


async def contents(database: EmbeddedPostgres) -> dict[str, str]:
    connection = await asyncpg.connect(**database.dsn(role=ROLE_SUPERUSER))
    try:
        return await digest(connection)
    finally:
        await connection.close()


@pytest.mark.anyio
async def test_what_is_refused_is_one_clear_line_and_changes_and_sends_nothing(
    shared: Deployed, database: EmbeddedPostgres
):
    before = await contents(database)
    for command, done in run_all(shared, REFUSED).items():
        status, words = REFUSED[command]
        if status == 1:
            assert one_line(done).endswith(words), command
        else:
            assert (done.returncode, done.stdout) == (2, ""), command
            assert words in re.sub(r"\s+", " ", done.stderr)
    assert await contents(database) == before


@pytest.mark.usefixtures("database")
def test_each_answers_with_one_json_value_in_every_script(shared: Deployed):
    for wanted in (FIRST, THEN):
        done = run_all(shared, [(*command, "--json") for command in wanted])
        for command, expected in wanted.items():
            told = answer(done[*command, "--json"])
            assert {name: told[name] for name in expected} == expected, command
    lists: list[Command] = [("organisation", "list"), ("organisation", "tasks"), ("staff", "list")]
    found = run_all(shared, [(*command, "--json") for command in lists])
    organisations, tasks, staff = (answer(done) for done in found.values())
    assert {item["slug"]: item["state"] for item in organisations} == {
        "harbour": "active", "orchard": "suspended", "nour": "awaiting_owner"
    }  # fmt: skip
    assert tasks == []
    assert OWNER not in {item["email"] for item in staff}


def answer(done: CompletedProcess[str]) -> Any:
    assert (done.returncode, done.stderr) == (0, "")
    [line] = done.stdout.splitlines()
    return json.loads(line)
