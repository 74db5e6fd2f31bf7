"""Remind of obligations at half, four fifths and all of their time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from wardship.core.actor import system_actor
from wardship.tenants.access import Access, Services
from wardship.tenants.installations.notices import OBLIGATION_LATE
from wardship.tenants.installations.records import InstallationState, find_installations
from wardship.tenants.installations.states import transition_installation
from wardship.tenants.installations.telling import tell_keepers
from wardship.tenants.installations.verb_words import verbs_in_words
from wardship.tenants.obligations.deadlines import reminder_at, reminder_level
from wardship.tenants.tasks.telling import tell_overdue

_AT_ONCE = 500
_OVERDUE = 100


async def remind(services: Services) -> None:
    """Record the reminders whose time has come, in every organisation; an overdue revocation shows in its state."""
    async with services.database.directory(read_only=True) as transaction:
        rows = await transaction.fetch("select * from due_reminders($1, $2)", services.clock.now(), _AT_ONCE)
    of_organisation: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for row in rows:
        of_organisation[row["organisation_id"]].append(row["obligation_id"])
    for organisation_id, ids in of_organisation.items():
        async with services.database.tenant(organisation_id) as transaction:
            await _remind(Access(system_actor(organisation_id), transaction, services, "reminders"), ids)


async def _remind(access: Access, ids: Sequence[UUID]) -> None:
    rows = await access.fetch(
        "select id, installation_id, verb, state, submitted_at, due_at from obligation where organisation_id = $1"
        " and id = any($2::uuid[]) and ended_at is null and remind_at <= $3 order by id for update skip locked",
        list(ids),
        access.now,
    )
    late: list[Mapping[str, Any]] = []
    for row in rows:
        level = reminder_level(row["submitted_at"], row["due_at"], access.now)
        await access.execute(
            "update obligation set reminded = $3, remind_at = $4 where organisation_id = $1 and id = $2",
            row["id"],
            level,
            reminder_at(row["submitted_at"], row["due_at"], after=level),
        )
        await access.audit("obligation.reminded", "obligation", row["id"], level=level, verb=row["verb"])
        if level >= _OVERDUE:
            late.append(row)
    if late:
        await _tell_late(access, late)


async def _tell_late(access: Access, late: Sequence[Mapping[str, Any]]) -> None:
    """Show and tell what is overdue: tasks to those who do them, the rest to those who manage integrations."""
    if tasks := [row["id"] for row in late if row["state"] == "manual"]:
        await tell_overdue(access, tasks)
    found = await find_installations(access, {row["installation_id"] for row in late})
    for installation in found.values():
        is_new = await transition_installation(
            access,
            installation.id,
            to=InstallationState.REVOCATION_OVERDUE,
            only_from={InstallationState.REVOKING},
            reason="overdue",
        )
        owed = {row["verb"] for row in late if row["installation_id"] == installation.id and row["state"] != "manual"}
        if owed and is_new is None:  # else its state tells it
            once = f"{access.now:%Y-%m-%d}"
            await tell_keepers(access, installation, OBLIGATION_LATE, once=once, verbs=verbs_in_words(owed))
