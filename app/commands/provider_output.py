"""What the commands of the provider print: sentences for people, or JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

import click

from wardship.core.settings import Settings
from wardship.tenants.appointments.appoint import Awaited
from wardship.tenants.organisation_lifecycle.managed import ManagedOrganisation
from wardship.tenants.organisation_lifecycle.tasks import ClosingTask
from wardship.tenants.organisations.states import OrganisationState
from wardship.tenants.staff.staff import StaffMember

_S = OrganisationState


def remark_of(item: ManagedOrganisation) -> str:
    """Return what an operator has to know of a state."""
    match item.state:
        case _S.AWAITING_OWNER:
            return f", waits for {item.awaited} until {_moment(item.state_until)}"
        case _S.LEAVING:
            return (
                f", is erased from {_moment(item.state_until)} on; until then: wardship organisation reopen {item.slug}"
            )
        case _S.CLOSING:
            return (
                f", {item.open_installations} installations to take back, {item.open_tasks} tasks for people,"
                f" {item.kept_remainders} kept by limitations"
            )
        case _:
            return ""


def say_next(settings: Settings, awaited: Awaited, outcome: str) -> None:
    """Say what the person does now, and where the letter is."""
    if settings.smtp_url is None:
        click.echo(
            f"No mail server is set: the letter lies below {settings.data_dir / 'mail'} once Wardship is served."
        )
        if awaited.link:
            click.echo(f"Open this link within 24 hours, or give it to {awaited.address} alone:")
            click.echo(awaited.link)
    else:
        click.echo(f"A letter is on its way to {awaited.address}, once Wardship is served.")
    act = "opens the link, chooses a password, and sets up" if awaited.link else "signs in and sets up"
    click.echo(f"The person {act} a second factor. {outcome} Repeat this command to write again.")


def mailed(settings: Settings, awaited: Awaited | None) -> Mapping[str, object] | None:
    """Return to whom a letter goes, with its link where no mail server is set; None where nobody is waited for."""
    if awaited is None:
        return None
    link = awaited.link if settings.smtp_url is None else None
    return {"to": awaited.address, "until": awaited.until.isoformat(), "link": link}


def organisation_as_json(item: ManagedOrganisation) -> Mapping[str, object]:
    """Return an organisation as ``--json`` prints it."""
    return {
        "slug": item.slug,
        "id": str(item.id),
        "name": item.name,
        "state": item.state.value,
        "state_since": item.state_since.isoformat(),
        "state_reason": item.state_reason,
        "state_until": _moment(item.state_until),
        "awaited": item.awaited,
        "members": item.members,
        "open_installations": item.open_installations,
        "open_tasks": item.open_tasks,
        "kept_remainders": item.kept_remainders,
    }


def task_as_json(item: ClosingTask) -> Mapping[str, object]:
    """Return a task of a closing organisation as ``--json`` prints it."""
    return {
        "id": str(item.id),
        "organisation": item.organisation,
        "instructions": item.instructions,
        "due_at": item.due_at.isoformat(),
    }


def staff_as_json(item: StaffMember) -> Mapping[str, object]:
    """Return somebody of the staff as ``--json`` prints it."""
    return {
        "email": item.address,
        "name": item.display_name,
        "role": item.role.value,
        "since": item.since.isoformat(),
        "awaited_until": _moment(item.awaited_until),
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds")


def print_json(value: Mapping[str, object] | Sequence[object]) -> None:
    """Print one JSON value on one line."""
    click.echo(json.dumps(value, ensure_ascii=False))
