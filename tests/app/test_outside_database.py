"""A PostgreSQL of the operator's own: brought forward by one role, served by another, refused when they are wrong."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

import asyncpg
import pytest

from tests.app.guide import blocks
from tests.app.outside import Outside
from tests.app.programs import Programs, environment, free_port, run
from tests.app.test_cli import one_line
from wardship.core.database.embedded import ROLE_SUPERUSER
from wardship.core.database.locale import locale_fault, remedy

SECRET = "a secret of this test that is long enough"


def settings(outside: Outside, folder: Path, **changes: str) -> dict[str, str]:
    values = {
        "DATABASE_URL": outside.url("wardship_serve"),
        "DATABASE_OWNER_URL": outside.url("wardship_owner"),
        "SECRET_KEY": SECRET,
    }
    return environment(folder / "data", **(values | changes))


def test_outside_database_is_migrated_and_then_served(prepared: Outside, programs: Programs, tmp_path: Path):
    env = settings(prepared, tmp_path)
    port = str(free_port())
    message = one_line(run("serve", "--port", port, env=env))
    assert re.fullmatch(r"Run `wardship migrate` first: \d+ migrations have not run\.", message)
    assert one_line(run("worker", env=env)) == message
    assert run("migrate", env=env).stdout.startswith("ran core-0001-directory\n")
    server = programs.serve(env=env).ready()
    answer = server.client.post("/graphql", json={"query": "{ members { edges { node { id } } } }"})
    assert answer.json()["errors"][0]["extensions"]["code"] == "NOT_AUTHENTICATED"
    assert server.end() == 0
    assert not (tmp_path / "data").exists()

    as_owner = {**env, "WARDSHIP_DATABASE_URL": prepared.url("wardship_owner")}
    assert "belongs to the serving role" in one_line(run("serve", "--port", port, env=as_owner))
    prepared.psql("alter role wardship_serve bypassrls")
    assert "which row-level security does not bind" in one_line(run("serve", "--port", port, env=env))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"DATABASE_URL": "postgresql://me:hunter2@127.0.0.1:{port}/wardship"}, "WARDSHIP_DATABASE_URL: "),
        ({"DATABASE_URL": "nonsense://x"}, "WARDSHIP_DATABASE_URL: "),
        ({"DATABASE_URL": "postgresql://me:hunter2/@127.0.0.1/wardship"}, "write signs such as / and @ of a password"),
        ({"SECRET_KEY": ""}, "WARDSHIP_SECRET_KEY: "),
    ],
)
def test_what_keeps_it_from_the_database_is_told_in_a_line(bare: Outside, tmp_path: Path, changes, words):
    filled = {name: value.replace("{port}", str(free_port())) for name, value in changes.items()}
    message = one_line(run("doctor", env=settings(bare, tmp_path, **filled)))
    assert words in message
    assert "hunter2" not in message


def test_migrating_needs_the_address_of_the_owner_and_its_rights(prepared: Outside, tmp_path: Path):
    env = settings(prepared, tmp_path)
    del env["WARDSHIP_DATABASE_OWNER_URL"]
    assert one_line(run("migrate", env=env)).startswith("Set WARDSHIP_DATABASE_OWNER_URL")
    env = settings(prepared, tmp_path, DATABASE_OWNER_URL=prepared.url("wardship_serve"))
    assert "permission denied for schema public" in one_line(run("migrate", env=env))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("--encoding=SQL_ASCII --locale-provider=libc --locale=C", "has the encoding SQL_ASCII instead of UTF8"),
        ("--encoding=LATIN1 --locale-provider=libc --locale=C", "has the encoding LATIN1 instead of UTF8"),
        ("--encoding=UTF8 --locale-provider=libc --locale=C", "does not know the letter case of É, Ω and Ж"),
        ("--encoding=UTF8 --locale-provider=libc --locale=POSIX", "does not take é, 日, ก and क for letters"),
        ("--encoding=UTF8 --locale-provider=builtin --builtin-locale=C --locale=C", "finds no name in another letter"),
    ],
)
def test_database_that_reads_letters_otherwise_is_refused_with_the_remedy(
    bare: Outside, tmp_path: Path, options, words
):
    [roles] = blocks("sql")
    bare.psql(roles)
    bare.psql("drop database wardship")
    bare.createdb("--template=template0", "--owner=wardship_owner", *options.split())
    env = settings(bare, tmp_path)
    message = one_line(run("migrate", env=env))
    assert words in message
    assert bare.fetch("select to_regclass('migration')") == [(None,)], "nothing ran"
    assert one_line(run("serve", "--port", str(free_port()), env=env)) == message
    told = json.loads(run("doctor", "--json", env=env).stdout)
    assert [(item["is_sound"], item["says"]) for item in told if item["subject"] == "letters"] == [(False, message)]

    [command] = re.findall(r"`createdb (.+) …`", message)
    bare.psql("drop database wardship")
    bare.createdb(*command.split())
    assert run("migrate", env=env).stdout.startswith("ran core-0001-directory\n"), "the remedy works"


@pytest.mark.parametrize(
    "options",
    [
        "--locale-provider=builtin --builtin-locale=PG_UNICODE_FAST --locale=C",
        "--locale-provider=libc --locale=C.UTF-8",
    ],
)
def test_other_locales_that_know_every_script_are_fit(bare: Outside, options):
    bare.createdb("--template=template0", "--encoding=UTF8", *options.split())

    async def fault() -> str | None:
        connection = await asyncpg.connect(bare.url(ROLE_SUPERUSER))
        try:
            return await locale_fault(connection)
        finally:
            await connection.close()

    assert asyncio.run(fault()) is None


def test_remedy_is_one_that_the_version_knows():
    assert "--locale-provider=icu --icu-locale=und" in remedy(150000)
    assert "--builtin-locale=C.UTF-8" in remedy(170000)
