"""Posts and files as the domain hands them out, and the mentions in a text.

``<@member-id>`` stands for the member with that id, shown by the name at the moment of reading.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from wardship.core.database.rows import Row, column

_DELETED = "{0}.deleted_at, {0}.deleted_by, {0}.deletion_reason"
POST = "p.id, p.created_at, p.group_id, p.author_id, p.body, p.edited_at, " + _DELETED.format("p")
FILE = (
    "f.id, f.created_at, f.group_id, f.uploader_id, f.post_id, f.name, f.media_type, f.size_bytes, f.url, "
    + _DELETED.format("f")
)

_MENTION = re.compile(r"<@([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})>", re.IGNORECASE)
UNKNOWN = "@somebody"


class PostRecord(Row):
    """A text that a member shared in a group; ``body`` as written, with ``<@member-id>`` for mentions."""

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    group_id: UUID = column("group_id")
    author_id: UUID = column("author_id")
    body: str = column("body")
    edited_at: datetime | None = column("edited_at")
    deleted_at: datetime | None = column("deleted_at")
    deleted_by: UUID | None = column("deleted_by")
    deletion_reason: str = column("deletion_reason")


class FileRecord(Row):
    """A file kept elsewhere that a member shared in a group; its size in bytes."""

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    group_id: UUID = column("group_id")
    uploader_id: UUID = column("uploader_id")
    post_id: UUID | None = column("post_id")
    name: str = column("name")
    media_type: str = column("media_type")
    size_bytes: int = column("size_bytes")
    url: str = column("url")
    deleted_at: datetime | None = column("deleted_at")
    deleted_by: UUID | None = column("deleted_by")
    deletion_reason: str = column("deletion_reason")


def mentioned(body: str) -> list[UUID]:
    """Return whom a text mentions, each once, in order."""
    return list(dict.fromkeys(UUID(found) for found in _MENTION.findall(body)))


def rendered(body: str, names: Mapping[UUID, str]) -> str:
    """Return a text with the names of those whom it mentions; an id without a name is shown as somebody."""

    def name(found: re.Match[str]) -> str:
        known = names.get(UUID(found[1]))
        return UNKNOWN if known is None else f"@{known}"

    return _MENTION.sub(name, body)
