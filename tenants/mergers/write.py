"""The one way in which a merger's state is changed, and how both organisations are reached from it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.actor import system_actor
from wardship.core.database.scope import Scope
from wardship.core.errors import ConflictError
from wardship.tenants.access import Access
from wardship.tenants.accounts.directory import in_directory
from wardship.tenants.mergers.records import TRANSITIONS, MergerRecord, MergerState

_UPDATE: Final = (
    "update merger set state = $2, state_since = $3, state_until = $4, waits_for = $6 where id = $1 and state = $5"
)
_TOLD: Final = "update merger set state_until = null where id = $1"
_WAITS: Final = "update merger set waits_for = $2 where id = $1"


class MergerStateError(ConflictError):
    """The merger is not in a state from which this can be done: look at its state."""

    code: ClassVar[str] = "MERGER_STATE"


async def transition_merger(
    access: Access,
    merger: MergerRecord,
    to: MergerState,
    *,
    until: datetime | None = None,
    waits_for: str | None = None,
) -> None:
    """Bring a merger into another state; audited in both organisations as far as both know of it.

    Args:
        access: of either organisation; its transaction reaches the directory.
        merger: as it was locked.
        to: the state that follows.
        until: when the clock acts in it.
        waits_for: what it waits for in it.

    Raises:
        MergerStateError: the table holds no such transition, or somebody else was first.
    """
    if to not in TRANSITIONS[merger.state]:
        raise MergerStateError(f"This merger is {merger.state.value}: it can't become {to.value}.", path=("merger_id",))
    async with in_directory(access):
        changed = await access.transaction.execute(
            _UPDATE, merger.id, to.value, access.now, until, merger.state.value, waits_for
        )
    if not changed:
        raise MergerStateError("Somebody else decided this at the same moment: look again.", path=("merger_id",))
    # Who takes an offer back must not see, by what is done then, whether it had reached anybody: a worker goes on.
    is_own_affair = merger.state is MergerState.OFFERED and to is MergerState.WITHDRAWN
    for organisation_id in {merger.source_id, None if is_own_affair else merger.target_id} - {None}:
        async with at_organisation(access, organisation_id) as here:
            await here.audit(f"merger.{to.value}", "merger", merger.id)


async def note_told(here: Access, merger: MergerRecord) -> None:
    """Note that the other organisation knows that an offer was taken back."""
    await here.transaction.execute(_TOLD, merger.id)


async def note_wait(access: Access, merger: MergerRecord, waits_for: str) -> None:
    """Note what a merger waits for although its day has come."""
    if merger.waits_for != waits_for:
        await access.transaction.execute(_WAITS, merger.id, waits_for)


@asynccontextmanager
async def at_organisation(access: Access, organisation_id: UUID | None) -> AsyncIterator[Access]:
    """Reach the rows of one of the two organisations, and the directory's, within the same transaction.

    In the caller's own it is the caller who acts; in the other, the system does, because the caller is nobody there.
    """
    if organisation_id is None:
        raise ValueError("the other organisation is not known")
    is_own = organisation_id == access.organisation_id
    actor = access.actor if is_own else system_actor(organisation_id)
    async with access.transaction.reaching(Scope(organisation_id, directory=True)):
        yield replace(access, actor=actor)
