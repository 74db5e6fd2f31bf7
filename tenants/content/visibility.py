"""Which shared content one caller may read: the one way to reach it."""

from __future__ import annotations

from typing import NewType

from wardship.core.errors import NotFoundError
from wardship.tenants.access import Access
from wardship.tenants.groups.visibility import GroupReach
from wardship.tenants.parameters import Parameters
from wardship.tenants.permissions import Permission

ReadableContent = NewType("ReadableContent", GroupReach)
"""The shared content that one caller may read."""


def readable_content(access: Access) -> ReadableContent:
    """Return what the caller may read: one's own, and that of the groups of which one is a member now, or all of it.

    Raises:
        PermissionDeniedError: the caller has no place in the organisation.
    """
    access.require(Permission.MEMBERS_READ)
    return ReadableContent(GroupReach(access, access.may(Permission.CONTENT_READ_ALL)))


def content_condition(reach: ReadableContent, group: str, author: str, parameters: Parameters) -> str:
    """Return `` and …``: that content of a group by an author may be read; ``$1`` is the organisation."""
    if reach.is_everything:
        return ""
    viewer = parameters.add(reach.access.actor.member_id)
    return (
        f" and ({author} = {viewer} or exists (select from group_membership own where own.organisation_id = $1"
        f" and own.group_id = {group} and own.left_at is null and own.member_id = {viewer}))"
    )


def post_not_found() -> NotFoundError:
    """Return the one answer for a post that is absent and for one that is not the caller's to read."""
    return NotFoundError("No such post: use the id of one that you can read.", path=("post_id",))
