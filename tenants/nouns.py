"""What the domain asks of each noun, and the answers with their types."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Sequence
from functools import cached_property
from types import ModuleType
from typing import Protocol

from litestar import Router

from wardship.core.database.personal_data import DeclaredTable, TableEntry
from wardship.core.errors import WardshipError
from wardship.core.notice_kind import NoticeKind
from wardship.core.nouns import NounManager, hookspec, once, once_by_key
from wardship.tenants import access, declarations
from wardship.tenants.access import DomainListeners, MemberListeners, RuleListeners, Services, Sweeps
from wardship.tenants.obligations.follow_up import FollowUps
from wardship.tenants.obligations.worker import Duties


class DomainHooks(Protocol):
    """What the domain asks of each noun."""

    @hookspec
    def wardship_member_listeners(self) -> MemberListeners:
        """Return what is told, in the transaction of the change, that members have changed."""
        ...

    @hookspec
    def wardship_domain_listeners(self) -> DomainListeners:
        """Return what is told, in the transaction of the change, that a domain has come into another state."""
        ...

    @hookspec
    def wardship_rule_listeners(self) -> RuleListeners:
        """Return what is told, in the transaction of the change, that the organisation's settings have changed."""
        ...

    @hookspec
    def wardship_routes(self, services: Services) -> Sequence[Router]:
        """Return the noun's routes beside GraphQL."""
        ...

    @hookspec
    def wardship_start(self) -> Sweeps:
        """Return what a worker does once, before it works on obligations."""
        ...

    @hookspec
    def wardship_sweeps(self) -> Sweeps:
        """Return what a worker does now and then."""
        ...

    @hookspec
    def wardship_follow_ups(self) -> FollowUps:
        """Return, by verb, what follows from an obligation that was completed."""
        ...


class Nouns:
    """The nouns of core and domain, and what they bring.

    Args:
        names: dotted names of their folders below ``wardship``, in the order in which they are asked.

    Attributes:
        tables: of all of them.
        held: what each table holds, ordered by its name.
        member_listeners: what is told of changed members.
        domain_listeners: what is told of domains in another state.
        rule_listeners: what is told of changed settings of the organisation.
        notice_kinds: the kinds of notices, by name.

    Raises:
        RegisteredTwiceError: two of them bring the same.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._folders = tuple(f"wardship.{name}" for name in names)
        self._manager = NounManager([f"{folder}.noun" for folder in self._folders], DomainHooks)
        self.tables: tuple[type[DeclaredTable], ...] = self._manager.tables
        self.held: tuple[TableEntry, ...] = tuple(sorted((table.held for table in self.tables), key=lambda e: e.name))
        self.member_listeners: MemberListeners = once(self._manager.ask("wardship_member_listeners"))
        self.domain_listeners: DomainListeners = once(self._manager.ask("wardship_domain_listeners"))
        self.rule_listeners: RuleListeners = once(self._manager.ask("wardship_rule_listeners"))
        self.notice_kinds: dict[str, NoticeKind] = self._manager.notice_kinds

    def routes(self, services: Services) -> list[Router]:
        """Return the routes beside GraphQL."""
        return list(once(self._manager.ask("wardship_routes", services=services)))

    @cached_property
    def duties(self) -> Duties:
        """Return what a worker does besides working on obligations."""
        return Duties(
            at_start=once(self._manager.ask("wardship_start")),
            sweeps=once(self._manager.ask("wardship_sweeps")),
            follow_ups=once_by_key(self._manager.ask("wardship_follow_ups")),
        )

    @cached_property
    def refusals(self) -> frozenset[type[WardshipError]]:
        """Return the domain's own refusals: the error classes in its nouns' folders, of an access, of declarations."""
        folders = [name for name in self._folders if name.startswith("wardship.tenants.")]
        return frozenset(
            item
            for module in (access, declarations, *(module for folder in folders for module in _modules(folder)))
            for item in vars(module).values()
            if isinstance(item, type) and issubclass(item, WardshipError) and item.__module__ == module.__name__
        )


def _modules(folder: str) -> Iterator[ModuleType]:
    package = importlib.import_module(folder)
    for found in pkgutil.walk_packages(package.__path__, f"{folder}."):
        yield importlib.import_module(found.name)
