"""Find the shared content that contains information on oneself (requirement B9)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

from wardship.core.database.rows import column
from wardship.tenants.access import Access
from wardship.tenants.content.records import PostRecord
from wardship.tenants.matching.candidates import Candidates, candidates, condition
from wardship.tenants.matching.folding import fold
from wardship.tenants.matching.matcher import Matcher
from wardship.tenants.members.identifiers import own_identifiers
from wardship.tenants.paging import Page, PageRequest, page_of_rows

_AT_ONCE: Final = 200
_MOST_AT_ONCE: Final = 5000
_GROWTH: Final = 5
_TEMPLATE: Final = """
    with own as materialized (
        select p.id from post p where p.organisation_id = $1 and p.author_id = $2
        union select t.post_id from mention t where t.organisation_id = $1 and t.member_id = $2
    ), near as (
        select found.id from group_membership own cross join lateral (
            select p.id from post p where p.organisation_id = $1 and p.group_id = own.group_id
            and {near}
            offset 0  -- group by group, never all posts of the organisation
        ) found where own.organisation_id = $1 and own.member_id = $2 and own.left_at is null
    )
    select p.id, p.created_at, p.group_id, p.author_id, p.body, p.edited_at,
        p.deleted_at, p.deleted_by, p.deletion_reason, p.id = any(array(select id from own)) as is_own
    from post p where p.organisation_id = $1 and p.id = any(array(select id from own union select id from near))
        and p.deleted_at is null and ($3::uuid is null or (p.created_at, p.id) > ($4::timestamptz, $3::uuid))
    order by p.created_at, p.id limit $5
"""
_SQL: Final = _TEMPLATE.format(near=condition("p.body", 6))


class _FoundPost(PostRecord):
    """A post that may be wanted; ``is_own`` when it is for sure, by its author or by whom it mentions."""

    __slots__ = ()

    is_own: bool = column("is_own")


async def own_content(access: Access, page: PageRequest, *, text: str = "") -> Page[PostRecord]:
    """Return a page of the posts that contain information on oneself, oldest first.

    They are those that one wrote, those that mention one, and those of one's present groups that spell out one's
    address, telephone number, username or name, in any of their forms; of these, the ones that contain ``text`` in any
    letter case.
    """
    member_id = access.require_member("read")
    known = await own_identifiers(access, member_id)
    matcher, wanted = Matcher(known), fold(text)
    found: list[PostRecord] = []
    async for post in _posts(access, page, candidates(known)):
        if wanted in fold(post.body) and (post.is_own or matcher.find(post.body)):
            found.append(post)
        if len(found) == page.limit:
            break
    return page_of_rows(found, page)


async def _posts(access: Access, page: PageRequest, asked: Candidates) -> AsyncIterator[_FoundPost]:
    """Return the posts that may be wanted, in order, from the last one seen; a few at first.

    Each statement looks for them all again, so one that found no page is followed by one that gives more.
    """
    sort, identifier = page.after or (None, None)
    at_once = _AT_ONCE
    while True:
        rows = await access.fetch_as(
            _FoundPost,
            _SQL,
            access.require_member("read"),
            identifier,
            sort,
            at_once,
            *asked.arguments,
        )
        for row in rows:
            yield row
        if len(rows) < at_once:
            return
        at_once = min(at_once * _GROWTH, _MOST_AT_ONCE)
        sort, identifier = rows[-1].created_at, rows[-1].id
