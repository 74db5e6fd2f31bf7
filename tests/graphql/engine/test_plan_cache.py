"""Plans are made once per document, and a flood of documents stays within the bounds."""

from __future__ import annotations

import gc
import tracemalloc

import orjson
import pytest
from graphql.execution.values import VariableValues

from tests.graphql.engine.archive import Desk, desk_of_request, schema
from wardship.graphql.engine import ExecutionRequest, GraphQLHandler, Limits

pytestmark = pytest.mark.anyio


def handler_of(**limits: int) -> GraphQLHandler:
    return GraphQLHandler(schema, context=desk_of_request, limits=Limits(compile_share=1.0, **limits))


async def test_a_document_is_compiled_once_whatever_its_variables() -> None:
    handler = handler_of()
    query = "query ($n: Int!) { person(id: $n) { name } }"
    for number in (1, 2):
        body = await handler.execute(ExecutionRequest(query, {"n": number}), Desk())
        assert orjson.loads(body) == {"data": {"person": {"name": f"person {number}"}}}
    assert (handler.metrics.plan_misses, handler.metrics.plan_hits) == (1, 1)


async def test_operations_of_one_document_are_plans_of_their_own() -> None:
    handler = handler_of()
    document = "query A { person { id } } query B { person { name } }"
    bodies = [await handler.execute(ExecutionRequest(document, {}, name), Desk()) for name in ("A", "B")]
    assert bodies == [b'{"data":{"person":{"id":"1"}}}', b'{"data":{"person":{"name":"person 1"}}}']
    assert len(handler.plans) == 2


async def test_the_least_recently_used_plan_goes_first() -> None:
    handler = handler_of(plans=2)
    for query in ("{ a: __typename }", "{ b: __typename }", "{ a: __typename }", "{ c: __typename }"):
        await handler.execute(ExecutionRequest(query))
    assert handler.metrics.plan_misses == 3
    await handler.execute(ExecutionRequest("{ a: __typename }"))
    assert handler.metrics.plan_misses == 3
    await handler.execute(ExecutionRequest("{ b: __typename }"))
    assert handler.metrics.plan_misses == 4


async def test_a_flood_of_documents_pushes_out_none_that_is_used_again() -> None:
    handler = handler_of(plans=50)
    for _ in range(2):
        await handler.execute(ExecutionRequest("{ used: __typename }"))
    for number in range(1_000):
        await handler.execute(ExecutionRequest(f"{{ flood{number}: __typename }}"))
        assert len(handler.plans) <= 50
    misses = handler.metrics.plan_misses
    await handler.execute(ExecutionRequest("{ used: __typename }"))
    assert handler.metrics.plan_misses == misses
    assert len(handler.plans) == 50


async def test_a_flood_of_documents_that_are_sent_twice_stays_within_the_bound_too() -> None:
    handler = handler_of(plans=10)
    for number in range(50):
        for _ in range(2):
            await handler.execute(ExecutionRequest(f"{{ flood{number}: __typename }}"))
    assert len(handler.plans) == 10
    assert handler.plans.bytes == sum(
        plan.weight for plan in (*handler.plans._kept.values(), *handler.plans._tried.values())
    )


async def test_a_plan_keeps_nothing_of_a_request_but_what_its_directives_read() -> None:
    handler = handler_of()
    query = "query ($n: Int!, $yes: Boolean!) { person(id: $n) { name @include(if: $yes) } }"
    await handler.execute(ExecutionRequest(query, {"n": 4, "yes": True}), Desk())
    (program,) = handler.plans.plan(query, None)._programs.values()
    assert program.source.variables.coerced == {"yes": True}
    assert set(program.source.variables.sources) == {"yes"}


async def test_a_plan_keeps_a_few_programs_however_many_outcomes_its_directives_have() -> None:
    handler = handler_of()
    names = [f"v{number}" for number in range(6)]
    query = (
        f"query ({', '.join(f'${name}: Boolean!' for name in names)}) {{ person {{ "
        + " ".join(f"{name}: name @include(if: ${name})" for name in names)
        + " id } }"
    )
    for number in range(2**6):
        given = {name: bool(number >> place & 1) for place, name in enumerate(names)}
        body = orjson.loads(await handler.execute(ExecutionRequest(query, given), Desk()))
        assert body["data"]["person"] == {name: "person 1" for name in names if given[name]} | {"id": "1"}
    assert len(handler.plans.plan(query, None)._programs) == 4


async def test_the_cache_is_bounded_by_memory() -> None:
    handler = handler_of(plan_bytes=150_000)
    for number in range(100):
        await handler.execute(ExecutionRequest(f"{{ a{number}: __typename }}"))
        assert handler.plans.bytes <= 150_000
    assert 3 < len(handler.plans) < 30


async def test_the_estimate_of_a_plans_memory_is_no_less_than_what_it_takes() -> None:
    handler = handler_of(fields=10_000, aliases=10_000, cost=10**9)
    people = "people { edges { cursor node { id name boss { name } papers(first: 3) { title author { id } } } } }"
    await handler.execute(ExecutionRequest("{ __typename }"))
    before = handler.plans.bytes
    documents = [f"{{ a{number}: {people} ...F }} fragment F on Query {{ person {{ id }} }}" for number in range(20)]
    variables = VariableValues({}, {})
    tracemalloc.start()
    for document in documents:
        handler.plans.plan(document, None).program(variables)
    taken = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert taken <= handler.plans.bytes - before <= 4 * taken


async def test_the_errors_of_an_invalid_document_are_remembered_apart_from_plans() -> None:
    handler = handler_of(refusals=2)
    bodies = {await handler.execute(ExecutionRequest("{ nothing }")) for _ in range(3)}
    assert len(bodies) == 1
    assert (handler.metrics.plan_misses, handler.metrics.plan_hits, len(handler.plans)) == (1, 2, 0)
    for number in range(10):
        await handler.execute(ExecutionRequest(f"{{ nothing{number} }}"))
    assert handler.metrics.plan_misses == 11
    await handler.execute(ExecutionRequest("{ nothing }"))
    assert handler.metrics.plan_misses == 12


async def test_an_overlong_document_is_not_kept() -> None:
    handler = handler_of(document_bytes=20)
    for _ in range(2):
        body = await handler.execute(ExecutionRequest("{ __typename }" + " " * 20))
        assert orjson.loads(body)["errors"][0]["extensions"] == {"code": "DOCUMENT_SIZE_LIMIT"}
    assert handler.metrics.plan_misses == 2


async def test_an_operation_that_was_refused_for_its_variables_keeps_its_plan() -> None:
    handler = handler_of()
    query = "query ($n: Int!) { person(id: $n) { name } }"
    await handler.execute(ExecutionRequest(query))
    assert len(handler.plans) == 1
    assert handler.metrics.refused == {"BAD_USER_INPUT": 1}


async def test_a_remembered_refusal_keeps_no_syntax_tree() -> None:
    handler = handler_of(refusals=10)
    await handler.execute(ExecutionRequest("{ nothing }"))
    tracemalloc.start()
    for number in range(3):
        await handler.execute(ExecutionRequest(f"{{ nothing{number} " + "id " * 2_000 + "}"))
    gc.collect()
    taken = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert handler.metrics.refused == {"GRAPHQL_VALIDATION_FAILED": 1, "BREADTH_LIMIT": 3}
    assert taken < 3 * 40_000
