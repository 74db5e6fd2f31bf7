"""A relation added without a cost or a batch resolver is found."""

from __future__ import annotations

from collections.abc import Sequence

import strawberry

from tests.graphql.engine.archive import schema
from wardship.graphql.engine import (
    BatchInfo,
    BatchResult,
    Connection,
    batch_field,
    check_schema,
    computed_field,
    field,
    root_field,
)


@strawberry.type(description="Held by another.")
class Held:
    name: str = field(description="Its name.")


@strawberry.type(description="Holds others.")
class Holder:
    free: str = strawberry.field(description="A scalar needs no cost.")
    silent: str
    bare: Held = strawberry.field(description="No cost.")
    many: list[Held] = strawberry.field(description="No cost.")
    declared: Held = field(cost=0, description="All is well.")

    @strawberry.field(description="One at a time.")
    async def fetched(self) -> Held:
        raise NotImplementedError

    @computed_field(cost=1, description="One at a time.")
    def made(self) -> list[Held]:
        raise NotImplementedError

    @root_field(cost=1, description="Takes time.")
    async def slow(self) -> str:
        raise NotImplementedError

    @batch_field(cost=1, description="All is well.")
    @staticmethod
    async def batched(parents: Sequence[Holder], info: BatchInfo) -> BatchResult[list[Held]]:
        raise NotImplementedError

    @batch_field(cost=1, description="Can't be paged.")
    @staticmethod
    async def paged(parents: Sequence[Holder], info: BatchInfo) -> BatchResult[Connection[Held]]:
        raise NotImplementedError


@strawberry.type
class Query:
    @root_field(cost=1, description="All is well.")
    async def holder(self) -> Holder:
        raise NotImplementedError

    @strawberry.field(description="No cost.")
    async def count(self) -> int:
        raise NotImplementedError


def test_a_sound_schema_has_no_faults() -> None:
    assert check_schema(schema) == []


def test_each_fault_is_found_and_says_what_to_do() -> None:
    assert check_schema(strawberry.Schema(Query)) == [
        "Holder.silent: say in `description` what it is",
        "Holder.bare: declare what it costs, with `cost=`",
        "Holder.many: declare what it costs, with `cost=`",
        "Holder.fetched: declare what it costs, with `cost=`",
        "Holder.fetched: it is resolved for one object at a time: make it a batch_field",
        "Holder.made: it is resolved for one object at a time: make it a batch_field",
        "Holder.slow: it is resolved for one object at a time: make it a batch_field",
        "Holder.paged: a connection needs a `first` argument",
        "Query.count: declare what it costs, with `cost=`",
    ]
