"""Which shared content one caller may read: the one way to reach it."""

from __future__ import annotations

from datetime import datetime
from typing import NewType

from wardship.core.errors import NotFoundError
from wardship.tenants.access import Access
from wardship.tenants.groups.visibility import GroupReach, moderated_groups
from wardship.tenants.members.boundary import behind_boundary
from wardship.tenants.parameters import Parameters
from wardship.tenants.permissions import Permission

ReadableContent = NewType("ReadableContent", GroupReach)
"""The shared content that one caller may read."""


def readable_content(access: Access) -> ReadableContent:
    """Return what the caller may read: one's own, and that of the groups of which one is a member now, or all of it.

    Of all of it, what a member who joined by a domain did before is left out, unless he or she has agreed, or the
    caller was in the group when it was shared: who may read all could go into any group afterwards.

    Raises:
        PermissionDeniedError: the caller has no place in the organisation.
    """
    access.require(Permission.MEMBERS_READ)
    return ReadableContent(GroupReach(access, access.may(Permission.CONTENT_READ_ALL)))


def content_condition(reach: ReadableContent, alias: str, author: str, parameters: Parameters) -> str:
    """Return `` and …``: that content by an author, a column of that table, is there and may be read.

    ``$1`` is the organisation.
    """
    present = f" and {alias}.deleted_at is null"
    viewer = parameters.add(reach.access.actor.member_id)
    if reach.is_everything:
        hidden = behind_boundary(f"{alias}.{author}", f"{alias}.created_at")
        return f"{present} and (not {hidden} or {_shared_with(alias, author, viewer, since='own.created_at')})"
    return f"{present} and {_shared_with(alias, author, viewer)}"


def _shared_with(alias: str, author: str, viewer: str, *, since: str = "") -> str:
    """Return what is true of the viewer's own content, and of that of the groups of which the viewer is a member.

    Args:
        alias: of the table of the content.
        author: its column with the author's id.
        viewer: the place of the viewer's id.
        since: what says from when on the viewer is in the group, where only what was shared since then counts.
    """
    then = f" and {since} <= {alias}.created_at" if since else ""
    return (
        f"({alias}.{author} = {viewer}::uuid or exists (select from group_membership own"
        f" where own.organisation_id = $1 and own.group_id = {alias}.group_id and own.left_at is null"
        f" and own.member_id = {viewer}::uuid{then}))"
    )


_AUTHOR = {"p": "author_id", "f": "uploader_id"}


def deleted_condition(access: Access, alias: str, since: datetime, parameters: Parameters) -> str:
    """Return `` and …``: that content was deleted since then, and the caller may restore it.

    The author may what he or she deleted, and who moderates the group what was deleted by others than the author.
    The alias is ``p`` for posts, ``f`` for files.
    """
    own, moderated = deleted_conditions(access, alias, since, parameters)
    scope = moderated_groups(access, f"{alias}.group_id", parameters)
    return f" and ((true{own}) or (true{moderated} and {scope}))"


def deleted_conditions(access: Access, alias: str, since: datetime, parameters: Parameters) -> tuple[str, str]:
    """Return `` and …``: that content was deleted since then by the caller, who is its author; and by others."""
    author, viewer = f"{alias}.{_AUTHOR[alias]}", parameters.add(access.actor.member_id)
    present = f" and {alias}.deleted_at > {parameters.add(since)}"
    hidden = behind_boundary(author, f"{alias}.created_at")
    begins = "own.created_at" if access.may(Permission.CONTENT_READ_ALL) else ""
    shared = _shared_with(alias, _AUTHOR[alias], viewer, since=begins)
    return (
        f"{present} and {alias}.deleted_by = {author} and {author} = {viewer}",
        f"{present} and {alias}.deleted_by <> {author} and (not {hidden} or {shared})",
    )


def post_not_found() -> NotFoundError:
    """Return the one answer for a post that is absent and for one that is not the caller's to read."""
    return NotFoundError("No such post: use the id of one that you can read.", path=("post_id",))


def file_not_found() -> NotFoundError:
    """Return the one answer for a file that is absent and for one that is not the caller's to read."""
    return NotFoundError("No such file: use the id of one that you can read.", path=("file_id",))
