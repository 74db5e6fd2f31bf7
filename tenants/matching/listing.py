"""Which of the doubtful finds are shown one by one: few texts that do not mention the person may be among them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar

LISTED_PER_THOUSAND: Final = 4
"""How many finds that are only possible are listed for each thousand texts that were read."""

_GroupT = TypeVar("_GroupT")


def room_for(texts: int) -> int:
    """Return how many finds that are only possible are listed, of so many texts."""
    return max(LISTED_PER_THOUSAND, texts * LISTED_PER_THOUSAND // 1000)


def listed_groups(finds: Mapping[_GroupT, int], texts: int) -> frozenset[_GroupT]:
    """Return the groups of possible finds that are listed one by one: the rarest first, within the bound.

    What an organisation writes in text after text is a word there. Its group is left out as a whole, and shown as one.

    Args:
        finds: how many finds there are of each group, such as a form of a name in small letters.
        texts: how many texts were read.
    """
    room, listed = room_for(texts), []
    for group, count in sorted(finds.items(), key=lambda item: (item[1], str(item[0]))):
        room -= count
        if room < 0:
            break
        listed.append(group)
    return frozenset(listed)
