"""One sample call for each operation of the schema, from which the permission matrix and the isolation test are made.

Each noun has a module in ``tests/graphql/samples`` with

- ``SAMPLES``;
- where they need rows to act on, a coroutine function ``populate(world)`` that puts their ids into ``world.ids``;
- where it has tables, for the tests of many rows (``crowd.py``): ``CROWD``, the statements that fill them, and
  ``KEYS``, the letter in the key of each of its types that ``node`` finds;
- where its lists have filters or orders: ``FILTERS``, for each the arguments that find a few of very many rows, the
  last ones of the list; more than one where finding most rows is another matter.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from tests.graphql import samples
from tests.graphql.world import Populate, World


@asynccontextmanager
async def nothing(world: World) -> AsyncIterator[None]:
    """Arrange nothing."""
    del world
    yield


@dataclass(frozen=True, slots=True)
class Sample:
    """A call that succeeds for everybody who may make it.

    Attributes:
        field: the root field, as the schema names it: ``assignRole``.
        document: the operation; of a mutation's payload it selects nothing but ``errors { code }``.
        variables: gives the variables from the ids of a world; every id that the operation takes should be in them.
        around: arranges what only this operation needs (and would be in the way of others) for the time of the call.
    """

    field: str
    document: str
    variables: Callable[[World], dict[str, Any]] = lambda _: {}
    around: Callable[[World], AbstractAsyncContextManager[None]] = nothing


def mutation(
    field: str,
    input_type: str,
    values: Callable[[World], dict[str, Any]],
    around: Callable[[World], AbstractAsyncContextManager[None]] = nothing,
) -> Sample:
    """Return the sample of a mutation that takes one input."""
    document = f"mutation($input: {input_type}!) {{ {field}(input: $input) {{ errors {{ code }} }} }}"
    return Sample(field, document, lambda world: {"input": values(world)}, around)


def query(field: str, document: str, variables: Callable[[World], dict[str, Any]] = lambda _: {}) -> Sample:
    """Return the sample of a query."""
    return Sample(field, document, variables)


def on_subject(world: World) -> dict[str, str]:
    """Return the input of a mutation of the subject."""
    return {"memberId": world.id_of("Member", "subject")}


def on_team(world: World) -> dict[str, str]:
    """Return the input of a mutation of the team."""
    return {"groupId": world.id_of("Group", "team")}


def of_nouns(name: str) -> list[Any]:
    """Return what the nouns' modules that have something of this name have there."""
    nouns = sorted(module.name for module in pkgutil.iter_modules(samples.__path__))
    modules = [importlib.import_module(f"tests.graphql.samples.{noun}") for noun in nouns]
    return [getattr(module, name) for module in modules if hasattr(module, name)]


def all_samples() -> list[Sample]:
    """Return the samples of all nouns."""
    return [sample for samples_of_noun in of_nouns("SAMPLES") for sample in samples_of_noun]


def all_populate() -> list[Populate]:
    """Return what each noun adds to a world."""
    return of_nouns("populate")
