"""An organisation that claims domains, and who may change the DNS for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from tests.builders import Organisation, Person, access_for, make_member, make_organisation
from tests.fakes.dns_server import DnsFake
from wardship.core.actor import Role
from wardship.tenants.access import Services
from wardship.tenants.domains.challenge import Challenge
from wardship.tenants.domains.claiming import (
    VERIFICATIONS,
    IssuedChallenge,
    claim_domain,
    release_domain,
    renew_claim,
    verify_domain,
)
from wardship.tenants.domains.clocks import check_domains, end_domain_states
from wardship.tenants.domains.read import find_claim
from wardship.tenants.domains.records import ClaimRecord, ClaimScope, ClaimState
from wardship.tenants.domains.settling import AFTER_A_MISS, MISSES

NAME = "harbour-logistics.com"


@dataclass
class Claimant:
    """What a test of domains works with."""

    services: Services
    resolvers: tuple[DnsFake, ...]
    organisation: Organisation
    owner: Person
    admin: Person

    def access(self, who: Person | None = None, *, stepped_up: bool = True):
        actor = (who or self.admin).actor(stepped_up=stepped_up, at=self.services.clock.now())
        return access_for(self.services, actor)

    async def claim(self, name: str = NAME, scope: ClaimScope = ClaimScope.NAME) -> IssuedChallenge:
        async with self.access() as access:
            return await claim_domain(access, name, scope)

    async def renew(self, claim_id: UUID) -> Challenge:
        async with self.access() as access:
            return (await renew_claim(access, claim_id)).challenge

    async def ask(self, claim_id: UUID) -> None:
        """Have the record looked for, however often it was a moment ago."""
        self.services.clock.advance(VERIFICATIONS.window / 3)
        async with self.access() as access:
            await verify_domain(access, claim_id)

    async def release(self, claim_id: UUID) -> ClaimRecord:
        async with self.access() as access:
            return await release_domain(access, claim_id)

    def place(self, challenge: Challenge) -> None:
        for each in self.resolvers:
            each.place(challenge.name, challenge.value)

    def remove(self, challenge: Challenge) -> None:
        for each in self.resolvers:
            each.remove(challenge.name)

    async def verify(self, claim_id: UUID) -> ClaimRecord:
        """Have the record looked for, let a worker do that, and return the claim."""
        await self.ask(claim_id)
        await check_domains(self.services)
        return await self.found(claim_id)

    async def prove(self, name: str = NAME, scope: ClaimScope = ClaimScope.NAME) -> IssuedChallenge:
        """Claim a domain, place its record and have it looked for."""
        issued = await self.claim(name, scope)
        self.place(issued.challenge)
        await self.verify(issued.claim.id)
        return issued

    async def held(self, name: str = NAME, scope: ClaimScope = ClaimScope.NAME) -> IssuedChallenge:
        """Claim and prove a domain that nobody else holds."""
        issued = await self.prove(name, scope)
        assert await self.state(issued.claim.id) is ClaimState.VERIFIED
        return issued

    async def lose(self, issued: IssuedChallenge) -> None:
        """Take the record away, and let time pass until the grace period has begun."""
        self.remove(issued.challenge)
        await self.pass_time(timedelta(days=8))
        for _ in range(MISSES):
            await self.pass_time(AFTER_A_MISS)
        assert await self.state(issued.claim.id) is ClaimState.GRACE

    async def found(self, claim_id: UUID) -> ClaimRecord:
        async with self.access() as access:
            claim = await find_claim(access, claim_id)
        assert claim is not None
        return claim

    async def state(self, claim_id: UUID) -> ClaimState:
        return (await self.found(claim_id)).state

    async def pass_time(self, span: timedelta) -> None:
        """Let time pass, and do what it makes due."""
        self.services.clock.advance(span)
        await run_clocks(self.services)


async def run_clocks(services: Services) -> None:
    """Do what the clocks of domains make due."""
    await end_domain_states(services)
    while await check_domains(services):
        pass


async def make_claimant(services: Services, resolvers: tuple[DnsFake, ...], slug: str) -> Claimant:
    """Return an organisation with an owner and an administrator."""
    organisation = await make_organisation(services.database, slug)
    owner = await make_member(services.database, organisation, Role.ORG_OWNER)
    admin = await make_member(services.database, organisation, Role.ORG_ADMIN)
    return Claimant(services, resolvers, organisation, owner, admin)
