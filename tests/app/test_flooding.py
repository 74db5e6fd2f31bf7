"""Ever new documents from hundreds of addresses without a credential: who has one goes on, and nothing is left."""

from __future__ import annotations

import asyncio
import itertools

import httpx2
import pytest

from tests.app.conftest import Deployed
from tests.app.programs import Process, until
from tests.app.test_serving import values

pytestmark = pytest.mark.anyio
WAITING = ("wardship_graphql_compile_waiting", ())
MISSES = ("wardship_graphql_plan_misses_total", ())
DOCUMENTS = 24


@pytest.mark.parametrize("networks", [1, 300])
async def test_flood_without_a_credential_leaves_a_member_her_new_documents_and_nothing_behind(
    served: Process, shared: Deployed, networks: int
):
    numbers = itertools.count(networks * 1_000_000)
    before = (await asyncio.to_thread(values, served))[MISSES]
    address = f"http://127.0.0.1:{served.port}"
    limits = httpx2.Limits(max_connections=60)
    async with httpx2.AsyncClient(base_url=address, limits=limits, timeout=30) as crowd:
        flooding = [asyncio.create_task(flood(crowd, number, networks, numbers)) for number in range(300)]
        async with httpx2.AsyncClient(base_url=address, timeout=30, headers=shared.headers()) as mia:
            answers = [
                (await mia.post("/graphql", json={"query": f"{{ mia{next(numbers)}: __typename }}"})).status_code
                for _ in range(DOCUMENTS)
            ]
        for task in flooding:
            task.cancel()
        refused = sum(outcome == 429 for outcome in await asyncio.gather(*flooding, return_exceptions=True))
    assert answers.count(200) >= DOCUMENTS / 2
    assert refused > 100
    await asyncio.to_thread(until, lambda: values(served)[WAITING] == 0)
    compiled = (await asyncio.to_thread(values, served))[MISSES] - before - answers.count(200)
    assert compiled < 100, "nothing is compiled for nobody beyond a small share"


async def flood(crowd: httpx2.AsyncClient, number: int, networks: int, numbers: itertools.count[int]) -> int:
    """Send a document from an address with a credential that was made up; return the status of the answer."""
    host = f"2001:db8:0:{number % networks:x}::{number:x}"
    headers = {"x-forwarded-for": host, "authorization": f"Bearer wsp_{number}"}
    query = f"{{ flood{next(numbers)}: __typename }}"
    return (await crowd.post("/graphql", json={"query": query}, headers=headers)).status_code
