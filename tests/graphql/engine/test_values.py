"""What becomes of values that don't fit, of resolvers that fail, and of annotations that aren't text."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Optional, Union

import orjson
import pytest
import strawberry
from strawberry.scalars import JSON

from wardship.graphql.engine import (
    BatchInfo,
    BatchResult,
    ExecutionRequest,
    GraphQLHandler,
    Limits,
    RequestRefusedError,
    batch_field,
    field,
    root_field,
)

pytestmark = pytest.mark.anyio


@strawberry.type(description="Something odd.")
class Odd:
    number: int = field(description="Not always a number.")
    text: str | None = field(description="Text.", default=None)
    anything: JSON | None = field(description="Whatever JSON holds.", default=None)

    @batch_field(cost=1, description="Those beside it.")
    @staticmethod
    async def beside(parents: Sequence["Odd"], _info: BatchInfo) -> Sequence[list["Odd"]]:
        return [[one] for one in parents]

    @batch_field(cost=1, description="One beside it.")
    @staticmethod
    async def other(parents: Sequence["Odd"], _info: BatchInfo) -> BatchResult[Optional["Odd"]]:
        return [KeyError(one.number) for one in parents]

    @batch_field(cost=1, description="A number beside it.")
    @staticmethod
    async def near(parents: Sequence["Odd"], _info: BatchInfo) -> Sequence[Union[int, ValueError]]:  # noqa: UP007 (both spellings must be read)
        return [one.number for one in parents]

    @strawberry.field(description="Takes its time.")
    async def slow(self) -> int | None:
        await asyncio.get_running_loop().create_future()
        raise NotImplementedError


class Trap(Odd):
    """An object whose attribute can't be read."""

    @property
    def text(self) -> str:
        raise LookupError("no text")

    @text.setter
    def text(self, value: str) -> None:
        pass


async def ask(query: str, *odds: Odd, **options: Any) -> tuple[Any, list[tuple[Any, str, str]]]:
    @strawberry.type
    class Query:
        @root_field(cost=1, description="Odd things.")
        async def odds(self) -> list[Odd | None]:
            return list(odds)

    handler = GraphQLHandler(
        strawberry.Schema(Query), mask=lambda error, _request: (repr(error), {"code": "MASKED"}), **options
    )
    result = orjson.loads(await handler.execute(ExecutionRequest(query)))
    errors = [(error.get("path"), error["message"], error["extensions"]["code"]) for error in result.get("errors", ())]
    return result.get("data"), errors


async def test_a_value_of_another_type_is_masked_and_nulls_what_may_be_null() -> None:
    data, errors = await ask("{ odds { number } }", Odd(number=1), Odd(number="secret"))  # type: ignore[arg-type]  # the fault that is tested
    assert data == {"odds": [{"number": 1}, None]}
    assert [(path, code) for path, _, code in errors] == [(["odds", 1, "number"], "MASKED")]


async def test_null_where_there_must_be_a_value_is_masked() -> None:
    data, errors = await ask("{ odds { text number } }", Odd(number=None, text="a"))  # type: ignore[arg-type]  # the fault that is tested
    assert data == {"odds": [None]}
    message = "TypeError('Cannot return null for non-nullable field Odd.number.')"
    assert errors == [(["odds", 0, "number"], message, "MASKED")]


async def test_a_property_that_raises_is_that_fields_error() -> None:
    data, errors = await ask("{ odds { number text } }", Trap(number=1))
    assert data == {"odds": [{"number": 1, "text": None}]}
    assert errors == [(["odds", 0, "text"], "LookupError('no text')", "MASKED")]


async def test_annotations_that_are_types_are_read_like_those_that_are_text() -> None:
    data, errors = await ask("{ odds { near beside { number } } }", Odd(number=1))
    assert data == {"odds": [{"near": 1, "beside": [{"number": 1}]}]}
    assert errors == []
    assert await ask("{ odds { other { number } } }", Odd(number=1)) == (
        {"odds": [{"other": None}]},
        [(["odds", 0, "other"], "KeyError(1)", "MASKED")],
    )


async def test_a_coroutine_under_a_nulled_object_is_dropped() -> None:
    data, errors = await ask("{ odds { slow number } }", Odd(number=None))  # type: ignore[arg-type]  # the fault that is tested
    assert data == {"odds": [None]}
    assert len(errors) == 1


async def test_a_coroutine_that_was_not_reached_in_time_is_dropped() -> None:
    data, errors = await ask("{ odds { slow } }", Odd(number=1), Odd(number=2), limits=Limits(seconds=0.02))
    assert data is None
    assert [code for _, _, code in errors] == ["EXECUTION_TIMEOUT"]


async def test_what_json_cannot_hold_is_an_answer_without_data() -> None:
    schema = strawberry.Schema(Holder)
    handler = GraphQLHandler(schema, mask=lambda error, _request: (type(error).__name__, {"code": "MASKED"}))
    result = orjson.loads(await handler.execute(ExecutionRequest("{ anything }")))
    assert result == {"errors": [{"message": "TypeError", "extensions": {"code": "MASKED"}}]}


@strawberry.type
class Holder:
    @root_field(cost=1, description="What JSON can't hold.")
    async def anything(self) -> JSON:
        return JSON({"x": object()})

    @root_field(cost=1, description="Fails.")
    async def fails(self) -> int | None:
        raise FAILURE


FAILURE = RuntimeError("the same one")


async def test_an_exception_of_several_fields_is_masked_once() -> None:
    masked: list[Exception] = []

    def mask(error: Exception, request: Any) -> tuple[str, dict[str, Any]]:
        assert request == "the request"
        masked.append(error)
        return "hidden", {"code": "INTERNAL"}

    handler = GraphQLHandler(strawberry.Schema(Holder), mask=mask)
    result = orjson.loads(await handler.execute(ExecutionRequest("{ a: fails b: fails }"), "the request"))
    assert [error["path"] for error in result["errors"]] == [["a"], ["b"]]
    assert masked == [FAILURE]
    assert handler.metrics.masked == 1


async def test_the_usual_mask_tells_an_id_that_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    result = orjson.loads(await GraphQLHandler(strawberry.Schema(Holder)).execute(ExecutionRequest("{ fails }")))
    (error,) = result["errors"]
    assert error["message"] == "Something went wrong on our side."
    assert "the same one" not in orjson.dumps(result).decode()
    assert error["extensions"]["requestId"] in caplog.text
    assert "the same one" in caplog.text


async def test_a_mutation_that_the_host_refuses_after_another_is_that_fields_error() -> None:
    @strawberry.type
    class Mutation:
        @root_field(cost=1, description="Do it.")
        async def do(self) -> bool | None:
            return True

    @asynccontextmanager
    async def context(_request: Any, _operation: Any) -> AsyncIterator[None]:
        opened.append(1)
        if len(opened) > 1:
            raise RequestRefusedError("Too many.", code="TOO_MANY", http_status=429)
        yield

    opened: list[int] = []
    handler = GraphQLHandler(strawberry.Schema(Holder, Mutation), context=context)
    result = orjson.loads(await handler.execute(ExecutionRequest("mutation { a: do b: do }")))
    assert result["data"] == {"a": True, "b": None}
    assert result["errors"][0]["extensions"] == {"code": "TOO_MANY"}


async def test_a_schema_without_mutations_says_so() -> None:
    result = orjson.loads(await GraphQLHandler(strawberry.Schema(Holder)).execute(ExecutionRequest("mutation { do }")))
    assert "data" not in result
    assert result["errors"][0]["extensions"] == {"code": "GRAPHQL_VALIDATION_FAILED"}
