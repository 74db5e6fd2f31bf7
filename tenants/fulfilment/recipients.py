"""What recipients owe for a right, and what they handed out for the copy."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from wardship.plugins.api import Verb
from wardship.tenants.access import Access
from wardship.tenants.exports.bundle import VendorPart
from wardship.tenants.exports.vendor_exports import CollectedExport, collected_exports
from wardship.tenants.installations.records import InstallationRecord, find_installations
from wardship.tenants.obligations.for_member import enqueue_for_member
from wardship.tenants.obligations.read import ObligationRecord
from wardship.tenants.requests.records import LockedRequest, RightRecord


async def owe(access: Access, locked: LockedRequest, right: RightRecord, verb: Verb) -> list[UUID]:
    """Owe a verb to every recipient for a right, and return the obligations."""
    return await enqueue_for_member(
        access,
        locked.request.member_id,
        verb,
        request_id=locked.request.id,
        right_id=right.id,
        due_at=locked.request.due_at,
    )


async def collected_parts(access: Access, exports: list[ObligationRecord]) -> list[VendorPart]:
    """Return, for each recipient that owes an export, what it handed out or how far it is."""
    collected = await collected_exports(access, [export.id for export in exports])
    installations = await find_installations(access, [export.installation_id for export in exports])
    names = _file_names(installations.values())
    return [_part(names[export.installation_id], export, collected.get(export.id)) for export in exports]


def _part(name: str, owed: ObligationRecord, collected: CollectedExport | None) -> VendorPart:
    if collected is None:
        reason = f": {owed.outcome.status} {owed.outcome.code}".rstrip() if owed.is_ended and owed.outcome else ""
        return VendorPart(name, ("handed nothing out" if owed.is_ended else "still being asked") + reason, ())
    return VendorPart(name, "answered", tuple(row.model_dump(mode="json") for row in collected.export.rows))


def _file_names(installations: Iterable[InstallationRecord]) -> dict[UUID, str]:
    """Return a file name for each installation: the integration's key, with a number where it is installed twice."""
    names: dict[UUID, str] = {}
    for record in sorted(installations, key=lambda record: (record.created_at, record.id)):
        count = sum(1 for name in names.values() if name.split("-")[0] == record.integration_key)
        names[record.id] = f"{record.integration_key}-{count + 1}" if count else record.integration_key
    return names
