"""New documents take at most a share of the time; clients take turns at it, and known documents never wait."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import orjson
import pytest

from tests.graphql.engine.archive import Desk, desk_of_request, schema
from wardship.graphql.engine import Client, ExecutionRequest, GraphQLHandler, Limits
from wardship.graphql.engine.execution.compile_limiter import WAITING_EACH, CompileLimiter, TooManyDocumentsError

pytestmark = pytest.mark.anyio


@dataclass
class Watch:
    """A clock that is set by hand."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


async def compile_for(turns: CompileLimiter, watch: Watch, client: str, done: list[str], seconds: float = 1.0) -> None:
    async with turns.turn(Client((client,), is_authenticated=True)):
        watch.now += seconds
        done.append(client)


async def a_moment() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_whoever_comes_first_compiles_at_once_and_the_burst_is_spent() -> None:
    watch, done = Watch(), []
    turns = CompileLimiter(Limits(compile_burst=1.0, compile_share=0.1), watch, watch)
    await compile_for(turns, watch, "ann", done, seconds=2.0)
    waiting = asyncio.ensure_future(compile_for(turns, watch, "ann", done))
    await a_moment()
    assert (done, turns.waiting) == (["ann"], 1)
    waiting.cancel()
    await a_moment()
    assert turns.waiting == 0


async def test_what_the_machine_gives_to_others_meanwhile_is_not_counted() -> None:
    watch, work, done = Watch(), Watch(), []
    turns = CompileLimiter(Limits(compile_burst=1.0, compile_share=0.1), watch, work)
    await compile_for(turns, watch, "ann", done, seconds=2.0)
    await asyncio.wait_for(compile_for(turns, watch, "ann", done), 1)
    assert (done, turns.waiting) == (["ann", "ann"], 0)


async def test_a_share_of_the_time_is_given_back() -> None:
    watch, done = Watch(), []
    turns = CompileLimiter(Limits(compile_burst=1.0, compile_share=0.1), watch, watch)
    await compile_for(turns, watch, "ann", done, seconds=2.0)
    watch.now += 7.0
    late = asyncio.ensure_future(compile_for(turns, watch, "ann", done))
    await a_moment()
    assert done == ["ann"]
    watch.now += 1.5
    turns.with_credential._next()
    await late
    assert done == ["ann", "ann"]


async def test_clients_take_turns_however_many_documents_one_of_them_sends() -> None:
    watch, done = Watch(), []
    turns = CompileLimiter(Limits(compile_burst=1.0, compile_share=0.5), watch, watch)
    await compile_for(turns, watch, "flood", done, seconds=2.0)
    tasks = [asyncio.ensure_future(compile_for(turns, watch, "flood", done, 0.1)) for _ in range(4)]
    await a_moment()
    tasks.append(asyncio.ensure_future(compile_for(turns, watch, "ann", done, 0.1)))
    await a_moment()
    for _ in range(5):
        watch.now += 10.0
        turns.with_credential._next()
        await a_moment()
    await asyncio.gather(*tasks)
    assert done == ["flood", "flood", "ann", "flood", "flood", "flood"]


async def test_a_client_with_too_many_waiting_is_refused_and_others_are_not() -> None:
    watch, done = Watch(), []
    turns = CompileLimiter(Limits(compile_burst=1.0, compile_share=0.1), watch, watch)
    await compile_for(turns, watch, "flood", done, seconds=5.0)
    tasks = [asyncio.ensure_future(compile_for(turns, watch, "flood", done)) for _ in range(WAITING_EACH)]
    await a_moment()
    with pytest.raises(TooManyDocumentsError):
        await compile_for(turns, watch, "flood", done)
    other = asyncio.ensure_future(compile_for(turns, watch, "ann", done))
    await a_moment()
    assert turns.waiting == WAITING_EACH + 1
    for task in (*tasks, other):
        task.cancel()
    await a_moment()
    assert turns.waiting == 0


async def test_a_turn_that_does_not_come_in_time_is_refused() -> None:
    watch, done = Watch(), []
    turns = CompileLimiter(Limits(compile_burst=1.0, compile_share=0.1, seconds=0.01), watch, watch)
    await compile_for(turns, watch, "ann", done, seconds=5.0)
    with pytest.raises(TooManyDocumentsError):
        await compile_for(turns, watch, "ann", done)
    assert (done, turns.waiting) == (["ann"], 0)


async def test_known_documents_are_answered_while_new_ones_are_refused() -> None:
    limits = Limits(compile_burst=0.000_001, compile_share=0.000_001, seconds=0.05)
    handler = GraphQLHandler(schema, context=desk_of_request, limits=limits)
    known = ExecutionRequest("{ person { name } }")
    assert orjson.loads(await handler.execute(known, Desk())) == {"data": {"person": {"name": "person 1"}}}
    answer = await handler.answer(ExecutionRequest("{ person { id } }"), Desk())
    assert (answer.status, answer.is_forced, answer.is_executed) == (429, True, False)
    assert orjson.loads(answer.body)["errors"][0]["extensions"] == {"code": "TOO_MANY_DOCUMENTS"}
    assert orjson.loads(await handler.execute(known, Desk())) == {"data": {"person": {"name": "person 1"}}}
    assert handler.metrics.refused == {"TOO_MANY_DOCUMENTS": 1}


async def test_the_client_is_asked_for_new_documents_only() -> None:
    asked = []

    async def client(request: object) -> Client:
        asked.append(request)
        return Client(("ann",), is_authenticated=True)

    desk = Desk()
    handler = GraphQLHandler(schema, context=desk_of_request, client=client)
    for _ in range(3):
        await handler.execute(ExecutionRequest("{ person { name } }"), desk)
    assert asked == [desk]
