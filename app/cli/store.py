"""`wardship migrate` and `wardship demo`."""

from __future__ import annotations

import asyncio
import json
import sys

import rich_click as click

from wardship.app.demo.script import run_demo
from wardship.app.deployment import database_place, migrate_database
from wardship.core.settings import load_settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def migrate(*, as_json: bool) -> None:
    """Bring the database forward; safe to repeat, and to run while another does."""
    settings = load_settings()
    with database_place(settings) as place:
        ran = asyncio.run(migrate_database(place))
    if as_json:
        click.echo(json.dumps({"ran": ran}))
    else:
        click.echo("\n".join(f"ran {item}" for item in ran) or "Nothing to do: the database is up to date.")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each step.")
def demo(*, as_json: bool) -> None:
    """Do the main job from end to end on a deployment of its own, checking each step.

    Exit status 0 only if every check held.
    """
    sys.exit(0 if run_demo(as_json=as_json) else 1)
