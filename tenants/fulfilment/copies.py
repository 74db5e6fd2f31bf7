"""Hand out the copy for a right of access or portability: what is held here at once, the rest when vendors answered."""

from __future__ import annotations

from wardship.plugins.api import Verb
from wardship.tenants.access import Access
from wardship.tenants.exports.build import build_export
from wardship.tenants.exports.files import CopyOrder
from wardship.tenants.exports.vendor_exports import drop_exports
from wardship.tenants.fulfilment.recipients import collected_parts
from wardship.tenants.obligations.read import obligations_of_right
from wardship.tenants.requests.events import notify
from wardship.tenants.requests.records import LockedRequest, RightRecord
from wardship.tenants.requests.states import RightKind


async def hand_out_copy(access: Access, locked: LockedRequest, right: RightRecord, *, is_complete: bool) -> None:
    """Make the copy for a right, let the person know, and drop vendors' parts once the complete copy holds them.

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
        is_complete=is_complete,
    )
    parts = await collected_parts(access, [export for export in owed if export.verb is Verb.EXPORT])
    expires_at = await build_export(access, order, parts)
    if is_complete:
        await drop_exports(access, [export.id for export in owed])
    date = f"{expires_at:%Y-%m-%d %H:%M}"
    await notify(access, order.member_id, "export_ready", date=date, is_complete=is_complete)
