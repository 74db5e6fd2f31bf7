"""Lists the integrations that this installation finds: what `wardship plugin list` does."""

from __future__ import annotations

import json
from typing import Any

import click

from wardship.app.commands.bootstrap import bootstrap
from wardship.plugins.host.registry import Registry


def list_plugins(*, as_json: bool) -> None:
    """List integrations, with those that could not be loaded and why, and what declarations say that does not hold."""
    bootstrap()
    registry = Registry.load()
    found: list[dict[str, Any]] = [
        {
            "key": item.key,
            "state": item.state.value,
            "reason": item.reason,
            "version": item.manifest.version if item.manifest else None,
            "warnings": list(item.warnings),
        }
        for item in registry.all()
    ]
    if as_json:
        click.echo(json.dumps(found))
        return
    for item in found:
        click.echo("  ".join(str(value) for name, value in item.items() if value and name != "warnings"))
        for warning in item["warnings"] or ():
            click.echo(f"  warning: {warning}")
