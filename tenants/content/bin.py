"""Delete shared content, with a way back: for 30 days it is in the bin of who deleted it, then the clock takes it.

Authors delete and restore what is theirs. Those who moderate, in a group its admins and owners, delete others' with a
reason that the author is told, and restore what was deleted so. Integrations receive no shared content, so that nothing
is owed elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from wardship.core.actor import system_actor
from wardship.core.errors import NotFoundError
from wardship.tenants.access import Access, Services
from wardship.tenants.content.notices import CONTENT_DELETED, CONTENT_RESTORED
from wardship.tenants.content.read import (
    file_by_id,
    list_deleted_files,
    list_deleted_posts,
    lock_deleted_file,
    lock_deleted_post,
    post_by_id,
)
from wardship.tenants.content.records import FileRecord, PostRecord
from wardship.tenants.content.share import NotYoursError, require_sharing
from wardship.tenants.content.visibility import file_not_found, post_not_found
from wardship.tenants.groups.visibility import GROUP_RANK, GroupRole, own_group_rank
from wardship.tenants.members.fields import ERASED
from wardship.tenants.notices.tell import tell
from wardship.tenants.paging import Page, PageRequest
from wardship.tenants.permissions import Permission
from wardship.tenants.text import many_lines

BIN_LASTS: Final = timedelta(days=30)
"""How long what was deleted can be restored; then it is gone."""

_LONGEST_REASON: Final = 2000
_DELETE_POST: Final = (
    "update post set deleted_at = $3, deleted_by = $4, deletion_reason = $5"
    " where organisation_id = $1 and id = $2 and deleted_at is null"
)
_DELETE_FILE: Final = (
    "update file_reference set deleted_at = $3, deleted_by = $4, deletion_reason = $5"
    " where organisation_id = $1 and id = $2 and deleted_at is null"
)
_DELETE_FILES_OF_POST: Final = (
    "update file_reference set deleted_at = $3, deleted_by = $4"
    " where organisation_id = $1 and post_id = $2 and deleted_at is null"
)
_RESTORE_POST: Final = (
    "update post set deleted_at = null, deleted_by = null, deletion_reason = '' where organisation_id = $1 and id = $2"
)
_RESTORE_FILE: Final = (
    "update file_reference set deleted_at = null, deleted_by = null, deletion_reason = ''"
    " where organisation_id = $1 and id = $2"
)
_RESTORE_FILES_OF_POST: Final = (
    "update file_reference set deleted_at = null, deleted_by = null"
    " where organisation_id = $1 and post_id = $2 and deleted_at = $3"
)
# What an erasure that is under way may keep, or one keeps, outlives the bin.
_KEEPS: Final = """exists (select from erasure_remainder r where r.organisation_id = $1 and r.member_id = t.AUTHOR
    and r.ended_at is null) or exists (select from data_request q join request_right g on g.organisation_id = $1
    and g.request_id = q.id where q.organisation_id = $1 and q.member_id = t.AUTHOR and g.kind = 'erasure'
    and g.ended_at is null)"""
_EMPTY_POSTS: Final = "delete from post t where t.organisation_id = $1 and t.deleted_at <= $2 and not "
_EMPTY_FILES: Final = "delete from file_reference t where t.organisation_id = $1 and t.deleted_at <= $2 and not "
_DROP_POSTS: Final = """delete from post t where t.organisation_id = $1 and t.author_id = any($2::uuid[])
    and t.deleted_by = t.author_id and not exists (select from erasure_remainder r where r.organisation_id = $1
        and r.member_id = t.author_id and r.ended_at is null)"""
_DROP_FILES: Final = """delete from file_reference t where t.organisation_id = $1 and t.uploader_id = any($2::uuid[])
    and t.deleted_by = t.uploader_id and not exists (select from erasure_remainder r where r.organisation_id = $1
        and r.member_id = t.uploader_id and r.ended_at is null)"""


async def delete_post(access: Access, post_id: UUID, reason: str = "") -> PostRecord:
    """Delete a post with its files, and return it; it can be restored for 30 days.

    Raises:
        NotFoundError: absent, or not the caller's to read.
        NotYoursError: somebody else wrote it, and the caller does not moderate the group.
        InvalidInputError: somebody else's is deleted without a reason.
    """
    post = await post_by_id(access, post_id)
    why = await _checked(access, post.author_id, post.group_id, reason, "post_id")
    if not await access.execute(_DELETE_POST, post_id, access.now, access.actor.member_id, why):
        raise post_not_found()
    await access.execute(_DELETE_FILES_OF_POST, post_id, access.now, access.actor.member_id)
    await access.audit("post.deleted", "post", post_id, moderated=bool(why))
    await _tell_deleted(access, post.author_id, "post", post_id, why)
    return post


async def restore_post(access: Access, post_id: UUID) -> PostRecord:
    """Share a deleted post again, with the files that were deleted with it.

    Raises:
        NotFoundError: there is none that the caller may restore, or its time is over.
        NotInGroupError, GroupArchivedError: the author is not in the group any more, or it is archived.
    """
    access.require_member()
    found = await lock_deleted_post(access, post_id, access.now - BIN_LASTS)
    if found is None:
        raise NotFoundError("No such post in your bin: list what you can restore.", path=("post_id",))
    await _require_restorable(access, found.author_id, found.group_id)
    await access.execute(_RESTORE_POST, post_id)
    await access.execute(_RESTORE_FILES_OF_POST, post_id, found.deleted_at)
    await access.audit("post.restored", "post", post_id)
    await _tell_restored(access, found.author_id, "post", post_id)
    return await post_by_id(access, post_id)


async def delete_file(access: Access, file_id: UUID, reason: str = "") -> FileRecord:
    """Delete a file, and return it; it can be restored for 30 days. What it refers to is kept elsewhere.

    Raises:
        NotFoundError: absent, or not the caller's to read.
        NotYoursError: somebody else shared it, and the caller does not moderate the group.
        InvalidInputError: somebody else's is deleted without a reason.
    """
    file = await file_by_id(access, file_id)
    why = await _checked(access, file.uploader_id, file.group_id, reason, "file_id")
    if not await access.execute(_DELETE_FILE, file_id, access.now, access.actor.member_id, why):
        raise file_not_found()
    await access.audit("file.deleted", "file_reference", file_id, moderated=bool(why))
    await _tell_deleted(access, file.uploader_id, "file", file_id, why)
    return file


async def restore_file(access: Access, file_id: UUID) -> FileRecord:
    """Share a deleted file again.

    Raises:
        NotFoundError: there is none that the caller may restore, its time is over, or its post is deleted.
        NotInGroupError, GroupArchivedError: its owner is not in the group any more, or it is archived.
    """
    access.require_member()
    found = await lock_deleted_file(access, file_id, access.now - BIN_LASTS)
    if found is None:
        raise NotFoundError("No such file in your bin: list what you can restore.", path=("file_id",))
    await _require_restorable(access, found.uploader_id, found.group_id)
    await access.execute(_RESTORE_FILE, file_id)
    await access.audit("file.restored", "file_reference", file_id)
    await _tell_restored(access, found.uploader_id, "file", file_id)
    return await file_by_id(access, file_id)


async def deleted_posts(access: Access, page: PageRequest) -> Page[PostRecord]:
    """Return the deleted posts that the caller may restore, the first deleted first."""
    access.require_member("read")
    return await list_deleted_posts(access, page, access.now - BIN_LASTS)


async def deleted_files(access: Access, page: PageRequest) -> Page[FileRecord]:
    """Return the deleted files that the caller may restore, the first deleted first; not those of deleted posts."""
    access.require_member("read")
    return await list_deleted_files(access, page, access.now - BIN_LASTS)


async def empty_bins(services: Services) -> None:
    """Remove for good what has been in the bin for its time, in every organisation: a sweep."""
    before = services.clock.now() - BIN_LASTS
    async with services.database.directory(read_only=True) as transaction:
        rows = await transaction.fetch("select bins_due as id from bins_due($1)", before)
    for row in rows:
        async with services.database.tenant(row["id"]) as transaction:
            await _empty(Access(system_actor(row["id"]), transaction, services, "bins"), before)


async def drop_own_deletions(access: Access, member_ids: Collection[UUID], columns: frozenset[str]) -> None:
    """Remove for good what erased members had deleted themselves: nobody else could restore it.

    What a limitation of the erasure keeps stays until its time is over. What a moderator deleted stays under the
    pseudonym until the clock takes it.
    """
    if ERASED not in columns:
        return
    for sql in (_DROP_FILES, _DROP_POSTS):
        await access.execute(sql, list(member_ids))


async def _empty(access: Access, before: datetime) -> None:
    files = await access.execute(f"{_EMPTY_FILES}({_KEEPS.replace('AUTHOR', 'uploader_id')})", before)
    posts = await access.execute(f"{_EMPTY_POSTS}({_KEEPS.replace('AUTHOR', 'author_id')})", before)
    if files or posts:
        await access.audit("content.bin_emptied", "organisation", access.organisation_id, posts=posts, files=files)


async def _checked(access: Access, author_id: UUID, group_id: UUID, reason: str, name: str) -> str:
    """Return the reason for deleting, empty for one's own content.

    Raises:
        NotYoursError: it is somebody else's, and the caller does not moderate the group.
        InvalidInputError: it is somebody else's, and no reason was given.
    """
    if access.require_member() == author_id:
        return ""
    if not await _moderates(access, group_id):
        raise NotYoursError("Only its author, and who moderates the group, deletes this.", path=(name,))
    return many_lines(reason, "reason", least=1, most=_LONGEST_REASON)


async def _moderates(access: Access, group_id: UUID) -> bool:
    if access.may(Permission.CONTENT_MODERATE):
        return True
    is_open = await access.fetchval(
        "select archived_at is null from user_group where organisation_id = $1 and id = $2", group_id
    )
    return bool(is_open) and await own_group_rank(access, group_id) >= GROUP_RANK[GroupRole.GROUP_ADMIN]


async def _require_restorable(access: Access, author_id: UUID, group_id: UUID) -> None:
    if author_id == access.actor.member_id:
        await require_sharing(access, group_id)


async def _tell_deleted(access: Access, author_id: UUID, what: str, target: UUID, why: str) -> None:
    if why:
        until = access.now + BIN_LASTS
        await tell(access, CONTENT_DELETED, [author_id], target=(what, target), what=what, reason=why, until=until)


async def _tell_restored(access: Access, author_id: UUID, what: str, target: UUID) -> None:
    if author_id != access.actor.member_id:
        await tell(access, CONTENT_RESTORED, [author_id], target=(what, target), what=what)
