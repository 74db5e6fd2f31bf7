"""The archive, and objects of which any attribute may be wrong: of the wrong class, null, an error, or raising.

What an attribute holds is worked out from the seed, the object and the name, so that two executions meet the same.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from tests.graphql.engine import archive
from tests.graphql.engine.archive import Desk, Mood
from tests.graphql.engine.odd_values import NUMBERS, SCALARS, Other, Size, fault
from wardship.graphql.engine import (
    BatchInfo,
    BatchResult,
    Connection,
    RefusalError,
    batch_field,
    computed_field,
    page_of,
    root_field,
)
from wardship.graphql.engine import field as plain
from wardship.graphql.engine.schema.backing import backed_by

T = TypeVar("T")
Info = BatchInfo[Desk]
MOST = 23
"""Objects are counted round this number, so that the same one stands at several places."""


class Raised:
    """Marks an attribute that raises when it is read."""

    def __init__(self, error: Exception) -> None:
        self.error = error


class Fresh:
    """Marks an attribute that is made at each reading."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make


class Made:
    """An object whose attributes are worked out when they are first read."""

    desk: Desk
    number: int

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or "desk" not in self.__dict__:
            raise AttributeError(name)
        value = attribute(self, name)
        if isinstance(value, Raised):
            raise value.error
        if isinstance(value, Fresh):
            return value.make()
        self.__dict__[name] = value
        return value


class Row(Made):
    """Stands for an odd object."""

    __match_args__ = ()

    def __repr__(self) -> str:
        return f"row {self.number}"


def chance(desk: Desk, *about: object) -> int:
    return zlib.crc32(repr((desk.seed, about)).encode())


def put(cls: type, desk: Desk, number: int) -> Any:
    made = cls.__new__(cls)
    made.__dict__.update(desk=desk, number=int(number % MOST))
    return made


def odd(desk: Desk, number: int) -> Any:
    """Return the odd object of a number: always the same one in a request, or a new one."""
    number = int(number % MOST)
    kind = chance(desk, "class", number) % 12
    cls = (Odd, Stranger, Even, Other)[kind] if kind < 3 and desk.seed % 3 == 0 else Odd if kind < 6 else Row
    shared = desk.__dict__.setdefault("shared", {})
    if cls is Other:
        return Other()
    if number % 2:
        return shared.setdefault((cls, number), put(cls, desk, number))
    return put(cls, desk, number)


def kept(desk: Desk, number: int) -> Any:
    kind = chance(desk, "kept", number) % 10
    if kind == 0:
        return Other()
    return archive.thing(number) if kind < 4 else odd(desk, number)


def either(desk: Desk, number: int) -> Any:
    kind = chance(desk, "either", number) % 12
    if kind == 0:
        return (5, "text", Other(), archive.paper(1), [])[number % 5]
    return put(Even, desk, number) if kind < 6 else odd(desk, number)


OBJECTS = {"inner": odd, "kept": kept, "either": either, "even": lambda desk, number: put(Even, desk, number)}


def attribute(one: Made, name: str) -> Any:
    """Work out what an attribute holds: sound for the most part, by a chance that grows with the seed."""
    desk = one.desk
    drawn = chance(desk, type(one).__name__, one.number, name)
    about = f"{name} of {one.number}"
    fate = drawn // 7 % (12 + 5 * (desk.seed % 5)) if desk.seed else 99
    if fate == 0:
        return None
    if fate == 1:
        return fault(about, drawn // 1000)
    if fate == 2:
        return Raised(fault(about, drawn // 1000))
    if fate == 3:
        return Other()
    return sound(one, name, drawn)


def sound(one: Made, name: str, drawn: int) -> Any:  # noqa: PLR0911 (one for each kind of value)
    desk, kind = one.desk, name.split("_", maxsplit=1)[0]
    if kind in SCALARS:
        choices = SCALARS[kind]
        return choices[0] if drawn // 3 % 3 and desk.seed % 2 else choices[drawn // 11 % len(choices)]
    if kind.removesuffix("s") in SCALARS:
        choices = SCALARS[kind.removesuffix("s")]
        return listed(drawn, [choices[(drawn + place) // (3 + place) % len(choices)] for place in range(drawn % 5)])
    if kind in OBJECTS:
        make = OBJECTS[kind]
        number = one.number + 1 + drawn % 3
        return Fresh(lambda: make(desk, number)) if drawn // 5 % 6 == 0 else make(desk, number)
    if kind == "grid":
        return [listed(drawn + row, [NUMBERS[(drawn + row + place) % 5] for place in range(2)]) for row in range(3)]
    if kind == "rows":
        return [[odd(desk, drawn + row), None][: 1 + drawn % 2] for row in range(2)]
    if kind == "box":
        return Box(value="text") if drawn % 2 else Box(value=drawn % 100)
    make = OBJECTS[kind.removesuffix("s")]
    items = [spoilt(desk, drawn, place) or make(desk, one.number + place) for place in range(drawn % 4)]
    return listed(drawn, items)


def spoilt(desk: Desk, drawn: int, place: int) -> Any:
    fate = (drawn // 13 + place) % 14 if desk.seed % 4 == 3 else 9
    return fault(f"item {place}", drawn) if fate == 0 else (place,) if fate == 1 else None


def listed(drawn: int, items: list[Any]) -> Any:
    kind = drawn // 17 % 12
    if kind == 0:
        return tuple(items)
    if kind == 1:
        return Fresh(lambda: (item for item in items))
    if kind == 2:
        return dict.fromkeys(range(len(items)), 1).keys() if all(isinstance(one, int) for one in items) else items
    return 5 if kind == 3 and drawn % 3 == 0 else items


def answers(info: Info, parents: Sequence[Any], make: Callable[[Any], Any]) -> list[Any]:
    """Answer each parent on its own, so that a parent that is none spoils no other's answer."""
    done: list[Any] = []
    for parent in parents:
        try:
            one = parent.number + 0
            fate = chance(info.context, info.field_name, one) % 13 if info.context.seed % 3 == 1 else 9
            done.append(fault(f"{info.field_name} of {one}", one) if fate == 0 else None if fate == 1 else make(parent))
        except Exception as error:  # noqa: BLE001 (the error of that parent)
            done.append(error)
    return done


def louder(value: Any) -> Any:
    return value.upper()  # raises for what is no text


def odd_through(value: Any) -> Any:
    """Make a new object at each reading."""
    return put(Row, Desk(value % 50), value)


@strawberry.input(description="What to echo.")
class Wish:
    amount: Decimal | None = plain(cost=0, description="An amount.", default=None)
    sizes: list[Size] = plain(cost=0, description="Sizes.", default_factory=lambda: [Size.SMALL])
    deeper: Wish | None = plain(cost=0, description="More.", default=None)
    word: str = plain(cost=0, description="A word.", default="none")


@strawberry.interface(description="Whatever has a text.")
class Told:
    text: str | None = plain(cost=0, description="A text.")

    @batch_field(cost=1, description="A friend.")
    @staticmethod
    async def friend(parents: Sequence[Told], info: Info) -> BatchResult[Odd | None]:
        return answers(info, parents, lambda one: odd(one.desk, one.number + 2))

    @batch_field(cost=1, description="Something told, too.")
    @staticmethod
    async def teller(parents: Sequence[Told], info: Info) -> BatchResult[Told | None]:
        return answers(info, parents, lambda one: either(one.desk, one.number + 1))


@strawberry.type(description="A box.")
class Box(Generic[T]):
    value: T = plain(cost=0, description="What is in it.")


@strawberry.type(description="Anything may be wrong with it.")
@backed_by(Row)
class Odd(Made, Told):
    text_must: str = plain(cost=0, description="A text.")
    number: int | None = plain(cost=0, description="A number.")
    number_must: int = plain(cost=0, description="A number.")
    ratio: float | None = plain(cost=0, description="A ratio.")
    ratio_must: float = plain(cost=0, description="A ratio.")
    flag: bool | None = plain(cost=0, description="A flag.")
    ident: strawberry.ID | None = plain(cost=0, description="An identity.")
    size: Size | None = plain(cost=0, description="A size.")
    mood: Mood | None = plain(cost=0, description="A mood.")
    mood_must: Mood = plain(cost=0, description="A mood.")
    moment: datetime | None = plain(cost=0, description="A moment.")
    moment_must: datetime = plain(cost=0, description="A moment.")
    day: date | None = plain(cost=0, description="A day.")
    amount: Decimal | None = plain(cost=0, description="An amount.")
    uid: UUID | None = plain(cost=0, description="An identifier.")
    json: JSON | None = plain(cost=0, description="Anything.")
    json_must: JSON = plain(cost=0, description="Anything.")
    texts: list[str] | None = plain(cost=0, description="Texts.")
    texts_must: list[str | None] = plain(cost=0, description="Texts.")
    numbers: list[int | None] | None = plain(cost=0, description="Numbers.")
    moments: list[datetime] | None = plain(cost=0, description="Moments.")
    moods: list[Mood | None] | None = plain(cost=0, description="Moods.")
    amounts: list[Decimal | None] | None = plain(cost=0, description="Amounts.")
    jsons: list[JSON | None] | None = plain(cost=0, description="Things.")
    grid: list[list[int | None] | None] | None = plain(cost=0, description="Rows of numbers.")
    grid_must: list[list[int]] = plain(cost=0, description="Rows of numbers.")
    inner: Odd | None = plain(cost=0, description="Another.")
    inner_must: Odd = plain(cost=0, description="Another.")
    inners: list[Odd] | None = plain(cost=0, description="Others.")
    inners_loose: list[Odd | None] = plain(cost=0, description="Others.")
    rows: list[list[Odd | None] | None] | None = plain(cost=0, description="Rows of others.")
    rows_must: list[list[Odd]] = plain(cost=0, description="Rows of others.")
    kept: Annotated[Kept, "of any kind"] | None = plain(cost=0, description="Something kept.")
    kepts: list[Annotated[Kept, "of any kind"] | None] | None = plain(cost=0, description="Things kept.")
    told_inner: Told | None = plain(cost=0, description="Something told.", source="either_told")
    either: Annotated[Either, "of any kind"] | None = plain(cost=0, description="One of two.")
    eithers: list[Annotated[Either, "of any kind"]] | None = plain(cost=0, description="Some of two.")
    even: Annotated[Even, "of any kind"] | None = plain(cost=0, description="An even one.")
    box: Annotated[Boxed, "of any kind"] | None = plain(cost=0, description="A box.")
    loud: str | None = plain(cost=0, description="A text, louder.", source="text", convert=louder)
    loud_must: str = plain(cost=0, description="A text, louder.", source="inner.text_must", convert=louder)
    anew: Odd | None = plain(cost=0, description="A new one.", source="number", convert=odd_through)

    @computed_field(cost=0, description="A sum.")
    def total(self, more: int = 1) -> int:
        return self.number_must + more  # raises for what is no number

    @computed_field(cost=0, description="Its neighbours.")
    def around(self) -> list[Odd | None] | None:
        return (odd(self.desk, self.number_must + place) for place in range(2))  # type: ignore[return-value]  # a generator, on purpose

    @batch_field(cost=1, description="A friend that must be there.")
    @staticmethod
    async def friend_must(parents: Sequence[Odd], info: Info) -> BatchResult[Odd]:
        return answers(info, parents, lambda one: odd(one.desk, one.number + 1))

    @batch_field(cost=1, description="Friends.", size=3)
    @staticmethod
    async def friends(parents: Sequence[Odd], info: Info, first: int = 2) -> BatchResult[list[Odd | None]]:
        return answers(info, parents, lambda one: [odd(one.desk, one.number + place) for place in range(first)])

    @batch_field(cost=1, description="Whatever it likes.", size=3)
    @staticmethod
    async def likes(
        parents: Sequence[Odd], info: Info, first: int = 3
    ) -> BatchResult[list[Annotated[Either, "of any kind"] | None] | None]:
        return answers(info, parents, lambda one: [either(one.desk, one.number + place) for place in range(first)])

    @batch_field(cost=1, description="A page of friends.")
    @staticmethod
    async def page(parents: Sequence[Odd], info: Info, first: int = 2) -> BatchResult[Connection[Odd] | None]:
        def made(one: Odd) -> Connection[Odd]:
            rows = [odd(one.desk, one.number + place) for place in range(first)]
            total = 9 if info.selection.has("total_count") else None
            return page_of(rows, lambda row: (type(row).__name__, row.text), has_next=True, total_count=total)

        return answers(info, parents, made)

    @batch_field(cost=1, description="What was asked.")
    @staticmethod
    async def echo(
        parents: Sequence[Odd],
        info: Info,
        ratio: float | None = 1.5,
        amount: Decimal | None = None,
        moment: datetime | None = None,
        wish: Wish | None = None,
        words: list[str | None] | None = None,
        must: int = 5,
    ) -> BatchResult[str | None]:
        return answers(info, parents, lambda _: repr((ratio, amount, moment, wish, words, must)))


class Stranger(Odd):
    """A subclass that the schema doesn't know."""


@strawberry.type(description="It has no predicate of its own.")
class Even(Made):
    text: str | None = plain(cost=0, description="A text.")
    number_must: int = plain(cost=0, description="A number.")
    inner: Odd | None = plain(cost=0, description="An odd one.")
    evens: list[Even | None] | None = plain(cost=0, description="Others.")

    @batch_field(cost=1, description="A friend.")
    @staticmethod
    async def friend(parents: Sequence[Even], info: Info) -> BatchResult[Even | None]:
        return answers(info, parents, lambda one: put(Even, one.desk, one.number + 1))


Either = Annotated[Odd | Even, strawberry.union("Either", description="One of two.")]
Kept = Annotated[Odd | archive.Person | archive.Paper, strawberry.union("Kept", description="Something kept.")]
Boxed = Annotated[Box[int] | Box[str], strawberry.union("Boxed", description="A box of something.")]


@strawberry.type(description="What was written.")
class Written:
    odd: Odd | None = plain(cost=0, description="It.")
    odds: list[Odd] = plain(cost=0, description="Others.", default_factory=list)


@strawberry.type
class Query(archive.Query):
    @root_field(cost=1, description="An odd one.")
    async def odd(self, info: strawberry.Info[Desk, None], number: int = 1) -> Odd | None:
        return odd(info.context, number)  # type: ignore[no-any-return]  # anything, on purpose

    @root_field(cost=1, description="An odd one that must be there.")
    def odd_must(self, info: strawberry.Info[Desk, None]) -> Odd:
        return odd(info.context, 2)  # type: ignore[no-any-return]  # likewise

    @root_field(cost=1, size=5, description="Odd ones.")
    async def odds(self, info: strawberry.Info[Desk, None], first: int = 4) -> list[Odd | None] | None:
        return [odd(info.context, number) for number in range(first)]

    @root_field(cost=1, size=5, description="Odd ones, each there.")
    def odds_must(self, info: strawberry.Info[Desk, None]) -> list[Odd]:
        return (odd(info.context, number) for number in range(5, 8))  # type: ignore[return-value]  # a generator, on purpose

    @root_field(cost=1, size=5, description="Some of two.")
    async def eithers(self, info: strawberry.Info[Desk, None]) -> list[Either | None] | None:
        return tuple(either(info.context, number) for number in range(6))  # type: ignore[return-value]  # a tuple, on purpose

    @root_field(cost=1, size=5, description="Things told.")
    async def told(self, info: strawberry.Info[Desk, None]) -> list[Told | None]:
        return [either(info.context, number) for number in range(5)]

    @root_field(cost=1, description="A wish, echoed.")
    def wished(self, wish: Wish, day: date | None = None) -> str:
        return repr((wish, day))


@strawberry.type
class Mutation:
    @root_field(cost=1, description="Write one.")
    async def write(self, info: strawberry.Info[Desk, None], number: int = 3) -> Written:
        if number % 5 == 4:
            raise RefusalError(Written(odd=odd(info.context, number)))
        if number % 5 == 2:
            raise fault(f"writing {number}", number)
        return Written(odd=odd(info.context, number), odds=[odd(info.context, number + place) for place in range(3)])

    @root_field(cost=1, description="Write one, or nothing.")
    def scribble(self, info: strawberry.Info[Desk, None]) -> Odd | None:
        return odd(info.context, 4)  # type: ignore[no-any-return]  # anything, on purpose


schema = strawberry.Schema(Query, Mutation)
