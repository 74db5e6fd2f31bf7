"""Decides for the provider: what `wardship organisation`, `staff` and `provider` do, with the rights of an operator."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from operator import attrgetter
from typing import TypeVar
from uuid import UUID

import click

from wardship.app.commands.bootstrap import bootstrap
from wardship.app.commands.provider_output import (
    mailed,
    organisation_as_json,
    print_json,
    remark_of,
    say_next,
    staff_as_json,
    task_as_json,
)
from wardship.app.deployment import database_place, make_services, running
from wardship.core.actor import PROVIDER_ID, StaffRole, system_actor
from wardship.core.settings import Settings
from wardship.tenants.access import Access
from wardship.tenants.organisation_lifecycle import changes
from wardship.tenants.organisation_lifecycle.found import found_organisation
from wardship.tenants.organisation_lifecycle.managed import ManagedOrganisation
from wardship.tenants.organisation_lifecycle.managed import list_organisations as page_of_organisations
from wardship.tenants.organisation_lifecycle.tasks import complete_closing_task, list_closing_tasks
from wardship.tenants.organisations.update import rename_organisation
from wardship.tenants.paging import LONGEST_PAGE, Keyset, Page, PageRequest
from wardship.tenants.staff.staff import add_to_staff, remove_from_staff
from wardship.tenants.staff.staff import list_staff as staff_members

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")
_MADE = attrgetter("created_at", "id")
_DUE = attrgetter("due_at", "id")


def create_organisation(slug: str, name: str, owner: str, *, as_json: bool) -> None:
    """Make an organisation, or write to its owner again, and say what follows."""
    settings = bootstrap()
    founded = _decide(settings, lambda access: found_organisation(access, slug=slug, name=name, owner_email=owner))
    organisation, awaited = founded.organisation, founded.awaited
    if as_json:
        print_json(
            {**organisation_as_json(organisation), "is_new": founded.is_new, "mailed": mailed(settings, awaited)}
        )
    elif awaited is None:
        click.echo(f"{slug} is active, and {owner} owns it." if founded.is_new else f"{slug} is there already.")
    else:
        click.echo(f"{slug} waits for its owner until {awaited.until:%Y-%m-%d}.")
        say_next(settings, awaited, f"With that, {awaited.address} owns {slug}.")


def list_organisations(*, as_json: bool) -> None:
    """Print organisations."""
    found = _decide(bootstrap(), lambda access: _all_pages(access, page_of_organisations, _MADE))
    if as_json:
        print_json([organisation_as_json(item) for item in found])
        return
    for item in found:
        click.echo(f"{item.slug:<24} {item.state.value:<15} {item.name}{remark_of(item)}")
    if not found:
        click.echo("There is none yet: wardship organisation create --slug SLUG --name NAME --owner EMAIL")


def suspend(slug: str, reason: str, *, as_json: bool) -> None:
    """Suspend an organisation."""
    _change(lambda access: changes.suspend_organisation(access, slug, reason), as_json=as_json)


def resume(slug: str, *, as_json: bool) -> None:
    """Resume an organisation."""
    _change(lambda access: changes.resume_organisation(access, slug), as_json=as_json)


def close(slug: str, reason: str, *, as_json: bool) -> None:
    """Let an organisation leave."""
    _change(lambda access: changes.close_organisation(access, slug, reason), as_json=as_json)


def reopen(slug: str, *, as_json: bool) -> None:
    """Keep an organisation that is leaving."""
    _change(lambda access: changes.reopen_organisation(access, slug), as_json=as_json)


def list_tasks(*, as_json: bool) -> None:
    """Print what only people can do at recipients of organisations that close."""
    found = _decide(bootstrap(), lambda access: _all_pages(access, list_closing_tasks, _DUE))
    if as_json:
        print_json([task_as_json(item) for item in found])
        return
    for item in found:
        click.echo(f"{item.organisation:<24} {item.id}  until {item.due_at:%Y-%m-%d}: {item.instructions}")
    if not found:
        click.echo("There is nothing to do.")


def complete_task(slug: str, task: UUID, evidence: str, *, as_json: bool) -> None:
    """Say that such a task is done."""
    _change(lambda access: complete_closing_task(access, slug, task, evidence), as_json=as_json)


def add_staff(email: str, role: str, *, as_json: bool) -> None:
    """Appoint somebody to the staff."""
    settings = bootstrap()
    added = _decide(settings, lambda access: add_to_staff(access, email, StaffRole(role)))
    if as_json:
        letter = mailed(settings, added.awaited)
        print_json({"email": added.address, "role": role, "is_new": added.is_new, "mailed": letter})
    elif added.awaited is None:
        click.echo(f"{added.address} is {role} now." if added.is_new else f"{added.address} is {role} already.")
    else:
        click.echo(f"{role} waits for {added.address} until {added.awaited.until:%Y-%m-%d}.")
        say_next(settings, added.awaited, f"With that, {added.address} is {role}.")


def remove_staff(email: str, role: str | None, *, as_json: bool) -> None:
    """Take roles from somebody of the staff."""
    roles = [StaffRole(role)] if role else []
    taken = _decide(bootstrap(), lambda access: remove_from_staff(access, email, roles))
    if as_json:
        print_json({"email": email, "removed": [item.value for item in taken]})
    else:
        click.echo(f"{email} is no longer {' and '.join(item.value for item in taken)}.")


def list_staff(*, as_json: bool) -> None:
    """Print the staff."""
    found = _decide(bootstrap(), staff_members)
    if as_json:
        print_json([staff_as_json(item) for item in found])
        return
    for item in found:
        waits = f", waited for until {item.awaited_until:%Y-%m-%d}" if item.awaited_until else ""
        click.echo(f"{item.role.value:<13} {item.address}{waits}")
    if not found:
        click.echo("There is nobody yet: wardship staff add EMAIL --role operator")


def rename_provider(name: str, *, as_json: bool) -> None:
    """Change the name by which the provider is shown."""
    renamed = _decide(bootstrap(), lambda access: rename_organisation(access, name))
    if as_json:
        print_json({"slug": renamed.slug, "name": renamed.name})
    else:
        click.echo(f"The provider is {renamed.name} now.")


def _decide(settings: Settings, act: Callable[[Access], Awaitable[ResultT]]) -> ResultT:
    """Act at the provider in one transaction, on the database of this deployment, served by another process or not."""
    with database_place(settings) as place:
        services = make_services(settings, place)

        async def work() -> ResultT:
            async with (
                running(services, place),
                services.database.tenant(PROVIDER_ID) as transaction,
            ):
                return await act(Access(system_actor(PROVIDER_ID), transaction, services, "command-line"))

        return asyncio.run(work())


def _change(act: Callable[[Access], Awaitable[ManagedOrganisation]], *, as_json: bool) -> None:
    organisation = _decide(bootstrap(), act)
    if as_json:
        print_json(organisation_as_json(organisation))
    else:
        click.echo(f"{organisation.slug} is {organisation.state.value}{remark_of(organisation)}.")


async def _all_pages(
    access: Access,
    read: Callable[[Access, PageRequest], Awaitable[Page[ItemT]]],
    place: Callable[[ItemT], Keyset],
) -> list[ItemT]:
    found: list[ItemT] = []
    has_next = True
    while has_next:
        page = await read(access, PageRequest(LONGEST_PAGE, place(found[-1]) if found else None))
        found += page.items
        has_next = page.has_next
    return found
