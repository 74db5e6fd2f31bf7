"""Our own nouns as plugins of pluggy: each folder says what it brings, and one list names them.

In core and domain that stands in the folder's module ``noun``, with its tables; in the API in the package itself, which
is loaded whole anyway. A hook is specified on the lowest floor that calls it. It is synchronous and returns plain data;
what takes time is in what it returns.
"""

from __future__ import annotations

import importlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, Final, Protocol, TypeAlias, TypeVar

import pluggy

from wardship.core.clock import Clock
from wardship.core.database.database import Database
from wardship.core.database.personal_data import DeclaredTable
from wardship.core.keys import KeyRing
from wardship.core.notice_kind import NoticeKind
from wardship.core.settings import Settings

_PROJECT: Final = "wardship_nouns"

hookspec: Final = pluggy.HookspecMarker(_PROJECT)
hookimpl: Final = pluggy.HookimplMarker(_PROJECT)

ItemT = TypeVar("ItemT")
KeyT = TypeVar("KeyT")


class Deployment(Protocol):
    """The parts of a deployment that the core uses; ``wardship.tenants.access.Services`` has them."""

    @property
    def settings(self) -> Settings:
        """What the operator set."""
        ...

    @property
    def database(self) -> Database:
        """The pool, under the serving role."""
        ...

    @property
    def clock(self) -> Clock:
        """The present moment."""
        ...

    @property
    def keys(self) -> KeyRing:
        """Encryption and keyed hashes."""
        ...


Tables: TypeAlias = Sequence[type[DeclaredTable]]
NoticeKinds: TypeAlias = Sequence[NoticeKind]
DeploymentSweeps: TypeAlias = Sequence[Callable[[Deployment], Awaitable[None]]]


class RegisteredTwiceError(ValueError):
    """Two nouns bring the same: a fault of the program."""


class CoreHooks(Protocol):
    """What the core asks of each noun."""

    @hookspec
    def wardship_tables(self) -> Tables:
        """Return the noun's tables."""
        ...

    @hookspec
    def wardship_notice_kinds(self) -> NoticeKinds:
        """Return the kinds of notices that the noun tells."""
        ...


class NounManager:
    """The nouns, asked in the order of their list.

    Args:
        modules: full names of the modules in which their hooks stand.
        specifications: classes that specify hooks, besides those of the core.
    """

    def __init__(self, modules: Sequence[str], *specifications: type) -> None:
        self._manager = pluggy.PluginManager(_PROJECT)
        for hooks in (CoreHooks, *specifications):
            self._manager.add_hookspecs(hooks)
        for module in reversed(modules):  # pluggy asks those first that were registered last
            self._manager.register(importlib.import_module(module), module)
        self._manager.check_pending()

    def ask(self, hook: str, **arguments: object) -> list[Any]:
        """Return what each noun that implements a hook answers."""
        answers: list[Any] = getattr(self._manager.hook, hook)(**arguments)
        return answers

    @property
    def tables(self) -> tuple[type[DeclaredTable], ...]:
        """Return the tables of all nouns."""
        return once(self.ask("wardship_tables"))

    @property
    def notice_kinds(self) -> dict[str, NoticeKind]:
        """Return the kinds of notices of all nouns, by name."""
        return once_by_key([{kind.name: kind for kind in kinds} for kinds in self.ask("wardship_notice_kinds")])


def once(answers: Iterable[Iterable[ItemT]]) -> tuple[ItemT, ...]:
    """Return the items of all answers in order.

    Raises:
        RegisteredTwiceError: an item is in two of them.
    """
    items = [item for answer in answers for item in answer]
    if twice := {str(item) for item in items if items.count(item) > 1}:
        raise RegisteredTwiceError(f"Registered by two nouns: {', '.join(sorted(twice))}.")
    return tuple(items)


def once_by_key(answers: Sequence[Mapping[KeyT, ItemT]]) -> dict[KeyT, ItemT]:
    """Return what all answers hold, by key.

    Raises:
        RegisteredTwiceError: a key is in two of them.
    """
    once(answers)
    return {key: item for answer in answers for key, item in answer.items()}
