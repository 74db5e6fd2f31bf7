"""Tell who does what is left to people at an integration: of a task that waits, and of those that are overdue."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final
from uuid import UUID

from wardship.core.notices import tell_staff
from wardship.tenants.access import Access
from wardship.tenants.installations.notices import OWN_TASK
from wardship.tenants.installations.records import stored_manifest
from wardship.tenants.installations.verb_words import verb_in_words, verbs_in_words
from wardship.tenants.notices.tell import tell, tell_permitted
from wardship.tenants.permissions import Permission
from wardship.tenants.tasks.notices import CLOSING_TASK, TASK_OVERDUE, TASK_WAITS

_WHERE: Final = (
    "select i.id, i.member_id, i.manifest, o.verb, o.due_at, g.state = 'closing' as is_closing from obligation o"
    " join installation i on i.organisation_id = $1 and i.id = o.installation_id"
    " join organisation g on g.id = $1 where o.organisation_id = $1 and o.id = any($2::uuid[]) order by o.id"
)


async def tell_of_task(access: Access, obligation_id: UUID) -> None:
    """Tell of a new task: who connected the integration alone, in whatever state the membership is, else by role.

    However many tasks of one kind an integration leaves on a day, those who complete them are told once.
    """
    for row in await access.fetch(_WHERE, [obligation_id]):
        verb, day = row["verb"], f"{access.now:%Y-%m-%d}"
        name, target = stored_manifest(row["manifest"]).name, ("installation", row["id"])
        if row["is_closing"]:
            await _tell_operators(access, row, verbs_in_words([verb]), is_overdue=False)
        elif row["member_id"] is not None:
            own = ("obligation", obligation_id)
            await tell(access, OWN_TASK, [row["member_id"]], target=own, integration=name, verb=verb_in_words(verb))
        else:
            values = {"integration": name, "verb": verb_in_words(verb), "due": row["due_at"]}
            once = f"{verb}:{day}"
            await tell_permitted(access, TASK_WAITS, Permission.TASKS_COMPLETE, target=target, once=once, **values)


async def tell_overdue(access: Access, obligation_ids: Collection[UUID]) -> None:
    """Tell of tasks that have become overdue, once a day for each integration."""
    of_installation: dict[UUID, list[Mapping[str, Any]]] = {}
    for row in await access.fetch(_WHERE, list(obligation_ids)):
        of_installation.setdefault(row["id"], []).append(row)
    for installation_id, rows in of_installation.items():
        verbs, first = verbs_in_words(row["verb"] for row in rows), rows[0]
        target, once = ("installation", installation_id), f"{access.now:%Y-%m-%d}"
        values: dict[str, Any] = {"integration": stored_manifest(first["manifest"]).name, "verbs": verbs}
        if first["is_closing"]:
            await _tell_operators(access, first, verbs, is_overdue=True)
        elif first["member_id"] is not None:
            await tell(access, TASK_OVERDUE, [first["member_id"]], target=target, once=once, **values)
        else:
            await tell_permitted(access, TASK_OVERDUE, Permission.TASKS_COMPLETE, target=target, once=once, **values)


async def _tell_operators(access: Access, row: Mapping[str, Any], verbs: Collection[str], *, is_overdue: bool) -> None:
    await tell_staff(
        access.transaction,
        access.services,
        CLOSING_TASK,
        target=(access.organisation_id, "installation", row["id"]),
        once=f"{is_overdue}:{access.now:%Y-%m-%d}",
        integration=stored_manifest(row["manifest"]).name,
        verbs=list(verbs),
        is_overdue=is_overdue,
    )
