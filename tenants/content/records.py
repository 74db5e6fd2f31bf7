"""Posts and files as the domain hands them out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

POST = "p.id, p.created_at, p.group_id, p.author_id, p.body, p.edited_at"
FILE = "f.id, f.created_at, f.group_id, f.uploader_id, f.post_id, f.name, f.media_type, f.size_bytes, f.url"


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
