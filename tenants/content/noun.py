"""The tables of shared content: it stays for the group when its author is erased, under the author's pseudonym."""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Text, Timestamptz

from wardship.core.database.personal_data import Erasure, Personal, RowErasure, Source, TextContext, personal_data
from wardship.core.database.tables import TenantTable
from wardship.core.nouns import NoticeKinds, Tables, hookimpl
from wardship.tenants.access import MemberListeners, Sweeps
from wardship.tenants.content.bin import drop_own_deletions, empty_bins
from wardship.tenants.content.notices import KINDS


def _shared(longest: int | None = None, context: TextContext = TextContext.TEXT) -> Personal:
    return Personal("user.content", Source.PERSON, Erasure.MODIFY, longest=longest, context=context)


_WHY_DELETED = Personal("user.content", Source.ADMINISTRATOR, Erasure.MODIFY)
"""What a moderator writes about somebody's content may name that person, or another."""


@personal_data(
    subject="author_id",
    rows=RowErasure.KEEP,
    personal={"body": _shared(20_000), "deletion_reason": _WHY_DELETED},
    not_personal=("group_id", "author_id", "edited_at", "deleted_at", "deleted_by"),
)
class Post(TenantTable, tablename="post"):
    """A text in a group; ``<@member-id>`` in it mentions a member."""

    group_id = UUID()
    author_id = UUID()
    body = Text()
    edited_at = Timestamptz(null=True, default=None)
    deleted_at = Timestamptz(null=True, default=None)
    deleted_by = UUID(null=True, default=None)
    deletion_reason = Text()


@personal_data(subject="member_id", rows=RowErasure.KEEP, not_personal=("post_id", "member_id"))
class Mention(TenantTable, tablename="mention"):
    """That a post mentions a member; identifiers only."""

    post_id = UUID()
    member_id = UUID()


@personal_data(
    subject="uploader_id",
    rows=RowErasure.KEEP,
    personal={
        "name": _shared(context=TextContext.NAME),
        "url": _shared(context=TextContext.WEB_ADDRESS),
        "deletion_reason": _WHY_DELETED,
    },
    not_personal=("group_id", "uploader_id", "post_id", "media_type", "size_bytes", "deleted_at", "deleted_by"),
)
class FileReference(TenantTable, tablename="file_reference"):
    """A file that is kept elsewhere, by its address."""

    group_id = UUID()
    uploader_id = UUID()
    post_id = UUID(null=True, default=None)
    name = Text()
    media_type = Text()
    size_bytes = BigInt()
    url = Text()
    deleted_at = Timestamptz(null=True, default=None)
    deleted_by = UUID(null=True, default=None)
    deletion_reason = Text()


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return Post, Mention, FileReference


@hookimpl
def wardship_member_listeners() -> MemberListeners:
    """Return what removes for good what erased members had deleted."""
    return (drop_own_deletions,)


@hookimpl
def wardship_notice_kinds() -> NoticeKinds:
    """Return what authors are told."""
    return KINDS


@hookimpl
def wardship_sweeps() -> Sweeps:
    """Return what empties the bins."""
    return (empty_bins,)
