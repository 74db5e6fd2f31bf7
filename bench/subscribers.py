"""Part (g): how soon one change reaches every subscriber, and what they hold meanwhile.

`python -m bench subscribers` runs it alone. The server is that of `wardship serve` in one process; the subscribers are
the sockets of a client in another, each with a subscription of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from websockets.asyncio.client import ClientConnection, connect

from bench import ours
from bench.data import Size, fill
from bench.place import Place, make_place, scratch_folder
from bench.processor import resident_megabytes
from tools.prepare.steps import say
from wardship.core.database.scope import Scope
from wardship.core.tokens.tokens import TokenRequest, create_token
from wardship.graphql.engine import GlobalId
from wardship.tenants.access import Services

_PER_TOKEN = 10
_QUERY = "subscription($id: ID!) { installationProgress(id: $id) { waiting done failed installation { stateReason } } }"
_LATE_S = 60.0


class MissedChangeError(RuntimeError):
    """A subscriber heard of something else than the change."""


@dataclass(frozen=True, slots=True)
class Subscribers:
    """What was seen; times in seconds from the commit of the change, over all changes.

    Attributes:
        last_s: until the last subscriber had it, for each change.
        median_s: until half of all subscribers had it, the median of the changes.
        each_kb: memory of the server for each subscriber.
        connections: of the server at the database while all of them were told.
    """

    count: int
    last_s: tuple[float, ...]
    median_s: float
    each_kb: float
    connections: int

    def __str__(self) -> str:
        """Return it in a sentence."""
        half, last, slowest = (1000 * value for value in (self.median_s, median(self.last_s), max(self.last_s)))
        return (
            f"{self.count} subscribers on one process: a change reaches half of them in {half:.0f} ms and the last in"
            f" {last:.0f} ms (slowest of {len(self.last_s)}: {slowest:.0f} ms); {self.each_kb:.0f} KB each,"
            f" {self.connections} database connections."
        )


async def measure_subscribers(place: Place, *, subscribers: int, changes: int) -> Subscribers:
    """Let that many subscribers watch one installation, and change it now and then."""
    async with place.superuser() as connection, ours.services_here(place) as services:
        organisation, installation = await connection.fetchrow(
            "select i.organisation_id, i.id from installation i join organisation o on o.id = i.organisation_id"
            " where o.slug = 'organisation-0' order by i.created_at limit 1"
        )
        tokens = await _tokens(services, connection, organisation, -(-subscribers // _PER_TOKEN))
    with ours.serving(place) as server:
        async with AsyncExitStack() as stack, place.superuser() as connection:
            first = await stack.enter_async_context(_subscribed(server.port, tokens[0], installation))
            before = resident_megabytes(server.pid)
            sockets = [first] + [
                await stack.enter_async_context(_subscribed(server.port, tokens[number // _PER_TOKEN], installation))
                for number in range(1, subscribers)
            ]
            after = resident_megabytes(server.pid)
            told = [await _change(connection, installation, sockets, f"change {number}") for number in range(changes)]
            connections = await connection.fetchval(
                "select count(*) from pg_stat_activity where usename = 'wardship_serve' and pid <> pg_backend_pid()"
            )
    each_kb = (after - before) * 1024 / max(subscribers - 1, 1)
    return Subscribers(
        subscribers,
        tuple(max(times) for times in told),
        median(median(times) for times in told),
        each_kb,
        connections,
    )


async def _tokens(services: Services, connection: Any, organisation: UUID, count: int) -> list[str]:  # noqa: ANN401 - asyncpg has no types
    """Return tokens of as many members, whom this makes auditors."""
    members = await connection.fetch(
        "insert into role_assignment (organisation_id, id, created_at, member_id, role)"
        " select organisation_id, time_ordered_id(), now(), id, 'auditor' from member where organisation_id = $1"
        " order by created_at, id limit $2 returning member_id",
        organisation,
        count,
    )
    now, made = datetime.now(UTC), []
    for row in members:
        account = await connection.fetchval("select account_id from member where id = $1", row["member_id"])
        async with services.database.transaction(Scope(organisation, directory=True)) as transaction:
            asked = TokenRequest("benchmark", ("read",), now + timedelta(days=1))
            made.append((await create_token(transaction, account, organisation, asked, at=now))[1])
    return made


@asynccontextmanager
async def _subscribed(port: int, token: str, installation: UUID) -> AsyncIterator[ClientConnection]:
    """Yield a socket whose subscription has told the present state."""
    payload = {"query": _QUERY, "variables": {"id": str(GlobalId("Installation", str(installation)))}}
    address = f"ws://127.0.0.1:{port}/graphql"
    async with connect(address, subprotocols=["graphql-transport-ws"], compression=None) as socket:  # type: ignore[list-item]  # a NewType of websockets' own
        await socket.send(json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}}))
        await socket.recv()
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
        await socket.recv()
        yield socket


async def _change(connection: Any, installation: UUID, sockets: list[ClientConnection], words: str) -> list[float]:  # noqa: ANN401 - asyncpg has no types
    async def heard(socket: ClientConnection) -> float:
        while True:
            message = json.loads(await socket.recv())
            if message["type"] == "next":
                break
        if message["payload"]["data"]["installationProgress"]["installation"]["stateReason"] != words:
            raise MissedChangeError(str(message))
        return time.perf_counter()

    waiting = [asyncio.create_task(heard(socket)) for socket in sockets]
    await asyncio.sleep(1)
    await connection.execute("update installation set state_reason = $2 where id = $1", installation, words)
    begun = time.perf_counter()
    async with asyncio.timeout(_LATE_S):
        return [at - begun for at in await asyncio.gather(*waiting)]


class _Options(argparse.Namespace):
    subscribers: int
    changes: int


def main(arguments: list[str]) -> int:
    """Measure this part alone, and print it."""
    parser = argparse.ArgumentParser(prog="python -m bench subscribers", description="Measure subscriptions.")
    parser.add_argument("--subscribers", type=int, default=500, help="sockets, each with one subscription")
    parser.add_argument("--changes", type=int, default=10, help="changes, one after the other")
    options = parser.parse_args(arguments, namespace=_Options())
    print(asyncio.run(_measured(options)))
    return 0


async def _measured(options: _Options) -> Subscribers:
    with scratch_folder() as folder, make_place(folder) as place:
        say("filling the database …")
        await ours.migrate(place)
        async with place.superuser() as connection:
            await fill(connection, Size(organisations=3, members=max(300, options.subscribers // _PER_TOKEN)))
        say("(g) subscribers …")
        return await measure_subscribers(place, subscribers=options.subscribers, changes=options.changes)
