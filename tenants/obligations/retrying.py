"""Try again now what waits, what trying had given up, and what has failed, by the word of who manages it."""

from __future__ import annotations

from typing import ClassVar, Final
from uuid import UUID

from wardship.core.errors import ConflictError, NotFoundError
from wardship.plugins.api.doers import Doer, doer
from wardship.tenants.access import Access
from wardship.tenants.egress.locks import lock_members
from wardship.tenants.installations.authority import manageable_installation
from wardship.tenants.installations.records import InstallationRecord, InstallationState
from wardship.tenants.obligations.enqueue import TAKING_BACK, Demand, enqueue
from wardship.tenants.obligations.read import ObligationRecord, obligations_by_ids
from wardship.tenants.obligations.settle import DUTIES
from wardship.tenants.obligations.states import ObligationState, take_up_again, try_now

_S = ObligationState
_LOCK: Final = "select state from obligation where organisation_id = $1 and id = $2 for update skip locked"
"""None where a worker has it in hand at this moment: then it is being tried."""
_IS_LEFT: Final = (
    "select exists (select from installation_place where organisation_id = $1 and id = $2 and state = 'left')"
)
_OPEN_ALIKE: Final = (
    "select id from obligation where organisation_id = $1 and installation_id = $2 and place_id = $3 and verb = $4"
    " and member_id is not distinct from $5 and ended_at is null order by id limit 1"
)
_FOR_A_PERSON: Final = frozenset({"manual_step_left"})


class DeliveryNotRetryableError(ConflictError):
    """It can't be tried again; the message says why, and what can be done."""

    code: ClassVar[str] = "DELIVERY_NOT_RETRYABLE"


async def retry_delivery(access: Access, obligation_id: UUID) -> ObligationRecord:
    """Try an obligation now; what is being tried, or is due by now, is returned as it is.

    What has failed stays so, and the same is owed anew: that is returned.

    Raises:
        NotFoundError: there is none such, or it is not the caller's to see.
        PermissionDeniedError: the caller may not manage the installation.
        DeliveryNotRetryableError: it has ended, is for a person to do, or nothing reaches the vendor at present.
    """
    found = await _one(access, obligation_id)
    installation = await manageable_installation(
        access, found.installation_id, needs_step_up=False, takes_back=found.verb in TAKING_BACK
    )
    is_held = await access.fetchval(_LOCK, obligation_id) is None
    owed = await _one(access, obligation_id)
    await _require_retryable(access, installation, owed)
    if is_held or owed.state is _S.LEASED or (owed.state is _S.PENDING and owed.next_at <= access.now):
        return owed
    if owed.state is _S.FAILED:
        owed = await _owe_anew(access, installation, owed)
    elif owed.state is _S.MANUAL:
        await take_up_again(access, owed.id)
    else:
        await try_now(access, owed.id)
    await access.audit("obligation.retried", "obligation", owed.id, verb=owed.verb.value)
    return await _one(access, owed.id)


async def _owe_anew(access: Access, installation: InstallationRecord, owed: ObligationRecord) -> ObligationRecord:
    """Return the same owed anew, where its data goes now; what is owed already is returned in place of a second."""
    member = owed.member_id
    if member is not None:
        await lock_members(access, [member])
    alike = await access.fetchval(_OPEN_ALIKE, installation.id, owed.place_id, owed.verb.value, member)
    if alike is None:
        demand = Demand(installation=installation, verb=owed.verb, place_id=owed.place_id, member_id=member)
        (alike,) = await enqueue(access, [demand])
    return await _one(access, alike)


async def _require_retryable(access: Access, installation: InstallationRecord, owed: ObligationRecord) -> None:
    if why := await _hindrance(access, installation, owed):
        raise DeliveryNotRetryableError(why, path=("obligation",))


async def _hindrance(access: Access, installation: InstallationRecord, owed: ObligationRecord) -> str:
    """Return why an obligation can't be tried again; empty where it can."""
    if owed.state in {_S.COMPLETED, _S.CANCELLED}:
        return "It has ended: nothing is left to try."
    manifest = access.services.integrations.get(installation.integration_key).manifest
    if manifest is None or installation.state is InstallationState.LOAD_FAILED:
        return "The integration does not load at present: tell the server's operator, then try again."
    if await access.fetchval(_IS_LEFT, owed.place_id):
        return "Nothing reaches this place of the vendor any more."
    if installation.state is InstallationState.PAUSED and owed.verb not in DUTIES:
        return "The integration is paused: resume it, and what waits is tried."
    is_for_person = owed.outcome is not None and owed.outcome.code in _FOR_A_PERSON
    if owed.state is _S.MANUAL and (is_for_person or doer(manifest, owed.verb) is not Doer.CONNECTOR):
        return "This is for a person to do: complete its task."
    return ""


async def _one(access: Access, obligation_id: UUID) -> ObligationRecord:
    found = (await obligations_by_ids(access, [obligation_id])).get(obligation_id)
    if found is None:
        raise NotFoundError("No such obligation: list those that you can see.", path=("obligation",))
    return found
