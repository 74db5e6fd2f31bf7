"""How often batch resolvers are called, with which parents, and what they are told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest
import strawberry

from tests.graphql.engine.archive import Desk, desk_of_request, schema
from wardship.graphql.engine import (
    BatchInfo,
    BatchResult,
    ExecutionRequest,
    GraphQLHandler,
    MalformedGlobalIdError,
    batch_field,
    computed_field,
    field,
    root_field,
)
from wardship.graphql.engine.errors import SchemaFaultError

pytestmark = pytest.mark.anyio


async def ask(query: str, desk: Desk, **variables: Any) -> Any:
    handler = GraphQLHandler(schema, context=desk_of_request)
    result = orjson.loads(await handler.execute(ExecutionRequest(query, variables), desk))
    assert "errors" not in result, result
    return result["data"]


async def test_each_relation_is_called_once_per_level() -> None:
    desk = Desk()
    await ask(
        "{ people(first: 5) { edges { node { boss { name partner { id } } partner { name papers { title } } } } } }",
        desk,
    )
    assert desk.calls == [
        ("Person.boss", 5),
        ("Person.partner", 5),
        ("Person.partner", 5),
        ("Person.papers", 5),
    ]


async def test_one_relation_on_different_branches_of_a_level_is_one_call() -> None:
    desk = Desk()
    data = await ask("{ a: person(id: 1) { boss { name } } b: person(id: 3) { chief: boss { nick } } }", desk)
    assert desk.calls == [("Person.boss", 2)]
    assert desk.selections["Person.boss"].fields() == {"name", "nick"}
    assert data == {"a": {"boss": {"name": "person 2"}}, "b": {"chief": {"nick": None}}}


async def test_other_arguments_are_another_call() -> None:
    desk = Desk()
    data = await ask(
        "query ($n: Int!) { person(id: 1) { one: papers(first: 1) { id } same: papers(first: $n) { id } "
        "two: papers(first: 2, which: { newest: true }) { id } } }",
        desk,
        n=1,
    )
    assert desk.calls == [("Person.papers", 1), ("Person.papers", 1)]
    assert data["person"] == {"one": [{"id": "1"}], "same": [{"id": "1"}], "two": [{"id": "2"}, {"id": "1"}]}


async def test_a_relation_of_an_interface_is_one_call_for_all_its_types() -> None:
    desk = Desk()
    data = await ask("{ things { id keeper { name } ... on Paper { again: keeper { id } } } }", desk)
    assert len(desk.calls) == 1
    assert desk.calls[0][1] == 3
    assert data["things"][0] == {"id": "0", "keeper": {"name": "person 3"}, "again": {"id": "3"}}
    assert data["things"][2] is None


async def test_members_of_a_union_are_told_apart() -> None:
    desk = Desk()
    await ask("{ found { ... on Paper { author { id } } ... on Person { boss { id } } } }", desk)
    assert desk.calls == [("Paper.author", 2), ("Person.boss", 2)]


async def test_the_same_object_is_one_parent() -> None:
    shared = leaf(1)
    seen: list[int] = []
    handler = handler_of(shared, shared, leaf(2), seen=seen)
    result = orjson.loads(await handler.execute(ExecutionRequest("{ leaves { id double } }")))
    assert seen == [2]
    assert [one["double"] for one in result["data"]["leaves"]] == ["11", "11", "22"]


async def test_what_is_not_selected_is_not_called() -> None:
    desk = Desk()
    await ask(
        "query ($no: Boolean!) { person { name boss @include(if: $no) { id } ...F @skip(if: true) } } "
        "fragment F on Person { partner { id } }",
        desk,
        no=False,
    )
    assert desk.calls == []


async def test_the_selection_names_python_fields_through_fragments_and_variables() -> None:
    desk = Desk()
    await ask(
        "query ($yes: Boolean!) { person { papers { ...P ... on Thing { id } title @skip(if: $yes) } } } "
        "fragment P on Paper { pages cites { totalCount edges { cursor node { title } } } }",
        desk,
        yes=True,
    )
    papers, cites = desk.selections["Person.papers"], desk.selections["Paper.cites"]
    assert papers.fields() == {"pages", "cites", "id"}
    assert papers.fields("cites.edges.node") == {"title"}
    assert cites.fields() == {"total_count", "edges"}
    assert cites.has("total_count")
    assert cites.has("edges.node.title")
    assert not cites.has("edges.node.pages")
    assert cites.fields("page_info") == frozenset()
    assert cites.at("edges").fields() == {"cursor", "node"}


async def test_the_selection_joins_what_is_selected_on_each_type() -> None:
    desk = Desk()
    await ask("{ person { shelf { ... on Person { keeper { name } } ... on Paper { keeper { id } title } } } }", desk)
    shelf = desk.selections["Person.shelf"]
    assert shelf.fields() == {"keeper", "title"}
    assert shelf.fields("keeper") == {"name", "id"}


async def test_the_count_is_only_worked_out_when_it_is_selected() -> None:
    data = await ask(
        "{ person { papers(first: 1) { with: cites { totalCount } without: cites(first: 1) { __typename } } } }", Desk()
    )
    assert data["person"]["papers"][0]["with"] == {"totalCount": 9}


async def test_root_resolvers_see_their_selection() -> None:
    desk = Desk()
    await ask("{ people { pageInfo { endCursor } edges { node { name boss { id } } } } }", desk)
    selection = desk.selections["Query.people"]
    assert selection.fields("edges.node") == {"name", "boss"}
    assert not selection.has("total_count")


async def test_an_error_of_one_parent_is_that_field_alone() -> None:
    handler = handler_of(leaf(1), leaf(2), leaf(3))
    result = orjson.loads(await handler.execute(ExecutionRequest("{ leaves { picky } }")))
    assert result["data"] == {"leaves": [{"picky": "1"}, {"picky": None}, {"picky": "3"}]}
    (error,) = result["errors"]
    assert error["path"] == ["leaves", 1, "picky"]
    assert error["extensions"] == {"code": "MALFORMED_ID"}


async def test_an_error_of_the_call_is_every_parents(caplog: pytest.LogCaptureFixture) -> None:
    handler = handler_of(leaf(1), leaf(2))
    result = orjson.loads(await handler.execute(ExecutionRequest("{ leaves { broken } }")))
    assert result["data"] == {"leaves": [{"broken": None}, {"broken": None}]}
    assert [error["path"] for error in result["errors"]] == [["leaves", 0, "broken"], ["leaves", 1, "broken"]]
    assert {error["message"] for error in result["errors"]} == {"Something went wrong on our side."}
    assert "secret of the database" not in orjson.dumps(result).decode()
    assert "secret of the database" in caplog.text


async def test_a_wrong_number_of_results_is_an_error_of_every_parent() -> None:
    masked: list[Exception] = []
    handler = handler_of(leaf(1), mask=lambda error, _request: (masked.append(error) or "hidden", {}))
    result = orjson.loads(await handler.execute(ExecutionRequest("{ leaves { short } }")))
    assert result["data"] == {"leaves": [{"short": None}]}
    assert [str(error) for error in masked] == ["Leaf.short answered 0 results for 1 parents."]
    assert handler.metrics.masked == 1


async def test_an_asynchronous_plain_field_is_awaited_after_the_walk() -> None:
    handler = handler_of(leaf(1))
    assert await handler.execute(ExecutionRequest("{ leaves { slow } }")) == b'{"data":{"leaves":[{"slow":"slow 1"}]}}'


async def test_plain_strawberry_execution_resolves_batch_fields_one_by_one() -> None:
    desk = Desk()
    result = await schema.execute("{ people(first: 2) { edges { node { boss { name } } } } }", context_value=desk)
    assert result.errors is None
    assert desk.calls == [("Person.boss", 1), ("Person.boss", 1)]


def test_a_batch_resolver_says_what_it_returns() -> None:
    async def one(_parents: Sequence[Any], _info: BatchInfo) -> str:
        raise NotImplementedError

    declared = batch_field(cost=1, description="Not a sequence.")(one)
    with pytest.raises(SchemaFaultError, match="one element per parent"):
        declared.base_resolver.type  # noqa: B018 (reading it is what fails)


def test_a_computed_field_is_synchronous() -> None:
    with pytest.raises(SchemaFaultError, match="make it a batch_field"):

        @computed_field(cost=0, description="Late.")
        async def late(_self: Any) -> str:
            raise NotImplementedError


@strawberry.type(description="A leaf.")
class Leaf:
    id: strawberry.ID = field(description="Its identity.")

    @batch_field(cost=1, description="Its id, twice.")
    @staticmethod
    async def double(parents: Sequence[Leaf], info: BatchInfo[list[int]]) -> BatchResult[str]:
        info.context.append(len(parents))
        return [one.id * 2 for one in parents]

    @batch_field(cost=1, description="Refuses the second.")
    @staticmethod
    async def picky(parents: Sequence[Leaf], _info: BatchInfo) -> BatchResult[str | None]:
        return [MalformedGlobalIdError("not two") if one.id == "2" else one.id for one in parents]

    @batch_field(cost=1, description="Fails.")
    @staticmethod
    async def broken(_parents: Sequence[Leaf], _info: BatchInfo) -> BatchResult[str | None]:
        raise RuntimeError("secret of the database")

    @batch_field(cost=1, description="Forgets its parents.")
    @staticmethod
    async def short(_parents: Sequence[Leaf], _info: BatchInfo) -> BatchResult[str | None]:
        return []

    @strawberry.field(description="Not a batch field.")
    async def slow(self) -> str:
        return f"slow {self.id}"


def handler_of(*leaves: Leaf, seen: list[int] | None = None, **options: Any) -> GraphQLHandler:
    @strawberry.type
    class Query:
        @root_field(cost=1, description="Leaves.")
        async def leaves(self) -> list[Leaf]:
            return list(leaves)

    @asynccontextmanager
    async def context(_request: Any, _operation: Any) -> AsyncIterator[Any]:
        yield seen

    return GraphQLHandler(strawberry.Schema(Query), context=context, **options)


def leaf(number: int) -> Leaf:
    return Leaf(id=strawberry.ID(str(number)))
