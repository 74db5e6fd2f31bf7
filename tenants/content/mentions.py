"""Mentions in a text: ``<@member-id>`` stands for whoever bears that id, by the name of the moment of reading."""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import UUID

_MENTION = re.compile(r"<@([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})>", re.IGNORECASE)
UNKNOWN = "@somebody"


def mentioned(body: str) -> list[UUID]:
    """Return whom a text mentions, each once, in order."""
    return list(dict.fromkeys(UUID(found) for found in _MENTION.findall(body)))


def rendered(body: str, names: Mapping[UUID, str]) -> str:
    """Return a text with the names of those whom it mentions; an id without a name is shown as somebody."""

    def name(found: re.Match[str]) -> str:
        known = names.get(UUID(found[1]))
        return UNKNOWN if known is None else f"@{known}"

    return _MENTION.sub(name, body)
