"""Ever new documents leave the memory of a process where it was: a plan that is dropped goes at once, and whole."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Iterator
from weakref import ref

import pytest
from graphql.execution.values import VariableValues

from tests.app.programs import ROOT
from tests.graphql.engine.archive import Desk, desk_of_request, schema
from wardship.graphql.engine import ExecutionRequest, GraphQLHandler, Limits

NOTHING = VariableValues({}, {})
PEOPLE = "people { edges { cursor node { id name boss { name } papers(first: 3) { title author { id } } } } }"


@pytest.fixture
def uncollected() -> Iterator[None]:
    """Leave everything to the counting of references."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def handler_of(**limits: int) -> GraphQLHandler:
    return GraphQLHandler(schema, context=desk_of_request, limits=Limits(compile_share=1.0, **limits))


@pytest.mark.usefixtures("uncollected")
def test_plan_that_is_dropped_goes_at_once_with_all_that_it_was_made_of():
    handler = handler_of(plans=1)
    plan = handler.plans.plan(f"{{ a: {PEOPLE} }}", None)
    program = plan.program(NOTHING)
    parts = [ref(one) for one in (program, program.code, program.steps[-1].syntax)]
    del plan, program
    handler.plans.plan("{ __typename }", None)
    assert [part() for part in parts] == [None] * len(parts)


@pytest.mark.usefixtures("uncollected")
def test_new_documents_leave_no_more_objects_than_those_before():
    handler = handler_of(plans=3, refusals=3)

    def send(numbers: range) -> int:
        for number in numbers:
            handler.plans.plan(f"{{ a{number}: {PEOPLE} }}", None).program(NOTHING)
            with pytest.raises(Exception, match="Cannot query field"):
                handler.plans.plan(f"{{ a{number} {PEOPLE} }}", None)
        return len(gc.get_objects())

    send(range(10))
    before = send(range(10, 20))
    assert send(range(20, 60)) - before < 200, "of some 4,000 for each document"


@pytest.mark.anyio
async def test_plan_that_is_dropped_while_it_runs_is_answered():
    handler = handler_of(plans=1)

    query = f"{{ a: {PEOPLE} }}"
    plan = handler.plans.plan(query, None)
    execution = handler._preparation.execution(plan, NOTHING)
    del plan
    handler.plans.plan("{ __typename }", None)
    assert execution.program.steps[-1].above is not None, "who runs it holds it"
    answered = await handler.execute(ExecutionRequest(query), Desk())
    assert answered.startswith(b'{"data":{"a":{"edges":[')


MEASURED = """
import sys
from pathlib import Path
from graphql.execution.values import VariableValues
from wardship.app.application import api_schema
from wardship.app.collector import settled_memory
from wardship.graphql.engine import GraphQLHandler, Limits

def megabytes():
    status = Path("/proc/self/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1024

GROUPS = "groups(first: 3) { edges { node { id name } } }"
PART = f"members(first: 5) {{ edges {{ cursor node {{ id displayName state joinedAt {GROUPS} }} }} }}"
plans = GraphQLHandler(api_schema(), limits=Limits(compile_share=1.0, plan_bytes=8 * 2**20)).plans
with settled_memory():
    for number in range(int(sys.argv[1])):
        document = " ".join(f"m{number}x{place}: {PART}" for place in range(10))
        plans.plan(f"{{ {document} }}", None).program(VariableValues({}, {}))
        if number == int(sys.argv[2]):
            before = megabytes()
print(megabytes() - before)
"""


def test_process_that_compiles_ever_new_documents_grows_no_more_after_the_first():
    """With the whole API and a small cache; before, each of these documents left half a megabyte."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", MEASURED, "120", "30"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=300
    )
    assert float(done.stdout) < 10
