"""Creates a provisioning token: what `wardship scim token create` does."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import click

from wardship.app.commands.bootstrap import bootstrap
from wardship.app.deployment import database_place, make_services, running
from wardship.core.actor import PROVIDER_ID, system_actor
from wardship.core.errors import NotFoundError
from wardship.tenants.access import Access, Services
from wardship.tenants.provisioning.tokens import create_provisioning_token


def create(organisation: str, expires: int, name: str) -> None:
    """Create a token that lives for some days and print it once, alone, on standard output."""
    settings = bootstrap()
    with database_place(settings) as place:
        services = make_services(settings, place)

        async def work() -> str:
            async with running(services, place):
                return await _create(services, organisation, timedelta(days=expires), name)

        click.echo(asyncio.run(work()))


async def _create(services: Services, slug: str, life: timedelta, name: str) -> str:
    async with services.database.directory(read_only=True) as transaction:
        organisation_id = await transaction.fetchval("select id from organisation where slug = $1", slug)
    if organisation_id is None or organisation_id == PROVIDER_ID:
        raise NotFoundError("There is no such organisation: name one by its slug (`wardship organisation list`).")
    async with services.database.tenant(organisation_id) as transaction:
        access = Access(system_actor(organisation_id), transaction, services, "command-line")
        return (await create_provisioning_token(access, name, access.now + life)).text
