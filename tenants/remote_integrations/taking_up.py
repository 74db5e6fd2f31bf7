"""Write what came of a look at a document: what it declares is taken up, or its vendor is told why not."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Final
from uuid import UUID

from wardship.core.database.scope import Scope
from wardship.core.notices import tell_account
from wardship.tenants.access import Access
from wardship.tenants.remote_integrations.changes import move, note_changed
from wardship.tenants.remote_integrations.judging import Judged, fault_of
from wardship.tenants.remote_integrations.notices import REMOTE_DOCUMENT_REFUSED
from wardship.tenants.remote_integrations.read import documents_of, remote_integration_by_id
from wardship.tenants.remote_integrations.records import RemoteIntegrationRecord, RemoteIntegrationState

LOOKED_AT_AGAIN: Final = timedelta(days=1)
"""How often a document is fetched by itself."""
_SPREAD: Final = timedelta(hours=1)
_LONGEST_FAULT: Final = 2000
_S = RemoteIntegrationState
_BY_ITSELF: Final = frozenset({_S.REQUESTED, _S.ACTIVE, _S.SUSPENDED})
"""The states in which a document is fetched once a day; else when its vendor wants it."""
_KEEP: Final = (
    "update remote_integration set integration_key = $3, name = $4, version = $5, vendor_name = $6, endpoint = $7,"
    " document = $8, fetched_at = $9, fault = '', faulty_since = null where organisation_id = $1 and id = $2"
)
_NOTE_FAULT: Final = (
    "update remote_integration set fault = $3, faulty_since = coalesce(faulty_since, $4)"
    " where organisation_id = $1 and id = $2"
)
_FETCH_AT: Final = "update remote_integration set fetch_at = $3 where organisation_id = $1 and id = $2"


async def take_up(access: Access, remote_id: UUID, judged: Judged) -> None:
    """Write what came of a look; of one that has ended meanwhile nothing.

    Args:
        access: the system's own, at the provider.
        remote_id: which.
        judged: what was found at its address.
    """
    remote = await remote_integration_by_id(access, remote_id, locks=True)
    if remote.state is _S.ENDED:
        return
    fault = judged.fault
    if judged.document is not None:
        fault = await fault_of(access, remote, judged.document)
    if judged.document is None or fault:
        await _note_fault(access, remote, fault[:_LONGEST_FAULT])
    else:
        remote = await _keep(access, remote, judged)
    again = access.now + LOOKED_AT_AGAIN + spread(remote_id, _SPREAD) if remote.state in _BY_ITSELF else None
    await access.execute(_FETCH_AT, remote_id, again)


async def _keep(access: Access, remote: RemoteIntegrationRecord, judged: Judged) -> RemoteIntegrationRecord:
    if judged.document is None:
        raise ValueError(remote.id)
    before = (await documents_of(access, [remote.id])).get(remote.id)
    manifest = judged.document.manifest
    declared = (manifest.key, manifest.name, manifest.version, manifest.vendor.legal_name, judged.document.endpoint)
    await access.execute(_KEEP, remote.id, *declared, judged.text, access.now)
    if before != judged.text:
        details = {"version": manifest.version, "document": hashlib.sha256(judged.text.encode()).hexdigest()}
        await access.audit("remote_integration.declared", "remote_integration", remote.id, **details)
        await note_changed(access, remote.id)
    following = {_S.CHECKING: _S.REQUESTED, _S.DISABLED: _S.ACTIVE}.get(remote.state)
    return remote if following is None else await move(access, remote.id, was=remote.state, to=following)


async def _note_fault(access: Access, remote: RemoteIntegrationRecord, fault: str) -> None:
    """Keep what is wrong, and tell the vendor of what it did not look for itself."""
    await access.execute(_NOTE_FAULT, remote.id, fault, access.now)
    if fault == remote.fault or remote.state not in _BY_ITSELF:
        return
    async with access.transaction.reaching(Scope(access.organisation_id, directory=True)):
        await tell_account(
            access.transaction,
            access.services,
            remote.account_id,
            REMOTE_DOCUMENT_REFUSED,
            once=f"{remote.id}:{access.now.isoformat()}",
            integration=remote.name,
            url=remote.url,
            fault=fault,
        )


def spread(remote_id: UUID, over: timedelta) -> timedelta:
    """Return a part of a span that belongs to one remote integration, so that not all are fetched together."""
    return over * (hashlib.sha256(remote_id.bytes).digest()[0] / 256)
