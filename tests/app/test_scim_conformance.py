"""SCIM as others measure it: scim2-tester, by scim2-cli, and scim-sanity against a server process, on loopback."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.conftest import Deployed
from tests.app.programs import PROGRAM, Process, Programs, free_port, run

PATIENCE_S = 240


@pytest.fixture(scope="module")
def service(shared: Deployed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Process, str]]:
    """The demonstration, served under the address by which it is known, and a token of one of its organisations."""
    port = str(free_port())
    env = {**shared.env, "WARDSHIP_PUBLIC_URL": f"http://127.0.0.1:{port}"}
    token = run("scim", "token", "create", "--organisation", "harbour", env=env).stdout.strip()
    programs = Programs(tmp_path_factory.mktemp("programs"))
    process = programs.start(PROGRAM, "serve", "--port", port, env=env)
    process.port = int(port)
    process.client.base_url = env["WARDSHIP_PUBLIC_URL"]
    yield process.ready(), token
    programs.end()


def _checked(tool: str, *arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name(tool)
    return subprocess.run(  # noqa: S603 - a program of the tests' own environment
        [program, *arguments], env=env, capture_output=True, text=True, check=False, timeout=PATIENCE_S
    )


def test_scim2_tester_finds_no_error_and_skips_nothing(service: tuple[Process, str], shared: Deployed):
    process, token = service
    env = {**shared.env, "SCIM_CLI_HEADERS": f"Authorization: Bearer {token}"}
    done = _checked("scim2", "-u", f"http://127.0.0.1:{process.port}/scim/v2", "test", env=env)
    outcomes = re.findall(r"^(SUCCESS|ERROR|SKIPPED|CRITICAL|[A-Z]+) (\w+)$", done.stdout, re.MULTILINE)
    assert {outcome for outcome, _ in outcomes} == {"SUCCESS"}, done.stdout
    assert {"object_creation", "check_add_attribute", "check_remove_attribute", "check_replace_attribute"} <= {
        name for _, name in outcomes
    }
    assert len(outcomes) > 90
    assert done.returncode == 0


def test_scim_sanity_finds_no_failure(service: tuple[Process, str], shared: Deployed):
    process, token = service
    url = f"http://127.0.0.1:{process.port}/scim/v2"
    arguments = ("probe", url, "--token", token, "--i-accept-side-effects", "--json-output")
    done = _checked("scim-sanity", *arguments, env=shared.env)
    report = json.loads(done.stdout)
    assert report["summary"]["failed"] == 0, done.stdout
    assert report["summary"]["passed"] > 20
    assert done.returncode == 0
