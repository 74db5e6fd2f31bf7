"""`wardship token create`."""

from __future__ import annotations

import click

from wardship.app.cli.loading import loaded
from wardship.core.tokens.scopes import LONGEST, SCOPES


@click.group()
def token() -> None:
    """Personal access tokens."""


@token.command()
@click.option("--account", required=True, metavar="EMAIL", help="Verified address of the person it acts for.")
@click.option("--organisation", required=True, metavar="SLUG", help="The one organisation that it reaches.")
@click.option(
    "--scope", "scopes", required=True, multiple=True, type=click.Choice(sorted(SCOPES)), help="What it may do."
)
@click.option("--expires", default=30, show_default=True, type=click.IntRange(1, LONGEST.days), help="Days it lives.")
@click.option("--name", default="command line", show_default=True, help="What the person's list calls it.")
def create(account: str, organisation: str, scopes: tuple[str, ...], expires: int, name: str) -> None:
    """Create a token and print it once, alone, on standard output."""
    loaded("commands.token").create(account, organisation, scopes, expires, name)
