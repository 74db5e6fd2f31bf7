"""`wardship schema` and `openapi`: what is there, printed without a database."""

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
