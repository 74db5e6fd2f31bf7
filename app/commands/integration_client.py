"""Keeps this deployment's clients at vendors: what `wardship integration-client` does."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click
import msgspec

from wardship.app.commands.bootstrap import bootstrap
from wardship.app.deployment import database_place, make_services, running
from wardship.tenants.access import Services
from wardship.tenants.authorisations.clients import (
    IntegrationClient,
    list_integration_clients,
    put_integration_client,
    remove_integration_client,
)

T = TypeVar("T")


def set_client(integration: str, client_id: str, *, as_json: bool) -> None:
    """Keep a client, and print the address that is registered with the vendor."""
    client = IntegrationClient(client_id, _secret())
    uri = _done(lambda services: put_integration_client(services, integration, client))
    told = {"integration": integration, "clientId": client_id, "redirectUri": uri}
    click.echo(json.dumps(told) if as_json else f"Register this address with the vendor: {uri}")


def list_clients(*, as_json: bool) -> None:
    """Print the clients, without their secrets."""
    found = _done(list_integration_clients)
    if as_json:
        click.echo(json.dumps([msgspec.to_builtins(each) for each in found]))
        return
    for each in found:
        where = "set" if each.is_set else "kept"
        click.echo(f"{each.integration_key}  {each.client_id}  {where}  {each.redirect_uri}")


def remove(integration: str) -> None:
    """Forget a client."""
    _done(lambda services: remove_integration_client(services, integration))


def _secret() -> str:
    """Return the secret as it is typed, unseen, or as a program hands it over."""
    if sys.stdin.isatty():
        return str(click.prompt("Client secret", hide_input=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")


def _done(work: Callable[[Services], Awaitable[T]]) -> T:
    settings = bootstrap()
    with database_place(settings) as place:
        services = make_services(settings, place)

        async def run() -> T:
            async with running(services, place):
                return await work(services)

        return asyncio.run(run())
