"""Tell other nouns that members have changed, in the transaction of the change."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from wardship.tenants.access import Access

ENDED: Final = "ended"
"""Stands among the columns where the membership ended: what others keep of it ends too."""


async def members_changed(access: Access, member_ids: Collection[UUID], columns: frozenset[str]) -> None:
    """Tell every listener of these members, in the order of the nouns.

    Besides columns of the profile, ``state``, ``groups``, ``roles`` and ``ENDED`` name what changed. Where columns of
    the profile alone changed, and nobody receives them, there is nobody to tell.
    """
    if member_ids:
        for listener in access.services.nouns.member_listeners:
            await listener(access, member_ids, columns)
