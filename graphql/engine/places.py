"""A bounded number of places, for which clients stand in groups: when there are too many, who has most loses one.

So one client that takes places by the thousand takes them from itself, and so does one network, or one organisation
with many tokens, whatever the others have. Nothing is kept of a group that holds no place.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from itertools import islice
from math import inf
from typing import Final, Generic, TypeAlias, TypeVar

HolderT = TypeVar("HolderT", bound=Hashable)

Groups: TypeAlias = Sequence[Hashable]
"""Where a client stands, from its widest group to itself, such as organisation, account and credential."""

_ITSELF: Final = object()
_LOOKED_AT: Final = 16


class Places(Generic[HolderT]):
    """Places of holders, each in its groups.

    Args:
        most: holders at once.
        of_one: of these, of one client, which is everyone with the same groups; as many as there are when not given.
        worth: tells what a place is worth to its holder, where of those that came first the one to whom it is worth
            least loses it; infinite where others shall lose theirs before. When not given, the newest loses it, so that
            those who wait keep their turns.

    Attributes:
        most: see above; may be changed, and holds from the next who takes a place.
    """

    def __init__(
        self, most: int, *, of_one: int | None = None, worth: Callable[[HolderT], float] | None = None
    ) -> None:
        self.most = most
        self._of_one = of_one
        self._worth = worth
        self._all: _Group[HolderT] = _Group()

    def __len__(self) -> int:
        return self._all.size

    def take(self, groups: Groups, holder: HolderT) -> HolderT | None:
        """Give a holder a place; return who lost one for it, which may be the holder itself."""
        path = [self._all, *self._all.made(groups)]
        for group in path:
            group.size += 1
        path[-1].holders[holder] = None
        if self._of_one is not None and path[-1].size > self._of_one:
            return self._lose(list(groups), path[-1])
        if len(self) > self.most:
            return self._lose(*self._largest())
        return None

    def leave(self, groups: Groups, holder: HolderT) -> bool:
        """Take a holder's place back; return whether it had one."""
        path = self._all.found(groups)
        if path is None or holder not in path[-1].holders:
            return False
        self._remove(groups, path, holder)
        return True

    def next(self) -> HolderT:
        """Take back the place of the holder whose turn it is, and put its groups last, each among its like.

        Raises:
            LookupError: nobody holds a place.
        """
        groups, group = [], self._all
        while group.groups:
            name, inner = next(iter(group.groups.items()))
            group.groups.move_to_end(name)
            groups.append(name)
            group = inner
        if not group.holders:
            raise LookupError("Nobody holds a place.")
        holder = next(iter(group.holders))
        self.leave(groups[:-1], holder)
        return holder

    def _largest(self) -> tuple[list[Hashable], _Group[HolderT]]:
        """Return the client that has most, in the group that has most; of equals the last where the newest loses."""
        groups, group = [], self._all
        while group.groups:
            entries = group.groups.items() if self._worth else reversed(group.groups.items())
            name, group = max(entries, key=lambda entry: entry[1].size)
            groups.append(name)
        return groups[:-1], group

    def _lose(self, groups: Groups, client: _Group[HolderT]) -> HolderT:
        holder = next(reversed(client.holders)) if self._worth is None else _least(client.holders, self._worth)
        self.leave(groups, holder)
        return holder

    def _remove(self, groups: Groups, path: list[_Group[HolderT]], holder: HolderT) -> None:
        del path[-1].holders[holder]
        for group in path:
            group.size -= 1
        for above, name, group in zip(path, (*groups, _ITSELF), path[1:], strict=False):
            if not group.size:
                del above.groups[name]
                return


def _least(holders: dict[HolderT, None], worth: Callable[[HolderT], float]) -> HolderT:
    """Return the holder to whom its place is worth least, without looking at thousands for each who comes."""
    found = min(islice(holders, _LOOKED_AT), key=worth)
    return min(holders, key=worth) if worth(found) == inf else found


class _Group(Generic[HolderT]):
    """Groups and clients inside one; a client is a group with holders and without groups, under a name of its own."""

    __slots__ = ("groups", "holders", "size")

    def __init__(self) -> None:
        self.groups: OrderedDict[Hashable, _Group[HolderT]] = OrderedDict()
        self.holders: dict[HolderT, None] = {}
        self.size = 0

    def made(self, groups: Groups) -> list[_Group[HolderT]]:
        """Return the groups below this one on the way to a client, made where they weren't there."""
        path: list[_Group[HolderT]] = [self]
        for name in (*groups, _ITSELF):
            inner = path[-1].groups.get(name)
            if inner is None:
                inner = path[-1].groups[name] = _Group()
            path.append(inner)
        return path[1:]

    def found(self, groups: Groups) -> list[_Group[HolderT]] | None:
        """Return this group and those below it on the way to a client; None when they aren't there."""
        path: list[_Group[HolderT]] = [self]
        for name in (*groups, _ITSELF):
            inner = path[-1].groups.get(name)
            if inner is None:
                return None
            path.append(inner)
        return path
