"""The end of this deployment's access at a vendor: alone, or with all that is held there."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from wardship.plugins.api import Verb
from wardship.plugins.api.doers import is_ended_by_host
from wardship.tenants.access import Access
from wardship.tenants.authorisations.records import AuthorisationState, has_access, present_authorisations
from wardship.tenants.authorisations.writing import end_authorisations
from wardship.tenants.installations.changes import have_left
from wardship.tenants.installations.records import InstallationRecord
from wardship.tenants.obligations.grades import NOTHING_WAS_SHARED
from wardship.tenants.obligations.leases import Lease

_IS_OWED: Final = (
    "select exists (select from obligation where organisation_id = $1 and place_id = $2 and member_id is null"
    " and verb in ('revoke', 'attest') and ended_at is null and arguments ->> 'is_access_only' = 'true')"
)


def access_words(installation: InstallationRecord) -> str:
    """Return what a person does to end this deployment's access at a vendor, where nothing else does."""
    vendor = installation.manifest.vendor.legal_name
    said = installation.plan.instructions(Verb.REVOKE)
    words = f"Take this deployment's access back in your account of {vendor}: look for connected applications there."
    return words if said is None else f"{words} {said}"


async def uncalled_end(access: Access, installation: InstallationRecord, lease: Lease) -> str:
    """Return why the access is not ended by a call: empty where it is, else a word for what is done instead."""
    if lease.verb is not Verb.REVOKE or lease.member_id is not None or installation.manifest.oauth is None:
        return ""
    if not await has_access(access, lease.place_id):
        return NOTHING_WAS_SHARED
    return "needs_a_person" if lease.arguments.is_access_only and not is_ended_by_host(installation.manifest) else ""


async def finish_disconnecting(access: Access, installation: InstallationRecord, place_id: UUID) -> None:
    """Drop what lets this deployment in at a place, once the vendor has ended it and that was looked at."""
    present = (await present_authorisations(access, [place_id])).get(place_id)
    if present is None or present.state is not AuthorisationState.ENDING:
        return
    if not await access.fetchval(_IS_OWED, place_id) and await end_authorisations(access, [place_id]):
        await access.audit("authorisation.ended", "installation", installation.id)


async def leave_places(access: Access, place_ids: Collection[UUID]) -> None:
    """Note that nothing is left at places; what they were reached by is dropped."""
    await end_authorisations(access, place_ids)
    await have_left(access, place_ids)
