"""Who watches what: changes that the database notifies, handed to those who wait for them.

An event says only "this changed": which organisation, what kind of thing, which one. The subscriber reads what it is
now, in a transaction and with permissions of its own, so that nothing is told by the event itself. Events of one thing
that nobody has taken yet are one event: a watch holds at most one, however fast things change.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import ClassVar, Final, Self
from uuid import UUID

from wardship.core.database.notifications import Notifications
from wardship.core.errors import WardshipError

CHANNEL: Final = "wardship_changes"
GAP_S: Final = 0.2
"""Changes that follow within this time are one event."""
PATIENCE_S: Final = 60.0
"""A watch whose event was not taken for so long is dropped at the next change."""


class WatchDroppedError(WardshipError):
    """Changes came and were not taken for too long: read faster, or subscribe again."""

    code: ClassVar[str] = "SUBSCRIBER_TOO_SLOW"


@dataclass(frozen=True, slots=True)
class Topic:
    """What can be watched: one thing of one organisation.

    Attributes:
        kind: the word that the triggers in the migrations use, such as ``request``.
    """

    organisation_id: UUID
    kind: str
    id: UUID

    @property
    def payload(self) -> str:
        """Return what is notified when it changes."""
        return f"{self.organisation_id}:{self.kind}:{self.id}"


class Watch:
    """Waits for changes of some topics; an asynchronous iterator that yields once for each, coalesced.

    It watches from the moment it is made, and uses no connection. Close it with ``aclose``.
    """

    def __init__(self, changes: Changes, keys: tuple[str, ...]) -> None:
        self._changes = changes
        self._keys = keys
        self._due = asyncio.Event()
        self._due_since = 0.0
        self._taken_at = 0.0
        self._dropped = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> None:
        """Wait for a change since the last one taken.

        Raises:
            WatchDroppedError: changes were not taken for too long.
        """
        clock = asyncio.get_running_loop().time
        await self._due.wait()
        if not self._dropped and (rest := self._taken_at + GAP_S - clock()) > 0:
            await asyncio.sleep(rest)
        if self._dropped:
            raise WatchDroppedError("Changes were not taken for too long: read faster, or subscribe again.")
        self._due.clear()
        self._taken_at = clock()

    async def aclose(self) -> None:
        """Stop watching."""
        self._changes.forget(self._keys, self)

    def notice(self, now: float) -> None:
        """Note that there was a change; drop the watch when an earlier one still waits to be taken."""
        if not self._due.is_set():
            self._due_since = now
            self._due.set()
        elif now - self._due_since > PATIENCE_S:
            self._dropped = True
            self._changes.forget(self._keys, self)


class Changes:
    """The watches of this process, by what they watch."""

    def __init__(self, notifications: Notifications) -> None:
        self._notifications = notifications
        self._watches: dict[str, set[Watch]] = {}
        self._is_listening = False

    def __len__(self) -> int:
        return sum(len(watches) for watches in self._watches.values())

    def watch(self, *topics: Topic) -> Watch:
        """Watch something, or several things as one, from now on; the caller has checked that the person may see it.

        Needs a running event loop. Read the present state after this, so that no change falls between.
        """
        if not self._is_listening:
            self._is_listening = True
            self._notifications.listen(CHANNEL, self._heard, self._look_again)
        keys = tuple(topic.payload for topic in topics)
        watch = Watch(self, keys)
        for key in keys:
            self._watches.setdefault(key, set()).add(watch)
        return watch

    def forget(self, keys: tuple[str, ...], watch: Watch) -> None:
        """Take a watch away."""
        for key in keys:
            watches = self._watches.get(key)
            if watches is not None:
                watches.discard(watch)
                if not watches:
                    del self._watches[key]

    def close(self) -> None:
        """Forget every watch."""
        self._watches.clear()
        self._is_listening = False

    def _heard(self, payload: str) -> None:
        self._notice(self._watches.get(payload, ()))

    def _look_again(self) -> None:
        """Tell everybody: what was notified while nobody listened is lost."""
        for watches in list(self._watches.values()):
            self._notice(watches)

    @staticmethod
    def _notice(watches: set[Watch] | tuple[()]) -> None:
        now = asyncio.get_running_loop().time()
        for watch in list(watches):
            watch.notice(now)
