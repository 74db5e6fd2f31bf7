"""The commands of `docs/deployment.md`, executed in order on a PostgreSQL of the test's own."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from tests.app.guide import GUIDE, blocks
from tests.app.outside import Outside
from tests.app.programs import ROOT, environment, free_port
from wardship.app.doctor import examine
from wardship.core.settings import Settings

# A long-running command is started, seen to be up, told to end, and must end in order.
PREAMBLE = """
set -eu
wardship() {
    case $1 in serve|worker) ;; *) command wardship "$@"; return ;; esac
    command wardship "$@" > running.out 2>&1 &
    for _ in $(seq 900); do
        grep -q 'Ctrl-C ends it' running.out && break
        kill -0 $! || { cat running.out; return 1; }
        sleep 0.1
    done
    kill -TERM $!
    wait $! || { cat running.out; return 1; }
    echo "ended: $1"
}
"""


def replaced(text: str, changes: dict[str, str]) -> str:
    """Replace each address of the guide, all of which must occur."""
    for old, new in changes.items():
        assert old in text, f"the guide no longer says {old}"
        text = text.replace(old, new)
    return text


@pytest.fixture
def mail_server():
    server = Controller(Sink(), hostname="127.0.0.1", port=free_port())
    server.start()
    yield server
    server.stop()


def test_every_command_of_the_guide_does_what_it_says(bare: Outside, mail_server: Controller, tmp_path: Path):
    [roles] = blocks("sql")
    bare.psql(roles)
    bare.psql("create database restored owner wardship_owner;")
    script = replaced(
        PREAMBLE + "\n".join(blocks("sh")),
        {
            "postgresql://wardship_serve:choose-another@db.example.org/wardship?sslmode=verify-full": bare.url(
                "wardship_serve"
            ),
            "postgresql://wardship_owner:choose-one@db.example.org/wardship?sslmode=verify-full": bare.url(
                "wardship_owner"
            ),
            "postgresql://wardship_backup:and-a-third@db.example.org/wardship?sslmode=verify-full": bare.url(
                "wardship_backup"
            ),
            "postgresql://postgres@db.example.org/restored": bare.url("postgres", "restored"),
            "smtps://wardship:password@mail.example.org": f"smtp://127.0.0.1:{mail_server.port}",
            "--port 8000": f"--port {free_port()}",
        },
    )
    env = environment(tmp_path / "unused")
    env["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), str(bare.server.binaries), env["PATH"]])
    done = subprocess.run(  # noqa: S603 - the guide's own commands
        ["/usr/bin/env", "bash", "-c", script], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "FAIL" not in done.stdout
    assert [line for line in done.stdout.splitlines() if line.startswith("ended: ")] == [
        "ended: serve",
        "ended: worker",
    ]
    assert not (tmp_path / "unused").exists(), "an outside database needs no data folder"
    everything = "select name, app_name from migration order by id"
    assert bare.fetch(everything, "restored") == bare.fetch(everything) != []
    restored = Settings(database_url=bare.url("wardship_serve", "restored"), secret_key="x" * 40)
    found = {finding.subject: finding.is_sound for finding in asyncio.run(examine(restored))}
    assert (found["migrations"], found["tenant isolation"]) == (True, True)


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
