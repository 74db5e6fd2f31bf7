"""Two organisations of which one becomes part of the other, and what a test does with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import asyncpg

from tests.builders import Organisation, Person, access_for, make_member, make_organisation
from tests.fixed_clock import FixedClock
from tests.rows import fill
from tests.tables import tenant_table_names
from wardship.core.actor import Role
from wardship.tenants.access import Services
from wardship.tenants.mergers.accepting import ANNOUNCED_FOR, accept_merger
from wardship.tenants.mergers.carrying import QUIET
from wardship.tenants.mergers.clocks import follow_mergers
from wardship.tenants.mergers.offering import offer_merger
from wardship.tenants.mergers.read import merger_by_id, previews_of
from wardship.tenants.mergers.records import MergerRecord


@dataclass
class Merging:
    """Harbour, which stays, and Orchard, which becomes part of it."""

    services: Services
    clock: FixedClock
    owner: asyncpg.Connection
    harbour: Organisation
    orchard: Organisation
    hanna: Person
    oscar: Person

    def access(self, person: Person, *, stepped_up: bool = True):
        return access_for(self.services, person.actor(stepped_up=stepped_up, at=self.clock.now()))

    async def offer(self, who: Person | None = None, into: str = "harbour") -> MergerRecord:
        """Offer, and let it be delivered."""
        async with self.access(who or self.oscar) as access:
            merger = await offer_merger(access, into)
        await follow_mergers(self.services)
        return merger

    async def digest(self, merger_id: UUID, who: Person | None = None) -> str:
        async with self.access(who or self.hanna) as access:
            (preview,) = await previews_of(access, [await merger_by_id(access, merger_id)])
        assert preview is not None
        return preview.digest

    async def accept(self, merger_id: UUID, who: Person | None = None) -> MergerRecord:
        digest = await self.digest(merger_id, who)
        async with self.access(who or self.hanna) as access:
            return await accept_merger(access, merger_id, digest)

    async def announce(self) -> MergerRecord:
        return await self.accept((await self.offer()).id)

    async def begin(self) -> None:
        """Let the day come."""
        self.clock.advance(ANNOUNCED_FOR)
        await follow_mergers(self.services)

    async def finish(self) -> None:
        """Let the quiet minute pass, and what is due be done."""
        self.clock.advance(QUIET + timedelta(seconds=1))
        await follow_mergers(self.services)

    async def merge(self) -> UUID:
        merger = await self.announce()
        await self.begin()
        await self.finish()
        assert await self.state(merger.id) == "merged"
        return merger.id

    async def state(self, merger_id: UUID) -> str:
        return await self.owner.fetchval("select state from merger where id = $1", merger_id)

    async def fill(self) -> None:
        """Put a row of Orchard in every table that has none; the installation has been removed."""
        await fill(self.owner, self.orchard.id, await tenant_table_names(self.owner), "orchard")
        await self.owner.execute("update installation set state = 'removed'")

    async def counts(self, tables: list[str], *organisations: Organisation) -> dict[str, int]:
        ids = [each.id for each in organisations]
        return {
            table: await self.owner.fetchval(f"select count(*) from {table} where organisation_id = any($1)", ids)
            for table in tables
        }


async def make_merging(services: Services, clock: FixedClock, owner: asyncpg.Connection) -> Merging:
    harbour = await make_organisation(services.database, "harbour", name="Harbour Logistics")
    orchard = await make_organisation(services.database, "orchard", name="Orchard Søren & Ida")
    hanna = await make_member(services.database, harbour, Role.ORG_OWNER, name="Hanna Harbour")
    oscar = await make_member(services.database, orchard, Role.ORG_OWNER, name="Oscar Orchard")
    return Merging(services, clock, owner, harbour, orchard, hanna, oscar)
