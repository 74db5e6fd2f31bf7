"""What resolvers may use of a request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias
from uuid import UUID

import strawberry

from wardship.tenants.access import Access


@dataclass(slots=True)
class ApiContext:
    """The context of one query, or of one root field of a mutation.

    Attributes:
        access: who calls, and the open transaction, which is read-only for a query.
        seen: whose personal data the answer holds, and which categories; recorded after a query (``data_access``).
        seen_as_staff: whose of it is open to the caller as one of the privacy team alone.
    """

    access: Access
    seen: dict[UUID, frozenset[str]] = field(default_factory=dict)
    seen_as_staff: set[UUID] = field(default_factory=set)

    def note_seen(self, member_id: UUID, categories: frozenset[str], *, as_staff: bool = False) -> None:
        """Note that the answer holds these categories of a member's data."""
        if as_staff:
            self.seen_as_staff.add(member_id)
        known = self.seen.get(member_id)
        self.seen[member_id] = categories if known is None else known | categories


ApiInfo: TypeAlias = strawberry.Info[ApiContext, None]
