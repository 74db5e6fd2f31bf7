"""Which context is open around what: one for a query, one for each mutation, one for the relations under a payload."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest
import strawberry

from wardship.graphql.engine import (
    BatchInfo,
    BatchResult,
    ExecutionRequest,
    GraphQLHandler,
    Limits,
    Operation,
    RefusalError,
    RequestRefusedError,
    batch_field,
    root_field,
)
from wardship.graphql.engine import field as plain

pytestmark = pytest.mark.anyio


@dataclass
class Log:
    """What happened, in order; a context that can't be opened or closed when told so."""

    events: list[str] = field(default_factory=list)
    fail: str = ""
    singles: list[bool] = field(default_factory=list)
    asked: int = 0

    def ask(self) -> None:
        """Ask for one thing, of which a single context gives one only."""
        self.asked += 1
        if self.singles[-1] and self.asked > 1:
            raise ConnectionRefusedError

    @asynccontextmanager
    async def context(self, request: Any, operation: Operation) -> AsyncIterator[Log]:
        name = f"{operation.kind} {operation.field or operation.name} {'reads' if operation.is_read_only else 'writes'}"
        assert request == "the request"
        self.singles.append(operation.is_single)
        if self.fail == f"open {name}":
            raise RequestRefusedError("Sign in first.", code="SIGN_IN", http_status=401)
        self.events.append(f"open {name}")
        self.asked = 0
        try:
            yield self
            operation.asked = self.asked
        except BaseException as error:
            self.events.append(f"undo {name}: {type(error).__name__}")
            raise
        if self.fail == f"close {name}":
            raise ConnectionError("commit failed")
        self.events.append(f"close {name}")


@strawberry.type(description="A note.")
class Note:
    text: str = plain(cost=0, description="Its text.")

    @batch_field(cost=1, description="Its length.")
    @staticmethod
    async def length(parents: Sequence[Note], info: BatchInfo[Log]) -> BatchResult[int | None]:
        info.context.events.append(f"length of {len(parents)}")
        return [ValueError("unknown") if one.text == "bad" else len(one.text) for one in parents]


def _own_copy(note: Note) -> Note | None:
    if note.text == "torn":
        raise KeyError(note.text)
    return None if note.text == "elsewhere" else Note(text=f"copy of {note.text}")


@strawberry.type(description="A note that has been written.")
class Written:
    note: Note = plain(cost=0, description="The note.")

    @batch_field(cost=1, description="Its copy, which may be at hand.", known=lambda parent: _own_copy(parent.note))
    @staticmethod
    async def copy(parents: Sequence[Written], info: BatchInfo[Log]) -> BatchResult[Note | None]:
        info.context.events.append(f"copy of {len(parents)}")
        return [Note(text="fetched") for _ in parents]


@strawberry.type
class Query:
    @root_field(cost=1, description="A note.")
    async def note(self, info: strawberry.Info[Log, None]) -> Note | None:
        info.context.events.append("note")
        return Note(text="kept")

    @root_field(cost=1, description="A note, for which the context is asked as often as said.")
    async def asked(self, info: strawberry.Info[Log, None], often: int = 1) -> Note | None:
        for _ in range(often):
            info.context.ask()
        return Note(text=f"asked {often}")

    @root_field(cost=1, description="The same, whatever becomes of it.")
    async def careless(self, info: strawberry.Info[Log, None], often: int = 1) -> Note:
        with suppress(ConnectionRefusedError):
            for _ in range(often):
                info.context.ask()
        return Note(text=f"asked {info.context.asked}")

    @root_field(cost=1, description="Never ends.")
    async def forever(self) -> int:
        await asyncio.get_running_loop().create_future()
        raise NotImplementedError


@strawberry.type
class Mutation:
    @root_field(cost=1, description="Write a note.")
    async def write(self, info: strawberry.Info[Log, None], text: str) -> Note | None:
        info.context.events.append(f"write {text}")
        if text == "fails":
            raise KeyError(text)
        if text == "refused":
            raise RefusalError(Note(text="told why"))
        return Note(text=text)

    @root_field(cost=1, description="Write a note and its copy.")
    async def write_twice(self, text: str) -> Written:
        return Written(note=Note(text=text))

    @root_field(cost=1, description="Write a note that must be there.")
    async def must_write(self) -> Note:
        raise KeyError("gone")


schema = strawberry.Schema(Query, Mutation)


async def run(query: str, log: Log, **limits: Any) -> dict[str, Any]:
    handler = GraphQLHandler(
        schema, context=log.context, limits=Limits(**limits), mask=lambda error, _request: (repr(error), {"code": "X"})
    )
    result: dict[str, Any] = orjson.loads(await handler.execute(ExecutionRequest(query), "the request"))
    return result


async def test_a_query_runs_in_one_context_that_only_reads() -> None:
    log = Log()
    assert await run("query Two { a: note { length } b: note { text } }", log) == {
        "data": {"a": {"length": 4}, "b": {"text": "kept"}}
    }
    assert log.events == ["open query Two reads", "note", "note", "length of 1", "close query Two reads"]


@pytest.mark.parametrize(
    ("query", "is_single"),
    [
        ("{ asked { text } }", True),
        ("{ __typename asked { text } }", True),
        ("{ ...F } fragment F on Query { asked { text length @skip(if: true) } }", True),
        ("{ a: asked { text } b: asked { text } }", False),
        ("{ asked { text } note { text } }", True),
        ("{ note { text } }", True),
        ("{ asked(often: 2) { text } }", False),
        ("{ asked { text length } }", False),
        ('mutation { write(text: "one") { text length } }', False),
    ],
)
async def test_it_is_learned_that_a_context_is_asked_for_one_thing_at_most(query: str, *, is_single: bool) -> None:
    log = Log()
    handler = GraphQLHandler(schema, context=log.context)
    first = await handler.execute(ExecutionRequest(query), "the request")
    assert True not in log.singles
    log.singles.clear()
    assert await handler.execute(ExecutionRequest(query), "the request") == first
    assert set(log.singles) == {is_single}


@pytest.mark.parametrize("field", ["asked", "careless"])
async def test_a_single_context_that_is_asked_for_more_is_left_and_the_query_run_again(field: str) -> None:
    log = Log()
    handler = GraphQLHandler(schema, context=log.context)
    query = f"query Q($often: Int!) {{ {field}(often: $often) {{ text }} }}"
    answers = [
        orjson.loads(await handler.execute(ExecutionRequest(query, {"often": often}), "the request"))
        for often in (1, 1, 2, 1)
    ]
    assert answers == [{"data": {field: {"text": f"asked {often}"}}} for often in (1, 1, 2, 1)]
    assert log.singles == [False, True, True, False, False]
    assert log.events == ["open query Q reads", "close query Q reads"] * 5


async def test_a_host_that_does_not_say_what_was_asked_opens_no_single_context() -> None:
    opened = []

    @asynccontextmanager
    async def silent(_request: object, operation: Operation) -> AsyncIterator[Log]:
        opened.append(operation.is_single)
        yield Log()

    handler = GraphQLHandler(schema, context=silent)
    for _ in range(3):
        await handler.execute(ExecutionRequest("{ note { text } }"))
    assert opened == [False, False, False]


async def test_a_directive_that_cannot_be_evaluated_is_the_error_of_its_field() -> None:
    log = Log()
    handler = GraphQLHandler(schema, context=log.context)
    query = "query($a: Boolean = true) { asked { text @include(if: $a) } }"
    for _ in range(2):
        result = orjson.loads(await handler.execute(ExecutionRequest(query, {"a": None}), "the request"))
        assert [error["path"] for error in result["errors"]] == [["asked"]]


async def test_each_mutation_has_a_context_of_its_own_and_is_done_before_its_payload_is_read() -> None:
    log = Log()
    result = await run('mutation { a: write(text: "one") { length } b: write(text: "two") { text } }', log)
    assert result == {"data": {"a": {"length": 3}, "b": {"text": "two"}}}
    assert log.events == [
        "open mutation write writes",
        "write one",
        "close mutation write writes",
        "open mutation write reads",
        "length of 1",
        "close mutation write reads",
        "open mutation write writes",
        "write two",
        "close mutation write writes",
    ]


async def test_a_mutation_that_raises_is_undone_and_the_next_still_runs() -> None:
    log = Log()
    result = await run('mutation { a: write(text: "fails") { text } b: write(text: "two") { text } }', log)
    assert result["data"] == {"a": None, "b": {"text": "two"}}
    assert [error["path"] for error in result["errors"]] == [["a"]]
    assert log.events[:3] == ["open mutation write writes", "write fails", "undo mutation write writes: KeyError"]
    assert log.events[-1] == "close mutation write writes"


async def test_a_refusal_is_undone_and_answered() -> None:
    log = Log()
    assert await run('mutation { write(text: "refused") { text } }', log) == {"data": {"write": {"text": "told why"}}}
    assert log.events[-1] == "undo mutation write writes: RefusalError"


async def test_a_mutation_whose_commit_fails_says_so_and_gives_no_payload() -> None:
    log = Log(fail="close mutation write writes")
    result = await run('mutation { write(text: "one") { text } }', log)
    assert result["data"] == {"write": None}
    assert result["errors"][0]["message"] == "ConnectionError('commit failed')"


async def test_an_error_under_a_payload_undoes_nothing() -> None:
    log = Log()
    result = await run('mutation { write(text: "bad") { text length } }', log)
    assert result["data"] == {"write": {"text": "bad", "length": None}}
    assert result["errors"][0]["path"] == ["write", "length"]
    assert "close mutation write writes" in log.events
    assert not any(event.startswith("undo") for event in log.events)


async def test_what_a_payload_knows_is_answered_without_a_context() -> None:
    log = Log()
    assert await run('mutation { writeTwice(text: "hay") { copy { text } } }', log) == {
        "data": {"writeTwice": {"copy": {"text": "copy of hay"}}}
    }
    assert log.events == ["open mutation writeTwice writes", "close mutation writeTwice writes"]


async def test_what_a_payload_does_not_know_is_fetched_beside_what_is_under_the_known() -> None:
    log = Log()
    query = """mutation {
        known: writeTwice(text: "hay") { copy { text length } }
        unknown: writeTwice(text: "elsewhere") { copy { text } }
    }"""
    assert (await run(query, log))["data"] == {
        "known": {"copy": {"text": "copy of hay", "length": 11}},
        "unknown": {"copy": {"text": "fetched"}},
    }
    assert [event for event in log.events if " of " in event] == ["length of 1", "copy of 1"]


async def test_what_a_payload_fails_to_know_is_that_fields_error() -> None:
    answer = await run('mutation { writeTwice(text: "torn") { note { text } copy { text } } }', Log())
    assert answer["data"] == {"writeTwice": {"note": {"text": "torn"}, "copy": None}}
    assert [error["path"] for error in answer["errors"]] == [["writeTwice", "copy"]]


async def test_relations_that_cannot_be_read_after_a_mutation_leave_its_payload() -> None:
    log = Log(fail="open mutation write reads")
    result = await run('mutation { write(text: "one") { text length } }', log)
    assert result["data"] == {"write": {"text": "one", "length": None}}
    assert result["errors"][0]["extensions"] == {"code": "SIGN_IN"}


async def test_a_failure_on_leaving_the_reading_context_is_reported_beside_the_payload() -> None:
    log = Log(fail="close mutation write reads")
    result = await run('mutation { write(text: "one") { length } }', log)
    assert result["data"] == {"write": {"length": 3}}
    assert result["errors"][0]["path"] == ["write"]


async def test_mutations_after_one_that_nulls_everything_do_not_run() -> None:
    log = Log()
    result = await run('mutation { mustWrite { text } write(text: "never") { text } }', log)
    assert result["data"] is None
    assert "write never" not in log.events


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("query Q { note { text } }", "query Q reads"),
        ('mutation { write(text: "x") { text } }', "mutation write writes"),
    ],
)
async def test_a_host_that_refuses_the_request_gives_no_data(query: str, name: str) -> None:
    log = Log(fail=f"open {name}")
    assert await run(query, log) == {"errors": [{"message": "Sign in first.", "extensions": {"code": "SIGN_IN"}}]}
    assert log.events == []


async def test_a_context_that_fails_is_an_answer_without_data() -> None:
    log = Log(fail="close query Q reads")
    result = await run("query Q { note { text } }", log)
    assert result == {"errors": [{"message": "ConnectionError('commit failed')", "extensions": {"code": "X"}}]}


async def test_questions_about_the_schema_open_no_context() -> None:
    log = Log()
    assert await run("{ __typename __schema { queryType { name } } }", log) == {
        "data": {"__typename": "Query", "__schema": {"queryType": {"name": "Query"}}}
    }
    assert await run("mutation { __typename }", log) == {"data": {"__typename": "Mutation"}}
    assert log.events == []


async def test_nothing_is_opened_for_a_document_that_is_refused() -> None:
    log = Log()
    for query in ("{", "{ nothing }", "{ a: note { text } b: note { text } }", "query ($x: Int!) { note { text } }"):
        assert "data" not in await run(query, log, fields=3)
    assert log.events == []


async def test_execution_that_takes_too_long_is_cut_off_and_undone() -> None:
    log = Log()
    result = await run("query Slow { forever }", log, seconds=0.02)
    assert result["errors"][0]["extensions"] == {"code": "EXECUTION_TIMEOUT"}
    assert "data" not in result
    assert log.events == ["open query Slow reads", "undo query Slow reads: CancelledError"]
