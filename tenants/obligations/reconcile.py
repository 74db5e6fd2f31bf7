"""Ask a vendor now and then what it holds, page by page, and mend what differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from wardship.core.actor import system_actor
from wardship.core.database.engine import Record
from wardship.plugins.api import Cause, Reconciliation, SubjectState, Verb
from wardship.plugins.api.doers import Doer, doer
from wardship.tenants.access import Access, Services
from wardship.tenants.egress.holdings import HELD, LinkState, set_links
from wardship.tenants.egress.vendor_names import LINKS
from wardship.tenants.installations.changes import schedule_reconciliation
from wardship.tenants.installations.records import InstallationRecord, find_installations
from wardship.tenants.obligations.enqueue import Demand, enqueue
from wardship.tenants.obligations.leases import Lease

_AT_ONCE = 200


async def page_of_links(access: Access, installation: InstallationRecord, lease: Lease) -> list[Record]:
    """Return the next links of a place, at most as many as one call takes, ordered by member."""
    return await access.fetch(
        LINKS + " and ($4::uuid is null or member_id > $4) order by member_id limit $5",
        lease.installation_id,
        lease.place_id,
        lease.arguments.after,
        installation.manifest.limits.batch,
    )


async def mend_differences(
    access: Access, installation: InstallationRecord, lease: Lease, answer: Reconciliation
) -> None:
    """Share again what the vendor has lost, erase again what it should not have, and go on with the next page."""
    rows = await page_of_links(access, installation, lease)
    known = {standing.subject_id: standing.state for standing in answer.standings}
    found = [demand for row in rows if (demand := _mend(installation, row, known.get(row["subject_ref"])))]
    demands = [replace(demand, place_id=lease.place_id) for demand in found]
    for demand in demands:
        if demand.verb is Verb.ERASE:  # what is found there is held there, whatever was said before
            await set_links(access, installation.id, lease.place_id, demand.member_id, LinkState.SHARED)
    await enqueue(access, demands)
    if demands or answer.strays:
        await access.audit(
            "installation.reconciled", "installation", installation.id, mended=len(demands), strays=len(answer.strays)
        )
    await _go_on(access, installation, lease, rows)


async def _go_on(access: Access, installation: InstallationRecord, lease: Lease, rows: Sequence[Record]) -> None:
    if len(rows) < installation.manifest.limits.batch:
        return
    last = str(rows[-1]["member_id"])
    demand = Demand(installation=installation, verb=Verb.RECONCILE, arguments={"after": last}, key=last)
    await enqueue(access, [replace(demand, place_id=lease.place_id)])


def _mend(installation: InstallationRecord, row: Record, state: SubjectState | None) -> Demand | None:
    is_there = state in {SubjectState.ACTIVE, SubjectState.UPDATED}
    is_gone = state in {SubjectState.CLOSED, SubjectState.UNKNOWN}
    if row["state"] == "shared" and is_gone:
        return Demand(installation=installation, verb=Verb.SHARE, member_id=row["member_id"])
    if row["state"] not in HELD and is_there:
        return Demand(
            installation=installation,
            verb=Verb.ERASE,
            member_id=row["member_id"],
            cause=Cause.FOUND_AGAIN,
            key="reconciled",
        )
    return None


async def plan_reconciliation(access: Access, installation: InstallationRecord) -> bool:
    """Note when to ask the vendor next; return whether it can be asked."""
    is_offered = doer(installation.manifest, Verb.RECONCILE) is Doer.CONNECTOR
    next_at = access.now + timedelta(days=installation.manifest.deadlines.reconcile_d)
    await schedule_reconciliation(access, installation.id, next_at if is_offered else None)
    return is_offered


async def reconcile_due(services: Services) -> None:
    """Owe a reconciliation to every installation whose time has come, in every organisation."""
    async with services.database.directory(read_only=True) as transaction:
        rows = await transaction.fetch("select * from due_reconciliations($1, $2)", services.clock.now(), _AT_ONCE)
    for row in rows:
        async with services.database.tenant(row["organisation_id"]) as transaction:
            access = Access(system_actor(row["organisation_id"]), transaction, services, "reconciliation")
            found = await find_installations(access, [row["installation_id"]], lock="for no key update")
            installation = found[row["installation_id"]]
            if await plan_reconciliation(access, installation):
                await enqueue(access, [Demand(installation=installation, verb=Verb.RECONCILE)])
