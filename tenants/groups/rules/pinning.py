"""Changes by hand in a group that a rule fills: said to hold whatever the rule says, or refused."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from wardship.core.errors import ConflictError
from wardship.tenants.access import Access


class GroupFilledByRuleError(ConflictError):
    """A rule fills the group: say that the change is pinned, so that it holds whatever the rule says."""

    code: ClassVar[str] = "GROUP_FILLED_BY_RULE"


async def require_pinned(access: Access, group_id: UUID, *, is_pinned: bool) -> None:
    """Refuse a change by hand in a group that a rule fills, unless it is said to hold whatever the rule says.

    Raises:
        GroupFilledByRuleError: a rule fills the group.
    """
    if not is_pinned and await access.fetchval(
        "select true from group_rule where organisation_id = $1 and group_id = $2", group_id
    ):
        raise GroupFilledByRuleError(
            "A rule fills this group. Pin the change (isPinned), so that it holds whatever the rule says; or change or"
            " end the rule.",
            path=("group_id",),
        )
