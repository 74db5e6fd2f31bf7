"""`wardship plugin list`: the integrations that this installation finds."""

from __future__ import annotations

import json

import rich_click as click

from wardship.app.cli.main import bootstrap
from wardship.plugins.host.registry import Registry


@click.group()
def plugin() -> None:
    """Integrations that are installed beside Wardship."""


@plugin.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def list_plugins(*, as_json: bool) -> None:
    """List integrations, with those that could not be loaded and why."""
    bootstrap()
    registry = Registry.load()
    found = [
        {
            "key": item.key,
            "state": item.state.value,
            "reason": item.reason,
            "version": item.manifest.version if item.manifest else None,
        }
        for item in registry.all()
    ]
    if as_json:
        click.echo(json.dumps(found))
        return
    for item in found:
        click.echo("  ".join(str(value) for value in item.values() if value))
