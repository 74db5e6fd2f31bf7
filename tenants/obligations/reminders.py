"""Remind of obligations at half, four fifths and all of their time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from wardship.core.actor import system_actor
from wardship.tenants.access import Access, Services
from wardship.tenants.installations.records import InstallationState
from wardship.tenants.installations.states import transition_installation
from wardship.tenants.obligations.deadlines import reminder_at, reminder_level

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
        "select id, installation_id, verb, submitted_at, due_at from obligation where organisation_id = $1"
        " and id = any($2::uuid[]) and ended_at is null and remind_at <= $3 order by id for update skip locked",
        list(ids),
        access.now,
    )
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
            await transition_installation(
                access,
                row["installation_id"],
                to=InstallationState.REVOCATION_OVERDUE,
                only_from={InstallationState.REVOKING},
                reason="overdue",
            )
