"""Tasks for people: what no integration does, with instructions, until somebody says that it is done."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from wardship.core.database.rows import Row, column
from wardship.core.errors import ConflictError, NotFoundError
from wardship.core.identifiers import uuid7
from wardship.plugins.api import Verb
from wardship.plugins.api.doers import instructions
from wardship.plugins.api.taxonomy import PURPOSES
from wardship.tenants.access import Access
from wardship.tenants.installations.authority import own_or_all
from wardship.tenants.installations.records import InstallationRecord
from wardship.tenants.paging import Page, PageRequest, page_of_rows, page_of_states_sql
from wardship.tenants.parameters import Parameters
from wardship.tenants.permissions import Permission
from wardship.tenants.tasks.telling import tell_of_task
from wardship.tenants.text import many_lines

_LONGEST_EVIDENCE = 4000


class TaskState(StrEnum):
    """Where a task stands."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


class TaskClosedError(ConflictError):
    """The task was completed or cancelled before: nothing is left to do."""

    code = "TASK_CLOSED"


class TaskOpenError(ConflictError):
    """The task was not ended by anybody: it is open, or its obligation ended otherwise."""

    code = "TASK_OPEN"


class TaskNotDueError(ConflictError):
    """The task has time left: it can be given up once it is due."""

    code = "TASK_NOT_DUE"


class TaskRecord(Row):
    """One task; ``evidence`` is what was noted by who did it, gave it up, or opened it again."""

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
    "update manual_task set state = $6, completed_by = $3, completed_at = $4, evidence = $5"
    f" where organisation_id = $1 and id = $2 returning {_COLUMNS}"
)
_REOPEN = (
    "update manual_task set state = 'open', completed_by = null, completed_at = null, evidence = $3"
    f" where organisation_id = $1 and id = $2 returning {_COLUMNS}"
)
_IS_OWN = (
    "select exists (select from obligation o join installation i on i.organisation_id = $1 and i.id = o.installation_id"
    " where o.organisation_id = $1 and o.id = $2 and i.member_id = $3)"
)


def words_for(installation: InstallationRecord, verb: Verb, *, objected: str = "", ended: bool = False) -> str:
    """Return the instructions for a verb, from the plan that was approved at installation.

    Args:
        installation: whose vendor.
        verb: what is owed.
        objected: the purpose that a person has objected to, where that is what the vendor is told.
        ended: whether the objection was withdrawn.
    """
    if objected:
        whom, purpose = installation.manifest.vendor.privacy_contact, PURPOSES[objected].label
        told = "may again use" if ended else "must no longer use"
        why = "has withdrawn the objection" if ended else "has objected"
        return f"Tell {whom} that they {told} what they hold of this person in order to {purpose}: the person {why}."
    return instructions(installation.manifest, installation.plan, verb, installation.integration_key)


async def open_task(access: Access, obligation_id: UUID, text: str) -> None:
    """Give an obligation to people; its own due date holds. A second task is never opened for one obligation.

    One that was taken back, because the obligation was tried once more, is opened again.

    The instructions name the place where the installation has had another.
    """
    opened = await access.execute(
        "insert into manual_task (organisation_id, id, created_at, obligation_id, instructions, due_at)"
        " select $1, $2, $3, o.id, case when exists (select from installation_place q where q.organisation_id = $1"
        " and q.installation_id = p.installation_id and q.id <> p.id) then p.recipient || ': ' else '' end || $5,"
        " o.due_at from obligation o join installation_place p on p.organisation_id = $1 and p.id = o.place_id"
        " where o.organisation_id = $1 and o.id = $4"
        " on conflict (organisation_id, obligation_id) do update set state = 'open',"
        " instructions = excluded.instructions"
        " where manual_task.state = 'cancelled' and manual_task.completed_by is null",
        uuid7(),
        access.now,
        obligation_id,
        text,
    )
    if opened:
        await tell_of_task(access, obligation_id)


async def close_task(access: Access, task_id: UUID, evidence: str) -> TaskRecord:
    """Note that a task is done; ``obligations.by_hand`` ends its obligation too.

    Raises:
        NotFoundError: there is no such task, or it is not the caller's to see.
        PermissionDeniedError: the caller may see it only.
        TaskClosedError: it is not open any more.
        InvalidInputError: no evidence, or too much.
    """
    done = await _ended(access, task_id, TaskState.DONE, evidence, "evidence")
    await access.audit("manual_task.completed", "manual_task", task_id, obligation=done.obligation_id)
    return done


async def give_up_task(access: Access, task_id: UUID, reason: str) -> TaskRecord:
    """Note that a task that is due will not be done; ``obligations.by_hand`` ends its obligation too.

    Raises:
        NotFoundError, PermissionDeniedError, TaskClosedError, InvalidInputError: as of ``close_task``.
        TaskNotDueError: there is still time to do it.
    """
    given_up = await _ended(access, task_id, TaskState.CANCELLED, reason, "reason")
    await access.audit("manual_task.given_up", "manual_task", task_id, obligation=given_up.obligation_id)
    return given_up


async def lock_ended_task(access: Access, task_id: UUID) -> TaskRecord:
    """Return a task that somebody ended, locked, for who may open it again.

    Raises:
        NotFoundError, PermissionDeniedError: as of ``close_task``.
        TaskOpenError: nobody has ended it.
    """
    task = await _actionable(access, task_id)
    if task.completed_by is None:
        raise TaskOpenError("Nobody has ended this task: there is nothing to open again.", path=("task",))
    return task


async def reopen_task(access: Access, task: TaskRecord, reason: str) -> TaskRecord:
    """Open a task again that somebody ended by mistake; ``obligations.by_hand`` opens its obligation too.

    Raises:
        InvalidInputError: no reason, or too much.
    """
    why = many_lines(reason, "reason", least=1, most=_LONGEST_EVIDENCE)
    (opened,) = await access.fetch_as(TaskRecord, _REOPEN, task.id, f"{task.evidence}\n\n{why}")
    await access.audit("manual_task.reopened", "manual_task", task.id, obligation=task.obligation_id)
    return opened


async def _ended(access: Access, task_id: UUID, state: TaskState, words: str, name: str) -> TaskRecord:
    noted = many_lines(words, name, least=1, most=_LONGEST_EVIDENCE)
    task = await _actionable(access, task_id)
    if task.state is not TaskState.OPEN:
        raise TaskClosedError(f"This task is {task.state} already.", path=("task",))
    if state is TaskState.CANCELLED and task.due_at > access.now:
        raise TaskNotDueError("There is still time: a task is given up once it is due.", path=("task",))
    who = access.actor.member_id or access.actor.account_id
    (ended,) = await access.fetch_as(TaskRecord, _CLOSE, task_id, who, access.now, noted, state.value)
    return ended


async def _actionable(access: Access, task_id: UUID) -> TaskRecord:
    """Return a task, locked: one's own installation's in whatever state the membership is, every one by role."""
    task = await access.fetchrow_as(TaskRecord, _SELECT + " where organisation_id = $1 and id = $2 for update", task_id)
    is_own = task is not None and await access.fetchval(_IS_OWN, task.obligation_id, access.actor.member_id)
    if task is None or not (is_own or access.may(Permission.TASKS_READ)):
        raise NotFoundError("No such task: list the tasks that are open.", path=("task",))
    if is_own:
        access.require_person()
    else:
        access.require(Permission.TASKS_COMPLETE)
    return task


async def cancel_tasks(access: Access, obligation_ids: Collection[UUID]) -> None:
    """Take tasks back whose obligations have ended otherwise."""
    await access.execute(
        "update manual_task set state = 'cancelled'"
        " where organisation_id = $1 and obligation_id = any($2::uuid[]) and state = 'open'",
        list(obligation_ids),
    )


async def list_tasks(access: Access, page: PageRequest, *, states: Collection[TaskState] = ()) -> Page[TaskRecord]:
    """Return tasks in the order in which they are due: all by role, else those of own installations.

    Empty states means all.

    Raises:
        InsufficientScopeError: the token does not carry the scope.
    """
    parameters = Parameters(access.organisation_id)
    seen = _seen(access, parameters)
    sql = page_of_states_sql(
        _SELECT,
        page,
        parameters,
        [f"organisation_id = $1{seen}"],
        states or TaskState,
        by="due_at, id",
    )
    return page_of_rows(await access.transaction.fetch_as(TaskRecord, sql, *parameters.values), page)


async def tasks_of(access: Access, obligation_ids: Collection[UUID]) -> dict[UUID, TaskRecord]:
    """Return the task of each obligation that has one that the caller may see.

    Raises:
        InsufficientScopeError: the token does not carry the scope.
    """
    parameters = Parameters(access.organisation_id, list(obligation_ids))
    sql = _SELECT + " where organisation_id = $1 and obligation_id = any($2::uuid[])" + _seen(access, parameters)
    rows = await access.transaction.fetch_as(TaskRecord, sql, *parameters.values)
    return {row.obligation_id: row for row in rows}


async def tasks_by_ids(access: Access, task_ids: Collection[UUID]) -> dict[UUID, TaskRecord]:
    """Return tasks by id, as far as the caller may see them.

    Raises:
        InsufficientScopeError: the token does not carry the scope.
    """
    parameters = Parameters(access.organisation_id)
    one = _SELECT + " where organisation_id = $1 and id = w.id" + _seen(access, parameters)
    rows = await access.transaction.fetch_as(TaskRecord, parameters.for_each(task_ids, one), *parameters.values)
    return {row.id: row for row in rows}


def _seen(access: Access, parameters: Parameters) -> str:
    own = own_or_all(access, Permission.TASKS_READ, "o.installation_id", parameters)
    if not own:
        return ""
    return (
        f" and exists (select from obligation o where o.organisation_id = $1 and o.id = manual_task.obligation_id{own})"
    )
