"""`wardship migrate`."""

from __future__ import annotations

import asyncio
import json

import rich_click as click

from wardship.app.cli.bootstrap import begin
from wardship.app.deployment import database_place, migrate_database


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def migrate(*, as_json: bool) -> None:
    """Bring the database forward; safe to repeat, and to run while another does."""
    settings = begin()
    with database_place(settings) as place:
        ran = asyncio.run(migrate_database(place))
    if as_json:
        click.echo(json.dumps({"ran": ran}))
    else:
        click.echo("\n".join(f"ran {item}" for item in ran) or "Nothing to do: the database is up to date.")
