"""What the composed application answers: to operators, to mistakes, to abuse, and to slow clients."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest
from litestar import get
from prometheus_client.parser import text_string_to_metric_families

from tests.app.conftest import Deployed
from tests.app.programs import ROOT, Process, Programs, environment, postgres_processes, postmaster, supervisor, until
from wardship.app.application import LARGEST_BODY, create_app
from wardship.core.http.plugin import HEADERS
from wardship.core.settings import Settings
from wardship.graphql.engine import Limits

MEMBERS = {"query": "{ members(first: 3) { edges { node { id } } } }"}
PATHS = (
    "/",
    "/nothing/here",
    "/auth/session",
    "/auth/nothing",
    "/console",
    "/console/explorer",
    "/console/assets/nothing.js",
    "/graphql?query=%7B__typename%7D",
    "/health/live",
    "/health/ready",
    "/invitations/nothing",
    "/metrics",
    "/openapi",
    "/.well-known/wardship-certificate-keys.json",
)


def values(served: Process) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Read the metrics as Prometheus does."""
    text = served.client.get("/metrics").text
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {(sample.name, tuple(sample.labels.items())): sample.value for sample in samples}


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_the_security_headers_and_an_address_of_ours_alone(served: Process, path: str):
    answer = served.client.get(path)
    assert {name for name in HEADERS if name not in answer.headers} == set()
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "server" not in answer.headers
    assert "https://" not in answer.text.replace("https://wardship", ""), "a page that loads something from elsewhere"


def test_answer_over_tls_asks_browsers_to_stay_with_it(tmp_path: Path):
    for url, wanted in (("https://wardship.example.org", "max-age=31536000"), ("http://localhost:8000", None)):
        app = create_app(Settings(data_dir=tmp_path / "data", public_url=url, log_level="error"))
        assert asyncio.run(ask(app, "/health/live")).headers.get("strict-transport-security") == wanted


async def ask(app, path: str) -> httpx2.Response:
    """Ask an application that was never started."""
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
        return await client.get(path)


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing/here", 404, "NOT_FOUND"),
        ("GET", "/auth/nothing", 404, "NOT_FOUND"),
        ("GET", "/console/assets/..%2f..%2fpyproject.toml", 404, "NOT_FOUND"),
        ("DELETE", "/health/live", 405, "METHOD_NOT_ALLOWED"),
        ("PUT", "/auth/sign-in", 405, "METHOD_NOT_ALLOWED"),
    ],
)
def test_unknown_path_and_wrong_method_are_problems_without_a_trace(served, method, path, status, code):
    answer = served.client.request(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert (answer.json()["status"], answer.json()["code"]) == (status, code)
    assert "Traceback" not in answer.text
    assert "site-packages" not in answer.text
    assert ("allow" in answer.headers) == (status == 405)


def test_fault_of_ours_shows_a_request_id_and_nothing_else(tmp_path: Path, capsys):
    @get("/fault")
    async def fault() -> None:
        raise RuntimeError("the secret of the house")

    app = create_app(Settings(data_dir=tmp_path / "data", log_level="error"))
    app.register(fault)
    answer = asyncio.run(ask(app, "/fault"))
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert answer.json()["code"] == "INTERNAL"
    assert answer.headers["x-request-id"] in answer.json()["detail"]
    assert "secret" not in answer.text
    assert "the secret of the house" in capsys.readouterr().err, "and the operator sees it"


def test_body_above_the_limit_is_refused(served: Process, shared: Deployed):
    long = "x" * Limits().request_bytes
    graphql = served.client.post("/graphql", json={"query": long}, headers=shared.headers())
    assert (graphql.status_code, graphql.json()["errors"][0]["extensions"]["code"]) == (413, "REQUEST_TOO_LARGE")
    signing_in = served.client.post("/auth/sign-in", json={"email": "x" * 20_000, "password": ""})
    assert (signing_in.status_code, signing_in.headers["content-type"]) == (413, "application/problem+json")


def test_body_without_a_length_is_cut_off_at_the_limit(served: Process):
    """A client that never says how much it sends can't make the server read on without end."""
    with socket.create_connection(("127.0.0.1", served.port), timeout=30) as client:
        client.sendall(
            b"POST /auth/sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n"
        )
        with contextlib.suppress(ConnectionError):
            for _ in range(2 * LARGEST_BODY // 50_000):
                client.sendall(b"c350\r\n" + b"x" * 50_000 + b"\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 413 ")


def test_slow_clients_hold_no_database_connection(served: Process, shared: Deployed):
    """More of them than there are connections have sent their credential and half of a query."""
    head = "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 500\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in shared.headers().items())
    with contextlib.ExitStack() as stack:
        for _ in range(12):
            slow = stack.enter_context(socket.create_connection(("127.0.0.1", served.port)))
            slow.sendall(head.encode() + b'\r\n{"query": "{ ')
        assert served.client.get("/health/ready").status_code == 200
        answer = served.client.post("/graphql", json=MEMBERS, headers=shared.headers())
        assert len(answer.json()["data"]["members"]["edges"]) == 3


def test_metrics_count_what_is_asked_and_what_is_refused(served: Process, shared: Deployed):
    before = values(served)
    for query in (MEMBERS, MEMBERS, {"query": "{ nothing }"}):
        served.client.post("/graphql", json=query, headers=shared.headers())
    after = values(served)

    def risen(name: str, **labels: str) -> float:
        key = (name, tuple(labels.items()))
        return after[key] - before.get(key, 0)

    assert risen("wardship_graphql_requests_total") == 3
    assert risen("wardship_graphql_executed_total") == 2
    assert risen("wardship_graphql_refused_total", code="GRAPHQL_VALIDATION_FAILED") == 1
    assert after["wardship_database_connections", ()] in {1, 2}
    assert after["wardship_database_connections_idle", ()] <= after["wardship_database_connections", ()]


def test_not_ready_while_the_database_is_away_and_ready_again_after(deployed: Deployed, programs: Programs):
    server = programs.serve(env=deployed.env).ready()
    keeper, killed = supervisor(deployed.data), postmaster(deployed.data)
    os.kill(keeper, signal.SIGSTOP)  # so that nobody starts PostgreSQL again meanwhile
    try:
        os.kill(killed, signal.SIGKILL)
        until(lambda: killed not in postgres_processes(deployed.data))
        away = server.client.get("/health/ready")
        live = server.client.get("/health/live")
        query = server.client.post("/graphql", json=MEMBERS, headers=deployed.headers())
    finally:
        os.kill(keeper, signal.SIGCONT)
    assert (away.status_code, away.json()["code"]) == (503, "NOT_READY")
    assert live.status_code == 200
    assert query.json()["errors"][0]["extensions"]["code"] == "INTERNAL"
    server.ready()
    assert server.client.post("/graphql", json=MEMBERS, headers=deployed.headers()).json()["data"]["members"]
    assert server.end() == 0


def test_litestar_command_serves_from_the_repository_root(deployed: Deployed, programs: Programs):
    program = Path(sys.executable).with_name("litestar")
    command = (program, "--app", "wardship.app.application:create_app", "run", "--port", "{port}")
    server = programs.start(*command, env=deployed.env).ready()
    answer = server.client.post("/graphql", json=MEMBERS, headers=deployed.headers())
    assert len(answer.json()["data"]["members"]["edges"]) == 3
    assert server.client.get("/console/explorer").status_code == 200
    server.end(signal.SIGINT)
    until(lambda: not postgres_processes(deployed.data))


def test_application_that_never_starts_leaves_nothing_behind(tmp_path: Path):
    made = "from wardship.app.application import create_app; create_app(); print('made')"
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-W", "error", "-c", made],
        cwd=ROOT,
        env=environment(tmp_path / "data"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "made\n", "")
    assert list(tmp_path.iterdir()) == []
