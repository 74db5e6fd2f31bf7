"""The command line: its commands, and how errors end it."""

from __future__ import annotations

import importlib
import sys
from typing import Final, NoReturn

import rich_click as click

from wardship.core.errors import WardshipError
from wardship.core.log import configure_logging
from wardship.core.settings import Settings, load_settings

_COMMANDS: Final = {
    "serve": "cli.serve",
    "worker": "cli.operate",
    "migrate": "cli.operate",
    "demo": "demo.script",
    "doctor": "cli.operate",
    "token": "cli.token",
    "plugin": "cli.plugin",
    "audit": "cli.verify",
    "certificate": "cli.verify",
    "openapi": "cli.serve",
    "schema": "cli.serve",
}
"""The module, below ``wardship.app``, that holds each command under the command's name."""


class Commands(click.RichGroup):
    """The commands, each loaded when it is asked for: what verifies a file offline needn't load the API."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the help."""
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command; None when there is none of this name."""
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(f"wardship.app.{_COMMANDS[cmd_name]}"), cmd_name)
        return command


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="wardship")
def cli() -> None:
    """Wardship: the admin plane for SaaS accounts that a group administers."""


def bootstrap() -> Settings:
    """Return the settings, with every log line sent to stderr: standard output is for what was asked.

    Raises:
        SettingsError: one of them is wrong.
    """
    settings = load_settings()
    configure_logging(settings)
    return settings


def main() -> None:
    """Run the command; a refusal is one line on stderr and exit status 1, wrong usage is 2."""
    try:
        cli()
    except WardshipError as error:
        _end(error.message)
    except OSError as error:
        _end(f"{error.filename}: {error.strerror}" if error.filename else str(error))


def _end(message: str) -> NoReturn:
    click.echo(f"wardship: {message}", err=True)
    sys.exit(1)
