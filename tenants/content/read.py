"""Read shared content: by group, by id, and what concerns oneself (requirement B9)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from wardship.core.database.engine import RowT
from wardship.tenants.access import Access
from wardship.tenants.content.records import FILE, POST, FileRecord, PostRecord, mentioned, rendered
from wardship.tenants.content.visibility import (
    ReadableContent,
    content_condition,
    deleted_condition,
    deleted_conditions,
    file_not_found,
    post_not_found,
    readable_content,
)
from wardship.tenants.groups.visibility import MODERATED
from wardship.tenants.members.read import members_by_ids
from wardship.tenants.members.visibility import visible_members
from wardship.tenants.paging import Page, PageRequest, page_of_rows, pages_by_parent, rest_sql
from wardship.tenants.parameters import Parameters
from wardship.tenants.permissions import Permission

_BY_ITSELF = " and (select q.deleted_at from post q where q.organisation_id = $1 and q.id = f.post_id) is null"


async def posts_by_ids(reach: ReadableContent, ids: Collection[UUID]) -> dict[UUID, PostRecord]:
    """Return the readable ones among these posts, by id."""
    parameters = Parameters(reach.access.organisation_id)
    sql = f"select {POST} from post p where p.organisation_id = $1 and p.id = w.id"
    sql += content_condition(reach, "p", "author_id", parameters)
    rows = await reach.access.transaction.fetch_as(PostRecord, parameters.for_each(ids, sql), *parameters.values)
    return {row.id: row for row in rows}


async def post_by_id(access: Access, post_id: UUID) -> PostRecord:
    """Return one post.

    Raises:
        NotFoundError: absent, or not the caller's to read.
    """
    found = await posts_by_ids(readable_content(access), [post_id])
    if post_id not in found:
        raise post_not_found()
    return found[post_id]


async def file_by_id(access: Access, file_id: UUID) -> FileRecord:
    """Return one file.

    Raises:
        NotFoundError: absent, or not the caller's to read.
    """
    parameters = Parameters(access.organisation_id, file_id)
    sql = f"select {FILE} from file_reference f where f.organisation_id = $1 and f.id = $2"
    sql += content_condition(readable_content(access), "f", "uploader_id", parameters)
    found = await access.transaction.fetchrow_as(FileRecord, sql, *parameters.values)
    if found is None:
        raise file_not_found()
    return found


async def posts_of_groups(
    reach: ReadableContent, group_ids: Collection[UUID], page: PageRequest
) -> dict[UUID, Page[PostRecord]]:
    """Return, for each group, a page of its readable posts, oldest first."""
    return await _of_groups(PostRecord, reach, group_ids, page, (POST, "post", "p", "author_id"))


async def files_of_groups(
    reach: ReadableContent, group_ids: Collection[UUID], page: PageRequest
) -> dict[UUID, Page[FileRecord]]:
    """Return, for each group, a page of its readable files, oldest first."""
    return await _of_groups(FileRecord, reach, group_ids, page, (FILE, "file_reference", "f", "uploader_id"))


async def files_of_posts(reach: ReadableContent, post_ids: Collection[UUID]) -> dict[UUID, list[FileRecord]]:
    """Return the readable files of each post, oldest first."""
    parameters = Parameters(reach.access.organisation_id, list(post_ids))
    sql = f"select {FILE} from file_reference f where f.organisation_id = $1 and f.post_id = any($2::uuid[])"
    sql += content_condition(reach, "f", "uploader_id", parameters) + " order by f.created_at, f.id"
    found: dict[UUID, list[FileRecord]] = {post_id: [] for post_id in post_ids}
    for row in await reach.access.transaction.fetch_as(FileRecord, sql, *parameters.values):
        found[row["post_id"]].append(row)
    return found


async def lock_deleted_post(access: Access, post_id: UUID, since: datetime) -> PostRecord | None:
    """Return a post deleted since then that the caller may restore, locked; None when there is none."""
    parameters = Parameters(access.organisation_id)
    sql = f"select {POST} from post p where p.organisation_id = $1{deleted_condition(access, 'p', since, parameters)}"
    sql += f" and p.id = {parameters.add(post_id)} for update of p"
    return await access.transaction.fetchrow_as(PostRecord, sql, *parameters.values)


async def lock_deleted_file(access: Access, file_id: UUID, since: datetime) -> FileRecord | None:
    """Return a file deleted by itself since then that the caller may restore, locked; None when there is none."""
    parameters = Parameters(access.organisation_id)
    sql = f"select {FILE} from file_reference f where f.organisation_id = $1"
    sql += deleted_condition(access, "f", since, parameters) + _BY_ITSELF
    sql += f" and f.id = {parameters.add(file_id)} for update of f"
    return await access.transaction.fetchrow_as(FileRecord, sql, *parameters.values)


async def list_deleted_posts(access: Access, page: PageRequest, since: datetime) -> Page[PostRecord]:
    """Return the posts deleted since then that the caller may restore, the first deleted first."""
    return await _deleted(PostRecord, access, page, since, (f"select {POST} from post p", "p", ""))


async def list_deleted_files(access: Access, page: PageRequest, since: datetime) -> Page[FileRecord]:
    """Return the files deleted by themselves since then that the caller may restore, the first deleted first."""
    return await _deleted(FileRecord, access, page, since, (f"select {FILE} from file_reference f", "f", _BY_ITSELF))


async def _deleted(
    kind: type[RowT], access: Access, page: PageRequest, since: datetime, parts: tuple[str, str, str]
) -> Page[RowT]:
    select, alias, further = parts
    parameters = Parameters(access.organisation_id)
    select += f" where {alias}.organisation_id = $1{further}"
    if access.may(Permission.CONTENT_MODERATE):
        sql = select + deleted_condition(access, alias, since, parameters)
        sql += rest_sql(page, parameters, f"{alias}.deleted_at, {alias}.id")
    else:
        # Each by an index of its own: what one deleted oneself, and what was deleted in each group that one moderates.
        own, moderated = deleted_conditions(access, alias, since, parameters)
        rest = rest_sql(page, parameters, f"{alias}.deleted_at, {alias}.id")
        groups = MODERATED.format(parameters.add(access.actor.member_id))
        in_group = f"{select} and {alias}.group_id = own.group_id{moderated}{rest}"
        sql = (
            f"select * from (({select}{own}{rest}) union all (select found.* from {groups} own"
            f" cross join lateral ({in_group}) found)) either order by deleted_at, id limit {page.ceiling}"
        )
    return page_of_rows(await access.transaction.fetch_as(kind, sql, *parameters.values), page)


async def rendered_bodies(access: Access, posts: Sequence[PostRecord]) -> list[str]:
    """Return the texts of readable posts with the names of those whom they mention, by one statement for all."""
    ids = {member_id for post in posts for member_id in mentioned(post.body)}
    if not ids:
        return [post.body for post in posts]
    reach = visible_members(access, named_in_content=ids)
    known = await members_by_ids(reach, ids, {"display_name"})
    names = {member_id: member.display_name or "" for member_id, member in known.items()}
    return [rendered(post.body, names) for post in posts]


async def _of_groups(
    kind: type[RowT],
    reach: ReadableContent,
    group_ids: Collection[UUID],
    page: PageRequest,
    parts: tuple[str, str, str, str],
) -> dict[UUID, Page[RowT]]:
    columns, table, alias, author = parts
    parameters = Parameters(reach.access.organisation_id, list(group_ids))
    inner = f"select {columns} from {table} {alias} where {alias}.organisation_id = $1 and {alias}.group_id = g.id"
    inner += content_condition(reach, alias, author, parameters)
    inner += rest_sql(page, parameters, f"{alias}.created_at, {alias}.id")
    sql = f"select r.* from unnest($2::uuid[]) as g (id) cross join lateral ({inner}) r"
    rows = await reach.access.transaction.fetch_as(kind, sql, *parameters.values)
    return pages_by_parent(group_ids, rows, "group_id", page)
