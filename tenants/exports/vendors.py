"""What recipients handed out on a person, as parts of the copy."""

from __future__ import annotations

from uuid import UUID

from wardship.plugins.api import Verb
from wardship.tenants.access import Access
from wardship.tenants.exports.bundle import VendorPart
from wardship.tenants.exports.collected import CollectedExport, collected_exports, drop_exports
from wardship.tenants.installations.records import COLUMNS, InstallationRecord
from wardship.tenants.obligations.read import ObligationRecord, obligations_of_right


async def collected_parts(access: Access, right_id: UUID) -> list[VendorPart]:
    """Return, for each recipient that was asked, what it answered or how far it is."""
    owed = [item for item in (await obligations_of_right(access, [right_id]))[right_id] if item.verb is Verb.EXPORT]
    collected = await collected_exports(access, [item.id for item in owed])
    names = await _names(access, [item.installation_id for item in owed])
    return [_part(names[item.installation_id], item, collected.get(item.id)) for item in owed]


async def drop_parts(access: Access, right_id: UUID) -> None:
    """Destroy what recipients handed out, once the complete copy holds it."""
    owed = (await obligations_of_right(access, [right_id]))[right_id]
    await drop_exports(access, [item.id for item in owed])


def _part(name: str, owed: ObligationRecord, collected: CollectedExport | None) -> VendorPart:
    if collected is None:
        reason = f": {owed.outcome.status} {owed.outcome.code}".rstrip() if owed.is_ended and owed.outcome else ""
        return VendorPart(name, ("handed nothing out" if owed.is_ended else "still being asked") + reason, ())
    return VendorPart(name, "answered", tuple(row.model_dump(mode="json") for row in collected.export.rows))


async def _names(access: Access, installations: list[UUID]) -> dict[UUID, str]:
    """Return a file name for each installation: the integration's key, with a number where it is installed twice."""
    rows = await access.transaction.fetch_as(
        InstallationRecord,
        f"select {COLUMNS} from installation where organisation_id = $1 and id = any($2::uuid[])"  # noqa: S608 - constant
        " order by created_at, id",
        access.organisation_id,
        installations,
    )
    names: dict[UUID, str] = {}
    for record in rows:
        count = sum(1 for name in names.values() if name.split("-")[0] == record.integration_key)
        names[record.id] = f"{record.integration_key}-{count + 1}" if count else record.integration_key
    return names
