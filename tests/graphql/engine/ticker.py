"""A small schema that changes: counts that a test moves, and a record of the contexts that were opened for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Self

import strawberry

from wardship.graphql.engine import (
    BatchInfo,
    FinalState,
    Operation,
    RequestRefusedError,
    StateStream,
    batch_field,
    root_field,
    subscription_field,
)
from wardship.graphql.engine import field as plain


@dataclass
class Board:
    """What resolvers get: counts by name, and who waits for them to change."""

    counts: dict[str, int] = field(default_factory=lambda: {"a": 0})
    open: int = 0
    opened: list[str] = field(default_factory=list)
    watches: list[Changes] = field(default_factory=list)
    is_refused: bool = False
    padding: str = ""
    asks: int = 1
    asked: int = 0
    is_single: bool = False

    def ask(self) -> None:
        """Ask the open context for as many things as the test says; a single one gives one only."""
        for _ in range(self.asks):
            self.asked += 1
            if self.is_single and self.asked > 1:
                raise ConnectionRefusedError

    def set(self, name: str, value: int) -> None:
        self.counts[name] = value
        for watch in self.watches:
            watch.due.set()


class Changes:
    """Yields once for all changes since the last time."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.due = asyncio.Event()
        self.error: Exception | None = None
        board.watches.append(self)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> None:
        await self.due.wait()
        self.due.clear()
        if self.error:
            raise self.error

    async def aclose(self) -> None:
        if self in self.board.watches:
            self.board.watches.remove(self)


@strawberry.type(description="A count.")
class Count:
    name: str = plain(cost=0, description="Its name.")
    value: int = plain(cost=0, description="How far it is.")
    padding: str = plain(cost=0, description="As long as a test wants.", default="")

    @batch_field(cost=1, description="The double, looked up.")
    @staticmethod
    async def double(parents: Sequence[Count], info: BatchInfo[Board]) -> Sequence[int]:
        assert info.context.open == 1
        return [2 * parent.value for parent in parents]

    @batch_field(cost=1, description="Never there.")
    @staticmethod
    async def broken(parents: Sequence[Count], info: BatchInfo[Board]) -> Sequence[int | Exception | None]:
        del info
        return [ValueError("the secret") for _ in parents]


@strawberry.type
class Query:
    @root_field(cost=1, description="One count.")
    async def count(self, info: strawberry.Info[Board, None], name: str = "a") -> Count:
        return Count(name=name, value=info.context.counts[name])


@strawberry.type
class Mutation:
    @root_field(cost=1, description="Set a count.")
    async def set_count(self, info: strawberry.Info[Board, None], value: int, name: str = "a") -> Count:
        info.context.set(name, value)
        return Count(name=name, value=value)


@strawberry.type
class Subscription:
    @subscription_field(cost=2, description="A count, until it is negative.")
    async def count_changed(self, info: strawberry.Info[Board, None], name: str = "a") -> AsyncIterator[Count]:
        board = info.context
        assert board.open == 1
        board.ask()
        if name not in board.counts:
            raise KeyError(name)

        async def read(context: Board) -> Count | FinalState[Count]:
            assert context.open == 1
            context.ask()
            value = context.counts[name]
            if value == 999:
                raise ValueError("the secret")
            shown = Count(name=name, value=value, padding=board.padding)
            return FinalState(shown) if value < 0 else shown

        return StateStream(Changes(board), read)

    @subscription_field(cost=1, description="Some numbers, one after the other.")
    async def numbers(self, upto: int = 3) -> AsyncIterator[int]:
        async def counted() -> AsyncIterator[int]:
            for number in range(upto):
                yield number

        return counted()

    @subscription_field(cost=30_000, description="More than is allowed.")
    async def dear(self) -> AsyncIterator[int]:
        raise AssertionError("never called")


schema = strawberry.Schema(Query, Mutation, Subscription)


def _how(operation: Operation) -> str:
    return (" reads" if operation.is_read_only else "") + (" one thing" if operation.is_single else "")


@asynccontextmanager
async def board_of_request(request: Any, operation: Operation) -> AsyncIterator[Board]:
    """Use the test's board as the request, and note what is open."""
    if request.is_refused:
        raise RequestRefusedError("You have gone.", code="GONE", http_status=401)
    request.opened.append(f"{operation.kind} {operation.field}{_how(operation)}")
    request.open += 1
    request.asked, request.is_single = 0, operation.is_single
    try:
        yield request
    finally:
        operation.asked = request.asked
        request.open -= 1
