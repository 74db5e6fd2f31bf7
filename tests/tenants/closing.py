"""An organisation that ends: let it leave, let time pass, work off what is owed, look at what is left."""

from __future__ import annotations

from datetime import timedelta

from tests.builders import Organisation
from tests.connecting import DUTIES, run_until_idle
from tests.tables import tenant_table_names
from tests.tenants.erasure.searching import found_in_tables
from tests.tenants.operating import commanding
from wardship.core.audit.export import export_audit
from wardship.core.audit.verify import verify_export
from wardship.core.signing import public_keys
from wardship.tenants.obligations.worker import Worker
from wardship.tenants.organisation_lifecycle.changes import (
    close_organisation,
)
from wardship.tenants.organisation_lifecycle.clocks import follow_organisations

HOURS = timedelta(hours=48)


async def let_leave(services, organisation: Organisation, reason="The contract has ended"):
    async with commanding(services) as access:
        return await close_organisation(access, organisation.slug, reason)


async def pass_time(services, span=HOURS):
    """Let time pass, and do what the clock of organisations makes due."""
    services.clock.advance(span)
    await follow_organisations(services)


async def work_off(services):
    """Work off what is owed, and then what follows for organisations."""
    await run_until_idle(Worker(services, duties=DUTIES))
    await follow_organisations(services)


async def state_of(owner, organisation):
    return await owner.fetchval("select state from organisation where id = $1", organisation.id)


async def tables_left(owner, organisation):
    """Tables that hold rows of an organisation, with how many."""
    counts = {
        table: await owner.fetchval(f"select count(*) from {table} where organisation_id = $1", organisation.id)
        for table in await tenant_table_names(owner)
    }
    return {table: count for table, count in counts.items() if count}


async def tables_with(owner, identifiers):
    return {item.partition(":")[0] for item in await found_in_tables(owner, identifiers)}


async def verified_audit(services, organisation):
    chunks = [chunk async for chunk in export_audit(services.database, services.keys, services.clock, organisation.id)]
    return verify_export(b"".join(chunks).splitlines(), public_keys(services.keys))
