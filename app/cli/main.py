"""The command line: groups and commands, and how errors end it."""

from __future__ import annotations

import sys
from typing import NoReturn

import rich_click as click

from wardship.app.cli.doctor import doctor
from wardship.app.cli.plugin import plugin
from wardship.app.cli.serve import serve
from wardship.app.cli.specifications import openapi, schema
from wardship.app.cli.store import demo, migrate
from wardship.app.cli.token import token
from wardship.app.cli.verify import audit, certificate
from wardship.app.cli.worker import worker
from wardship.core.errors import WardshipError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="wardship")
def cli() -> None:
    """Wardship: the admin plane for SaaS accounts that a group administers."""


for command in (serve, worker, migrate, demo, doctor, token, plugin, audit, certificate, openapi, schema):
    cli.add_command(command)


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
