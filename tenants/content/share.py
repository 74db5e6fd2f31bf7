"""Share posts and files in a group, and edit one's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import UUID

from wardship.core.errors import InvalidInputError, PermissionDeniedError
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access
from wardship.tenants.content.read import post_by_id
from wardship.tenants.content.records import FILE, POST, FileRecord, PostRecord, mentioned
from wardship.tenants.content.visibility import post_not_found
from wardship.tenants.groups.change import open_group
from wardship.tenants.groups.people import is_in_group
from wardship.tenants.text import many_lines, one_line, web_address

LONGEST_POST = 20_000
MOST_MENTIONS = 100
_MEDIA_TYPE = re.compile(r"^[a-z0-9][a-z0-9!#$&^_.+-]{0,62}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$")
_LARGEST_FILE = 2**53 - 1


class NotInGroupError(PermissionDeniedError):
    """Only members of the group share content in it."""

    code = "NOT_IN_GROUP"


class NotYoursError(PermissionDeniedError):
    """Only its author changes a post; besides, who moderates the group deletes it."""

    code = "NOT_YOURS"


async def create_post(access: Access, group_id: UUID, body: str) -> PostRecord:
    """Share a text in one of one's groups; it may mention present members of that group.

    Raises:
        NotFoundError: the group is absent, or not the caller's to see.
        NotInGroupError: the caller is not a member of it.
        InvalidInputError: empty, too long, or it mentions somebody who is not in the group.
    """
    author_id = await require_sharing(access, group_id)
    text = many_lines(body, "source", least=1, most=LONGEST_POST)
    post_id = uuid7()
    await access.execute(
        "insert into post (organisation_id, id, created_at, group_id, author_id, body) values ($1, $2, $3, $4, $5, $6)",
        post_id,
        access.now,
        group_id,
        author_id,
        text,
    )
    await _write_mentions(access, post_id, group_id, text)
    await access.audit("post.created", "post", post_id, group=str(group_id))
    return await post_by_id(access, post_id)


async def edit_post(access: Access, post_id: UUID, body: str) -> PostRecord:
    """Replace the text of one's own post.

    Raises:
        NotFoundError: absent, or not the caller's to read.
        NotYoursError: somebody else wrote it.
        InvalidInputError: empty, too long, or it mentions somebody who is not in the group.
    """
    post = await _own_post(access, post_id)
    await require_sharing(access, post.group_id)
    text = many_lines(body, "source", least=1, most=LONGEST_POST)
    edited = await access.fetchrow_as(
        PostRecord,
        f"update post p set body = $3, edited_at = $4 where organisation_id = $1 and id = $2 returning {POST}",
        post_id,
        text,
        access.now,
    )
    kept = await access.fetch(
        "delete from mention where organisation_id = $1 and post_id = $2 returning member_id", post_id
    )
    await _write_mentions(access, post_id, post.group_id, text, kept=[row["member_id"] for row in kept])
    await access.audit("post.edited", "post", post_id)
    if edited is None:
        raise post_not_found()
    return edited


async def share_file(  # noqa: PLR0913 - what a reference consists of
    access: Access,
    group_id: UUID,
    *,
    name: str,
    media_type: str,
    size_bytes: int,
    url: str,
    post_id: UUID | None = None,
) -> FileRecord:
    """Share a file that is kept elsewhere, by its https address, in one of one's groups.

    Raises:
        NotFoundError: group or post absent, or not the caller's to see.
        NotInGroupError: the caller is not a member of the group.
        InvalidInputError: a value can't be accepted, or the post is of another group.
    """
    uploader_id = await require_sharing(access, group_id)
    if not _MEDIA_TYPE.match(media_type.lower()):
        raise InvalidInputError("Give a media type such as application/pdf.", path=("media_type",))
    if not 0 <= size_bytes <= _LARGEST_FILE:
        raise InvalidInputError("Give the size in bytes.", path=("size_bytes",))
    if post_id is not None and (await _own_post(access, post_id)).group_id != group_id:
        raise post_not_found()
    (shared,) = await access.fetch_as(
        FileRecord,
        f"""insert into file_reference as f (organisation_id, id, created_at, group_id, uploader_id, post_id, name,
            media_type, size_bytes, url) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning {FILE}""",
        uuid7(),
        access.now,
        group_id,
        uploader_id,
        post_id,
        one_line(name, "name", least=1),
        media_type.lower(),
        size_bytes,
        web_address(url, "url"),
    )
    await access.audit("file.shared", "file_reference", shared.id, group=str(group_id))
    return shared


async def require_sharing(access: Access, group_id: UUID) -> UUID:
    """Return the caller, who shares content in a group.

    Raises:
        NotFoundError: the group is absent, or not the caller's to see.
        GroupArchivedError: nothing changes in it any more.
        NotInGroupError: the caller is not a member of it.
    """
    member_id = access.require_member()
    await open_group(access, group_id)
    if not await is_in_group(access, group_id):
        raise NotInGroupError("Only members of this group share content in it: ask to be added.", path=("group_id",))
    return member_id


async def _own_post(access: Access, post_id: UUID) -> PostRecord:
    member_id = access.require_member()
    post = await post_by_id(access, post_id)
    if post.author_id != member_id:
        raise NotYoursError("Only its author changes a post.", path=("post_id",))
    return post


async def _write_mentions(
    access: Access, post_id: UUID, group_id: UUID, body: str, *, kept: Sequence[UUID] = ()
) -> None:
    wanted = mentioned(body)
    if len(wanted) > MOST_MENTIONS:
        raise InvalidInputError(f"Mention at most {MOST_MENTIONS} people.", path=("source",))
    written = await access.execute(
        """insert into mention (organisation_id, created_at, post_id, id, member_id)
            select $1, $2, $3, given.id, given.member_id from unnest($4::uuid[], $5::uuid[]) as given (id, member_id)
            where given.member_id = any($7::uuid[]) or exists (select from group_membership s
                where s.organisation_id = $1 and s.group_id = $6 and s.member_id = given.member_id
                and s.left_at is null)""",
        access.now,
        post_id,
        [uuid7() for _ in wanted],
        wanted,
        group_id,
        list(kept),
    )
    if written != len(wanted):
        raise InvalidInputError("Only members of the group can be mentioned in it.", path=("source",))
