"""A small schema with every shape that execution meets; its data is worked out, and goes wrong where a seed says."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import Annotated, Any

import strawberry

from wardship.graphql.engine import (
    BatchInfo,
    BatchResult,
    Connection,
    Operation,
    batch_field,
    computed_field,
    page_of,
    root_field,
    selection_of,
)
from wardship.graphql.engine import field as plain

PEOPLE = 7


@dataclass
class Desk:
    """What resolvers get: where things go wrong, and who was called."""

    seed: int = 0
    calls: list[tuple[str, int]] = field(default_factory=list)
    selections: dict[str, Any] = field(default_factory=dict)

    def fate(self, *about: object) -> int:
        """Return 0 (goes wrong), 1 (is null) or more (is fine), by the seed."""
        return zlib.crc32(repr((self.seed, about)).encode()) % 9 if self.seed else 9

    def note(self, info: BatchInfo[Desk], parents: Sequence[Any]) -> None:
        name = f"{info.parent_type}.{info.field_name}"
        self.calls.append((name, len(parents)))
        self.selections[name] = info.selection


Info = BatchInfo[Desk]


def settled(desk: Desk, field_name: str, key: object, value: Any, null: Any = None) -> Any:
    """Return a value, null or an error, as the seed says."""
    fate = desk.fate(field_name, key)
    return ValueError(f"{field_name} of {key} is lost") if fate == 0 else null if fate == 1 else value


def person(number: int) -> Person:
    number %= PEOPLE
    nick: Any = ValueError("no nick") if number == 5 else None if number % 3 else f"nick {number}"
    return Person(
        id=strawberry.ID(str(number)),
        name=f"person {number}",
        nick=nick,
        mood=Mood.GLAD if number % 2 else Mood.GRUMPY,
        card=Card(number=number * 10, holder=f"holder {number}"),
        spare=Card(number=number, holder=None) if number % 4 else None,
        tags=["a", "b"][: number % 3],
    )


def paper(number: int) -> Paper:
    return Paper(id=strawberry.ID(str(number)), title=f"paper {number}", pages=number)


def number_of(one: Person | Paper) -> int:
    return int(one.id)


@strawberry.enum(description="How one feels.")
class Mood(Enum):
    GLAD = "glad"
    GRUMPY = "grumpy"


@strawberry.input(description="Which papers.")
class PaperFilter:
    newest: bool = plain(cost=0, description="The newest first.", default=False)
    skip: list[int] = plain(cost=0, description="Leave these out.", default_factory=list)


@strawberry.type(description="A card.")
class Card:
    number: int = plain(cost=0, description="Its number.")
    holder: str | None = plain(cost=0, description="Its holder.")

    @batch_field(cost=1, description="Whoever gave it; it always was somebody.")
    @staticmethod
    async def giver(parents: Sequence[Card], info: Info) -> BatchResult[Person]:
        info.context.note(info, parents)
        return [settled(info.context, "giver", one.number, person(one.number + 1)) for one in parents]


@strawberry.interface(description="Whatever is kept.")
class Thing:
    id: strawberry.ID = plain(cost=0, description="Its identity.")

    @batch_field(cost=1, description="Whoever looks after it.")
    @staticmethod
    async def keeper(parents: Sequence[Thing], info: Info) -> BatchResult[Person | None]:
        info.context.note(info, parents)
        return [
            settled(info.context, "keeper", (type(one).__name__, one.id), person(int(one.id) + 3)) for one in parents
        ]


@strawberry.type(description="Somebody.")
class Person(Thing):
    name: str = plain(cost=0, description="A name.")
    nick: str | None = plain(cost=0, description="A short name.")
    mood: Mood = plain(cost=0, description="How one feels.")
    card: Card = plain(cost=0, description="A card.")
    spare: Card | None = plain(cost=0, description="Another card, with some.")
    tags: list[str] = plain(cost=0, description="Some words.")

    @computed_field(cost=0, description="The name, louder.")
    def shout(self, times: int = 1) -> str:
        return self.name.upper() + "!" * times

    @batch_field(cost=1, description="Whom one answers to.")
    @staticmethod
    async def boss(parents: Sequence[Person], info: Info) -> BatchResult[Person | None]:
        info.context.note(info, parents)
        return [settled(info.context, "boss", one.id, person(number_of(one) + 1)) for one in parents]

    @batch_field(cost=1, description="Whom one works with; everybody has one.")
    @staticmethod
    async def partner(parents: Sequence[Person], info: Info) -> BatchResult[Person]:
        info.context.note(info, parents)
        return [settled(info.context, "partner", one.id, person(number_of(one) + 2)) for one in parents]

    @batch_field(cost=1, description="What one wrote.")
    @staticmethod
    async def papers(
        parents: Sequence[Person], info: Info, first: int = 2, which: PaperFilter | None = None
    ) -> BatchResult[list[Paper]]:
        desk = info.context
        desk.note(info, parents)
        if desk.fate("papers", first) == 0:
            raise ValueError("all papers are lost")
        return [settled(desk, "papers", one.id, papers_of(one, first, which)) for one in parents]

    @batch_field(cost=1, size=3, description="What one keeps; some are missing.")
    @staticmethod
    async def shelf(parents: Sequence[Person], info: Info) -> BatchResult[list[Annotated[Found, "of any kind"] | None]]:
        desk = info.context
        desk.note(info, parents)
        return [
            [settled(desk, "shelf", (one.id, place), thing(number_of(one) + place)) for place in range(3)]
            for one in parents
        ]


def papers_of(one: Person, first: int, which: PaperFilter | None) -> list[Paper]:
    numbers = [number_of(one) + place for place in range(first)]
    if which is not None:
        numbers = sorted((n for n in numbers if n not in which.skip), reverse=which.newest)
    return [paper(number) for number in numbers]


def thing(number: int) -> Person | Paper:
    return person(number) if number % 2 else paper(number)


@strawberry.type(description="Something written.")
class Paper(Thing):
    title: str = plain(cost=0, description="Its title.")
    pages: int = plain(cost=0, description="Its length.")

    @batch_field(cost=1, description="Who wrote it.")
    @staticmethod
    async def author(parents: Sequence[Paper], info: Info) -> BatchResult[Person]:
        info.context.note(info, parents)
        return [settled(info.context, "author", one.id, person(number_of(one) + 1)) for one in parents]

    @batch_field(cost=1, description="What it cites.")
    @staticmethod
    async def cites(
        parents: Sequence[Paper], info: Info, first: int = 2, after: str | None = None
    ) -> BatchResult[Connection[Paper] | None]:
        del after
        desk = info.context
        desk.note(info, parents)
        total = 9 if info.selection.has("total_count") else None
        return [
            settled(
                desk,
                "cites",
                one.id,
                page_of(
                    [paper(number_of(one) + place) for place in range(first)],
                    lambda node: (node.pages,),
                    has_next=True,
                    total_count=total,
                ),
            )
            for one in parents
        ]


Found = Annotated[Person | Paper, strawberry.union("Found", description="What a search finds.")]


@strawberry.type
class Query:
    @root_field(cost=1, description="One person.")
    async def person(self, info: strawberry.Info[Desk, None], id: int = 1) -> Person | None:
        found: Person | None = settled(info.context, "person", id, person(id))
        if isinstance(found, Exception):
            raise found
        return found

    @root_field(cost=1, description="People.")
    async def people(self, info: strawberry.Info[Desk, None], first: int = 3) -> Connection[Person]:
        info.context.selections["Query.people"] = selection_of(info)
        return page_of([person(number) for number in range(first)], lambda node: (node.name,), has_next=True)

    @root_field(cost=1, size=4, description="Things of every kind.")
    def things(self) -> list[Thing | None]:
        return [None if number == 2 else thing(number) for number in range(4)]

    @root_field(cost=1, size=4, description="What a search finds.")
    async def found(self) -> list[Found]:
        return [thing(number) for number in range(4)]

    @root_field(cost=1, size=2, description="People in rows.")
    async def rows(self) -> list[list[Person | None]]:
        return [[person(1), None], [person(2)]]

    @root_field(cost=1, description="Somebody who must be there.")
    async def chief(self, info: strawberry.Info[Desk, None]) -> Person:
        found: Person = settled(info.context, "chief", 0, person(0))
        if isinstance(found, Exception):
            raise found
        return found


schema = strawberry.Schema(Query)


@asynccontextmanager
async def desk_of_request(request: Any, operation: Operation) -> AsyncIterator[Any]:
    """Use the test's desk as the request."""
    del operation
    yield request
