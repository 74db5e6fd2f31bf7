"""`wardship scim token create`."""

from __future__ import annotations

import click

from wardship.app.cli.loading import loaded
from wardship.core.tokens.scopes import LONGEST


@click.group()
def scim() -> None:
    """Provisioning of members by an organisation's directory (SCIM 2.0)."""


@scim.group()
def token() -> None:
    """Tokens by which directories are known."""


@token.command()
@click.option("--organisation", required=True, metavar="SLUG", help="The one organisation that it provisions.")
@click.option("--expires", default=180, show_default=True, type=click.IntRange(1, LONGEST.days), help="Days it lives.")
@click.option("--name", default="command line", show_default=True, help="What the organisation's list calls it.")
def create(organisation: str, expires: int, name: str) -> None:
    """Create a provisioning token and print it once, alone, on standard output."""
    loaded("commands.scim").create(organisation, expires, name)
