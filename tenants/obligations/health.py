"""Let the state of an installation tell how its calls go."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from wardship.plugins.api import Verb
from wardship.plugins.host import Fault, Reply
from wardship.tenants.access import Access
from wardship.tenants.egress.locks import lock_installation
from wardship.tenants.installations.records import InstallationRecord, InstallationState
from wardship.tenants.installations.states import degrade, move, recover
from wardship.tenants.obligations.deadlines import SHARE_FOR_RETRIES
from wardship.tenants.obligations.enqueue import Demand, enqueue
from wardship.tenants.obligations.outcomes import ended_outcome
from wardship.tenants.tasks.tasks import open_task, words_for

_ILL = frozenset(
    {
        Fault.UNAVAILABLE,
        Fault.TIMEOUT,
        Fault.CRASH,
        Fault.INVALID_RESPONSE,
        Fault.STUCK,
        Fault.UNAUTHORISED,
        Fault.BAD_SETTINGS,
    }
)
_NEEDS_ADMINISTRATOR = frozenset({Fault.UNAUTHORISED, Fault.BAD_SETTINGS})
_S = InstallationState


async def note_health(access: Access, installation: InstallationRecord, reply: Reply) -> None:
    """Degrade an installation whose integration or vendor fails, and note its recovery when a call succeeds again."""
    if reply.fault is None:
        await recover(access, installation)
        return
    if reply.fault is Fault.BAD_SETTINGS:
        await move(
            access,
            installation.id,
            to=_S.MIGRATION_FAILED,
            only_from={_S.INSTALLED, _S.CHECKED, _S.ACTIVE, _S.DEGRADED, _S.NEEDS_APPROVAL},
            reason=reply.fault.value,
        )
    elif reply.fault in _ILL:
        await degrade(access, installation.id, reply.fault.value)
    if reply.fault in _NEEDS_ADMINISTRATOR:
        await _park(access, installation)


async def _park(access: Access, installation: InstallationRecord) -> None:
    """Let what waits for this installation wait for the administrator, so that a refused password is not tried on."""
    await lock_installation(access, installation.id)
    await access.transaction.execute(
        "update obligation set state = 'waiting', next_at = submitted_at + (due_at - submitted_at) * $3::float8"
        " where organisation_id = $1 and id in (select id from obligation where organisation_id = $1"
        "  and installation_id = $2 and state = 'pending' and verb <> 'check'"
        "  and submitted_at + (due_at - submitted_at) * $3::float8 > $4 for update skip locked)",
        access.organisation_id,
        installation.id,
        SHARE_FOR_RETRIES,
        access.now,
    )


async def wake(access: Access, installation: InstallationRecord) -> None:
    """Let everything that waits at this installation be tried now."""
    await access.transaction.execute(
        "update obligation set state = 'pending', next_at = $3"
        " where organisation_id = $1 and installation_id = $2 and state in ('pending', 'waiting')",
        access.organisation_id,
        installation.id,
        access.now,
    )
    await access.transaction.execute("select pg_notify('wardship_obligations', '')")


async def note_failed_delivery(access: Access, installation: InstallationRecord, code: str) -> None:
    """Show that deliveries have failed for good: one task for the installation, however many they are."""
    await lock_installation(access, installation.id)
    await degrade(access, installation.id, f"delivery_failed:{code}")
    is_shown = await access.transaction.fetchval(
        "select exists (select from obligation where organisation_id = $1 and installation_id = $2"
        " and verb = 'check' and ended_at is null)",
        access.organisation_id,
        installation.id,
    )
    if not is_shown:
        made = await enqueue(access, [Demand(installation=installation, verb=Verb.CHECK, key="delivery_failed")])
        await hand_over(access, installation, made)


async def hand_over(access: Access, installation: InstallationRecord, obligation_ids: Collection[UUID]) -> None:
    """Turn open obligations that nobody has leased into tasks for people."""
    rows = await access.transaction.fetch(
        "update obligation set state = 'manual', outcome = $3::jsonb"
        " where organisation_id = $1 and id = any($2::uuid[]) and state in ('pending', 'waiting') returning id, verb",
        access.organisation_id,
        list(obligation_ids),
        ended_outcome("manual", "handed_over"),
    )
    for row in rows:
        await open_task(access, row["id"], words_for(installation, Verb(row["verb"])))
