"""The steps of an erasure by the public functions of the version that is measured.

What changes from version to version stands here, and in no other module of part (d).
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from bench import nothing
from bench.data import Caller
from bench.writing import Somebody
from wardship.core.accounts.accounts import create_account
from wardship.core.accounts.address import canonical_address
from wardship.core.actor import Actor, CredentialKind, Role, system_actor
from wardship.core.database.scope import Scope
from wardship.core.tokens.tokens import TokenRequest, create_token
from wardship.plugins.api import Holder
from wardship.tenants.access import Access, Services
from wardship.tenants.declarations import declaration_digest
from wardship.tenants.fulfilment.due import do_due_requests
from wardship.tenants.grants.granting import Grantable
from wardship.tenants.groups.change import create_group
from wardship.tenants.groups.people import insert_membership
from wardship.tenants.groups.visibility import GroupRole
from wardship.tenants.installation_lifecycle.install import InstallRequest, install
from wardship.tenants.members.add import add_member
from wardship.tenants.members.insert import NewMember
from wardship.tenants.members.roles import require_may_give
from wardship.tenants.obligations.worker import Worker
from wardship.tenants.organisations.create import create_organisation
from wardship.tenants.requests.decide import approve_right
from wardship.tenants.requests.erasures import commit_erasure, preview_erasure, waive_cooling_off
from wardship.tenants.requests.finds import decide_erasure_finds
from wardship.tenants.requests.states import RightKind
from wardship.tenants.requests.submit import RequestedRight, submit_request
from wardship.tenants.requests.visibility import lock_request

_REQUEST_ID = "benchmark"


@dataclass(frozen=True, slots=True)
class Committed:
    """An erasure that only waits for its moment, and the seconds that its preview and its commit took."""

    right_id: UUID
    preview_s: float
    commit_s: float


@asynccontextmanager
async def acting(services: Services, who: Caller, *roles: Role) -> AsyncIterator[Access]:
    """Yield the access of a member who has shown the second factor a moment ago; it is committed at the end."""
    everything = frozenset({Role.MEMBER, *roles})
    actor = Actor(
        who.account_id,
        who.organisation_id,
        who.member_id,
        everything,
        CredentialKind.SESSION,
        stepped_up_at=services.clock.now(),
    )
    async with services.database.transaction(Scope(who.organisation_id, directory=True)) as transaction:
        yield Access(actor, transaction, services, _REQUEST_ID)


@asynccontextmanager
async def acting_system(services: Services, organisation_id: UUID) -> AsyncIterator[Access]:
    """Yield the system's own access; it is committed at the end."""
    async with services.database.transaction(Scope(organisation_id, directory=True)) as transaction:
        yield Access(system_actor(organisation_id), transaction, services, _REQUEST_ID)


async def found(access: Access, slug: str, owner: Somebody) -> Caller:
    """Make the organisation of an access, with its owner, and return the owner."""
    new, account_id = await _with_account(access, owner)
    await create_organisation(access, slug=slug, name=slug.capitalize(), owner=new)
    return Caller(access.organisation_id, owner.member_id, account_id, "")


async def join(access: Access, person: Somebody, *roles: Role) -> Caller:
    """Add a member with an account, and return him or her."""
    new, account_id = await _with_account(access, person, *roles)
    await add_member(access, new)
    return Caller(access.organisation_id, person.member_id, account_id, "")


async def _with_account(access: Access, person: Somebody, *roles: Role) -> tuple[NewMember, UUID]:
    address, keys = canonical_address(person.email, ()), access.services.keys
    account_id = await create_account(
        access.transaction, keys, address, display_name=person.display_name, at=access.now
    )
    profile = {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "username": person.username,
        "phone": person.phone,
    }
    given = require_may_give(access, roles)
    return NewMember(person.display_name, address, account_id, given, profile, person.member_id), account_id


async def gather(access: Access, name: str, members: list[UUID]) -> UUID:
    """Make a group of these members and return it."""
    group = await create_group(access, name)
    for member_id in members:
        await insert_membership(access, group.id, member_id, GroupRole.MEMBER)
    return group.id


async def with_token(services: Services, who: Caller) -> Caller:
    """Return a member with a token that may read and write."""
    now = services.clock.now()
    request = TokenRequest(name="benchmark", scopes=("read", "write"), expires_at=now + timedelta(days=1))
    async with services.database.transaction(Scope(who.organisation_id, directory=True)) as transaction:
        _, token = await create_token(transaction, who.account_id, who.organisation_id, request, at=now)
    return replace(who, token=token)


async def install_nothing(services: Services, admin: Caller, group_id: UUID, number: int) -> None:
    """Install the integration that does nothing for a group, with all that it declares granted.

    Args:
        services: the deployment.
        admin: who installs it.
        group_id: for whom.
        number: which of several it is.
    """
    await _install(services, admin, nothing.KEY, {"number": number}, group_id)


async def install_for_all(services: Services, admin: Caller, key: str, settings: Mapping[str, object]) -> UUID:
    """Install an integration for the whole organisation, with all that it declares granted, and return its id."""
    return await _install(services, admin, key, settings, None)


async def _install(
    services: Services, admin: Caller, key: str, settings: Mapping[str, object], group_id: UUID | None
) -> UUID:
    manifest, plan = services.integrations.require(key).declaration
    pairs = {(entry.category, entry.purpose) for entry in manifest.receives}
    wanted = InstallRequest(
        integration=key,
        declaration_digest=declaration_digest(manifest, plan).hex(),
        holder=Holder.ORGANISATION if group_id is None else Holder.GROUP,
        group_id=group_id,
        settings=settings,
        grants=[Grantable(*pair) for pair in sorted(pairs)],
    )
    async with acting(services, admin, Role.ORG_ADMIN) as access:
        return (await install(access, wanted)).id


async def commit(services: Services, admin: Caller, person: Caller) -> Committed:
    """Let a person ask for erasure, and the administrator agree, look at the preview and commit it."""
    async with acting(services, person) as access:
        request = (await submit_request(access, [RequestedRight(RightKind.ERASURE)], country="DE")).request
        (right,) = (await lock_request(access, request.id)).rights
    async with acting(services, admin, Role.ORG_ADMIN) as access:
        await approve_right(access, right.id)
    begun = time.perf_counter()
    async with acting(services, admin, Role.ORG_ADMIN) as access:
        await preview_erasure(access, right.id)
    previewed = time.perf_counter()
    async with acting(services, admin, Role.ORG_ADMIN) as access:  # apart: people take their time to decide
        await decide_erasure_finds(access, right.id, others=False)
        digest = (await preview_erasure(access, right.id)).digest
    decided = time.perf_counter()
    async with acting(services, admin, Role.ORG_ADMIN) as access:
        await commit_erasure(access, right.id, digest)
    return Committed(right.id, previewed - begun, time.perf_counter() - decided)


async def waive(services: Services, person: Caller, right_id: UUID) -> None:
    """Let the person waive the cooling-off, so that the erasure is due."""
    async with acting(services, person) as access:
        await waive_cooling_off(access, right_id)


async def do_due(services: Services) -> None:
    """Do what the clocks demand of requests, as the worker's sweep does."""
    await do_due_requests(services)


async def work_off(services: Services) -> int:
    """Lease, call and settle until no obligation is due; return how many there were."""
    worker, served = Worker(services), 0
    while count := await worker.run_once():
        served += count
    return served
