"""What an organisation that has ended is still called, and for how long nobody else is called so."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from wardship.tenants.access import Access

SLUG_KEPT: Final = timedelta(days=180)
"""How long nobody else gets the short name of a closed organisation: links and bookmarks lead there."""
_NAME: Final = "Closed organisation"


def freed_slug(organisation_id: UUID) -> str:
    """Return what stands in the place of a short name that is free again: the id, which nobody would choose."""
    return f"closed-{organisation_id.hex}"


async def free_slug(access: Access) -> None:
    """Let another organisation have the short name of this closed one."""
    await access.execute(
        "update organisation set slug = $2, state_until = null where id = $1 and state = 'closed'",
        freed_slug(access.organisation_id),
    )


async def forget_name(access: Access) -> None:
    """Forget what an organisation that has ended was called, and what it had set: both may name a person."""
    await access.execute("update organisation set name = $2, settings = '{}' where id = $1", _NAME)


async def renew_offer(access: Access, until: datetime) -> None:
    """Let an organisation wait longer for its owner."""
    await access.execute("update organisation set state_until = $2 where id = $1 and state = 'awaiting_owner'", until)
