"""PgBouncer before a PostgreSQL of the test's own, run as an ordinary user, with the settings that Debian gives it."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.app.outside import Outside
from tests.app.programs import ENDS_WITHIN_S, ROOT, until

RECORD = ROOT / "build" / "pgbouncer.json"
PORT = 6432
ROLES = ("wardship_owner", "wardship_serve")
CONFIGURATION = """
[databases]
* = host={server} port=5432
[pgbouncer]
listen_addr =
listen_port = {port}
unix_socket_dir = {folder}
auth_type = trust
auth_file = {folder}/users.txt
pool_mode = {mode}
{more}
"""


@dataclass(frozen=True)
class Pooler:
    """A PgBouncer that answers on a Unix socket in its folder."""

    folder: Path

    def url(self, role: str, database: str = "wardship") -> str:
        """Return the address of a database behind it, for a role."""
        return f"postgresql://{role}@/{database}?host={self.folder}&port={PORT}"


def _program() -> tuple[str, dict[str, str]]:
    """Return where `make test` found or unpacked it, else the machine's own; a test of it never skips."""
    if RECORD.is_file():
        record = json.loads(RECORD.read_text())
        return record["executable"], record["environment"]
    found = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        pytest.fail("no PgBouncer was prepared: run `make test`, or `python3 -m tools.prepare test` once")
    return found, {}


@contextmanager
def pooler(outside: Outside, mode: str, more: str = "") -> Iterator[Pooler]:
    """Run PgBouncer in a mode until the context ends, as the account that runs PostgreSQL: it refuses root."""
    executable, environment = _program()
    account = pwd.getpwuid(outside.server.socket_dir.stat().st_uid)
    outside.admit(account.pw_name)
    with tempfile.TemporaryDirectory(prefix="pooler-", dir="/tmp") as name:
        folder = Path(name)
        (folder / "users.txt").write_text("".join(f'"{role}" ""\n' for role in ROLES))
        text = CONFIGURATION.format(server=outside.server.socket_dir, port=PORT, folder=folder, mode=mode, more=more)
        (folder / "pgbouncer.ini").write_text(text)
        as_account = {}
        if os.geteuid() == 0:
            for path in (folder, *folder.iterdir()):
                os.chown(path, account.pw_uid, account.pw_gid)
            as_account = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        command = [executable, folder / "pgbouncer.ini"]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 - the program that is tested against
                command, env={**os.environ, **environment}, stdout=log, stderr=log, cwd=folder, **as_account
            )
        try:
            socket = folder / f".s.PGSQL.{PORT}"
            until(lambda: _runs(process, folder) and socket.exists())
            yield Pooler(folder)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(ENDS_WITHIN_S)


def _runs(process: subprocess.Popen[bytes], folder: Path) -> bool:
    assert process.poll() is None, (folder / "log").read_text()
    return True
