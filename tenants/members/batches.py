"""Acts on many members at once: each is done or refused by itself, by the very rules of an act on one.

An act on one member is a batch of one whose refusal is raised, so that there is no second way to it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from uuid import UUID

from wardship.core.actor import Role
from wardship.core.errors import InvalidInputError, WardshipError
from wardship.tenants.access import Access
from wardship.tenants.members.admins import admin_or_owner_among
from wardship.tenants.members.boundary import frozen_among, member_frozen
from wardship.tenants.members.ranks import require_outranked, roles_of_each
from wardship.tenants.members.read import member_not_found, members_by_ids
from wardship.tenants.members.visibility import visible_members

LARGEST_BATCH: Final = 200


class RowResult(NamedTuple):
    """What became of one of several: done, or the refusal that says why not."""

    id: UUID
    refusal: WardshipError | None = None


def require_small_enough(ids: Sequence[UUID], name: str) -> list[UUID]:
    """Return the ids of a batch, each once and in order.

    Raises:
        InvalidInputError: there are more than 200, or none.
    """
    if not 1 <= len(ids) <= LARGEST_BATCH:
        raise InvalidInputError(f"Name 1 to {LARGEST_BATCH} at a time; this names {len(ids)}.", path=(name,))
    return list(dict.fromkeys(ids))


async def each_by_itself(ids: Sequence[UUID], act: Callable[[UUID], Awaitable[object]]) -> list[RowResult]:
    """Do an act on each, and tell what became of it; for acts that refuse before they change anything.

    They are done in one order, whoever calls, so that two calls can't wait for each other.
    """
    refusals: dict[UUID, WardshipError] = {}
    for identifier in sorted(ids):
        try:
            await act(identifier)
        except WardshipError as refusal:
            refusals[identifier] = refusal
    return [RowResult(identifier, refusals.get(identifier)) for identifier in ids]


@dataclass
class Batch:
    """Members that one act is about.

    Attributes:
        ids: all of them, in order.
        refusals: why it is not done to some of them.
        roles: what each of them holds, those whom the caller outranks.
    """

    ids: list[UUID]
    refusals: dict[UUID, WardshipError] = field(default_factory=dict)
    roles: dict[UUID, frozenset[Role]] = field(default_factory=dict)

    @property
    def left(self) -> list[UUID]:
        """Return those whom nothing refuses yet."""
        return [member_id for member_id in self.ids if member_id not in self.refusals]

    def refuse_where(self, ids: Collection[UUID], refusal: Callable[[], WardshipError]) -> None:
        """Refuse these, unless they were refused before."""
        self.refusals |= {member_id: refusal() for member_id in self.left if member_id in ids}

    def check_each(self, check: Callable[[UUID], object]) -> None:
        """Refuse those for whom a check raises."""
        for member_id in self.left:
            try:
                check(member_id)
            except WardshipError as refusal:
                self.refusals[member_id] = refusal

    async def keep_visible(self, access: Access) -> None:
        """Refuse those who are absent, or not the caller's to see."""
        found = await members_by_ids(visible_members(access), self.ids, ())
        self.refuse_where(set(self.ids) - found.keys(), member_not_found)

    async def keep_outranked(self, access: Access) -> None:
        """Refuse the caller, and those who rank as high."""
        self.roles = await roles_of_each(access, self.left)
        self.check_each(lambda member_id: require_outranked(access, member_id, self.roles[member_id]))

    async def keep_thawed(self, access: Access, *, is_removal: bool = False) -> None:
        """Refuse those who joined by a domain that is not proven now; a removal, as long as it can be proven again."""
        self.refuse_where(await frozen_among(access, self.left, is_removal=is_removal), member_frozen)

    async def keep_an_admin(self, access: Access) -> None:
        """Refuse the owner, and those without whom nobody would be left to administer the organisation."""
        self.refusals |= await admin_or_owner_among(access, self.left)

    def results(self) -> list[RowResult]:
        """Return what became of each."""
        return [RowResult(member_id, self.refusals.get(member_id)) for member_id in self.ids]

    def raise_refusal(self) -> None:
        """Raise the refusal of the one member that this is about, if there is one.

        Raises:
            WardshipError: what refuses the act.
        """
        for refusal in self.refusals.values():
            raise refusal
