"""Creates a token: what `wardship token create` does."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import click

from wardship.app.commands.bootstrap import bootstrap
from wardship.app.deployment import database_place, make_services, running
from wardship.core.accounts.accounts import find_account
from wardship.core.accounts.address import canonical_address
from wardship.core.accounts.events import EventKind, Origin, record_account_event
from wardship.core.database.scope import Scope
from wardship.core.errors import NotFoundError
from wardship.core.tokens.tokens import TokenRequest, create_token
from wardship.tenants.access import Services


def create(account: str, organisation: str, scopes: tuple[str, ...], expires: int, name: str) -> None:
    """Create a token that lives for some days and print it once, alone, on standard output."""
    settings = bootstrap()
    with database_place(settings) as place:
        services = make_services(settings, place)

        wanted = TokenRequest(name=name, scopes=scopes, expires_at=services.clock.now() + timedelta(days=expires))

        async def work() -> str:
            async with running(services, place):
                return await _create(services, account, organisation, wanted)

        click.echo(asyncio.run(work()))


async def _create(services: Services, account: str, slug: str, wanted: TokenRequest) -> str:
    async with services.database.directory(read_only=True) as transaction:
        account_id = await find_account(transaction, canonical_address(account, services.settings.internal_domains))
        organisation_id = await transaction.fetchval("select id from organisation where slug = $1", slug)
    if account_id is None or organisation_id is None:
        raise NotFoundError("There is no such organisation, or no account with this verified address.")
    now = services.clock.now()
    async with services.database.transaction(Scope(organisation_id, directory=True)) as transaction:
        _, text = await create_token(
            transaction, account_id, organisation_id, wanted, at=now, request_id="command-line"
        )
        origin = Origin(at=now, organisation_id=organisation_id, user_agent="command line")
        await record_account_event(transaction, account_id, EventKind.TOKEN_MADE, origin)
    return text
