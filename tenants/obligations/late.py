"""Deliveries that come after what was to take them back, because their worker slept or died on the way."""

from __future__ import annotations

from wardship.plugins.api import Cause, Verb
from wardship.tenants.access import Access
from wardship.tenants.egress.arrivals import note_late_delivery
from wardship.tenants.egress.gate import DeliveryState
from wardship.tenants.egress.holdings import HELD, LinkState, set_links
from wardship.tenants.egress.ledger import MAY_HAVE_ARRIVED
from wardship.tenants.egress.locks import lock_members
from wardship.tenants.installations.records import InstallationRecord
from wardship.tenants.obligations.enqueue import Demand, enqueue
from wardship.tenants.obligations.for_member import bring_in_line, with_identifiers
from wardship.tenants.obligations.leases import Lease, PreparedCall


async def erase_what_came_late(access: Access, installation: InstallationRecord, lease: Lease) -> bool:
    """Owe an erasure for a delivery that may have arrived after the one before; False where something is held there."""
    state = await access.fetchval(
        "select state from subject_link where organisation_id = $1 and place_id = $2 and member_id = $3"
        " and not is_kept",
        lease.place_id,
        lease.member_id,
    )
    if state is None or state in HELD:
        return False
    demand = Demand(
        installation=installation,
        verb=Verb.ERASE,
        member_id=lease.member_id,
        place_id=lease.place_id,
        cause=Cause.FOUND_AGAIN,
        key=f"late:{lease.id}:{lease.attempt}",
    )
    await enqueue(access, [await with_identifiers(access, demand)])
    return True


async def take_in_late(access: Access, call: PreparedCall, arrival: DeliveryState) -> None:
    """Note what became of a delivery whose lease was lost, and bring in line what it may have overwritten."""
    lease = call.lease
    if lease.member_id is None or arrival not in MAY_HAVE_ARRIVED:
        return
    await lock_members(access, [lease.member_id])
    await note_late_delivery(access, lease.id, lease.attempt, arrival)
    if await erase_what_came_late(access, call.installation, lease):
        await set_links(access, call.installation.id, lease.place_id, lease.member_id, LinkState.SHARED)
    else:
        await bring_in_line(access, [lease.member_id])
