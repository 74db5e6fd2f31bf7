"""What requests share of a plan: never an answer, an argument or an object of one of them."""

import ast
import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Any, Generic, TypeVar

import orjson
import pytest
import strawberry
from strawberry.scalars import JSON

from tests.graphql.engine import archive
from wardship.graphql.engine import (
    BatchInfo,
    BatchResult,
    ExecutionRequest,
    GraphQLHandler,
    Limits,
    Operation,
    batch_field,
    field,
    root_field,
)
from wardship.graphql.engine.errors import SchemaFaultError
from wardship.graphql.engine.planning import code
from wardship.graphql.engine.schema.backing import backed_by

pytestmark = pytest.mark.anyio
T = TypeVar("T")


@strawberry.type(description="A box.")
class Box(Generic[T]):
    value: T = field(description="What is in it.")


Boxed = Annotated[Box[int] | Box[str], strawberry.union("Boxed", description="A box of something.")]


@strawberry.interface(description="Whatever is asked.")
class Asked:
    name: str = field(description="Who asks.")

    @batch_field(cost=1, description="What was said.")
    @staticmethod
    async def said(
        parents: Sequence["Asked"], info: BatchInfo[str], word: str = "none", words: list[str] | None = None
    ) -> BatchResult[str]:
        await asyncio.sleep(0)  # let the others go on
        given = list(words or ())
        if words:
            words.clear()
        return [f"{info.context}/{one.name}: {word} {given}" for one in parents]


@strawberry.type(description="Something whose identity goes to the next of its kind as soon as it is gone.")
class Reused:
    name: str = field(description="A name.")

    @batch_field(cost=1, description="What was told.")
    @staticmethod
    async def told(parents: Sequence["Reused"], _info: BatchInfo[str]) -> BatchResult[str]:
        return [f"told {one.name}" for one in parents]

    def __del__(self) -> None:
        GONE.append(self)


GONE: list[Reused] = []


@strawberry.type(description="One that asks.")
class First(Asked):
    @property
    def fresh(self) -> "First":
        return First(name=f"{self.name}'s")

    @property
    def recycled(self) -> Reused:
        made = GONE.pop(0) if GONE else Reused(name="")
        made.name = f"{self.name}'s"
        return made

    other: "First" = field(description="Made at each reading.", source="fresh")
    again: Reused = field(description="Likewise.", source="recycled")


@strawberry.type(description="Another.")
class Second(Asked):
    other: "First" = field(
        description="Made at each reading, too.", source="name", convert=lambda name: First(name=name * 2)
    )


class Nameless(Second):
    """A class that the schema doesn't know."""


@strawberry.type
class Query:
    @root_field(cost=1, size=9, description="Those that ask.")
    async def asked(self, info: strawberry.Info[str, None], kind: int) -> list[Asked | None]:
        await asyncio.sleep(0)
        made = ((First,), (Second,), (Nameless,), (First, Second, Nameless))[kind]
        return [cls(name=f"{info.context}{number}") for number in range(9) for cls in made]

    @root_field(cost=1, description="A box.")
    def box(self, kind: int) -> Boxed:
        return Box(value=kind) if kind else Box(value="text")

    @root_field(cost=1, description="Some JSON.")
    def many(self) -> list[JSON]:
        return [First(name="secret")] * 600


schema = strawberry.Schema(Query, types=[First, Second])


@asynccontextmanager
async def named(request: object, _operation: Operation) -> AsyncIterator[Any]:
    yield request


def handler() -> GraphQLHandler:
    return GraphQLHandler(schema, limits=Limits(compile_share=1.0), context=named)


async def ask(engine: GraphQLHandler, query: str, variables: dict[str, Any], request: str) -> Any:
    return orjson.loads(await engine.execute(ExecutionRequest(query, variables), request))


async def test_requests_that_interleave_get_their_own_answers() -> None:
    query = """
        query ($kind: Int!, $word: String!, $words: [String!], $yes: Boolean!) {
          asked(kind: $kind) {
            __typename name said(word: $word, words: $words) same: said(word: "same", words: ["a"])
            ... on First @include(if: $yes) { other { said(word: $word) } }
            ... on Second { other { name said(words: $words) } }
          }
        }
    """
    given = [
        ({"kind": turn % 4, "word": f"w{turn}", "words": [f"s{turn}"] * (turn % 3), "yes": turn % 2 == 0}, f"r{turn}")
        for turn in range(40)
    ]
    alone = [await ask(handler(), query, *each) for each in given]
    shared = handler()
    together = await asyncio.gather(*(ask(shared, query, *each) for each in given))
    assert together == alone
    assert not any("errors" in one for one in together)
    assert len(shared.plans) == 1


async def test_an_object_is_never_taken_for_one_that_is_gone() -> None:
    answer = await ask(handler(), "{ asked(kind: 0) { name ... on First { again { name told } } } }", {}, "r")
    assert answer["data"]["asked"] == [
        {"name": f"r{number}", "again": {"name": f"r{number}'s", "told": f"told r{number}'s"}} for number in range(9)
    ]


async def test_a_generic_class_does_not_tell_the_type_of_later_values() -> None:
    engine, query = handler(), "query ($kind: Int!) { box(kind: $kind) { __typename } }"
    answers = [await ask(engine, query, {"kind": kind}, "r") for kind in (1, 0, 1)]
    assert [one["data"]["box"]["__typename"] for one in answers] == ["IntBox", "StrBox", "IntBox"]


async def test_a_long_list_gives_no_more_away_than_a_short_one() -> None:
    answer = await ask(handler(), "{ many }", {}, "r")
    assert "data" not in answer
    assert answer["errors"][0]["extensions"]["code"] == "INTERNAL"


async def test_nothing_of_a_document_is_in_the_code_but_as_text() -> None:
    def shape(text: str) -> str:
        tree = ast.parse(text)
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                node.value = ""
        return ast.dump(tree)

    written: list[str] = []
    hostile = ["a", "__import__", "x", "v1", "N0", "m", "NullPropagation", "lambda", "None"]
    for key in hostile:
        engine = handler()
        query = f'{{ {key}: asked(kind: 1) {{ {key}_: name {key}__: said(word: "\\"); import os #") }} }}'
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(code, "compile", lambda *given: _noted(written, *given), raising=False)
            answer = await ask(engine, query, {}, "r")
        assert list(answer["data"]) == [key]
    by_document = len(written) // len(hostile)
    assert len(written) == by_document * len(hostile)
    assert {shape(one) for one in written} == {shape(one) for one in written[:by_document]}
    assert not any("import os" in one for one in written)


def _noted(written: list[str], text: str, *rest: Any) -> Any:
    written.append(text)
    return compile(text, *rest)


async def test_outcomes_of_directives_take_turns_like_new_documents() -> None:
    engine = GraphQLHandler(schema, limits=Limits(compile_share=1e-9, compile_burst=1e-9, seconds=0.05), context=named)
    query = "query ($kind: Int!, $yes: Boolean!) { asked(kind: $kind) { name @include(if: $yes) __typename } }"
    assert "data" in await ask(engine, query, {"kind": 1, "yes": True}, "r")
    assert "data" in await ask(engine, query, {"kind": 2, "yes": True}, "r")
    refused = await ask(engine, query, {"kind": 1, "yes": False}, "r")
    assert [one["extensions"]["code"] for one in refused["errors"]] == ["TOO_MANY_DOCUMENTS"]


async def test_nesting_that_no_limit_counts_is_refused_or_answered() -> None:
    for times in (50, 150, 400, 900):
        nested = "{ asked(kind: 1) " + "{ ... " * times + "{ name }" + " }" * times + " }"
        chain = " ".join(f"fragment F{one} on Asked {{ ...F{one + 1} }}" for one in range(times))
        for query in (nested, f"{{ asked(kind: 1) {{ ...F0 }} }} {chain} fragment F{times} on Asked {{ name }}"):
            answer = await ask(handler(), query, {}, "r")
            assert ("data" in answer) != ("errors" in answer)


def test_a_stand_in_that_is_named_too_late_is_refused() -> None:
    with pytest.raises(SchemaFaultError, match=r"below `strawberry\.type`"):
        backed_by(int)(First)


async def test_a_directive_that_cannot_be_evaluated_fails_every_request_alike() -> None:
    engine = GraphQLHandler(archive.schema, context=archive.desk_of_request)
    query = "query ($m: Boolean = true) { found { ... on Paper { cites { totalCount @include(if: $m) } } } }"
    first, second = [
        await engine.execute(ExecutionRequest(query, {"m": None}), archive.Desk()) for _ in ("first", "second")
    ]
    assert first == second
    assert first.count(b"has invalid value") == 2
