"""SCIM as others measure it: scim2-tester, by scim2-cli, and scim-sanity against a server process, on loopback."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.conftest import Deployed
from tests.app.programs import PROGRAM, Process, Programs, free_port, run

PATIENCE_S = 240
# What scim2-tester asks: of users and of groups, of each attribute that may be written, and of discovery.
OF_EACH_RESOURCE = dict.fromkeys(
    ("object_creation", "object_query", "object_query_without_id", "object_replacement", "object_deletion"), 2
)
OF_ATTRIBUTES = {"check_add_attribute", "check_remove_attribute", "check_replace_attribute"}
OF_THE_SERVICE = {"service_provider_config_endpoint", "query_all_schemas", "query_all_resource_types", "random_url"}


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
    begun, *told = [line for line in done.stdout.splitlines() if not line.startswith("  ")]
    assert begun.startswith("Performing a SCIM compliance check")
    outcomes = Counter(tuple(line.split()) for line in told)
    assert [outcome for outcome in outcomes if outcome[0] != "SUCCESS"] == [], done.stdout
    assert {name: times for (_, name), times in outcomes.items() if name in OF_EACH_RESOURCE} == OF_EACH_RESOURCE
    assert {name for _, name in outcomes} >= OF_ATTRIBUTES | OF_THE_SERVICE
    assert outcomes.total() > 90
    assert (done.returncode, done.stderr) == (0, "")


def test_scim_sanity_finds_no_failure(service: tuple[Process, str], shared: Deployed):
    process, token = service
    url = f"http://127.0.0.1:{process.port}/scim/v2"
    arguments = ("probe", url, "--token", token, "--i-accept-side-effects", "--json-output")
    done = _checked("scim-sanity", *arguments, env=shared.env)
    report = json.loads(done.stdout)
    assert report["summary"]["failed"] == 0, done.stdout
    assert report["summary"]["passed"] > 20
    assert done.returncode == 0
