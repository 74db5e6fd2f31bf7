"""Variables of PostgreSQL's own programs: none reaches the embedded server; for another they fill the address."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import asyncpg
import pytest

from tests.app.outside import Outside
from tests.app.programs import Programs, environment, run
from tests.app.test_cli import one_line
from tests.app.test_outside_database import settings
from wardship.core.database.embedded import ROLE_SERVE, EmbeddedPostgres

HOSTILE = {
    "PGHOST": "198.51.100.1",
    "PGHOSTADDR": "198.51.100.1",
    "PGPORT": "nonsense",
    "PGUSER": "nobody-knows",
    "PGPASSWORD": "hunter2",
    "PGDATABASE": "nowhere",
    "PGSSLMODE": "verify-full",
    "PGSSLNEGOTIATION": "direct",
    "PGSSLROOTCERT": "/nowhere/root.crt",
    "PGSSLCERT": "/nowhere/client.crt",
    "PGSSLKEY": "/nowhere/client.key",
    "PGSSLCRL": "/nowhere/root.crl",
    "PGSSLMINPROTOCOLVERSION": "nonsense",
    "PGSSLMAXPROTOCOLVERSION": "nonsense",
    "PGREQUIRESSL": "1",
    "PGREQUIREAUTH": "scram-sha-256",
    "PGCHANNELBINDING": "require",
    "PGGSSENCMODE": "require",
    "PGGSSLIB": "nonsense",
    "PGKRBSRVNAME": "nonsense",
    "PGTARGETSESSIONATTRS": "read-only",
    "PGLOADBALANCEHOSTS": "nonsense",
    "PGCONNECT_TIMEOUT": "nonsense",
    "PGOPTIONS": "-c nonsense=1",
    "PGAPPNAME": "nonsense",
    "PGSERVICE": "nowhere",
    "PGSERVICEFILE": "/nowhere/service.conf",
    "PGSYSCONFDIR": "/nowhere",
    "PGPASSFILE": "/nowhere/pgpass",
    "PGDATA": "/nowhere/data",
    "PGCLIENTENCODING": "SQL_ASCII",
    "PGDATESTYLE": "nonsense",
    "PGTZ": "Pacific/Chatham",
    "PGGEQO": "nonsense",
    "PGLOCALEDIR": "/nowhere",
    "PG_COLOR": "nonsense",
    "PSQLRC": "/nowhere/psqlrc",
    "TZ": "Pacific/Chatham",
}


@pytest.fixture
def hostile(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in HOSTILE.items():
        monkeypatch.setenv(name, value)


def test_every_variable_that_asyncpg_reads_is_among_the_hostile():
    source = Path(asyncpg.connect_utils.__file__).read_text("utf-8")
    read = set(re.findall(r"""(?:getenv|environ\.get)\(\s*['"](PG\w+)['"]""", source))
    assert read
    assert read <= set(HOSTILE)


@pytest.mark.usefixtures("hostile")
def test_embedded_server_is_made_and_reached_as_if_the_environment_were_empty(tmp_path: Path):
    async def ask(server: EmbeddedPostgres) -> tuple[str, str, str, str]:
        connection = await asyncpg.connect(**server.dsn(role=ROLE_SERVE))
        try:
            return tuple(
                await connection.fetchrow(
                    "select current_user, current_database(), current_setting('timezone'),"
                    " current_setting('transaction_read_only')"
                )
            )
        finally:
            await connection.close()

    with EmbeddedPostgres.start(tmp_path / "new", settings={"fsync": "off"}) as server:
        assert asyncio.run(ask(server)) == (ROLE_SERVE, "wardship", "UTC", "off")
    with EmbeddedPostgres.start(tmp_path / "new", settings={"fsync": "off"}) as server:
        assert asyncio.run(ask(server)) == (ROLE_SERVE, "wardship", "UTC", "off")


@pytest.mark.usefixtures("hostile")
def test_serve_starts_on_the_embedded_database_whatever_the_environment_holds(programs: Programs, tmp_path: Path):
    server = programs.serve(env=environment(tmp_path / "data")).ready()
    assert server.end() == 0


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PGSSLMODE", "nonsense", "sslmode"),
        ("PGTARGETSESSIONATTRS", "read-only", "read-only"),
        ("PGPORT", "nonsense", "can't be read"),
    ],
)
def test_for_an_outside_database_they_fill_what_the_address_leaves_out(
    prepared: Outside, tmp_path: Path, name: str, value: str, words: str
):
    env = settings(prepared, tmp_path)
    assert run("migrate", env=env).returncode == 0
    message = one_line(run("migrate", env=env | {name: value}))
    assert f"({name} of the environment" in message
    assert words in message


def test_for_an_outside_database_the_address_comes_first(prepared: Outside, tmp_path: Path):
    full = "&port=5432&sslmode=disable&target_session_attrs=any&gsslib=gssapi&sslnegotiation=postgres"
    urls = {
        f"DATABASE_{kind}URL": prepared.url(f"wardship_{role}") + full
        for kind, role in (("", "serve"), ("OWNER_", "owner"))
    }
    done = run("migrate", env=settings(prepared, tmp_path, **urls) | HOSTILE)
    assert done.returncode == 0, done.stderr
