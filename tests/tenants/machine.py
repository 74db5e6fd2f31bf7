"""What leads from one state of a machine to another, and what a machine is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True)
class Operation:
    """A mutation that somebody may call, by the permission matrix."""

    name: str


@dataclass(frozen=True)
class Route:
    """A route beside GraphQL: method and path."""

    name: str


@dataclass(frozen=True)
class Clock:
    """An action that ``requests_due`` demands."""

    name: str


@dataclass(frozen=True)
class Sweep:
    """What a worker does now and then, or once at its start."""

    name: str


@dataclass(frozen=True)
class Work:
    """What a worker does with an obligation or a mail: a function, by module and name."""

    name: str


@dataclass(frozen=True)
class Follows:
    """What happens in the same transaction as the state is entered, so that nobody ever meets the state."""

    name: str


By: TypeAlias = Operation | Route | Clock | Sweep | Work | Follows
Exits: TypeAlias = Mapping[str, Mapping[str, By]]
"""By state: what leads to which state."""


@dataclass(frozen=True)
class Machine:
    """One machine.

    Attributes:
        table: where its states are kept.
        column: which holds the state; None where moments tell it.
        exits: out of every state that can still change.
        ends: the states in which it stays for good.
        transitions: of the product, where it has such a table.
        unused: states that the database allows and nothing enters, with the reason.
        releases: tests that show what is let go of at the end.
    """

    table: str
    column: str | None
    exits: Exits
    ends: frozenset[str]
    transitions: Mapping[str, frozenset[str]] | None = None
    unused: Mapping[str, str] = field(default_factory=dict)
    releases: tuple[str, ...] = ()
