"""Watch the work at an installation: how much is owed there now, what was done lately, and a watch for changes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from wardship.core.database.changes import Topic, Watch
from wardship.core.database.rows import Row, column
from wardship.tenants.access import Access
from wardship.tenants.installations.authority import visible_installation
from wardship.tenants.installations.records import InstallationRecord, InstallationState
from wardship.tenants.paging import rows_by_parent

KIND: Final = "installation"
RECENT: Final = timedelta(days=1)
"""What became due within this time counts as done or failed; what is open counts however old it is."""

# Each side reads an index of its own: `obligation_open` what is open, `obligation_order` what is recent.
_COUNTS: Final = """
    select open.*, recent.* from (
        select count(*) filter (where state <> 'manual') as waiting,
            count(*) filter (where state = 'manual') as with_people
        from obligation where organisation_id = $1 and installation_id = $2 and ended_at is null
    ) open cross join (
        select count(*) filter (where state = 'completed') as done, count(*) filter (where state = 'failed') as failed,
            count(*) filter (where state = 'cancelled') as cancelled, max(ended_at) as last_ended_at
        from obligation where organisation_id = $1 and installation_id = $2 and created_at >= $3
    ) recent
"""


_PLACES: Final = """
    select p.id, p.installation_id, p.created_at, p.state, p.recipient, p.leaving_at, p.left_at,
        (select count(*) from subject_link l where l.organisation_id = $1 and l.installation_id = p.installation_id
            and l.place_id = p.id and l.state in ('shared', 'restricted')) as holding,
        (select count(*) from obligation o where o.organisation_id = $1 and o.installation_id = p.installation_id
            and o.place_id = p.id and o.ended_at is null) as owed
    from unnest($2::uuid[]) as w (id) cross join lateral (
        select * from installation_place i where i.organisation_id = $1 and i.installation_id = w.id
    ) p order by p.created_at, p.id
"""


class PlaceProgress(Row):
    """One place of an installation, and what is left there.

    Attributes:
        recipient: who receives the data there: the vendor, with the server where settings name one.
        holding: of how many people it may hold data.
        owed: how many obligations there have not ended.
    """

    __slots__ = ()

    id: UUID = column("id")
    installation_id: UUID = column("installation_id")
    created_at: datetime = column("created_at")
    state: str = column("state")
    recipient: str = column("recipient")
    leaving_at: datetime | None = column("leaving_at")
    left_at: datetime | None = column("left_at")
    holding: int = column("holding")
    owed: int = column("owed")


async def places_of_installations(
    access: Access, installation_ids: Collection[UUID]
) -> dict[UUID, list[PlaceProgress]]:
    """Return all places of each installation, oldest first; the caller has checked who may see the installations."""
    rows = await access.fetch_as(PlaceProgress, _PLACES, list(installation_ids))
    return rows_by_parent(installation_ids, rows, "installation_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallationProgress:
    """How far the work at an installation has come.

    Attributes:
        waiting: obligations that are due, waiting or being worked on.
        with_people: those that a person has to do.
        done: completed, of those that became due within ``RECENT``; ``failed`` and ``cancelled`` likewise.
        last_ended_at: when the last of these ended.
    """

    installation: InstallationRecord
    waiting: int
    with_people: int
    done: int
    failed: int
    cancelled: int
    last_ended_at: datetime | None

    @property
    def is_over(self) -> bool:
        """Whether nothing can change any more: the installation is gone for good, and nothing is owed there."""
        is_removed = self.installation.state is InstallationState.REMOVED
        return is_removed and not self.waiting and not self.with_people


async def installation_progress(access: Access, installation_id: UUID) -> InstallationProgress:
    """Return how far the work at an installation has come.

    Raises:
        NotFoundError: absent, or not the caller's to see.
    """
    installation = await visible_installation(access, installation_id)
    counts = await access.fetchrow(_COUNTS, installation_id, access.now - RECENT)
    return InstallationProgress(installation=installation, **dict(counts or {}))


async def watch_installation(access: Access, installation_id: UUID) -> Watch:
    """Watch an installation from now on: its state, and what becomes of the work there.

    Raises:
        NotFoundError: absent, or not the caller's to see.
    """
    await visible_installation(access, installation_id)
    return access.services.database.changes.watch(Topic(access.organisation_id, KIND, installation_id))
