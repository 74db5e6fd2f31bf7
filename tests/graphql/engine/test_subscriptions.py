"""Subscriptions: a context to begin in, a new one for each event, and none while nothing happens."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

import orjson
import pytest

from tests.graphql.engine.archive import schema as archive
from tests.graphql.engine.ticker import Board, board_of_request, schema
from wardship.graphql.engine import ExecutionRequest, GraphQLHandler, Limits, SubscriptionStream, check_schema
from wardship.graphql.engine.planning.plans import Plan

pytestmark = pytest.mark.anyio

WATCH = "subscription { countChanged { value } }"
PATIENCE_S = 5.0


@pytest.fixture
def board() -> Board:
    return Board()


@pytest.fixture
def handler() -> GraphQLHandler:
    return GraphQLHandler(schema, context=board_of_request)


async def begun(handler: GraphQLHandler, board: Board, query: str = WATCH, **variables: Any) -> SubscriptionStream:
    responses = await handler.subscribe(ExecutionRequest(query, variables), board)
    assert isinstance(responses, SubscriptionStream), responses.body
    return responses


async def following(responses: SubscriptionStream) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE_S):
        found: dict[str, Any] = orjson.loads(await anext(responses))
        return found


async def ends(responses: SubscriptionStream) -> bool:
    async with asyncio.timeout(PATIENCE_S):
        return await anext(responses, None) is None


async def refusal(handler: GraphQLHandler, query: str, board: Board, **variables: Any) -> list[dict[str, Any]]:
    answer = await handler.subscribe(ExecutionRequest(query, variables), board)
    assert not isinstance(answer, SubscriptionStream)
    assert not answer.is_executed
    found = orjson.loads(answer.body)
    assert "data" not in found
    assert board.watches == []
    assert board.open == 0
    errors: list[dict[str, Any]] = found["errors"]
    return errors


def test_schema_declares_what_subscriptions_cost():
    assert check_schema(schema) == []


async def test_present_state_comes_at_once_then_every_change_each_in_a_context_of_its_own(handler, board):
    responses = await begun(handler, board, "subscription S { it: countChanged { name value double } }")
    assert await following(responses) == {"data": {"it": {"name": "a", "value": 0, "double": 0}}}
    assert board.open == 0
    board.set("a", 4)
    assert await following(responses) == {"data": {"it": {"name": "a", "value": 4, "double": 8}}}
    assert board.opened == ["subscription countChanged reads"] * 3
    assert board.open == 0
    await responses.aclose()
    assert board.watches == []


async def test_waiting_subscription_holds_no_context(handler, board):
    responses = await begun(handler, board)
    await following(responses)
    waiting = asyncio.create_task(following(responses))
    await asyncio.sleep(0)
    assert (board.open, len(board.opened)) == (0, 2)
    board.set("a", 1)
    assert (await waiting)["data"] == {"countChanged": {"value": 1}}


async def test_look_that_finds_what_was_sent_last_is_not_sent_again(handler, board):
    responses = await begun(handler, board)
    await following(responses)
    waiting = asyncio.create_task(following(responses))
    for value in (0, 0, 5):
        board.set("a", value)
        await asyncio.sleep(0.01)
    assert (await waiting)["data"] == {"countChanged": {"value": 5}}
    assert handler.metrics.events == 2


async def test_last_look_is_sent_and_then_it_is_complete(handler, board):
    responses = await begun(handler, board)
    await following(responses)
    board.set("a", -1)
    assert (await following(responses))["data"] == {"countChanged": {"value": -1}}
    assert await ends(responses)
    assert (board.watches, handler.metrics.subscriptions) == ([], 0)


async def test_plain_events_are_the_values_of_the_field(handler, board):
    responses = await begun(handler, board, "subscription($upto: Int!) { numbers(upto: $upto) }", upto=2)
    found = [orjson.loads(body) async for body in responses]
    assert found == [{"data": {"numbers": 0}}, {"data": {"numbers": 1}}]
    assert board.opened == [*["subscription numbers reads"] * 2, "subscription numbers reads one thing"]


async def test_beginning_and_events_learn_that_their_contexts_are_asked_for_one_thing(handler, board):
    responses = await begun(handler, board)
    for value in (1, 2):
        await anext(responses)
        board.set("a", value)
    later = await begun(handler, board)
    assert board.opened == [
        *["subscription countChanged reads"] * 2,
        *["subscription countChanged reads one thing"] * 2,
    ]
    await responses.aclose()
    await later.aclose()


async def test_a_single_context_of_an_event_that_is_asked_for_more_is_left_and_the_event_executed_again(handler, board):
    responses = await begun(handler, board)
    found = []
    for value, asks in ((1, 1), (2, 2), (3, 1), (4, 1)):
        found.append(orjson.loads(await anext(responses))["data"]["countChanged"]["value"])
        board.asks = asks
        board.set("a", value)
    assert found == [0, 1, 2, 3]
    ways = ["reads", "reads", "reads one thing", "reads one thing", "reads", "reads"]
    assert board.opened == [f"subscription countChanged {way}" for way in ways]
    assert handler.metrics.events == 4
    await responses.aclose()


async def test_a_single_context_of_a_beginning_that_is_asked_for_more_is_left_and_begun_again(handler, board):
    for asks in (1, 1, 2, 2):
        board.asks = asks
        await (await begun(handler, board)).aclose()
    ways = ["reads", "reads one thing", "reads one thing", "reads", "reads"]
    assert board.opened == [f"subscription countChanged {way}" for way in ways]
    assert (board.watches, handler.metrics.subscriptions) == ([], 0)


async def test_caller_who_is_refused_at_an_event_gets_an_error_and_nothing_more(handler, board):
    responses = await begun(handler, board)
    await following(responses)
    board.is_refused = True
    board.set("a", 1)
    assert await following(responses) == {"errors": [{"message": "You have gone.", "extensions": {"code": "GONE"}}]}
    assert await ends(responses)
    assert (board.watches, handler.metrics.dropped) == ([], {"GONE": 1})


async def test_look_that_fails_ends_the_subscription_and_tells_no_secret(handler, board):
    responses = await begun(handler, board)
    await following(responses)
    board.set("a", 999)
    (error,) = (await following(responses))["errors"]
    assert error["extensions"]["code"] == "INTERNAL"
    assert "secret" not in error["message"]
    assert await ends(responses)


async def test_error_of_a_field_is_that_fields_and_the_subscription_goes_on(handler, board):
    responses = await begun(handler, board, "subscription { countChanged { value broken } }")
    first = await following(responses)
    assert first["errors"][0]["path"] == ["countChanged", "broken"]
    assert first["data"] == {"countChanged": {"value": 0, "broken": None}}
    board.set("a", 2)
    assert (await following(responses))["data"]["countChanged"]["value"] == 2


async def test_events_that_fail_end_the_subscription(handler, board):
    responses = await begun(handler, board)
    await following(responses)
    board.watches[0].error = RuntimeError("the secret")
    board.set("a", 1)
    assert (await following(responses))["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert await ends(responses)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("subscription { countChanged { value } numbers }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { countChanged @skip(if: true) { value } }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription {", "GRAPHQL_PARSE_FAILED"),
        ("subscription { dear }", "COST_LIMIT"),
        ('subscription { countChanged(name: "b") { value } }', "INTERNAL"),
        ("subscription($name: String!) { countChanged(name: $name) { value } }", "BAD_USER_INPUT"),
    ],
)
async def test_subscription_that_may_not_begin_is_refused_and_nothing_watches(handler, board, query, code):
    (error,) = await refusal(handler, query, board)
    assert error["extensions"]["code"] == code
    assert handler.metrics.subscriptions == 0


async def test_resolver_that_refuses_is_located(handler, board):
    (error,) = await refusal(handler, 'subscription { it: countChanged(name: "b") { value } }', board)
    assert error["path"] == ["it"]


async def test_caller_who_is_refused_at_the_beginning_is_told(handler, board):
    board.is_refused = True
    (error,) = await refusal(handler, WATCH, board)
    assert error["extensions"]["code"] == "GONE"


async def test_one_answer_is_no_place_for_a_subscription(handler, board):
    answer = await handler.answer(ExecutionRequest(WATCH), board)
    assert orjson.loads(answer.body)["errors"][0]["extensions"]["code"] == "OPERATION_RESOLUTION_FAILURE"
    assert board.opened == []


async def test_query_and_mutation_are_answered(handler, board):
    for query, expected in (
        ("{ count { value } }", b'{"data":{"count":{"value":0}}}'),
        ("mutation { setCount(value: 3) { value double } }", b'{"data":{"setCount":{"value":3,"double":6}}}'),
    ):
        answer = await handler.subscribe(ExecutionRequest(query), board)
        assert not isinstance(answer, SubscriptionStream)
        assert (answer.body, answer.is_executed) == (expected, True)


async def test_schema_without_subscriptions_refuses_them():
    handler = GraphQLHandler(archive)
    answer = await handler.subscribe(ExecutionRequest("subscription { person { id } }"))
    assert not isinstance(answer, SubscriptionStream)
    assert not answer.is_executed


async def test_field_may_stand_in_a_fragment(handler, board):
    responses = await begun(
        handler, board, "subscription { ...F } fragment F on Subscription { countChanged { value } }"
    )
    assert (await following(responses))["data"] == {"countChanged": {"value": 0}}
    assert board.opened == ["subscription countChanged reads"] * 2
    await responses.aclose()


async def test_client_that_goes_while_its_subscription_begins_leaves_nobody_watching(board):
    leaving = asyncio.Event()

    class Slow:
        async def __aenter__(self) -> Board:
            board.open = 1
            return board

        async def __aexit__(self, *_: object) -> None:
            leaving.set()
            await asyncio.Event().wait()

    handler = GraphQLHandler(schema, context=lambda _request, _operation: Slow())
    beginning = asyncio.create_task(handler.subscribe(ExecutionRequest(WATCH), board))
    await leaving.wait()
    assert len(board.watches) == 1
    beginning.cancel()
    with pytest.raises(asyncio.CancelledError):
        await beginning
    assert (board.watches, handler.metrics.subscriptions) == ([], 0)


async def test_subscription_that_is_closed_before_its_first_event_is_forgotten(handler, board):
    responses = await begun(handler, board)
    assert handler.metrics.subscriptions == 1
    await responses.aclose()
    await responses.aclose()
    assert (board.watches, handler.metrics.subscriptions) == ([], 0)
    assert await ends(responses)


async def test_subscriptions_keep_no_plan_that_the_cache_has_let_go(board):
    handler = GraphQLHandler(schema, context=board_of_request, limits=Limits(plans=2))
    subscriptions = [await begun(handler, board, f"subscription S{n} {{ countChanged {{ value }} }}") for n in range(5)]
    for one in subscriptions:
        await following(one)
    assert len(handler.plans) == 2
    gc.collect()
    assert sum(isinstance(one, Plan) and one.name in {f"S{n}" for n in range(5)} for one in gc.get_objects()) == 2
    board.set("a", 1)
    for one in subscriptions:
        assert (await following(one))["data"] == {"countChanged": {"value": 1}}
        await one.aclose()


async def test_event_that_takes_too_long_ends_the_subscription(board):
    handler = GraphQLHandler(schema, context=board_of_request, limits=Limits(seconds=0.05))
    responses = await begun(handler, board)
    gate = asyncio.Event()

    class Slow:
        async def __aenter__(self) -> Board:
            await gate.wait()
            return board

        async def __aexit__(self, *_: object) -> None:
            return None

    handler._subscriptions._context = lambda _request, _operation: Slow()
    assert (await following(responses))["errors"][0]["extensions"]["code"] == "EXECUTION_TIMEOUT"
    assert await ends(responses)


async def test_only_so_many_events_are_executed_at_once(board):
    handler = GraphQLHandler(schema, context=board_of_request, limits=Limits(events=2))
    most = running = 0

    class Counted:
        async def __aenter__(self) -> Board:
            nonlocal most, running
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.001)
            board.open = 1
            return board

        async def __aexit__(self, *_: object) -> None:
            nonlocal running
            running -= 1

    handler._subscriptions._context = lambda _request, _operation: Counted()
    subscriptions = [await begun(handler, board) for _ in range(10)]
    await asyncio.gather(*(following(one) for one in subscriptions))
    assert most == 2
    for one in subscriptions:
        await one.aclose()
