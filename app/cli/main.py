"""The command line: its commands, and how errors end it."""

from __future__ import annotations

import sys
from typing import Final, NoReturn

import click

from wardship.app.cli.describing import openapi, schema
from wardship.app.cli.domains import domain
from wardship.app.cli.integration_clients import integration_client
from wardship.app.cli.operating import demo, doctor, migrate, serve, worker
from wardship.app.cli.plugins import plugin
from wardship.app.cli.proofs import audit, certificate
from wardship.app.cli.provider import organisation, provider, staff
from wardship.app.cli.scim import scim
from wardship.app.cli.tokens import token
from wardship.core.errors import WardshipError

_COMMANDS: Final = (
    serve,
    worker,
    migrate,
    demo,
    doctor,
    organisation,
    staff,
    provider,
    token,
    domain,
    scim,
    plugin,
    integration_client,
    audit,
    certificate,
    openapi,
    schema,
)
"""In the order of the help."""
_WIDEST: Final = 120
_LONGEST: Final = 1_000


class _Commands(click.Group):
    """Commands in the order in which they were added, each with its whole sentence."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the help."""
        del ctx
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, command.get_short_help_str(_LONGEST)) for name, command in self.commands.items()]
            )


@click.command(
    cls=_Commands,
    commands={str(command.name): command for command in _COMMANDS},
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": _WIDEST},
)
@click.version_option(package_name="wardship")
def cli() -> None:
    """Wardship: the admin plane for SaaS accounts that a group administers."""


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
