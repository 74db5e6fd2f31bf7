"""One server for a folder: made at first use, shared by all users, gone with the last."""

from __future__ import annotations

import os
from pathlib import Path

import asyncpg
import pytest

from wardship.core.database.embedded import ROLE_OWNER, ROLE_SERVE, EmbeddedPostgres
from wardship.core.errors import InvalidInputError


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    settings = {"fsync": "off", "shared_buffers": "16MB", "work_mem": "3MB"}
    with EmbeddedPostgres.start(tmp_path_factory.mktemp("life"), settings=settings) as server:
        yield server


def test_roles_may_log_in_and_no_more(server, psql):
    rows = psql(
        server,
        "select rolname, rolcanlogin, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls"
        " from pg_roles where rolname like 'wardship%' order by 1",
    )
    assert rows.splitlines() == ["wardship_owner|t|f|f|f|f|f", "wardship_serve|t|f|f|f|f|f"]


def test_neither_role_is_a_member_of_any_other(server, psql):
    assert psql(server, "select count(*) from pg_auth_members where member::regrole::text like 'wardship%'") == "0"


def test_owner_owns_database_and_schema_and_serve_owns_nothing(server, psql):
    assert psql(server, "select datdba::regrole from pg_database where datname = 'wardship'") == ROLE_OWNER
    assert psql(server, "select nspowner::regrole from pg_namespace where nspname = 'public'") == ROLE_OWNER
    assert psql(server, "select count(*) from pg_shdepend where refobjid = 'wardship_serve'::regrole"
                " and deptype = 'o'") == "0"  # fmt: skip


def test_owner_makes_tables_and_serve_does_not(server, psql):
    assert psql(server, "create table mine (id int)", role=ROLE_OWNER) == ""
    assert "permission denied for schema public" in psql(server, "create table its (id int)", role=ROLE_SERVE)
    assert "permission denied for table mine" in psql(server, "select * from mine", role=ROLE_SERVE)


def test_serve_enters_no_other_database(server, psql):
    for database in ("postgres", "template1"):
        assert "permission denied for database" in psql(server, "select 1", role=ROLE_SERVE, database=database)


def test_text_is_utf8_and_sorts_by_code_point(server, psql):
    provider = "select datlocprovider, datlocale, pg_encoding_to_char(encoding) from pg_database"
    assert psql(server, f"{provider} where datname = 'wardship'") == "b|C.UTF-8|UTF8"


def test_nothing_listens_on_the_network(server, psql):
    assert psql(server, "show listen_addresses") == ""


def test_settings_of_the_first_start_count(server, psql, started):
    assert psql(server, "show work_mem") == "3MB"
    again = started(server.data_dir, {"work_mem": "5MB"})
    assert psql(again, "show work_mem") == "3MB"


@pytest.mark.parametrize("name", ["listen_addresses", "hba_file", "Log_Min_Error_Statement"])
def test_settings_that_keep_the_server_private_are_refused(tmp_path, running, name):
    with pytest.raises(InvalidInputError, match=f"Leave {name} alone") as refusal:
        EmbeddedPostgres.start(tmp_path / "new", settings={name: "0.0.0.0"})  # noqa: S104 refused
    assert refusal.value.path == (name,)
    assert running(tmp_path / "new") == []
    assert not (tmp_path / "new" / "runtime").exists()


@pytest.mark.anyio
async def test_asyncpg_connects_with_the_dsn(server):
    connection = await asyncpg.connect(**server.dsn(role=ROLE_SERVE))
    try:
        assert await connection.fetchval("select current_user") == ROLE_SERVE
    finally:
        await connection.close()


def test_second_process_attaches(made, started, holder, postmaster):
    server = started(made)
    first = postmaster(made)
    assert holder(made).socket_dir == server.socket_dir
    assert postmaster(made) == first


def test_server_ends_with_its_last_user(made, started, holder, running, psql):
    server, other = started(made), holder(made)
    assert other.socket_dir == server.socket_dir
    server.stop()
    server.stop()
    assert psql(started(made), "select 1") == "1"
    other.leave()
    assert running(made) != []


def test_stop_returns_when_the_server_has_ended(tmp_path, started, running):
    server = started(tmp_path)
    server.stop()
    assert running(tmp_path) == []
    assert not server.socket_dir.parent.exists()
    assert sorted(entry.name for entry in tmp_path.iterdir()) == [
        "cluster", "provisioned", "server.lock", "server.log", "start.lock",
    ]  # fmt: skip


def test_later_start_finds_what_was_committed(made, started, psql):
    server = started(made)
    psql(server, "create table kept as select 7 as value")
    server.stop()
    assert psql(started(made), "select value from kept") == "7"


def test_processes_that_race_for_an_empty_folder_share_one_server(tmp_path, holder, postmaster, running):
    folder = tmp_path / "made" / "by" / "the" / "first"
    racers = [holder(folder) for _ in range(4)]
    assert len({racer.socket_dir for racer in racers}) == 1
    assert postmaster(folder) > 0
    for racer in racers:
        racer.leave()
    assert [racer.process.returncode for racer in racers] == [0, 0, 0, 0]
    assert running(folder) == []


def test_start_right_after_the_last_stop_waits_its_turn(made, holder, started, psql):
    other = holder(made)
    assert other.socket_dir.is_dir()
    other.process.stdin.close()
    assert psql(started(made), "select 1") == "1"


def test_forked_child_does_not_end_its_parents_use(made, started, psql):
    server = started(made)
    child = os.fork()
    if child == 0:
        server.stop()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert psql(server, "select 1") == "1"


def test_server_knows_no_secret_of_its_starter(made, started, postmaster, supervisor, monkeypatch):
    monkeypatch.setenv("WARDSHIP_SECRET_KEY", "not for PostgreSQL")
    started(made)
    for process in (postmaster(made), supervisor(made)):
        assert b"not for PostgreSQL" not in Path(f"/proc/{process}/environ").read_bytes()


def test_log_holds_no_statement_and_no_value(made, started, psql):
    server = started(made)
    psql(server, "create table people (email text primary key)")
    psql(server, "insert into people values ('ada@example.org')")
    assert "already exists" in psql(server, "insert into people values ('ada@example.org')")
    assert "invalid input syntax" in psql(server, "select 'ada@example.org'::int")
    log = (made / "server.log").read_text()
    assert "ready to accept connections" in log
    assert "ada@example.org" not in log
