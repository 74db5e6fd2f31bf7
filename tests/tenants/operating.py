"""Somebody who operates the deployment, and people who prove the addresses that were waited for."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from uuid import UUID

from tests.builders import access_for
from wardship.core.accounts.accounts import create_account
from wardship.core.accounts.address import canonical_address
from wardship.core.actor import PROVIDER_ID, Actor, CredentialKind, StaffRole, system_actor
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access, Services

OPERATOR = uuid7()


def operator(services: Services, *, stepped_up: bool = True, role: StaffRole = StaffRole.OPERATOR) -> Actor:
    """Somebody of the staff, at the provider."""
    at = services.clock.now() if stepped_up else None
    return Actor(
        OPERATOR,
        PROVIDER_ID,
        None,
        frozenset(),
        CredentialKind.SESSION,
        stepped_up_at=at,
        staff_roles=frozenset({role}),
    )


def operating(services: Services, actor: Actor | None = None) -> AbstractAsyncContextManager[Access]:
    """Return an operator's access, in a transaction of its own at the provider."""
    return access_for(services, actor or operator(services))


def commanding(services: Services) -> AbstractAsyncContextManager[Access]:
    """Return the command line's access, in a transaction of its own at the provider."""
    return access_for(services, system_actor(PROVIDER_ID))


async def register(services: Services, email: str, *, name: str = "Ada", has_second_factor: bool = True) -> UUID:
    """Make an account that has proven an address, as the mailed link does."""
    address, at = canonical_address(email, services.settings.internal_domains), services.clock.now()
    async with services.database.directory() as transaction:
        account_id = await create_account(transaction, services.keys, address, display_name=name, at=at)
    if has_second_factor:
        await enrol(services, account_id)
    return account_id


async def enrol(services: Services, account_id: UUID) -> None:
    """Set up a second factor, as the authenticator's first code does."""
    async with services.database.directory() as transaction:
        await transaction.execute(
            "insert into totp_credential (id, created_at, account_id, secret, confirmed_at)"
            " values ($1, $2, $3, '', $2)",
            uuid7(),
            services.clock.now(),
            account_id,
        )
