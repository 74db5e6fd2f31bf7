"""Subscriptions on `wardship serve`: who may connect, what ends a socket, several processes, many subscribers."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import signal
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest
from websockets.exceptions import ConnectionClosed

from tests.app.conftest import Deployed
from tests.app.programs import ROOT, Process, Programs, rows, until
from tests.app.test_serving import values
from tests.sockets import Client, opened
from wardship.core.http.credentials import CSRF_HEADER
from wardship.graphql.engine import GlobalId

pytestmark = pytest.mark.anyio

SUBMIT = 'mutation { submitRequest(input: {rights: [{kind: ACCESS}], country: "DE"}) { request { id } } }'
WATCH = "subscription($id: ID!) { requestProgress(id: $id) { acknowledgedAt rights { state } } }"
COOKIE, CSRF = "a cookie for the test", "a token for the test"
MANY = 500
POOL = 4


@pytest.fixture(scope="module")
def served(shared: Deployed, tmp_path_factory: pytest.TempPathFactory):
    programs = Programs(tmp_path_factory.mktemp("programs"))
    settings = {"WARDSHIP_DATABASE_CONNECTIONS": str(POOL), "WARDSHIP_SOCKETS_PER_CREDENTIAL": str(MANY)}
    yield programs.serve(env={**shared.env, **settings}).ready()
    programs.end()


@pytest.fixture(scope="module")
def request_id(served: Process, shared: Deployed) -> str:
    """A request of Mia's."""
    return submitted(served, shared)


@pytest.fixture(scope="module")
def session(served: Process, shared: Deployed) -> str:
    """The cookie of a session of Adam's."""
    del served
    rows(
        shared.data,
        "insert into session (id, created_at, account_id, token_hash, csrf_token, stage, expires_at, last_seen_at,"
        " user_agent, network) select gen_random_uuid(), now(), account_id, $1, $2, 'complete',"
        " now() + interval '1 day', now(), '', '' from account_email where address = 'adam@harbour.example'",
        hashlib.sha256(COOKIE.encode()).digest(),
        CSRF,
    )
    return f"wardship={COOKIE}"


def submitted(process: Process, deployed: Deployed) -> str:
    answer = process.client.post("/graphql", json={"query": SUBMIT}, headers=deployed.headers("mia")).json()
    identifier: str = answer["data"]["submitRequest"]["request"]["id"]
    return identifier


def touch(deployed: Deployed, identifier: str, at: str = "2026-11-21 12:00Z") -> None:
    """Change a request as another process of the deployment would."""
    key = GlobalId.parse(identifier).uuid
    rows(deployed.data, f"update data_request set acknowledged_at = '{at}' where id = $1", key)


def bearer(deployed: Deployed, person: str = "mia") -> dict[str, str]:
    return {"authorization": deployed.headers(person)["authorization"]}


async def asked(deployed: Deployed, sql: str, *arguments: object) -> list[Any]:
    """Run a statement past row-level security while this test's loop runs."""
    return await asyncio.to_thread(rows, deployed.data, sql, *arguments)


async def watching(client: Client, identifier: str) -> dict[str, Any]:
    """Subscribe; return the present state."""
    await client.subscribe(query=WATCH, variables={"id": identifier})
    message = await client.receive()
    assert message["type"] == "next", message
    found: dict[str, Any] = message["payload"]["data"]["requestProgress"]
    return found


async def test_program_shows_its_token_in_the_payload_or_as_a_header(served, shared, request_id):
    async with opened(served.port) as client:
        await client.acknowledged(**bearer(shared))
        assert await watching(client, request_id)
    async with opened(served.port, **bearer(shared)) as client:
        await client.acknowledged(organisation="harbour")
        assert await watching(client, request_id)


async def test_page_of_ours_connects_with_its_session_and_csrf_token(served, session, request_id):
    async with opened(served.port, cookie=session, origin=f"http://localhost:{served.port}") as client:
        await client.acknowledged(csrfToken=CSRF)
        assert await watching(client, request_id)


@pytest.mark.parametrize(
    ("origin", "payload", "code"),
    [
        ("own", {}, 4403),
        ("own", {"csrfToken": "another"}, 4403),
        ("own", {"csrfToken": CSRF, "organisation": "orchard"}, 4403),
        ("https://elsewhere.example", {"csrfToken": CSRF}, 4403),
        ("null", {"csrfToken": CSRF}, 4403),
        (None, {"csrfToken": CSRF}, 4403),
    ],
)
async def test_session_that_no_page_of_ours_shows_is_refused(served, session, origin, payload, code):
    headers = {"cookie": session}
    if origin is not None:
        headers["origin"] = f"http://localhost:{served.port}" if origin == "own" else origin
    async with opened(served.port, **headers) as client:
        found, reason = await client.refused(**payload)
    assert found == code
    assert reason


async def test_page_of_another_site_is_refused_with_a_token_too(served, shared):
    async with opened(served.port, origin="https://elsewhere.example") as client:
        assert (await client.refused(**bearer(shared)))[0] == 4403


@pytest.mark.parametrize("payload", [{}, {"authorization": "Bearer wsp_nothing"}, {"authorization": 1}])
async def test_nobody_is_refused(served, payload):
    async with opened(served.port, origin=f"http://localhost:{served.port}") as client:
        assert (await client.refused(**payload))[0] == 4401


async def test_socket_left_open_is_no_use_of_its_session(served, shared, session, request_id):
    async with opened(served.port, cookie=session, origin=f"http://localhost:{served.port}") as client:
        await client.acknowledged(csrfToken=CSRF)
        await watching(client, request_id)
        await asked(shared, "update session set last_seen_at = now() - interval '2 hours'")
        await asyncio.to_thread(touch, shared, request_id, "2026-11-20 12:00Z")
        assert (await client.receive())["type"] == "next"
        [seen] = await asked(shared, "select max(last_seen_at) < now() - interval '1 hour' as is_old from session")
    assert seen["is_old"]


async def test_session_that_was_ended_closes_its_socket_at_the_next_event(served, shared, request_id):
    cookie = "another cookie for the test"
    await asked(
        shared,
        "insert into session (id, created_at, account_id, token_hash, csrf_token, stage, expires_at, last_seen_at,"
        " user_agent, network) select gen_random_uuid(), now(), account_id, $1, $2, 'complete',"
        " now() + interval '1 day', now(), '', '' from account_email where address = 'adam@harbour.example'",
        hashlib.sha256(cookie.encode()).digest(),
        CSRF,
    )
    origin = f"http://localhost:{served.port}"
    async with opened(served.port, cookie=f"wardship={cookie}", origin=origin) as client:
        await client.acknowledged(csrfToken=CSRF)
        await watching(client, request_id)
        headers = {"cookie": f"wardship={cookie}", CSRF_HEADER: CSRF, "origin": origin}
        async with httpx2.AsyncClient(base_url=origin) as browser:
            assert (await browser.post("/auth/sign-out", headers=headers)).is_success
        await asyncio.to_thread(touch, shared, request_id, "2026-11-19 12:00Z")
        ended = await client.receive()
        assert ended["payload"]["errors"][0]["extensions"]["code"] == "NOT_AUTHENTICATED"
        assert await client.receive() == {"id": "1", "type": "complete"}
        assert (await client.closed())[0] == 4403


def test_program_of_the_documentation_runs(deployed, programs, tmp_path):
    page = (ROOT / "docs" / "subscriptions.md").read_text("utf-8")
    (sample,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    program = tmp_path / "watch.py"
    program.write_text(sample)
    server = programs.serve(env=deployed.env).ready()
    identifier = submitted(server, deployed)
    settings = {
        "WARDSHIP_ADDRESS": f"ws://127.0.0.1:{server.port}/graphql",
        "WARDSHIP_TOKEN": deployed.prototype.tokens["mia"],
        "WARDSHIP_REQUEST": identifier,
    }
    watching = programs.start(sys.executable, program, env={**deployed.env, **settings}).says('"endedAt": null')
    withdraw = "mutation($id: ID!) { withdrawRequest(input: {requestId: $id}) { errors { code } } }"
    sent = {"query": withdraw, "variables": {"id": identifier}}
    assert server.client.post("/graphql", json=sent, headers=deployed.headers("mia")).json()["data"]
    assert watching.popen.wait(60) == 0
    *_, last, complete = watching.output.read_text().splitlines()
    assert (json.loads(last)["data"]["requestProgress"]["rights"][0]["state"], complete) == ("WITHDRAWN", "complete")


async def test_metrics_tell_sockets_subscriptions_events_and_what_was_dropped(served, shared, request_id):
    before = values(served)
    async with opened(served.port) as client:
        await client.acknowledged(**bearer(shared))
        await watching(client, request_id)
        during = values(served)
        await client.connection.send("nonsense")
        assert (await client.closed())[0] == 4400
    after = await asyncio.to_thread(until, lambda: _quiet(served, before))
    name = "wardship_graphql_"
    assert during[name + "sockets", ()] == before[name + "sockets", ()] + 1
    assert during[name + "subscriptions", ()] == before[name + "subscriptions", ()] + 1
    assert after[name + "events_total", ()] == before[name + "events_total", ()] + 1
    dropped = (name + "dropped_total", (("reason", "4400"),))
    assert after[dropped] == before.get(dropped, 0) + 1
    assert after["wardship_database_listening", ()] == 1


def _quiet(served: Process, before) -> Any:
    after = values(served)
    names = [("wardship_graphql_sockets", ()), ("wardship_graphql_subscriptions", ())]
    return after if all(after[name] == before[name] for name in names) else None


async def test_log_holds_no_line_for_each_socket(served, shared):
    async with opened(served.port) as client:
        await client.acknowledged(**bearer(shared))
    assert "WebSocket /graphql" not in served.said
    assert "connection open" not in served.said


async def test_server_that_ends_says_so_and_the_next_one_tells_the_present_state(deployed, programs):
    server = programs.serve(env=deployed.env).ready()
    identifier = submitted(server, deployed)
    async with opened(server.port) as client:
        await client.acknowledged(**bearer(deployed))
        assert (await watching(client, identifier))["acknowledgedAt"] is None
        assert await asyncio.to_thread(server.end) == 0
        assert (await client.closed())[0] == 1012
    await asyncio.to_thread(touch, deployed, identifier)
    server = programs.serve(env=deployed.env).ready()
    async with opened(server.port) as client:
        await client.acknowledged(**bearer(deployed))
        assert (await watching(client, identifier))["acknowledgedAt"] is not None
    assert await asyncio.to_thread(server.end) == 0


async def test_change_reaches_the_sockets_of_every_process(deployed, programs):
    server = programs.serve("--workers", "2", env=deployed.env).ready()
    identifier = submitted(server, deployed)
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(opened(server.port)) for _ in range(8)]
        for client in clients:
            await client.acknowledged(**bearer(deployed))
            await watching(client, identifier)
        listeners = await asked(
            deployed, "select count(*) as n from pg_stat_activity where application_name = 'wardship-listener'"
        )
        await asyncio.to_thread(touch, deployed, identifier)
        for client in clients:
            assert (await client.receive())["payload"]["data"]["requestProgress"]["acknowledgedAt"] is not None
    assert listeners[0]["n"] in {1, 2}, "one for each process that has sockets"
    server.end(signal.SIGINT)


def resident_kilobytes(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))


async def test_one_process_tells_500_subscribers_in_bounded_memory_and_connections(served, shared, request_id):
    async with AsyncExitStack() as stack:
        begun = resident_kilobytes(served.popen.pid)
        clients: list[Client] = []
        for _ in range(MANY):
            client = await stack.enter_async_context(opened(served.port))
            await client.acknowledged(**bearer(shared))
            await watching(client, request_id)
            clients.append(client)
        each = (resident_kilobytes(served.popen.pid) - begun) / MANY
        told = [asyncio.create_task(_told(client)) for client in clients]
        await asyncio.to_thread(touch, shared, request_id, "2026-11-18 12:00Z")
        changed = time.perf_counter()
        last = max(await asyncio.gather(*told)) - changed
        connections = await asked(
            shared,
            "select count(*) as n from pg_stat_activity where usename = 'wardship_serve'",
        )
        assert values(served)["wardship_graphql_subscriptions", ()] >= MANY
    print(f"{MANY} subscribers: the last heard after {last:.2f} s, {each:.0f} KB each")  # noqa: T201 - the figure
    assert last < 15, "a busy machine is given time: `make bench ARGS=subscribers` measures"
    assert each < 150
    assert connections[0]["n"] <= POOL + 1


async def _told(client: Client) -> float:
    while (message := await client.receive())["type"] == "ping":  # on a busy machine
        await client.send(type="pong")
    assert message["payload"]["data"]["requestProgress"]["acknowledgedAt"].startswith("2026-11-18")
    return time.perf_counter()


async def test_server_closes_no_socket_by_itself_that_behaves(served, shared, request_id):
    async with opened(served.port) as client:
        await client.acknowledged(**bearer(shared))
        await watching(client, request_id)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await client.connection.recv()
        await client.send(id="1", type="complete")
        with pytest.raises((TimeoutError, ConnectionClosed)):
            async with asyncio.timeout(0.5):
                await client.connection.recv()
