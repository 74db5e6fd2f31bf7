"""Documents that ask for too much are refused before anything runs, each with its own code."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from graphql import get_introspection_query

from tests.graphql.engine.archive import Desk, desk_of_request, schema
from wardship.graphql.engine import ExecutionRequest, GraphQLHandler, Limits

pytestmark = pytest.mark.anyio


async def code_of(query: str, limits: Limits | None = None, **variables: Any) -> str | None:
    desk = Desk()
    handler = GraphQLHandler(schema, context=desk_of_request, limits=limits)
    result = orjson.loads(await handler.execute(ExecutionRequest(query, variables), desk))
    if "errors" not in result:
        return None
    assert "data" not in result
    assert desk.calls == []
    assert desk.selections == {}
    (error,) = result["errors"]
    code: str = error["extensions"]["code"]
    assert handler.metrics.refused == {code: 1}
    assert handler.metrics.executed == 0
    return code


def nested(depth: int) -> str:
    """Return a query that nests fields ``depth`` deep."""
    return "{ person " + "{ boss " * (depth - 2) + "{ id }" + "}" * (depth - 2) + " }"


@pytest.mark.parametrize(
    ("query", "limits", "code"),
    [
        ("{ person { id } }", {"document_bytes": 17}, None),
        ("{ person { id } }", {"document_bytes": 16}, "DOCUMENT_SIZE_LIMIT"),
        ("{ person { id } }", {"tokens": 6}, None),
        ("{ person { id } }", {"tokens": 5}, "TOKEN_LIMIT"),
        ("#a\n" * 7 + "{ person { id } }", {"tokens": 6}, "TOKEN_LIMIT"),
        (nested(5), {"depth": 5}, None),
        (nested(6), {"depth": 5}, "DEPTH_LIMIT"),
        ("{ person { id name nick } }", {"breadth": 3}, None),
        ("{ person { id ... { name } ...F } } fragment F on Person { nick mood }", {"breadth": 3}, "BREADTH_LIMIT"),
        ("{ person { ...F } } fragment F on Person { boss { id } }", {"fields": 3}, None),
        ("{ person { ...F boss { ...F } } } fragment F on Person { id name }", {"fields": 5}, "FIELD_LIMIT"),
        ("{ a: person { b: id } }", {"aliases": 2}, None),
        ("{ a: person { b: id c: id } }", {"aliases": 2}, "ALIAS_LIMIT"),
        ("{ person { id } things { id } }", {"root_fields": 2}, None),
        ("{ person { id } things { id } found { __typename } }", {"root_fields": 2}, "ROOT_FIELD_LIMIT"),
        ("{ person { id @include(if: true) } }", {"directives": 1}, None),
        ("{ person @skip(if: false) { id @include(if: true) } }", {"directives": 1}, "DIRECTIVE_LIMIT"),
        ("{ person { ... @include(if: true) { id @include(if: true) } } }", {"directives": 1}, "DIRECTIVE_LIMIT"),
    ],
)
async def test_a_limit_is_the_greatest_that_is_allowed(query: str, limits: dict[str, int], code: str | None) -> None:
    assert await code_of(query, Limits(**limits)) == code


async def test_fragments_that_double_each_other_are_measured_in_the_time_of_their_text() -> None:
    doubling = " ".join(f"fragment F{n} on Person {{ ...F{n + 1} ...F{n + 1} }}" for n in range(60))
    assert await code_of(f"{{ person {{ ...F0 }} }} {doubling} fragment F60 on Person {{ id }}") == "BREADTH_LIMIT"


async def test_a_cycle_of_fragments_is_refused_by_validation() -> None:
    query = "{ person { ...A } } fragment A on Person { boss { ...B } } fragment B on Person { boss { ...A } }"
    assert await code_of(query) == "GRAPHQL_VALIDATION_FAILED"


async def test_brackets_without_end_are_refused() -> None:
    wide = Limits(document_bytes=10**7, tokens=10**6)
    assert await code_of("{ person " * 20_000, wide) in {"DEPTH_LIMIT", "GRAPHQL_PARSE_FAILED"}
    assert await code_of(f"{{ person(id: {'[' * 20_000}", wide) in {"DEPTH_LIMIT", "GRAPHQL_PARSE_FAILED"}
    assert await code_of(nested(5_000), wide) in {"DEPTH_LIMIT", "GRAPHQL_PARSE_FAILED"}


@pytest.mark.parametrize(
    ("query", "cost"),
    [
        ("{ person { id name shout } }", 1),
        ("{ person { boss { id } } }", 2),
        # three people, each an object with one relation
        ("{ people(first: 3) { edges { cursor node { boss { id } } } } }", 1 + 3 * (1 + 1)),
        ("{ people { edges { node { id } } pageInfo { endCursor } } }", 1 + 3),
        # a list without `first` counts as long as it says
        ("{ person { shelf { __typename } } }", 1 + 1 + 3),
        ("{ rows { boss { id } } }", 1 + 2 * (1 + 1)),
        ("{ person { papers(first: 4) { cites { totalCount } } } }", 1 + 1 + 4 * (1 + 1 + 10)),
        (
            "{ ...F } fragment F on Query { a: person { ...G } b: person { ...G } } fragment G on Person {boss{id}}",
            4,
        ),
        ("{ things { keeper { id } ... on Paper { author { id } } } }", 1 + 4 * (1 + 1 + 1)),
        ("{ __schema { types { fields { name type { name } } } } }", 0),
    ],
)
async def test_the_cost_is_what_the_fields_declare(query: str, cost: int) -> None:
    assert await code_of(query, Limits(cost=cost)) is None
    if cost:
        assert await code_of(query, Limits(cost=cost - 1)) == "COST_LIMIT"


async def test_the_cost_follows_the_variables() -> None:
    query = "query ($n: Int! = 5) { people(first: $n) { edges { node { papers(first: $n) { id } } } } }"
    cost = 1 + 5 * (1 + 1 + 5)
    assert await code_of(query, Limits(cost=cost)) is None
    assert await code_of(query, Limits(cost=cost - 1)) == "COST_LIMIT"
    assert await code_of(query, Limits(cost=cost - 1), n=4) is None
    assert await code_of(query, Limits(cost=cost), n=6) == "COST_LIMIT"


@pytest.mark.parametrize(("first", "code"), [(0, None), (100, None), (101, "PAGE_SIZE"), (-1, "PAGE_SIZE")])
async def test_a_page_has_a_greatest_length(first: int, code: str | None) -> None:
    assert await code_of(f"{{ people(first: {first}) {{ pageInfo {{ endCursor }} }} }}") == code
    query = "query ($n: Int!) { people(first: $n) { pageInfo { endCursor } } }"
    assert await code_of(query, n=first) == code


async def test_a_page_that_is_skipped_is_checked_all_the_same() -> None:
    assert await code_of("{ people(first: 101) @skip(if: true) { pageInfo { endCursor } } }") == "PAGE_SIZE"


async def test_variables_have_a_greatest_size_and_depth() -> None:
    query = "query ($w: PaperFilter) { person { papers(which: $w) { id } } }"
    assert await code_of(query, Limits(variables_bytes=14), w={"skip": [1]}) == "VARIABLES_SIZE_LIMIT"
    assert await code_of(query, Limits(variables_bytes=18), w={"skip": [1]}) is None
    assert await code_of(query, Limits(variables_depth=3), w={"skip": [1]}) == "VARIABLES_DEPTH_LIMIT"
    assert await code_of(query, Limits(variables_depth=4), w={"skip": [1]}) is None
    deep: Any = 1
    for _ in range(100_000):
        deep = [deep]
    assert await code_of(query, w=deep) == "VARIABLES_DEPTH_LIMIT"


async def test_variables_that_do_not_fit_are_refused() -> None:
    assert await code_of("query ($n: Int!) { person(id: $n) { id } }") == "BAD_USER_INPUT"
    assert await code_of("query ($n: Int!) { person(id: $n) { id } }", n=object()) == "BAD_USER_INPUT"
    assert await code_of("query ($n: Int!) { person(id: $n) { id } }", n="one") == "BAD_USER_INPUT"


async def test_the_usual_introspection_query_passes() -> None:
    query = get_introspection_query(specified_by_url=True, directive_is_repeatable=True, input_value_deprecation=True)
    assert await code_of(query) is None


async def test_introspection_that_multiplies_is_refused() -> None:
    query = "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }"
    assert await code_of(query) == "GRAPHQL_VALIDATION_FAILED"


async def test_introspection_can_be_off_and_then_nothing_is_suggested() -> None:
    handler = GraphQLHandler(schema, introspection=False)
    for query in ("{ __schema { queryType { name } } }", '{ __type(name: "Person") { name } }'):
        result = orjson.loads(await handler.execute(ExecutionRequest(query)))
        assert result["errors"][0]["extensions"] == {"code": "GRAPHQL_VALIDATION_FAILED"}
    result = orjson.loads(await handler.execute(ExecutionRequest("{ persons { id } }")))
    assert result["errors"][0]["message"] == "Cannot query field 'persons' on type 'Query'."
    assert orjson.loads(await handler.execute(ExecutionRequest("{ __typename }"))) == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("query A { person { id } } query B { person { id } }", None),
        ("query A { person { id } }", "B"),
        ("fragment F on Person { id }", None),
        ("subscription { person { id } }", None),
    ],
)
async def test_an_operation_that_cannot_be_chosen_is_refused(query: str, name: str | None) -> None:
    handler = GraphQLHandler(schema)
    result = orjson.loads(await handler.execute(ExecutionRequest(query, operation_name=name)))
    assert "data" not in result
    assert result["errors"][0]["extensions"]["code"] in {"OPERATION_RESOLUTION_FAILURE", "GRAPHQL_VALIDATION_FAILED"}


async def test_the_named_operation_runs() -> None:
    handler = GraphQLHandler(schema, context=desk_of_request)
    asked = ExecutionRequest("query A { person { id } } query B { person { name } }", operation_name="B")
    assert await handler.execute(asked, Desk()) == b'{"data":{"person":{"name":"person 1"}}}'
