"""Finds entries of a collection by what they say: by the server's search, or by reading them where it has none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from wardship.plugins.dav.collection import Collection

MOST_READ: Final = 200
"""So many entries are read one by one where the server does not search."""

_UID: Final = re.compile(r"^(?:[\w-]+\.)?UID(?:;[^:\r\n]*)?:(.*?)\s*$", re.IGNORECASE | re.MULTILINE)
_FOLD: Final = re.compile(r"\r?\n[ \t]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its name in the collection and what it says."""

    name: str
    content: str

    @property
    def uids(self) -> frozenset[str]:
        """Its UIDs, in lower case (RFC 6350, section 6.7.6; RFC 5545, section 3.8.4.7)."""
        return frozenset(uid.lower() for uid in _UID.findall(_FOLD.sub("", self.content)))


@dataclass(slots=True)
class Entries:
    """The entries of a collection, for one call.

    Attributes:
        uid_query: returns the REPORT body that finds a UID.
        is_late: whether no time is left to read more.
        is_incomplete: the server does not search, and not every entry could be read.
    """

    collection: Collection
    uid_query: Callable[[str], bytes]
    is_late: Callable[[], bool]
    is_incomplete: bool = False
    _can_search: bool = True
    _read: list[Entry] | None = field(default=None)

    async def with_uid(self, uid: str) -> list[Entry]:
        """Return the entries with a UID."""
        return [each for each in await self._candidates(uid) if uid.lower() in each.uids]

    async def with_uid_prefix(self, prefix: str) -> list[Entry]:
        """Return the entries whose UID begins with a text."""
        return [each for each in await self._candidates(prefix) if _begins(each.uids, prefix.lower())]

    async def matching(self, query: bytes) -> list[Entry] | None:
        """Return the entries that a query finds, or all where the server does not search; None when not all are known.

        The caller looks at what each says: servers differ in how they match.
        """
        found = await self._search(query)
        if found is None:
            found = await self._read_all()
        return None if self.is_incomplete else found

    async def _candidates(self, uid: str) -> list[Entry]:
        found = await self._search(self.uid_query(uid))
        return await self._read_all() if found is None else found

    async def _search(self, query: bytes) -> list[Entry] | None:
        if not self._can_search:
            return None
        found = await self.collection.search(query)
        if found is None:
            self._can_search = False
            return None
        return [Entry(each.name, each.data) for each in found if each.name]

    async def _read_all(self) -> list[Entry]:
        """Return what every entry says, as far as there are not too many: read once for a call."""
        if self._read is None:
            self._read = []
            names = await self.collection.names()
            self.is_incomplete = len(names) > MOST_READ
            for name in names[:MOST_READ]:
                if self.is_late():
                    self.is_incomplete = True
                    break
                if (content := await self.collection.read(name)) is not None:
                    self._read.append(Entry(name, content))
        return self._read


def _begins(uids: Iterable[str], prefix: str) -> bool:
    return any(uid.startswith(prefix) for uid in uids)
