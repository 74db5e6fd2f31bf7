"""Tasks for people: what no integration does, with instructions, until somebody says that it is done."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from wardship.core.database.rows import Row, column
from wardship.core.errors import ConflictError, InvalidInputError, NotFoundError
from wardship.core.identifiers import uuid7
from wardship.plugins.api import Verb
from wardship.plugins.host.call import instructions
from wardship.tenants.access import Access
from wardship.tenants.installations.records import InstallationRecord
from wardship.tenants.paging import Page, PageRequest, page_of_rows, page_of_states_sql
from wardship.tenants.parameters import Parameters
from wardship.tenants.permissions import Permission

_LONGEST_EVIDENCE = 4000


class TaskState(StrEnum):
    """Where a task stands."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


class TaskClosedError(ConflictError):
    """The task was completed or cancelled before: nothing is left to do."""

    code = "TASK_CLOSED"


class TaskRecord(Row):
    """One task; ``evidence`` is what its completer noted."""

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    obligation_id: UUID = column("obligation_id")
    instructions: str = column("instructions")
    due_at: datetime = column("due_at")
    state: TaskState = column("state", TaskState)
    completed_by: UUID | None = column("completed_by")
    completed_at: datetime | None = column("completed_at")
    evidence: str = column("evidence")


_COLUMNS = "id, created_at, obligation_id, instructions, due_at, state, completed_by, completed_at, evidence"
_SELECT = f"select {_COLUMNS} from manual_task"
_CLOSE = (
    "update manual_task set state = 'done', completed_by = $3, completed_at = $4, evidence = $5"
    f" where organisation_id = $1 and id = $2 returning {_COLUMNS}"
)


def words_for(installation: InstallationRecord, verb: Verb) -> str:
    """Return the instructions for a verb, from the plan that was approved at installation."""
    return instructions(installation.manifest, installation.plan, verb, installation.integration_key)


async def open_task(access: Access, obligation_id: UUID, text: str) -> None:
    """Give an obligation to people; its own due date holds. A second task is never opened for one obligation.

    The instructions name the place where the installation has had another.
    """
    await access.execute(
        "insert into manual_task (organisation_id, id, created_at, obligation_id, instructions, due_at)"
        " select $1, $2, $3, o.id, case when exists (select from installation_place q where q.organisation_id = $1"
        " and q.installation_id = p.installation_id and q.id <> p.id) then p.recipient || ': ' else '' end || $5,"
        " o.due_at from obligation o join installation_place p on p.organisation_id = $1 and p.id = o.place_id"
        " where o.organisation_id = $1 and o.id = $4"
        " on conflict (organisation_id, obligation_id) do nothing",
        uuid7(),
        access.now,
        obligation_id,
        text,
    )


async def close_task(access: Access, task_id: UUID, evidence: str) -> TaskRecord:
    """Note that a task is done; ``obligations.by_hand`` ends its obligation too.

    Raises:
        NotFoundError: there is no such task.
        TaskClosedError: it is not open any more.
        InvalidInputError: no evidence, or too much.
    """
    access.require(Permission.TASKS_COMPLETE)
    noted = evidence.strip()
    if not 1 <= len(noted) <= _LONGEST_EVIDENCE:
        raise InvalidInputError(
            f"Note what was done and how you know, in at most {_LONGEST_EVIDENCE} characters.", path=("evidence",)
        )
    task = await access.fetchrow_as(TaskRecord, _SELECT + " where organisation_id = $1 and id = $2 for update", task_id)
    if task is None:
        raise NotFoundError("No such task: list the tasks that are open.", path=("task",))
    if task.state is not TaskState.OPEN:
        raise TaskClosedError(f"This task is {task.state} already.", path=("task",))
    (done,) = await access.fetch_as(TaskRecord, _CLOSE, task_id, access.actor.member_id, access.now, noted)
    await access.audit("manual_task.completed", "manual_task", task_id, obligation=task.obligation_id)
    return done


async def cancel_tasks(access: Access, obligation_ids: Collection[UUID]) -> None:
    """Take tasks back whose obligations have ended otherwise."""
    await access.execute(
        "update manual_task set state = 'cancelled'"
        " where organisation_id = $1 and obligation_id = any($2::uuid[]) and state = 'open'",
        list(obligation_ids),
    )


async def list_tasks(access: Access, page: PageRequest, *, states: Collection[TaskState] = ()) -> Page[TaskRecord]:
    """Return tasks in the order in which they are due; empty states means all.

    Raises:
        PermissionDeniedError: the caller may not see tasks.
    """
    access.require(Permission.TASKS_READ)
    parameters = Parameters(access.organisation_id)
    sql = page_of_states_sql(
        _SELECT,
        page,
        parameters,
        ["organisation_id = $1"],
        states or TaskState,
        by="due_at, id",
    )
    return page_of_rows(await access.transaction.fetch_as(TaskRecord, sql, *parameters.values), page)


async def tasks_of(access: Access, obligation_ids: Collection[UUID]) -> dict[UUID, TaskRecord]:
    """Return the task of each obligation that has one.

    Raises:
        PermissionDeniedError: the caller may not see tasks.
    """
    access.require(Permission.TASKS_READ)
    rows = await access.fetch_as(
        TaskRecord, _SELECT + " where organisation_id = $1 and obligation_id = any($2::uuid[])", list(obligation_ids)
    )
    return {row.obligation_id: row for row in rows}


async def tasks_by_ids(access: Access, task_ids: Collection[UUID]) -> dict[UUID, TaskRecord]:
    """Return tasks by id.

    Raises:
        PermissionDeniedError: the caller may not see tasks.
    """
    access.require(Permission.TASKS_READ)
    parameters = Parameters(access.organisation_id)
    one = _SELECT + " where organisation_id = $1 and id = w.id"
    rows = await access.transaction.fetch_as(TaskRecord, parameters.for_each(task_ids, one), *parameters.values)
    return {row.id: row for row in rows}
