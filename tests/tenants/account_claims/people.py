"""Accounts at the domain of an organisation, and what is done with them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tests.builders import NOW, access_for, system_access
from tests.tenants.domains.claimant import NAME, Claimant
from wardship.core.actor import PROVIDER_ID, Actor, CredentialKind, Role
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Services
from wardship.tenants.account_claims.grouping_job import run_groupings
from wardship.tenants.account_claims.groupings import cancel_grouping, preview_grouping, start_grouping
from wardship.tenants.account_claims.policies import set_policy
from wardship.tenants.account_claims.read import claimed_addresses, list_account_claims, own_claims
from wardship.tenants.account_claims.records import Enrolment, GroupingRecord
from wardship.tenants.paging import PageRequest


@dataclass(frozen=True)
class Somebody:
    """An account that belongs to no organisation."""

    services: Services
    account_id: UUID
    address: str

    def access(self, *, stepped_up: bool = True):
        """The person's own, at the provider, as a customer's."""
        at = self.services.clock.now() if stepped_up else None
        roles = frozenset({Role.CUSTOMER})
        actor = Actor(self.account_id, PROVIDER_ID, None, roles, CredentialKind.SESSION, stepped_up_at=at)
        return access_for(self.services, actor)

    async def claims(self):
        async with self.access() as access:
            return await own_claims(access)

    async def claim(self):
        (found,) = await self.claims()
        return found

    async def choose(self, act, *arguments, claim=None):
        """Make a choice about the one claim there is, or another."""
        claim = claim or await self.claim()
        async with self.access() as access:
            return await act(access, claim.id, *arguments)


async def make_account(services: Services, address: str, *, others: tuple[str, ...] = (), at=None) -> Somebody:
    """Insert an account whose primary address is proven, and others that are proven too."""
    account_id, at = uuid7(), at or NOW
    async with services.database.directory() as transaction:
        await transaction.execute(
            "insert into account (id, created_at, display_name) values ($1, $2, $3)", account_id, at, address
        )
        for each in (address, *others):
            await transaction.execute(
                "insert into account_email (id, created_at, account_id, address, is_primary, verified_at)"
                " values ($1, $2, $3, $4, $5, $2)",
                uuid7(),
                at,
                account_id,
                each,
                each == address,
            )
    return Somebody(services, account_id, address)


async def insert_accounts(owner, count: int, domain: str = NAME) -> None:
    """Insert many accounts at a domain, past every rule."""
    await owner.execute(
        "with made as (insert into account (id, created_at, display_name)"
        " select gen_random_uuid(), $2, 'Person ' || n from generate_series(1, $1::integer) n returning id)"
        " insert into account_email (id, created_at, account_id, address, is_primary, verified_at)"
        " select gen_random_uuid(), $2, id, id || '@' || $3::text, true, $2 from made",
        count,
        NOW,
        domain,
    )


@dataclass
class Grouper:
    """An organisation that holds a domain and groups the accounts there."""

    who: Claimant
    domain_id: UUID

    async def policy(self, enrolment: Enrolment, *, is_for_subtree: bool = False):
        async with self.who.access() as access:
            return await set_policy(access, self.domain_id, enrolment, is_for_subtree=is_for_subtree)

    async def preview(self) -> GroupingRecord:
        async with self.who.access() as access:
            return await preview_grouping(access, self.domain_id)

    async def start(self) -> GroupingRecord:
        """Preview and begin."""
        preview = await self.preview()
        async with self.who.access() as access:
            return await start_grouping(access, preview.id)

    async def cancel(self, grouping_id: UUID) -> GroupingRecord:
        async with self.who.access() as access:
            return await cancel_grouping(access, grouping_id)

    async def group(self) -> GroupingRecord:
        """Preview, begin, and let a worker do it."""
        begun = await self.start()
        await run_groupings(self.who.services)
        return begun

    async def claims(self):
        """What an administrator sees: each claim with its address."""
        async with self.who.access() as access:
            page = await list_account_claims(access, PageRequest(100))
            addresses = await claimed_addresses(access, [each.id for each in page.items])
        return {addresses.get(each.id): each for each in page.items}

    async def states(self) -> dict[str | None, str]:
        return {address: claim.state.value for address, claim in (await self.claims()).items()}

    def system(self):
        return system_access(self.who.services, self.who.organisation)


async def make_grouper(who: Claimant, name: str = NAME, enrolment: Enrolment = Enrolment.CLAIM_EXISTING, **how):
    """Let an organisation hold a domain, with a policy for it."""
    issued = await who.held(name, **how)
    made = Grouper(who, issued.claim.id)
    await made.policy(enrolment)
    return made
