"""`wardship schema`, `openapi` and `plugin list`: what is there, printed without a database."""

from __future__ import annotations

import click

from wardship.app.cli.loading import loaded


@click.command()
def schema() -> None:
    """Print the GraphQL schema (SDL)."""
    loaded("commands.describe").schema()


@click.command()
def openapi() -> None:
    """Print the OpenAPI description of the routes beside GraphQL, as JSON."""
    loaded("commands.describe").openapi()


@click.group()
def plugin() -> None:
    """Integrations that are installed beside Wardship."""


@plugin.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def list_plugins(*, as_json: bool) -> None:
    """List integrations, with those that could not be loaded and why."""
    loaded("commands.plugin").list_plugins(as_json=as_json)
