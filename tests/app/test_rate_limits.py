"""What one credential may ask for in a while: over HTTP, over WebSocket, and at the routes beside."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx2
import pytest

from tests.app.conftest import Deployed
from tests.app.programs import Process, Programs
from tests.sockets import opened

pytestmark = pytest.mark.anyio

QUOTA = 200_000
VIEWER = {"query": "{ organisation { id } }"}
MEMBERS = {"query": "{ members(first: 100) { edges { node { id groups(first: 100) { edges { node { id } } } } } } }"}
REMAINING = re.compile(r'"credential";r=(\d+);t=\d+, "organisation";r=(\d+);t=\d+')


@pytest.fixture
def served(shared: Deployed, tmp_path) -> Iterator[Process]:
    programs = Programs(tmp_path)
    limits = {"WARDSHIP_COST_PER_CREDENTIAL": str(QUOTA), "WARDSHIP_COST_PER_ORGANISATION": str(2 * QUOTA)}
    yield programs.serve(env={**shared.env, **limits}).ready()
    programs.end()


@pytest.fixture
async def mia(served: Process, shared: Deployed):
    address = f"http://127.0.0.1:{served.port}"
    async with httpx2.AsyncClient(base_url=address, headers=shared.headers("mia"), timeout=30) as client:
        yield client


def left(answer: httpx2.Response) -> tuple[int, int]:
    found = REMAINING.fullmatch(answer.headers["ratelimit"])
    assert found, answer.headers
    return int(found[1]), int(found[2])


async def exhausted(client: httpx2.AsyncClient) -> httpx2.Response:
    """Ask for more than is there, at most a hundred times, and return the refusal."""
    for _ in range(100):
        answer = await client.post("/graphql", json=MEMBERS)
        if answer.status_code != 200:
            return answer
    raise AssertionError("never refused")


async def test_a_credential_is_told_what_is_left_and_refused_beyond_and_others_go_on(shared, mia):
    first = await mia.post("/graphql", json=VIEWER)
    assert first.headers["ratelimit-policy"] == (f'"credential";q={QUOTA};w=60, "organisation";q={2 * QUOTA};w=60')
    before, after = left(first), left(await mia.post("/graphql", json=MEMBERS))
    assert all(gone < was for gone, was in zip(after, before, strict=True))
    refused = await exhausted(mia)
    error = refused.json()["errors"][0]
    assert (refused.status_code, error["extensions"]["code"]) == (429, "RATE_LIMITED")
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.headers["retry-after"] in error["message"]
    assert "ratelimit" in refused.headers
    other = await mia.post("/graphql", json=VIEWER, headers=shared.headers("olivia"))
    assert other.status_code == 200
    assert left(other)[1] < QUOTA + QUOTA / 2, "of the organisation's budget, what the first took is gone"
    metrics = (await mia.get("/metrics")).text
    assert 'wardship_graphql_refused_total{code="RATE_LIMITED"} 1.0' in metrics


async def test_the_same_budget_holds_over_sockets_and_at_the_routes_beside(served, shared, mia):
    auda = shared.headers("auda")
    async with opened(served.port) as client:
        await client.acknowledged(**auda)
        answers = []
        for number in range(100):
            await client.subscribe(str(number), query=MEMBERS["query"])
            answers.append(await client.receive())
            if answers[-1]["type"] == "error":
                break
            assert (await client.receive())["type"] == "complete"
    assert answers[-1]["payload"][0]["extensions"]["code"] == "RATE_LIMITED"
    exported = await mia.get("/audit/export", headers=auda)
    assert (exported.status_code, exported.json()["code"]) == (429, "RATE_LIMITED")
    assert int(exported.headers["retry-after"]) >= 1
    assert exported.headers["ratelimit-policy"].startswith(f'"credential";q={QUOTA};')


async def test_an_export_tells_what_is_left(shared, mia):
    exported = await mia.get("/audit/export", headers=shared.headers("auda"))
    assert exported.status_code == 200
    assert "ratelimit" in exported.headers


async def test_whoever_has_shown_no_credential_has_no_budget_and_is_told_of_none(mia):
    answer = await mia.post("/graphql", json=VIEWER, headers={"authorization": "Bearer wsp_nothing"})
    assert answer.status_code == 401
    assert "ratelimit" not in answer.headers
