"""Every command as its user runs it: what it prints, its exit status, and one line when it can't."""

from __future__ import annotations

import json
import re
import signal
import socket
import textwrap
from pathlib import Path

import pytest

from tests.app.conftest import Deployed
from tests.app.programs import PROGRAM, Programs, environment, postgres_processes, run, until
from tests.plugins.shipped import shipped
from wardship.app.application import api_schema
from wardship.core.keys import KeyRing
from wardship.core.signing import AUDIT_CHECKPOINT, CERTIFICATE, public_keys, sign
from wardship.tenants.certificates.content import CertifiedRight, Statement, plain
from wardship.tenants.certificates.verify import CERTIFICATE_TYPE

KEYS = KeyRing("a secret of these tests that is long enough")
RIGHT = CertifiedRight("erasure", "approved", "admin", "2026-11-21T12:00:00Z", "fulfilled", "", "2026-12-05", (), ())
ENDS_WITHIN_S = 15
ME = "{ members(first: 50) { edges { node { displayName } } } }"


def one_line(done, status: int = 1) -> str:
    """Return the one line that a command which failed has written, and nothing else."""
    assert (done.returncode, done.stdout) == (status, ""), done.stderr
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("wardship: ")
    return lines[0].removeprefix("wardship: ")


@pytest.fixture
def nowhere(tmp_path: Path) -> dict[str, str]:
    """An environment whose data folder must not come into being."""
    return environment(tmp_path / "untouched")


@pytest.fixture
def untouched(tmp_path: Path) -> Path:
    return tmp_path / "untouched"


# --- what is printed without a deployment


def test_version_and_help_list_every_command(nowhere, untouched):
    assert re.fullmatch(r"wardship, version \d+\.\d+\.\d+\n", run("--version", env=nowhere).stdout)
    told = run("--help", env=nowhere)
    assert told.returncode == 0
    names = re.findall(r"^  ([a-z]+)  +[A-Z]", told.stdout, re.MULTILINE)
    assert names == [
        "serve", "worker", "migrate", "demo", "doctor", "organisation", "staff", "provider", "token", "domain", "scim",
        "plugin", "audit", "certificate", "openapi", "schema",
    ]  # fmt: skip
    assert not untouched.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nothing"], "No such command 'nothing'"),
        (["serve", "--port", "70000"], "70000 is not in the range"),
        (["token", "create", "--organisation", "harbour", "--scope", "read"], "Missing option '--account'"),
        (
            ["token", "create", "--account", "a@b.example", "--organisation", "x", "--scope", "all"],
            "'all' is not one of",
        ),
        (["audit", "verify", "absent.jsonl"], "'absent.jsonl' does not exist"),
        (["certificate", "verify", str(PROGRAM)], "Missing option '--keys'"),
    ],
)
def test_wrong_usage_is_status_2_and_does_nothing(nowhere, untouched, arguments, words):
    done = run(*arguments, env=nowhere)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in re.sub(r"\s+", " ", done.stderr)
    assert not untouched.exists()


def test_schema_is_printed(nowhere, untouched):
    done = run("schema", env=nowhere)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{api_schema().as_str()}\n"
    assert not untouched.exists()


def test_openapi_describes_the_routes_beside_graphql(nowhere, untouched):
    done = run("openapi", env=nowhere)
    assert (done.returncode, done.stderr) == (0, "")
    described = json.loads(done.stdout)
    assert described["openapi"].startswith("3.")
    assert {"/auth/sign-in", "/health/ready", "/metrics", "/audit/export"} <= set(described["paths"])
    assert not untouched.exists()


# --- integrations


@pytest.fixture
def broken_package(tmp_path: Path) -> Path:
    """A folder with an installed integration whose module is missing."""
    metadata = tmp_path / "site" / "broken_integration-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: broken-integration\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[wardship.integrations]\nbroken = there_is_no_such_module\n")
    return metadata.parent


def test_integrations_are_listed_with_those_that_could_not_be_loaded(nowhere, untouched, broken_package):
    env = {**nowhere, "PYTHONPATH": str(broken_package)}
    told = json.loads(run("plugin", "list", "--json", env=env).stdout)
    expected = {**dict.fromkeys(shipped(), "loaded"), "broken": "load_failed"}
    assert {item["key"]: item["state"] for item in told} == expected
    [reason] = [item["reason"] for item in told if item["key"] == "broken"]
    assert "there_is_no_such_module" in reason
    [line] = [line for line in run("plugin", "list", env=env).stdout.splitlines() if line.startswith("broken")]
    assert "there_is_no_such_module" in line
    assert not untouched.exists()


# --- proofs, offline


def test_certificate_that_verifies_is_printed(nowhere, untouched, tmp_path):
    statement = Statement(
        1, "https://wardship.example.org", 1, "id", "00", "org", "gdpr", "", "", "", "", "mfa", (RIGHT,), 0, ""
    )
    certificate, keys = tmp_path / "certificate.jws", tmp_path / "keys.json"
    certificate.write_text(sign(KEYS, CERTIFICATE, CERTIFICATE_TYPE, plain(statement)) + "\n")
    keys.write_text(json.dumps(public_keys(KEYS)))
    done = run("certificate", "verify", str(certificate), "--keys", str(keys), "--json", env=nowhere)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["rights"][0]["state"] == "fulfilled"
    words = run("certificate", "verify", str(certificate), "--keys", str(keys), env=nowhere).stdout.splitlines()
    assert words[-2:] == [
        "The certificate is genuine: one of the keys given has signed exactly this.",
        "It is from before evidence was kept: its grades follow from nothing in it.",
    ]
    assert not untouched.exists()


def test_certificate_that_was_printed_and_copied_verifies_with_its_line_breaks(nowhere, tmp_path):
    statement = Statement(
        1, "https://wardship.example.org", 1, "id", "00", "org", "gdpr", "", "", "", "", "mfa", (RIGHT,), 0, ""
    )
    certificate, keys = tmp_path / "certificate.jws", tmp_path / "keys.json"
    certificate.write_text(textwrap.fill(sign(KEYS, CERTIFICATE, CERTIFICATE_TYPE, plain(statement)), 60))
    assert certificate.read_text().count("\n") > 5
    keys.write_text(json.dumps(public_keys(KEYS)))
    done = run("certificate", "verify", str(certificate), "--keys", str(keys), env=nowhere)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00 binary", b'{"format": 1}\n'])
def test_what_is_no_certificate_or_audit_log_is_refused_in_a_line(nowhere, untouched, tmp_path, content):
    file, keys = tmp_path / "file", tmp_path / "keys.json"
    file.write_bytes(content)
    keys.write_text(json.dumps(public_keys(KEYS)))
    one_line(run("certificate", "verify", str(file), "--keys", str(keys), env=nowhere))
    one_line(run("audit", "verify", str(file), env=nowhere))
    assert not untouched.exists()


def test_keys_that_are_no_key_set_are_refused_in_a_line(nowhere, tmp_path):
    file, keys = tmp_path / "file", tmp_path / "keys.json"
    file.write_text(sign(KEYS, AUDIT_CHECKPOINT, CERTIFICATE_TYPE, {}))
    for content in (b"\xff", b"[]"):
        keys.write_bytes(content)
        assert "JWK set" in one_line(run("certificate", "verify", str(file), "--keys", str(keys), env=nowhere))


# --- a deployment


def test_wrong_setting_is_named_in_a_line(nowhere, untouched):
    for name, value in (("PUBLIC_URL", "nonsense"), ("SECRET_KEY", "short"), ("DATABASE_CONNECTIONS", "many")):
        message = one_line(run("migrate", env={**nowhere, f"WARDSHIP_{name}": value}))
        assert message.startswith(f"WARDSHIP_{name}: ")
    assert not untouched.exists()


def test_port_in_use_is_told_before_anything_is_started(nowhere, untouched):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        message = one_line(run("serve", "--port", str(port), env=nowhere))
    assert message == f"Can't listen on 127.0.0.1:{port} (Address already in use): choose another --port."
    assert not untouched.exists()


def test_folder_that_can_not_be_made_is_told_in_a_line(tmp_path):
    (tmp_path / "file").write_text("")
    assert str(tmp_path / "file") in one_line(run("migrate", env=environment(tmp_path / "file" / "data")))


def test_migrate_says_what_it_ran_and_then_that_nothing_is_left(tmp_path):
    env = environment(tmp_path / "data")
    first = json.loads(run("migrate", "--json", env=env).stdout)
    assert first["ran"][0] == "core-0001-directory"
    assert run("migrate", env=env).stdout == "Nothing to do: the database is up to date.\n"
    assert postgres_processes(tmp_path / "data") == {}


def test_token_is_printed_once_alone_and_works(deployed: Deployed, programs: Programs):
    server = programs.serve(env=deployed.env).ready()
    asked = ("token", "create", "--account", "adam@harbour.example", "--organisation", "harbour", "--scope", "read")
    done = run(*asked, "--expires", "1", env=deployed.env)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"wsp_[A-Za-z0-9_-]{40,}\n", done.stdout)
    headers = {"authorization": f"Bearer {done.stdout.strip()}"}
    answer = server.client.post("/graphql", json={"query": ME}, headers=headers).json()
    assert len(answer["data"]["members"]["edges"]) == 7
    assert done.stdout.strip() not in server.said
    unknown = run(*asked[:3], "nobody@harbour.example", *asked[4:], env=deployed.env)
    assert one_line(unknown) == "There is no such organisation, or no account with this verified address."
    assert server.end(signal.SIGINT) == 0, server.said
    assert "Traceback" not in server.said
    until(lambda: not postgres_processes(deployed.data))


def test_provisioning_token_is_printed_once_alone(deployed: Deployed):
    done = run("scim", "token", "create", "--organisation", "harbour", env=deployed.env)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"wsd_[\w-]{43}\n", done.stdout)
    unknown = run("scim", "token", "create", "--organisation", "nobody", env=deployed.env)
    assert one_line(unknown).startswith("There is no such organisation")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_worker_ends_in_order_and_soon(deployed: Deployed, programs: Programs, number: signal.Signals):
    worker = programs.start(PROGRAM, "worker", env=deployed.env).says("Ctrl-C ends it")
    worker.popen.send_signal(number)
    assert worker.popen.wait(ENDS_WITHIN_S) == 0, worker.said
    assert "Traceback" not in worker.said
    assert postgres_processes(deployed.data) == {}


def test_several_processes_serve_one_port_and_end_with_the_first(deployed: Deployed, programs: Programs):
    server = programs.serve("--workers", "2", env=deployed.env).ready()
    until(lambda: server.said.count("Application startup complete") == 2)
    answer = server.client.post("/graphql", json={"query": ME}, headers=deployed.headers("adam"))
    assert len(answer.json()["data"]["members"]["edges"]) == 7
    server.end(signal.SIGKILL)
    until(lambda: not postgres_processes(deployed.data))  # which orphans would hold
    with socket.create_server(("127.0.0.1", server.port)):
        pass  # nobody listens there any more
