"""What the operator of a deployment decides: `wardship organisation …`, `wardship staff …`, `wardship provider …`."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import click

from wardship.app.cli.loading import loaded
from wardship.app.cli.options import as_json as as_json_option

_ROLES: Final = click.Choice(["operator", "privacy_team", "vendor"])
_slug = click.argument("slug")
_reason = click.option("--reason", default="", help="Why, in a line that its people read.")


@click.group()
def organisation() -> None:
    """Organisations of customers: make, list, suspend, resume, close and reopen them."""


@organisation.command("create")
@click.option("--slug", required=True, help="Short name in addresses: lower-case letters, digits, hyphens.")
@click.option("--name", required=True, help="The name that people read.")
@click.option("--owner", required=True, metavar="EMAIL", help="Address of the person who is to own it.")
@as_json_option
def create(slug: str, name: str, owner: str, *, as_json: bool) -> None:
    """Make an organisation; its owner proves the address first. Repeat it to write to the owner again."""
    loaded("commands.provider").create_organisation(slug, name, owner, as_json=as_json)


@organisation.command("list")
@as_json_option
def list_organisations(*, as_json: bool) -> None:
    """List organisations with their states, and what is still to be taken back for those that close."""
    loaded("commands.provider").list_organisations(as_json=as_json)


@organisation.command("suspend")
@_slug
@_reason
@as_json_option
def suspend(slug: str, reason: str, *, as_json: bool) -> None:
    """Keep its people out and let it share nothing, until it is resumed."""
    loaded("commands.provider").suspend(slug, reason, as_json=as_json)


@organisation.command("resume")
@_slug
@as_json_option
def resume(slug: str, *, as_json: bool) -> None:
    """Let the people of a suspended organisation in again."""
    loaded("commands.provider").resume(slug, as_json=as_json)


@organisation.command("close")
@_slug
@_reason
@as_json_option
def close(slug: str, reason: str, *, as_json: bool) -> None:
    """Let it leave: reopen it within 48 hours, or its data is erased and taken back everywhere."""
    loaded("commands.provider").close(slug, reason, as_json=as_json)


@organisation.command("reopen")
@_slug
@as_json_option
def reopen(slug: str, *, as_json: bool) -> None:
    """Keep an organisation that is leaving."""
    loaded("commands.provider").reopen(slug, as_json=as_json)


@organisation.command("tasks")
@as_json_option
def tasks(*, as_json: bool) -> None:
    """List what only people can do at recipients of organisations that close."""
    loaded("commands.provider").list_tasks(as_json=as_json)


@organisation.command("complete-task")
@_slug
@click.argument("task", type=click.UUID)
@click.option("--evidence", required=True, help="What was done, and how you know.")
@as_json_option
def complete_task(slug: str, task: UUID, evidence: str, *, as_json: bool) -> None:
    """Say that such a task is done."""
    loaded("commands.provider").complete_task(slug, task, evidence, as_json=as_json)


@click.group()
def staff() -> None:
    """Your own people: operators, and the privacy team."""


@staff.command("add")
@click.argument("email")
@click.option("--role", default="privacy_team", show_default=True, type=_ROLES, help="What the person is.")
@as_json_option
def add(email: str, role: str, *, as_json: bool) -> None:
    """Appoint somebody, who proves the address first. Repeat it to write again."""
    loaded("commands.provider").add_staff(email, role, as_json=as_json)


@staff.command("remove")
@click.argument("email")
@click.option("--role", type=_ROLES, help="Which role; all of them when not given.")
@as_json_option
def remove(email: str, role: str | None, *, as_json: bool) -> None:
    """Take roles from somebody, at once."""
    loaded("commands.provider").remove_staff(email, role, as_json=as_json)


@staff.command("list")
@as_json_option
def list_staff(*, as_json: bool) -> None:
    """List your people, with those who have not proven their address yet."""
    loaded("commands.provider").list_staff(as_json=as_json)


@click.group()
def provider() -> None:
    """Yourselves, as people who belong to no organisation read of you."""


@provider.command("rename")
@click.argument("name")
@as_json_option
def rename(name: str, *, as_json: bool) -> None:
    """Give the provider the name that people read, in place of "The provider"."""
    loaded("commands.provider").rename_provider(name, as_json=as_json)
