"""Lists the integrations that this installation finds: what `wardship plugin list` does."""

from __future__ import annotations

import json

import click

from wardship.app.commands.bootstrap import bootstrap
from wardship.plugins.host.registry import Registry


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
