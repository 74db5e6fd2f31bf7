"""`wardship integration-client set|list|remove`."""

from __future__ import annotations

import click

from wardship.app.cli.loading import loaded
from wardship.app.cli.options import as_json as as_json_option

_integration = click.argument("integration")


@click.group("integration-client")
def integration_client() -> None:
    """This deployment's own clients at vendors that demand OAuth 2.0."""


@integration_client.command("set")
@_integration
@click.option("--client-id", required=True, help="What the vendor calls this deployment.")
@as_json_option
def set_client(integration: str, client_id: str, *, as_json: bool) -> None:
    """Keep the client for an integration; its secret is asked for, or read from standard input.

    Prints the address to which the vendor leads browsers back: register exactly that with the vendor.
    """
    loaded("commands.integration_client").set_client(integration, client_id, as_json=as_json)


@integration_client.command("list")
@as_json_option
def list_clients(*, as_json: bool) -> None:
    """List the clients, those of WARDSHIP_OAUTH_CLIENTS among them, without their secrets."""
    loaded("commands.integration_client").list_clients(as_json=as_json)


@integration_client.command("remove")
@_integration
def remove(integration: str) -> None:
    """Forget a client: nothing is connected, renewed or ended by it any more."""
    loaded("commands.integration_client").remove(integration)
