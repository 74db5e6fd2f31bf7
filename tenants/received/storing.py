"""Keep what a vendor tells of a member, as far as its declaration, a grant and the member's own choices let it in.

What somebody has decided on is deleted.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from wardship.core.identifiers import uuid7
from wardship.plugins.api import Field, Manifest, Provides
from wardship.plugins.api.taxonomy import covers, is_special
from wardship.tenants.access import Access
from wardship.tenants.installations.records import InstallationRecord, PlaceRecord
from wardship.tenants.received.records import BroughtDatum, ReceivedKind
from wardship.tenants.received.standing import drop_unfounded_at

# A restriction of the member, or of the category, keeps out what is new; what is there stays (GDPR article 18).
_KEEP: Final = """
insert into received_datum as r (organisation_id, id, created_at, installation_id, place_id, member_id, grant_id,
    source, kind, category, purpose, name, value, at, needs_consent)
select $1, n.id, $2, $3, $4, m.id, g.id, $6, $7, n.category, n.purpose, n.name, n.value, $8, n.needs_consent
from unnest($9::uuid[], $10::text[], $11::text[], $12::text[], $13::text[], $14::jsonb[], $15::boolean[])
        as n (id, category, granted, purpose, name, value, needs_consent)
    join integration_grant g on g.organisation_id = $1 and g.installation_id = $3 and g.category = n.granted
        and g.purpose = n.purpose and g.withdrawn_at is null
    join member m on m.organisation_id = $1 and m.id = $5 and m.state = 'active' and m.concealed_at is null
where not exists (select from restriction x where x.organisation_id = $1 and x.member_id = m.id and x.lifted_at is null
    and (x.category = '' or x.category = n.category or starts_with(x.category, n.category || '.')
        or starts_with(n.category, x.category || '.')))
on conflict (organisation_id, installation_id, member_id, name) do update set created_at = excluded.created_at,
    place_id = excluded.place_id, grant_id = excluded.grant_id, source = excluded.source, kind = excluded.kind,
    category = excluded.category, purpose = excluded.purpose, value = excluded.value, at = excluded.at,
    needs_consent = excluded.needs_consent
returning r.name
"""
_WHOSE: Final = "select member_id from received_datum where organisation_id = $1 and id = $2"
_LOCK: Final = (
    "select id, installation_id, member_id, kind, name, value, at from received_datum"
    " where organisation_id = $1 and id = $2 for update"
)
_DELETE: Final = "delete from received_datum where organisation_id = $1 and id = $2"


@dataclass(frozen=True, slots=True)
class Told:
    """What a vendor tells of one member.

    Attributes:
        fields: with the categories under which the vendor files them.
        at: since when it is so there.
    """

    member_id: UUID
    kind: ReceivedKind
    fields: Sequence[Field]
    at: datetime


async def keep_received(
    access: Access, installation: InstallationRecord, place: PlaceRecord, told: Told
) -> frozenset[str]:
    """Keep what may come in, in place of what the vendor told before, and return the names of those fields.

    That is what the approved declaration and the loaded integration both provide, under a grant, of an active member in
    reach of the installation who has neither objected to the purpose nor is restricted, and who has consented where the
    category is special.
    """
    loaded = access.services.integrations.get(installation.integration_key).manifest
    entries = [
        (field, entry)
        for field in told.fields
        if (entry := _provided(installation.manifest, field)) and loaded is not None and _provided(loaded, field)
    ]
    rows = await access.fetch(
        _KEEP,
        access.now,
        installation.id,
        place.id,
        told.member_id,
        place.recipient,
        told.kind.value,
        told.at,
        [uuid7() for _ in entries],
        [field.category for field, _ in entries],
        [entry.category for _, entry in entries],
        [entry.purpose for _, entry in entries],
        [field.name for field, _ in entries],
        [json.dumps(field.value) for field, _ in entries],
        [is_special(field.category) for field, _ in entries],
    )
    # Whether it may stay is asked in one place, of what has just come in as of what was there.
    gone = await drop_unfounded_at(access, installation.id, told.member_id) if rows else frozenset[str]()
    return frozenset(row["name"] for row in rows) - gone


async def member_of_datum(access: Access, datum_id: UUID) -> UUID | None:
    """Return of whom a datum is; None where there is none such."""
    found: UUID | None = await access.fetchval(_WHOSE, datum_id)
    return found


async def lock_datum(access: Access, datum_id: UUID) -> BroughtDatum | None:
    """Return a datum, locked until the transaction ends; None where there is none such any more."""
    return await access.fetchrow_as(BroughtDatum, _LOCK, datum_id)


async def delete_datum(access: Access, datum_id: UUID) -> None:
    """Delete a datum, which the caller has locked."""
    await access.execute(_DELETE, datum_id)


def _provided(manifest: Manifest, field: Field) -> Provides | None:
    """Return what a declaration says of a field that comes in; None where it says nothing of it."""
    entries = (entry for entry in manifest.provides if field.name in entry.fields)
    return next((entry for entry in entries if covers(entry.category, field.category)), None)
