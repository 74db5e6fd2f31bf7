"""Tell those who pass members' data on that it has changed, in the transaction of the change."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import TypeAlias
from uuid import UUID

from wardship.tenants.access import Access

Listener: TypeAlias = Callable[[Access, Collection[UUID], frozenset[str]], Awaitable[None]]

_listeners: list[Listener] = []


def on_members_changed(listener: Listener) -> Listener:
    """Register a coroutine function that is told of changed members: their ids, and the columns that changed."""
    _listeners.append(listener)
    return listener


async def members_changed(access: Access, member_ids: Collection[UUID], columns: frozenset[str]) -> None:
    """Tell every listener; besides columns of the profile, ``state``, ``groups`` and ``roles`` name what changed.

    Where columns of the profile alone changed, and nobody receives them, there is nobody to tell.
    """
    if member_ids:
        for listener in _listeners:
            await listener(access, member_ids, columns)
