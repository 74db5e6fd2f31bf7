"""Values of every scalar and enum, sound and not, and what a resolver may raise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum
from typing import Any
from uuid import UUID

import strawberry
from graphql import GraphQLError

from tests.graphql.engine.archive import Mood
from wardship.graphql.engine.errors import PageSizeError


class Text(str):
    __slots__ = ()


class Whole(int):
    pass


@dataclass
class Other:
    """Something of none of the schema's classes."""

    text: str = "other"


@strawberry.enum(description="A size.")
class Size(IntEnum):
    SMALL = 1
    LARGE = 2


TEXTS = [
    "plain",
    "",
    'ünï\u2028 "\\\x00',
    Text("sub"),
    5,
    True,
    1.5,
    b"bytes",
    Other(),
    float("nan"),
    [],
    "😀",
    "a" * 99,
]
NUMBERS = [
    0,
    1,
    -1,
    2**31 - 1,
    2**31,
    -(2**31),
    -(2**31) - 1,
    True,
    1.0,
    1.5,
    "7",
    "x",
    Whole(3),
    float("inf"),
    Decimal(4),
]
RATIOS = [
    0.5,
    -0.0,
    1e308,
    1e-320,
    float("nan"),
    float("inf"),
    3,
    True,
    "2.5",
    "x",
    Decimal("1.5"),
    2**70,
    1e22,
    0.1 + 0.2,
]
FLAGS = [True, False, 1, 0, "true", 1.0, float("nan"), Other()]
SIZES: list[Any] = [Size.SMALL, Size.LARGE, 1, 2, 3, True, 1.0, "SMALL", [], Mood.GLAD]
MOODS: list[Any] = [Mood.GLAD, Mood.GRUMPY, "glad", "grumpy", "GLAD", Text("glad"), 5, {}, Size.SMALL]
MOMENTS = [
    datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC),
    datetime(2026, 1, 2, 3, 4, 5, 600000, tzinfo=UTC),
    datetime(2026, 1, 2, 3, 4, 5),  # noqa: DTZ001 (without a timezone, on purpose)
    datetime(2026, 1, 2, tzinfo=timezone(timedelta(hours=5, minutes=30, seconds=15))),
    datetime(2026, 1, 2, tzinfo=timezone(timedelta())),
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    date(2026, 1, 2),
    "2026-01-02",
    5,
]
DAYS = [date(2026, 1, 2), date(1, 1, 1), MOMENTS[1], "2026", 5]
AMOUNTS = [Decimal("1.50"), Decimal("NaN"), Decimal("-0"), Decimal("1E+9"), 5, 1.5, "x", True]
UUIDS = [UUID(int=5), "text", 7]
JSONS: list[Any] = [
    None, {}, [], {"a": [1, {"b": None}]}, "text", 1.5, float("nan"), True, [datetime(2026, 1, 2, tzinfo=UTC)],
    {"deep": [[[[[[1]]]]]]}, (1, 2), Other(), {1: 2}, 2**70, object, Size.LARGE,
]  # fmt: skip
SCALARS = {
    "text": TEXTS, "number": NUMBERS, "ratio": RATIOS, "flag": FLAGS, "size": SIZES, "mood": MOODS, "moment": MOMENTS,
    "day": DAYS, "amount": AMOUNTS, "uid": UUIDS, "json": JSONS, "ident": [*TEXTS, 5, Whole(8)],
}  # fmt: skip


def fault(about: str, kind: int) -> Exception:
    return (
        ValueError(f"{about} is lost"),
        GraphQLError(f"{about} is refused", extensions={"code": "OWN"}),
        PageSizeError(f"{about} is too long"),
        KeyError(about),
        AttributeError(f"{about} is not there"),
        GraphQLError(f"{about} is elsewhere", path=["else", 1, "where"]),
    )[kind % 6]
