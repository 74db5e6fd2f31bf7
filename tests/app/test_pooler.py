"""A pooler before PostgreSQL: one that keeps sessions together serves, another is refused at the start."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from tests.app.outside import Outside
from tests.app.pooler import Pooler, pooler
from tests.app.programs import PROGRAM, Programs, free_port, run, until
from tests.app.test_cli import one_line
from tests.app.test_outside_database import settings
from wardship.core.database.database import Database
from wardship.core.database.pooler import pooler_fault
from wardship.core.database.scope import Scope

REMEDY = "pool_mode = session"


def behind(between: Pooler, outside: Outside, folder: Path) -> dict[str, str]:
    """Return the environment of a deployment that knows the database's addresses behind the pooler only."""
    urls = {"DATABASE_URL": between.url("wardship_serve"), "DATABASE_OWNER_URL": between.url("wardship_owner")}
    return settings(outside, folder, **urls)


def findings(env: dict[str, str]) -> dict[str, tuple[bool, str]]:
    told = run("doctor", "--json", env=env)
    return {item["subject"]: (item["is_sound"], item["says"]) for item in json.loads(told.stdout)}


def test_pooler_in_session_mode_carries_migrations_serving_listening_and_work(
    prepared: Outside, programs: Programs, tmp_path: Path
):
    with pooler(prepared, "session") as between:
        env = behind(between, prepared, tmp_path)
        done = run("migrate", env=env)
        assert done.stdout.startswith("ran core-0001-directory\n"), done.stderr
        told = findings(env)
        assert told["pooler"] == (True, "none, or one that keeps sessions together")
        assert (told["migrations"][0], told["tenant isolation"][0]) == (True, True)
        server = programs.serve(env=env).ready()
        answer = server.client.post("/graphql", json={"query": "{ members { edges { node { id } } } }"})
        assert answer.json()["errors"][0]["extensions"]["code"] == "NOT_AUTHENTICATED"
        until(lambda: "wardship_database_listening 1.0" in server.client.get("/metrics").text)
        assert programs.start(PROGRAM, "worker", env=env).says("Ctrl-C ends it").end() == 0
        assert server.end() == 0


def test_settings_of_a_session_hold_behind_a_pooler(prepared: Outside):
    names = ("plan_cache_mode", "statement_timeout", "idle_in_transaction_session_timeout", "application_name")

    async def found(url: str) -> list[object]:
        database = Database({"dsn": url})
        await database.open()
        try:
            async with database.transaction(Scope(read_only=True)) as transaction:
                return [await transaction.fetchval(f"show {name}") for name in names]
        finally:
            await database.close()

    with pooler(prepared, "session") as between:
        expected = ["force_generic_plan", "1min", "1min", "wardship"]
        assert asyncio.run(found(between.url("wardship_serve"))) == expected
        assert asyncio.run(found(prepared.url("wardship_serve"))) == expected


@pytest.mark.parametrize("mode", ["transaction", "statement"])
def test_pooler_that_mixes_sessions_is_refused_with_the_remedy(prepared: Outside, tmp_path: Path, mode: str):
    assert run("migrate", env=settings(prepared, tmp_path)).returncode == 0
    with pooler(prepared, mode) as between:
        env = behind(between, prepared, tmp_path)
        message = one_line(run("serve", "--port", str(free_port()), env=env))
        assert message.startswith("Look at WARDSHIP_DATABASE_URL: ")
        assert REMEDY in message
        assert one_line(run("worker", env=env)) == message
        assert one_line(run("migrate", env=env)) == message.replace("DATABASE_URL", "DATABASE_OWNER_URL")
        assert run("doctor", env=env).returncode == 1
        is_sound, says = findings(env)["pooler"]
        assert not is_sound
        assert REMEDY in says


@pytest.mark.parametrize("size", [1, 2, 3, 20])
@pytest.mark.parametrize("order", [0, 1])
def test_sessions_are_seen_to_be_mixed_however_many_processes_there_are(prepared: Outside, size: int, order: int):
    """Also where the pooler has processes enough, and gives them in turn."""
    more = f"min_pool_size = {size}\ndefault_pool_size = {size}\nserver_round_robin = {order}"

    async def fault(url: str) -> str | None:
        return await pooler_fault({"dsn": url})

    with pooler(prepared, "transaction", more) as between:
        for _ in range(5):
            assert REMEDY in str(asyncio.run(fault(between.url("wardship_serve"))))


def test_session_mode_without_a_second_connection_is_told(prepared: Outside):
    async def fault(url: str) -> str | None:
        return await pooler_fault({"dsn": url})

    with pooler(prepared, "session", "default_pool_size = 1\nquery_wait_timeout = 2") as between:
        assert "default_pool_size" in str(asyncio.run(fault(between.url("wardship_serve"))))
