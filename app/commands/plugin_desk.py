"""What a vendor does at the command line: writes an integration, checks it, calls it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from wardship.app.cli.plugins import CallOptions, CheckOptions
from wardship.app.commands.bootstrap import bootstrap
from wardship.plugins.kit import KitSetupError, Level, RemoteTarget, check_conformance
from wardship.plugins.kit.calling import Made, Person, call_in_turn
from wardship.plugins.kit.remote.fetching import is_address
from wardship.plugins.kit.scaffold.writing import write_remote_scaffold, write_scaffold
from wardship.plugins.kit.target import Settings, named_settings

_LEVELS = tuple(Level)


def new(name: str, into: Path, *, is_remote: bool) -> None:
    """Write a new integration and say what to do next."""
    if is_remote:
        folder = write_remote_scaffold(name, into)
        click.echo(f"Written to {folder}. Next:\n  cd {folder}\n  node --test\n  node --env-file=.env server.mjs")
        click.echo("How the conformance kit is run on it stands in its README.md.")
        return
    folder = write_scaffold(name, into)
    click.echo(f"Written to {folder}. Next:\n  cd {folder}\n  wardship plugin check .\n  python -m pytest")


def check(target: str, options: CheckOptions) -> None:
    """Run the conformance kit and print its report; exit status 1 where the level is not reached."""
    bootstrap()
    settings = _settings(options["settings"], options["server"])
    report = check_conformance(
        _target(target, options["signing_secret"]), settings, dict(map(_pair, options["exempt"]))
    )
    click.echo(report.as_json() if options["as_json"] else report.as_text())
    if report.level is None or _LEVELS.index(report.level) < _LEVELS.index(Level(options["level"])):
        sys.exit(1)


def call(verbs: tuple[str, ...], options: CallOptions) -> None:
    """Call methods one after the other and print what came of each; exit status 1 where one has failed."""
    bootstrap()
    settings = _settings(options["settings"], options["server"])
    who = Person(options["subject"], tuple(map(_pair, options["fields"])), options["everything"])
    target = _target(options["target"], options["signing_secret"])
    made = call_in_turn(target, verbs, settings, who)
    click.echo(json.dumps([each.as_data() for each in made], indent=2) if options["as_json"] else _told(made))
    if not all(each.is_good for each in made):
        sys.exit(1)


def _target(target: str, signing_secret: str | None) -> str | RemoteTarget:
    return RemoteTarget(target, signing_secret or "") if is_address(target) else target


def _told(made: Iterable[Made]) -> str:
    return "\n".join(each.as_text() for each in made)


def _settings(file: Path | None, server: str | None) -> Settings:
    if file is not None and server is not None:
        raise KitSetupError("give --settings or --server, not both")
    if server is not None:
        return named_settings(server, Path())
    return None if file is None else _read(file)


def _read(file: Path) -> dict[str, object]:
    try:
        values = json.loads(file.read_text("utf-8"))
    except ValueError:
        values = None
    if not isinstance(values, dict):
        raise KitSetupError(f"{file} holds no JSON object of settings")
    return values


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise KitSetupError(f"{text!r} is not of the form NAME=VALUE")
    return name.strip(), value
