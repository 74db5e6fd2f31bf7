"""Erase accounts whose owners closed them two weeks ago: a sweep of the worker."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from wardship.core.accounts.accounts import verified_addresses
from wardship.core.accounts.closing import end_closing, lock_closing
from wardship.core.actor import PROVIDER_ID, system_actor
from wardship.core.http.credentials import Client
from wardship.core.identifiers import uuid7
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.closing import AccountInUseError, require_unused
from wardship.core.sign_in.notices import ACCOUNT_CLOSED, ACCOUNT_NOT_CLOSED
from wardship.tenants.access import Access, Services
from wardship.tenants.erasure.execute import erase_account

_AT_ONCE: Final = 100


async def erase_closed_accounts(services: Services) -> None:
    """Erase what is due; an account that belongs to an organisation meanwhile is kept, and its owner told."""
    async with services.database.directory(read_only=True) as transaction:
        rows = await transaction.fetch(
            "select id from account where closes_at <= $1 and state = 'active' order by closes_at limit $2",
            services.clock.now(),
            _AT_ONCE,
        )
    for row in rows:
        await _erase(services, row["id"])


async def _erase(services: Services, account_id: UUID) -> None:
    async with services.database.tenant(PROVIDER_ID, directory=True) as transaction:
        if not await lock_closing(transaction, account_id, at=services.clock.now()):
            return
        access = Access(system_actor(PROVIDER_ID), transaction, services, str(uuid7()))
        call, addresses = Call(services, Client("")), await verified_addresses(transaction, account_id)
        try:
            await require_unused(transaction, account_id)
        except AccountInUseError:
            await end_closing(transaction, account_id)
            for address in addresses:
                await call.mail(transaction, ACCOUNT_NOT_CLOSED, address, account_id)
            return
        await erase_account(access, account_id, addresses)
        await access.audit("account.closed", "account", account_id)
        for address in addresses[:1]:
            await call.mail(transaction, ACCOUNT_CLOSED, address, None)
