"""Resolvers are called straight where nothing stands before them, and never past what does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import wraps
from typing import Any

import orjson
import strawberry
from graphql import GraphQLError
from strawberry.extensions import FieldExtension
from strawberry.permission import BasePermission
from strawberry.scalars import JSON

from wardship.graphql.engine import ExecutionRequest, GraphQLHandler, root_field
from wardship.graphql.engine.execution import calls as module


class Nobody(BasePermission):
    message = "Nobody may."

    def has_permission(self, _source: Any, _info: Any, **_arguments: Any) -> bool:
        return False


class Louder(FieldExtension):
    def resolve(self, next_: Callable[..., Any], source: Any, info: strawberry.Info, **arguments: Any) -> Any:
        return next_(source, info, **arguments).upper()


@strawberry.input
class Note:
    text: str = "none"
    anything: JSON | None = None


@strawberry.type
class Query:
    @root_field(cost=1, description="It says what it was given, by whatever name.")
    async def told(self, about: strawberry.Info[str, None], note: Note, words: list[JSON] | None = None) -> str:
        said = repr((self, about.context, about.python_name, note, words))
        if words:
            words.clear()
        if note.anything:
            note.anything.clear()
        return said

    @root_field(cost=1, description="All that it may know of its call.")
    async def informed(self, info: strawberry.Info[str, None], number: int = 3) -> list[str]:
        raw = info._raw_info
        return [
            f"{info.context} {info.root_value} {info.field_name} {info.python_name} {info.return_type} {number}",
            f"{info.variable_values} {info.operation.operation.value} {info.path.as_list()} {info.path.typename}",
            str([(one.name, one.alias) for one in info.selected_fields]),
            f"{raw.parent_type} {raw.return_type} {raw.schema is schema._schema} {sorted(raw.fragments)}",
        ]

    @root_field(cost=1, description="It takes nothing.")
    @staticmethod
    def bare() -> str:
        return "bare"

    @root_field(cost=1, description="It wants its source.")
    @staticmethod
    def rooted(root: object) -> str:
        return f"root {root}"

    @root_field(cost=1, description="Its parent is its source.")
    @staticmethod
    def child(one: strawberry.Parent[None]) -> str:
        return f"parent {one}"

    @strawberry.field(permission_classes=[Nobody])
    def forbidden(self) -> str | None:
        raise NotImplementedError

    @strawberry.field(extensions=[Louder()])
    def quiet(self) -> str:
        return "quiet"

    @root_field(cost=1, description="It is wrapped in the schema.")
    def wrapped(self) -> str:
        return "wrapped"


schema = strawberry.Schema(Query)
STRAIGHT = {"told", "informed", "bare", "rooted", "child"}


def twice(resolve: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(resolve)
    def called(*given: Any, **named: Any) -> str:
        return f"{resolve(*given, **named)} {resolve(*given, **named)}"

    return called


FIELDS = schema._schema.query_type.fields  # type: ignore[union-attr]  # it has queries
FIELDS["wrapped"].resolve = twice(FIELDS["wrapped"].resolve)  # type: ignore[arg-type]  # Strawberry made one


@asynccontextmanager
async def context(_request: object, _operation: object) -> AsyncIterator[str]:
    yield "the context"


handler = GraphQLHandler(schema, context=context)


def answer(document: str, variables: dict[str, Any] | None = None) -> Any:
    return orjson.loads(asyncio.run(handler.execute(ExecutionRequest(document, variables or {}))))


def test_resolvers_get_source_info_and_arguments_by_their_own_names() -> None:
    asked = 'query ($text: String!) { told(note: { text: $text, anything: { a: 1 } }, words: ["a"]) bare rooted child }'
    expected = {
        "told": "(None, 'the context', 'told', Note(text='one', anything={'a': 1}), ['a'])",
        "bare": "bare",
        "rooted": "root None",
        "child": "parent None",
    }
    for _ in range(2):  # what a resolver did to its arguments concerns that request only
        assert answer(asked, {"text": "one"}) == {"data": expected}


def test_resolvers_may_know_of_their_call_what_graphql_core_tells(monkeypatch: Any) -> None:
    asked = "query Of($number: Int!) { ...F } fragment F on Query { it: informed(number: $number) }"
    told = answer(asked, {"number": 7})
    assert told["data"]["it"][0].startswith("the context None informed informed")
    assert told["data"]["it"][1] == "{'number': 7} query ['it'] Query"
    monkeypatch.setattr(module, "is_straight", lambda *_given: False)
    stock = GraphQLHandler(schema, context=context)
    assert orjson.loads(asyncio.run(stock.execute(ExecutionRequest(asked, {"number": 7})))) == told


def test_what_is_not_given_has_its_default() -> None:
    asked = "query ($note: Note!, $words: [JSON!]) { told(note: $note, words: $words) }"
    told = answer(asked, {"note": {}})["data"]["told"]
    assert told == "(None, 'the context', 'told', Note(text='none', anything=None), None)"


def test_permissions_extensions_and_wrapped_resolvers_are_not_passed_by() -> None:
    told = answer("{ forbidden quiet wrapped }")
    assert told["data"] == {"forbidden": None, "quiet": "QUIET", "wrapped": "wrapped wrapped"}
    assert [error["path"] for error in told["errors"]] == [["forbidden"]]


def test_the_others_are_called_straight(monkeypatch: Any) -> None:
    def refuse(*_given: object) -> None:
        raise GraphQLError("not straight")

    monkeypatch.setattr(module, "_by_graphql_core", refuse)
    for name in FIELDS:
        asked = "{ told(note: {}) }" if name == "told" else f"{{ {name} }}"
        told = GraphQLHandler(schema, context=context)
        body = orjson.loads(asyncio.run(told.execute(ExecutionRequest(asked))))
        assert ("errors" not in body) == (name in STRAIGHT), name
