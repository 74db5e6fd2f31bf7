"""graphql-transport-ws to the letter: a real server on loopback, and a WebSocket library of other people's."""

from __future__ import annotations

from contextlib import AsyncExitStack

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.graphql.engine.socket_place import WATCH, until
from tests.sockets import PATIENCE_S, SUBPROTOCOL, Client
from wardship.graphql.engine.transports import over_websocket

pytestmark = pytest.mark.anyio


# --- the connection


async def test_client_that_offers_another_subprotocol_is_closed(place):
    async with place.open("graphql-ws") as client:
        assert await client.closed() == (4406, "Subprotocol not acceptable")
    async with connect(f"ws://127.0.0.1:{place.port}/graphql") as connection:
        assert await Client(connection).closed() == (4406, "Subprotocol not acceptable")


async def test_subprotocol_is_chosen_among_several(place):
    async with place.open("graphql-ws", SUBPROTOCOL, init={}) as client:
        assert client.connection.subprotocol == SUBPROTOCOL


async def test_client_that_never_initialises_is_closed(place):
    place.limit(init_s=0.05)
    async with place.open() as client:
        assert await client.closed() == (4408, "Connection initialisation timeout")


async def test_second_initialisation_closes(place):
    async with place.open(init={}) as client:
        await client.send(type="connection_init")
        assert await client.closed() == (4429, "Too many initialisation requests")


async def test_initialisation_may_have_no_payload(place):
    async with place.open() as client:
        await client.send(type="connection_init")
        assert await client.receive() == {"type": "connection_ack"}


@pytest.mark.parametrize(
    ("who", "expected"), [("nobody", (4401, "Sign in.")), ("stranger", (4403, "You may not be here."))]
)
async def test_client_that_is_not_admitted_is_closed(place, who, expected):
    async with place.open() as client:
        await client.send(type="connection_init", payload={"as": who})
        assert await client.closed() == expected
    assert place.board.opened == []


async def test_fault_of_ours_closes_and_tells_no_secret(place, caplog):
    async with place.open() as client:
        await client.send(type="connection_init", payload={"as": "unlucky"})
        assert await client.closed() == (1011, "Something went wrong on our side.")
    assert "the secret" in caplog.text, "and the operator sees it"


async def test_subscription_before_the_acknowledgement_closes(place):
    async with place.open() as client:
        await client.subscribe(**WATCH)
        assert await client.closed() == (4401, "Unauthorized")
    assert place.board.opened == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "[]",
        '"connection_init"',
        "{}",
        '{"type": "next"}',
        '{"type": "connection_ack"}',
        '{"type": "start", "id": "1", "payload": {"query": "{ count { value } }"}}',
        '{"type": 1}',
        '{"type": "subscribe"}',
        '{"type": "subscribe", "id": "1"}',
        '{"type": "subscribe", "id": "", "payload": {"query": "{ count { value } }"}}',
        '{"type": "subscribe", "id": 1, "payload": {"query": "{ count { value } }"}}',
        '{"type": "subscribe", "id": "1", "payload": {}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": 1}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ count { value } }", "variables": []}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ count { value } }", "operationName": {}}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ count { value } }", "extensions": ""}}',
        '{"type": "complete"}',
        '{"type": "ping", "payload": []}',
    ],
)
async def test_message_that_is_none_closes_with_a_reason(place, text):
    async with place.open(init={}) as client:
        await client.connection.send(text)
        code, reason = await client.closed()
    assert code == 4400
    assert reason
    assert place.board.opened == []


async def test_binary_frame_closes(place):
    async with place.open(init={}) as client:
        await client.connection.send(b'{"type": "ping"}')
        assert (await client.closed())[0] == 4400


async def test_message_that_is_too_long_closes(place):
    place.limit(message_bytes=1000)
    async with place.open(init={}) as client:
        await client.subscribe(query="#" + "é" * 600 + "\n{ count { value } }")
        assert (await client.closed())[0] == 4400
    assert place.board.opened == []


# --- operations


async def test_subscription_tells_what_happens_until_it_is_over(place):
    async with place.open(init={}) as client:
        await client.subscribe(**WATCH)
        first = {"data": {"countChanged": {"value": 0}}}
        assert await client.receive() == {"id": "1", "type": "next", "payload": first}
        place.board.set("a", -2)
        last = {"data": {"countChanged": {"value": -2}}}
        assert await client.receive() == {"id": "1", "type": "next", "payload": last}
        assert await client.receive() == {"id": "1", "type": "complete"}
        place.board.set("a", 1)
        await client.subscribe(**WATCH)
        assert (await client.receive())["id"] == "1", "an id may be used again"


async def test_query_and_mutation_are_answered_once(place):
    async with place.open(init={}) as client:
        await client.subscribe("m", query="mutation M($v: Int!) { setCount(value: $v) { value } }", variables={"v": 7})
        await client.subscribe("q", query="query A { count { value } } query B { count { name } }", operationName="B")
        found = [await client.receive() for _ in range(4)]
    assert [item for item in found if item["id"] == "m"] == [
        {"id": "m", "type": "next", "payload": {"data": {"setCount": {"value": 7}}}},
        {"id": "m", "type": "complete"},
    ]
    assert [item for item in found if item["id"] == "q"] == [
        {"id": "q", "type": "next", "payload": {"data": {"count": {"name": "a"}}}},
        {"id": "q", "type": "complete"},
    ]


async def test_operation_that_is_refused_is_an_error_and_the_socket_stays(place):
    async with place.open(init={}) as client:
        await client.subscribe(query="subscription { nothing }")
        refused = await client.receive()
        assert (refused["id"], refused["type"]) == ("1", "error")
        assert refused["payload"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
        await client.subscribe(**WATCH)
        assert (await client.receive())["type"] == "next"


async def test_id_that_is_in_use_closes(place):
    async with place.open(init={}) as client:
        await client.subscribe("x", **WATCH)
        await client.receive()
        await client.subscribe("x", **WATCH)
        assert await client.closed() == (4409, "Subscriber for x already exists")


async def test_client_completes_its_subscription_and_may_use_the_id_again(place):
    async with place.open(init={}) as client:
        await client.subscribe(**WATCH)
        await client.receive()
        await client.send(id="1", type="complete")
        await client.subscribe(**WATCH)
        assert (await client.receive())["type"] == "next"
        await until(lambda: len(place.board.watches) == 1)
        await client.send(id="1", type="complete")
        await client.send(id="unknown", type="complete")
        await until(lambda: not place.board.watches)
        place.board.set("a", 1)
        await client.send(type="ping")
        assert await client.receive() == {"type": "pong"}


async def test_ping_is_answered_with_its_payload_even_before_initialisation(place):
    async with place.open() as client:
        await client.send(type="ping", payload={"is": "there"})
        assert await client.receive() == {"type": "pong", "payload": {"is": "there"}}
        await client.send(type="pong")
        await client.send(type="ping")
        assert await client.receive() == {"type": "pong"}


async def test_sockets_and_subscriptions_that_a_client_leaves_are_forgotten(place):
    async with place.open(init={}) as client:
        for number in range(5):
            await client.subscribe(str(number), **WATCH)
            await client.receive()
        assert (len(place.board.watches), place.metrics.subscriptions) == (5, 5)
        client.connection.transport.abort()
        await until(lambda: not place.board.watches and not place.metrics.sockets)


# --- bounds


async def test_only_so_many_operations_run_on_a_socket(place):
    place.limit(operations=2)
    async with place.open(init={}) as client:
        for identifier in ("1", "2"):
            await client.subscribe(identifier, **WATCH)
            await client.receive()
        await client.subscribe("3", **WATCH)
        refused = await client.receive()
        assert (refused["id"], refused["payload"][0]["extensions"]["code"]) == ("3", "OPERATION_LIMIT")
        await client.send(id="1", type="complete")
        await until(lambda: len(place.board.watches) == 1)
        await client.subscribe("3", **WATCH)
        assert (await client.receive())["type"] == "next"


async def test_only_so_many_sockets_of_a_credential_are_open(place):
    place.limit(per_credential=2)
    async with place.open(init={}), place.open(init={}) as second:
        async with place.open() as third:
            assert (await third.refused())[0] == 4452, "the others were just heard"
        async with place.open(init={"as": "another"}):
            pass
        await second.connection.close()
        await until(lambda: place.server.places.of("somebody") == 1)
        async with place.open(init={}):
            pass


async def test_only_so_many_sockets_are_open(place):
    place.limit(sockets=1)
    async with place.open(init={}), place.open() as second:
        assert (await second.refused())[0] == 4452


async def test_client_whose_sockets_sleep_gets_the_place_of_one_that_does_not_answer(place, monkeypatch):
    """A laptop woke: the sockets that it had are as good as closed, and nobody has noticed yet."""
    monkeypatch.setattr(over_websocket, "_JUST_NOW_S", 0.0)
    place.limit(per_credential=2, answer_s=0.05)
    async with place.open(init={}) as asleep, place.open(init={}) as alive, place.open() as woken:
        await woken.send(type="connection_init")
        assert await alive.receive() == {"type": "ping"}
        await alive.send(type="pong")
        assert await woken.receive() == {"type": "connection_ack"}
        assert await asleep.closed() == (4451, "The client doesn't answer pings.")
        await alive.send(type="ping")
        assert await alive.receive() == {"type": "pong"}, "who answers keeps the place"
    assert place.metrics.dropped == {"4451": 1}


async def test_credential_whose_sockets_all_answer_gets_no_other(place, monkeypatch):
    monkeypatch.setattr(over_websocket, "_JUST_NOW_S", 0.0)
    place.limit(per_credential=1, answer_s=PATIENCE_S)
    async with place.open(init={}) as alive, place.open() as second:
        await second.send(type="connection_init")
        assert await alive.receive() == {"type": "ping"}
        await alive.send(type="pong")
        assert (await second.closed())[0] == 4452


async def test_many_sockets_of_a_woken_client_ask_each_of_the_others_once(place, monkeypatch):
    monkeypatch.setattr(over_websocket, "_JUST_NOW_S", 0.0)
    place.limit(per_credential=3, answer_s=0.2)
    async with AsyncExitStack() as stack:
        asleep = [await stack.enter_async_context(place.open(init={})) for _ in range(3)]
        woken = [await stack.enter_async_context(place.open()) for _ in range(5)]
        for client in woken:
            await client.send(type="connection_init")
        outcomes = sorted([await first_word(client) for client in woken])
        assert outcomes == ["4452", "4452", *["connection_ack"] * 3]
        for client in asleep:
            assert await client.receive() == {"type": "ping"}
            assert (await client.closed())[0] == 4451


async def first_word(client: Client) -> str:
    try:
        return (await client.receive())["type"]
    except ConnectionClosed as closing:
        return str(closing.rcvd.code)


async def test_sockets_without_a_credential_keep_nobody_out(place):
    """More than there is place for, of either kind: whoever comes gets the place of the oldest of them."""
    place.limit(strangers=3, sockets=2, init_s=PATIENCE_S)
    async with AsyncExitStack() as stack:
        crowd = [await stack.enter_async_context(place.open()) for _ in range(7)]
        async with place.open(init={}), place.open(init={"as": "another"}):
            for client in crowd[:4]:
                assert (await client.closed())[0] == 4452
            for client in crowd[-1:]:
                await client.send(type="ping")
                assert await client.receive() == {"type": "pong"}


async def test_network_that_has_most_sockets_without_a_credential_loses_one(place):
    place.limit(strangers=4, init_s=PATIENCE_S)
    networks = iter([("wide", "honest"), *[("wide", "crowd")] * 6])
    place.server.networks = lambda _: next(networks)
    async with place.open() as honest, AsyncExitStack() as stack:
        crowd = [await stack.enter_async_context(place.open()) for _ in range(6)]
        for client in crowd[:3]:
            assert (await client.closed())[0] == 4452
        await honest.acknowledged()


async def test_organisation_that_has_most_sockets_is_refused_when_the_process_has_too_many(place):
    place.limit(sockets=3)
    async with AsyncExitStack() as stack:
        for number in range(3):
            await stack.enter_async_context(place.open(init={"as": f"token {number}", "of": "crowd"}))
        async with place.open() as another:
            assert (await another.refused(**{"as": "token 3", "of": "crowd"}))[0] == 4452
        async with place.open(init={"as": "mia", "of": "harbour"}) as mia:
            await mia.send(type="ping")
            assert await mia.receive() == {"type": "pong"}


async def test_client_that_answers_no_ping_is_closed(place):
    place.limit(init_s=0.2, check_s=0.05)
    async with place.open(init={}) as client:
        assert await client.receive() == {"type": "ping"}
        assert await client.closed() == (4451, "The client doesn't answer pings.")


async def test_client_that_answers_pings_stays(place):
    place.limit(init_s=0.2, check_s=0.02)
    async with place.open(init={}) as client:
        for _ in range(6):
            assert await client.receive() == {"type": "ping"}
            await client.send(type="pong")


# --- who may not be here any more


async def test_revoked_credential_closes_the_idle_socket_at_the_next_check(place):
    place.limit(init_s=0.2, check_s=0.05)
    async with place.open(init={}) as client:
        place.is_revoked = True
        assert await client.closed() == (4403, "You have signed out.")


async def test_revoked_credential_ends_the_subscription_at_the_next_event_and_closes(place):
    async with place.open(init={}) as client:
        await client.subscribe(**WATCH)
        await client.receive()
        place.is_revoked = place.board.is_refused = True
        place.board.set("a", 1)
        ended = await client.receive()
        assert ended["payload"]["errors"][0]["extensions"]["code"] == "GONE"
        assert "data" not in ended["payload"]
        assert await client.receive() == {"id": "1", "type": "complete"}
        assert await client.closed() == (4403, "You have signed out.")
