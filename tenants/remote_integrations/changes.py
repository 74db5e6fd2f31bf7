"""Write remote integrations: every change of what processes have to know is heard by them at the commit."""

from __future__ import annotations

from collections.abc import Collection
from types import MappingProxyType
from typing import Final
from uuid import UUID

from wardship.core.database.scope import Scope
from wardship.core.notices import tell_account, tell_staff
from wardship.tenants.access import Access
from wardship.tenants.remote_integrations.notices import REMOTE_INTEGRATION_REQUESTED, REMOTE_INTEGRATION_STATE
from wardship.tenants.remote_integrations.records import (
    COLUMNS,
    TRANSITIONS,
    RemoteIntegrationRecord,
    RemoteIntegrationState,
    RemoteIntegrationStateError,
)

CHANNEL: Final = "wardship_remote_integrations"
"""Where processes hear that a remote integration has changed."""
_S = RemoteIntegrationState
_EVENTS: Final = MappingProxyType(
    {
        (_S.REQUESTED, _S.ACTIVE): ("let_in", "let in"),
        (_S.SUSPENDED, _S.ACTIVE): ("let_in_again", "let in again"),
        (_S.DISABLED, _S.ACTIVE): ("back", "in use again"),
        (_S.ACTIVE, _S.DISABLED): ("disabled", "disabled"),
        (_S.ACTIVE, _S.SUSPENDED): ("suspended", "suspended"),
        (_S.DISABLED, _S.SUSPENDED): ("suspended", "suspended"),
        (_S.CHECKING, _S.ENDED): ("refused", "refused"),
        (_S.REQUESTED, _S.ENDED): ("refused", "refused"),
        (_S.ACTIVE, _S.ENDED): ("ended", "ended"),
        (_S.DISABLED, _S.ENDED): ("ended", "ended"),
        (_S.SUSPENDED, _S.ENDED): ("ended", "ended"),
    }
)
"""By the state before and after: the event, and how a vendor is told of it, after "is".

What only its own doing leads to has none.
"""
_UPDATE: Final = (
    "update remote_integration set state = $3, state_since = $4, revision = revision + 1,"
    " is_admitted = is_admitted or $3 = 'active',"
    " fetch_at = case when $3 in ('ended', 'disabled') then null else fetch_at end"
    " where organisation_id = $1 and id = $2 and state = any($5::text[]) returning "
)
_MOVE: Final = _UPDATE + COLUMNS
_CHANGED: Final = "update remote_integration set revision = revision + 1 where organisation_id = $1 and id = $2"


async def move(
    access: Access, remote_id: UUID, *, was: RemoteIntegrationState, to: RemoteIntegrationState
) -> RemoteIntegrationRecord:
    """Bring one, whose row the caller has locked as it was, into another state, and tell who has to know.

    Raises:
        RemoteIntegrationStateError: it is in no state from which that can be done.
    """
    sources: Collection[RemoteIntegrationState] = [state for state, ways in TRANSITIONS.items() if to in ways]
    names = [state.value for state in sources]
    moved = await access.fetchrow_as(RemoteIntegrationRecord, _MOVE, remote_id, to.value, access.now, names)
    if moved is None:
        raise RemoteIntegrationStateError(
            f"This integration must be {', '.join(names)} for that.", path=("remoteIntegration",)
        )
    await access.audit(f"remote_integration.{to.value}", "remote_integration", remote_id)
    await announce(access)
    await _tell(access, moved, was)
    return moved


async def note_changed(access: Access, remote_id: UUID) -> None:
    """Let processes take up what has changed of one besides its state: its document, its secrets."""
    await access.execute(_CHANGED, remote_id)
    await announce(access)


async def announce(access: Access) -> None:
    """Wake processes that hold remote integrations, and the worker that looks after their installations."""
    await access.transaction.execute(f"select pg_notify('{CHANNEL}', ''), pg_notify('wardship_sweeps', '')")


async def wake_sweeps(access: Access) -> None:
    """Wake the worker that fetches documents."""
    await access.transaction.execute("select pg_notify('wardship_sweeps', '')")


async def _tell(access: Access, remote: RemoteIntegrationRecord, was: RemoteIntegrationState) -> None:
    """Tell operators of what waits for them, and a vendor of what became of its own without its doing."""
    name = remote.name or remote.url
    if remote.state is _S.REQUESTED:
        target = (access.organisation_id, "remote_integration", remote.id)
        await tell_staff(
            access.transaction,
            access.services,
            REMOTE_INTEGRATION_REQUESTED,
            target=target,
            once=str(remote.id),
            integration=name,
            vendor=remote.vendor_name,
            url=remote.url,
        )
    elif access.actor.account_id != remote.account_id:
        event, words = _EVENTS[was, remote.state]
        async with access.transaction.reaching(Scope(access.organisation_id, directory=True)):
            await tell_account(
                access.transaction,
                access.services,
                remote.account_id,
                REMOTE_INTEGRATION_STATE,
                once=f"{remote.id}:{remote.revision}",
                integration=name,
                event=event,
                words=words,
            )
