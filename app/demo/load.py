"""Load the demonstration organisations once, through the same domain functions as everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from wardship.app.demo.organisations import (
    OPERATOR,
    ORGANISATIONS,
    OUTSIDERS,
    PRIVACY_TEAM,
    PRIVACY_TEAM_DOMAIN,
    VENDOR,
    VENDOR_DOMAIN,
    DemoGroup,
    DemoOrganisation,
    DemoPerson,
)
from wardship.core.accounts.accounts import add_staff, create_account, find_account
from wardship.core.accounts.address import EmailAddress, canonical_address
from wardship.core.actor import Actor, CredentialKind, Role, StaffRole, system_actor
from wardship.core.database.scope import Scope
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access, Services
from wardship.tenants.content.share import create_post
from wardship.tenants.domains.claiming import claim_domain
from wardship.tenants.domains.proof import Look
from wardship.tenants.domains.records import Finding
from wardship.tenants.domains.settling import LeasedCheck, settle_look
from wardship.tenants.domains.write import schedule_check
from wardship.tenants.groups.change import create_group
from wardship.tenants.groups.people import insert_membership
from wardship.tenants.groups.rules.change import preview_rule, set_rule
from wardship.tenants.groups.rules.records import RuleAttribute, RuleCondition
from wardship.tenants.groups.visibility import GroupRole
from wardship.tenants.members.add import add_member
from wardship.tenants.members.insert import NewMember
from wardship.tenants.members.roles import require_may_give
from wardship.tenants.organisations.create import create_organisation
from wardship.tenants.requests.submit import RequestedRight, submit_request

_REQUEST_ID = "demonstration"
_STAFF = (
    (PRIVACY_TEAM, PRIVACY_TEAM_DOMAIN, StaffRole.PRIVACY_TEAM),
    (OPERATOR, PRIVACY_TEAM_DOMAIN, StaffRole.OPERATOR),
    (VENDOR, VENDOR_DOMAIN, StaffRole.VENDOR),
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """One person of a loaded organisation."""

    organisation_id: UUID
    member_id: UUID
    account_id: UUID
    roles: frozenset[Role]


async def load_demonstration(services: Services) -> None:
    """Load what is not there yet: each organisation, and who is known to the provider, in one transaction each."""
    for organisation in ORGANISATIONS:
        async with services.database.directory(read_only=True) as transaction:
            exists = await transaction.fetchval("select 1 from organisation where slug = $1", organisation.slug)
        if not exists:
            await _load(services, organisation)
    for person, domain, role in _STAFF:
        await _load_staff(services, address_of(person.key, domain), person.name, role)
    await _load_of_no_organisation(services)


async def account_of(services: Services, key: str, domain: str) -> UUID | None:
    """Return the account of a demonstration person; None when it was erased."""
    async with services.database.directory(read_only=True) as transaction:
        return await find_account(transaction, address_of(key, domain))


def address_of(key: str, domain: str) -> EmailAddress:
    """Return the address of a demonstration person."""
    return canonical_address(f"{key}@{domain}", ())


async def _load(services: Services, organisation: DemoOrganisation) -> None:
    organisation_id = uuid7()
    scope = Scope(organisation_id, directory=True)
    async with services.database.transaction(scope) as transaction:
        access = Access(system_actor(organisation_id), transaction, services, _REQUEST_ID)
        owner = organisation.people[0]
        new_owner = await _new_member(access, organisation, owner)
        await create_organisation(access, slug=organisation.slug, name=organisation.name, owner=new_owner)
        people = {owner.key: _loaded(organisation_id, new_owner, Role.ORG_OWNER)}
        for person in organisation.people[1:]:
            new = await _new_member(access, organisation, person)
            await add_member(access, new)
            people[person.key] = _loaded(organisation_id, new, *person.roles)
        for group in organisation.groups:
            await _load_group(access, group, people)
        if organisation.proven:
            await _load_domain(access, organisation.proven)
        for key, rights in organisation.requests:
            asking = [RequestedRight(right) for right in rights]
            await submit_request(_as(access, people[key], stepped_up_at=access.now), asking, country="DE")


async def _new_member(access: Access, organisation: DemoOrganisation, person: DemoPerson) -> NewMember:
    address = address_of(person.key, organisation.domain)
    account_id = await create_account(
        access.transaction, access.services.keys, address, display_name=person.name, at=access.now
    )
    first, last = person.name.split(" ", 1)
    profile = {
        "first_name": first,
        "last_name": last,
        "job_title": person.job,
        "company": organisation.name,
        "username": person.key,
        "phone": f"+49 30 55500{sum(person.key.encode()) % 1000:03d}",
    }
    return NewMember(person.name, address, account_id, require_may_give(access, person.roles), profile)


def _loaded(organisation_id: UUID, new: NewMember, *roles: Role) -> Loaded:
    if new.account_id is None:
        raise ValueError("a demonstration person has an account")
    return Loaded(organisation_id, new.id, new.account_id, frozenset({Role.MEMBER, *roles}))


async def _load_group(access: Access, group: DemoGroup, people: dict[str, Loaded]) -> None:
    made = await create_group(access, group.name)
    ranks = [GroupRole.GROUP_OWNER, GroupRole.GROUP_ADMIN]
    for place, key in enumerate(group.people):
        rank = ranks[place] if place < len(ranks) else GroupRole.MEMBER
        await insert_membership(access, made.id, people[key].member_id, rank)
    if group.jobs:
        rule = [RuleCondition(RuleAttribute.JOB_TITLE, group.jobs)]
        await set_rule(access, made.id, rule, (await preview_rule(access, made.id, rule)).fingerprint)
    mentions: dict[str, Any] = {key: f"<@{person.member_id}>" for key, person in people.items()}
    for key, body in group.posts:
        await create_post(_as(access, people[key]), made.id, body.format_map(mentions))


async def _load_domain(access: Access, name: str) -> None:
    """Let the organisation hold a domain, as if both resolvers had just said so."""
    issued = await claim_domain(access, name)
    claim, proof, now = issued.claim, issued.challenge.digest, access.now
    await schedule_check(access, claim.id, now)
    check = LeasedCheck(access.organisation_id, claim.id, claim.name, claim.scope, (proof,), False, now)
    await settle_look(access, check, Look(Finding.PROVEN, proof, ()))


def _as(access: Access, person: Loaded, *, stepped_up_at: datetime | None = None) -> Access:
    actor = Actor(
        person.account_id,
        person.organisation_id,
        person.member_id,
        person.roles,
        CredentialKind.SESSION,
        stepped_up_at=stepped_up_at,
    )
    return Access(actor, access.transaction, access.services, access.request_id)


async def _load_of_no_organisation(services: Services) -> None:
    async with services.database.directory() as transaction:
        for domain, person in [(domain, person) for domain, people in OUTSIDERS for person in people]:
            address, now = address_of(person.key, domain), services.clock.now()
            if await find_account(transaction, address) is None:
                await create_account(transaction, services.keys, address, display_name=person.name, at=now)


async def _load_staff(services: Services, address: EmailAddress, name: str, role: StaffRole) -> None:
    async with services.database.directory() as transaction:
        now = services.clock.now()
        account_id = await find_account(transaction, address)
        if account_id is None:
            account_id = await create_account(transaction, services.keys, address, display_name=name, at=now)
        await add_staff(transaction, account_id, role, at=now)
