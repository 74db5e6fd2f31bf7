"""Posts and files as the domain hands them out, and the mentions in a text.

``<@member-id>`` stands for the member with that id, shown by the name at the moment of reading.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

POST = "p.id, p.created_at, p.group_id, p.author_id, p.body, p.edited_at"
FILE = "f.id, f.created_at, f.group_id, f.uploader_id, f.post_id, f.name, f.media_type, f.size_bytes, f.url"

_MENTION = re.compile(r"<@([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})>", re.IGNORECASE)
UNKNOWN = "@somebody"


@dataclass(frozen=True, slots=True)
class PostRecord:
    """A text that a member shared in a group; ``body`` as written, with ``<@member-id>`` for mentions."""

    id: UUID
    created_at: datetime
    group_id: UUID
    author_id: UUID
    body: str
    edited_at: datetime | None


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file kept elsewhere that a member shared in a group; its size in bytes."""

    id: UUID
    created_at: datetime
    group_id: UUID
    uploader_id: UUID
    post_id: UUID | None
    name: str
    media_type: str
    size_bytes: int
    url: str


def post_record(row: Mapping[str, Any]) -> PostRecord:
    """Return a post from a row with the columns of ``POST``."""
    return PostRecord(**dict(row))


def file_record(row: Mapping[str, Any]) -> FileRecord:
    """Return a file from a row with the columns of ``FILE``."""
    return FileRecord(**dict(row))


def mentioned(body: str) -> list[UUID]:
    """Return whom a text mentions, each once, in order."""
    return list(dict.fromkeys(UUID(found) for found in _MENTION.findall(body)))


def rendered(body: str, names: Mapping[UUID, str]) -> str:
    """Return a text with the names of those whom it mentions; an id without a name is shown as somebody."""

    def name(found: re.Match[str]) -> str:
        known = names.get(UUID(found[1]))
        return UNKNOWN if known is None else f"@{known}"

    return _MENTION.sub(name, body)
