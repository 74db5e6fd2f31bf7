"""Hand out the copy for a right of access or portability: what is held here at once, the rest when vendors answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from wardship.plugins.api import Export, Verb
from wardship.tenants.access import Access
from wardship.tenants.exports.build import build_export
from wardship.tenants.exports.bundle import VendorPart
from wardship.tenants.exports.files import CopyOrder
from wardship.tenants.exports.vendor_exports import collected_exports, drop_exports
from wardship.tenants.installations.records import InstallationRecord, find_installations
from wardship.tenants.notices import Telling, tell_each
from wardship.tenants.obligations.grades import shortfalls
from wardship.tenants.obligations.read import ObligationRecord, obligations_of_right
from wardship.tenants.requests.details import is_about_account
from wardship.tenants.requests.notices import EXPORT_READY
from wardship.tenants.requests.records import LockedRequest, RightRecord
from wardship.tenants.requests.states import RightKind


async def hand_out_copy(access: Access, locked: LockedRequest, right: RightRecord, *, is_complete: bool) -> bool:
    """Make the copy for a right, let the person know, and drop vendors' parts once the complete copy holds them.

    Returns whether a limitation took anything out of it.

    Args:
        access: the system's own, whose transaction reaches the directory.
        locked: the request.
        right: of access or portability.
        is_complete: whether every recipient has answered.
    """
    owed = (await obligations_of_right(access, [right.id]))[right.id]
    order = CopyOrder(
        request_id=locked.request.id,
        right_id=right.id,
        member_id=locked.request.member_id,
        right=right.kind.value,
        is_portable=right.kind is RightKind.PORTABILITY,
        limitation=right.limitation,
        limitations=right.limitations,
        is_complete=is_complete,
        is_of_account=is_about_account(right.details),
    )
    parts = await _collected_parts(access, [export for export in owed if export.verb is Verb.EXPORT])
    made = await build_export(access, order, parts)
    if is_complete:
        await drop_exports(access, [export.id for export in owed])
    target = ("data_request", order.request_id)
    fallen_short = shortfalls(owed) if is_complete else {}
    missing = sorted({each.recipient for each in owed if fallen_short.get(each.id)})
    values = {"date": made.expires_at, "is_complete": is_complete, "missing": missing}
    await tell_each(access, Telling(kind=EXPORT_READY, members=[order.member_id], target=target, values=values))
    return made.is_limited


async def _collected_parts(access: Access, exports: list[ObligationRecord]) -> list[VendorPart]:
    """Return, for each place that owes an export, what it handed out or how far it is."""
    collected = await collected_exports(access, [export.id for export in exports])
    installations = await find_installations(access, [export.installation_id for export in exports])
    names = _file_names(exports, installations)
    return [_part(names[export.place_id], export, collected.get(export.id)) for export in exports]


def _part(name: str, owed: ObligationRecord, collected: Export | None) -> VendorPart:
    if collected is None:
        reason = f": {owed.outcome.status} {owed.outcome.code}".rstrip() if owed.is_ended and owed.outcome else ""
        status = ("handed nothing out" if owed.is_ended else "still being asked") + reason
        return VendorPart(name, status, (), owed.recipient)
    return VendorPart(name, "answered", tuple(row.model_dump(mode="json") for row in collected.rows), owed.recipient)


def _file_names(
    exports: Sequence[ObligationRecord], installations: Mapping[UUID, InstallationRecord]
) -> dict[UUID, str]:
    """Return a file name for each place: the integration's key, with a number where the integration has several."""
    names: dict[UUID, str] = {}
    made = {each.id: installations[each.installation_id].created_at for each in exports}
    for export in sorted(exports, key=lambda each: (made[each.id], each.created_at, each.id)):
        key = installations[export.installation_id].integration_key
        count = sum(1 for name in names.values() if name.split("-")[0] == key)
        names.setdefault(export.place_id, f"{key}-{count + 1}" if count else key)
    return names
