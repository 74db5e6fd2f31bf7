"""Events of a subscription that say only that something changed, and are read when they are executed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, Self, TypeVar

ValueT = TypeVar("ValueT")


@dataclass(frozen=True, slots=True)
class FinalState(Generic[ValueT]):
    """The value after which nothing can change any more: the subscription is complete once it was sent."""

    value: ValueT


@dataclass(frozen=True, slots=True)
class StateEvent:
    """An event that says only that something changed: ``read`` reads what it is now, in the event's context.

    A response that is the same as the last one is not sent again.

    Attributes:
        read: takes the context; gives the field's value, or ``FinalState`` of it.
    """

    read: Callable[[Any], Awaitable[Any]]


class Changing(Protocol):
    """Yields at each change; a subscription closes it at its end."""

    async def __anext__(self) -> object:
        """Wait for the next change."""
        ...

    async def aclose(self) -> None:
        """Stop waiting for changes."""
        ...


class StateStream(AsyncIterator[Any]):
    """The events of a subscription to the state of something: its present state at once, then at every change."""

    def __init__(self, changes: Changing, read: Callable[[Any], Awaitable[Any]]) -> None:
        self._changes = changes
        self._event = StateEvent(read)
        self._is_first = True

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> StateEvent:
        """Return the event, at once the first time and then at each change."""
        if not self._is_first:
            await self._changes.__anext__()
        self._is_first = False
        return self._event

    async def aclose(self) -> None:
        """Stop watching."""
        await self._changes.aclose()
