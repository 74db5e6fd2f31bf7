"""One sample call for each operation of the schema, from which the permission matrix and the isolation test are made.

Each noun has a module in ``tests/graphql/samples`` with ``SAMPLES`` and, where it needs rows to act on, a coroutine
function ``populate(world)`` that puts their ids into ``world.ids``.
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


def _modules() -> list[Any]:
    names = sorted(module.name for module in pkgutil.iter_modules(samples.__path__))
    return [importlib.import_module(f"tests.graphql.samples.{name}") for name in names]


def all_samples() -> list[Sample]:
    """Return the samples of all nouns."""
    return [sample for module in _modules() for sample in module.SAMPLES]


def all_populate() -> list[Populate]:
    """Return what each noun adds to a world."""
    return [module.populate for module in _modules() if hasattr(module, "populate")]
