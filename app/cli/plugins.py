"""`wardship plugin list`, `new`, `check`, `describe`, `call`: integrations, and what vendors need to write them."""

from __future__ import annotations

from pathlib import Path
from typing import Final, TypedDict, Unpack

import click

from wardship.app.cli.loading import loaded
from wardship.app.cli.options import FILE
from wardship.app.cli.options import as_json as as_json_option

_FOLDER: Final = click.Path(exists=True, file_okay=False, path_type=Path)
_LEVELS: Final = ("bronze", "silver", "gold")
_VERBS: Final = ("check", "grant", "share", "revoke", "export", "correct", "restrict", "erase", "attest", "reconcile")
_settings = click.option(
    "--settings",
    type=FILE,
    metavar="FILE",
    help="All settings of an account for tests, secrets included, as a JSON object in a file.",
)
_server = click.option(
    "--server",
    metavar="FILE.py:FUNCTION",
    help="A context manager that runs a server for tests and returns the settings that lead to it.",
)
_signing_secret = click.option(
    "--signing-secret",
    envvar="WEBHOOK_SIGNING_SECRET",
    metavar="SECRET",
    help="With which messages to a remote integration are signed; better given as WEBHOOK_SIGNING_SECRET.",
)


class CheckOptions(TypedDict):
    """What ``plugin check`` takes besides its target."""

    settings: Path | None
    server: str | None
    signing_secret: str | None
    exempt: tuple[str, ...]
    level: str
    as_json: bool


class CallOptions(TypedDict):
    """What ``plugin call`` takes besides the methods."""

    target: str
    settings: Path | None
    server: str | None
    signing_secret: str | None
    fields: tuple[str, ...]
    subject: str | None
    everything: bool
    as_json: bool


@click.group()
def plugin() -> None:
    """Integrations: those beside Wardship, and one that you write."""


@plugin.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def list_plugins(*, as_json: bool) -> None:
    """List integrations, with those that could not be loaded and why."""
    loaded("commands.plugin").list_plugins(as_json=as_json)


@plugin.command("new")
@click.argument("name")
@click.option("--into", type=_FOLDER, default=".", show_default=True, help="The folder in which it is made.")
@click.option("--remote", is_flag=True, help="A server for Node.js, to which Wardship sends signed messages.")
def new_plugin(name: str, into: Path, *, remote: bool) -> None:
    """Write a new integration, which passes the conformance kit: a package with a server for its tests, or a server."""
    loaded("commands.plugin_desk").new(name, into, is_remote=remote)


@plugin.command("check")
@click.argument("target", default=".")
@_settings
@_server
@_signing_secret
@click.option(
    "--exempt", multiple=True, metavar="RULE=REASON", help="A rule that need not be kept, and why; may be repeated."
)
@click.option("--level", type=click.Choice(_LEVELS), default="bronze", show_default=True, help="What is to be reached.")
@as_json_option
def check_plugin(target: str, **options: Unpack[CheckOptions]) -> None:
    """Run the conformance kit on TARGET: a folder with a project, a module, a file, an installed key, or a URL.

    Its code runs in this process; of a remote integration the address of its document is given. Exit status 0 only if
    the level is reached, which it never is while a rule was not run.
    """
    loaded("commands.plugin_desk").check(target, options)


@plugin.command("describe")
@click.argument("target", default=".")
@click.option("--against", metavar="TARGET", help="An earlier version: what is different is said instead.")
@as_json_option
def describe_plugin(target: str, against: str | None, *, as_json: bool) -> None:
    """Say the declaration of TARGET in the words that administrators read before they accept it.

    TARGET is as for `plugin check`, or a file that `plugin describe --json` wrote. With --against, a table and a
    sentence for each difference; exit status 1 where an administrator would have to approve it.
    """
    loaded("commands.plugin_describe").describe(target, against, as_json=as_json)


@plugin.command("call")
@click.argument("verbs", nargs=-1, required=True, type=click.Choice(_VERBS), metavar="VERB...")
@click.option("--plugin", "target", default=".", show_default=True, help="The integration, as for `plugin check`.")
@_settings
@_server
@_signing_secret
@click.option("--field", "fields", multiple=True, metavar="NAME=VALUE", help="Of the person; else those of a fixture.")
@click.option("--subject", metavar="ID", help="The person's id; else the fixture's.")
@click.option("--everything", is_flag=True, help="For revoke and attest: the installation ends.")
@as_json_option
def call_plugin(verbs: tuple[str, ...], **options: Unpack[CallOptions]) -> None:
    """Call methods of a connector, one after the other, as the host does, and print what came of each.

    No database and no organisation is needed: the host's own client and dispatcher call an installation of this moment.
    Exit status 1 where one of the calls came to no good end.
    """
    loaded("commands.plugin_desk").call(verbs, options)
