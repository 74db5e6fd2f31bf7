"""`wardship domain check`."""

from __future__ import annotations

import click

from wardship.app.cli.loading import loaded
from wardship.app.cli.options import as_json as as_json_option


@click.group()
def domain() -> None:
    """Domains that organisations claim."""


@domain.command()
@click.argument("name")
@as_json_option
def check(name: str, *, as_json: bool) -> None:
    """Ask each resolver for the record that proves a domain, and say what follows.

    No claim is looked at and nothing is changed. Exit status 1 when the resolvers can't tell.
    """
    loaded("commands.domain").check(name, as_json=as_json)
