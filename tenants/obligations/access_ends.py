"""The end of this deployment's access at a vendor: alone, or with all that is held there."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from wardship.plugins.api import Claimed, OAuth, Verb
from wardship.plugins.api.doers import is_ended_by_host
from wardship.tenants.access import Access
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


def is_about_access(installation: InstallationRecord, lease: Lease) -> bool:
    """Return whether a lease ends, or proves the end of, this deployment's access at the vendor."""
    if lease.member_id is not None or lease.verb not in {Verb.REVOKE, Verb.ATTEST}:
        return False
    if lease.verb is Verb.ATTEST and lease.arguments.claimed != Claimed.REVOKED:
        return False
    return lease.arguments.is_access_only or installation.manifest.oauth is not None


def uncalled_end(installation: InstallationRecord, lease: Lease, held: OAuth | None) -> str:
    """Return why the access is not ended by a call: empty where it is, else a word for what is done instead.

    Args:
        installation: with what is approved now.
        lease: of what is about the access.
        held: the server that gave what is held at the place; None where nothing is.
    """
    if lease.verb is not Verb.REVOKE:
        return ""
    if held is None:
        return NOTHING_WAS_SHARED
    is_by_host = lease.arguments.is_access_only or is_ended_by_host(installation.manifest)
    return "needs_a_person" if is_by_host and held.revocation_endpoint is None else ""


async def finish_disconnecting(access: Access, installation: InstallationRecord, place_id: UUID) -> None:
    """Drop what is being ended at a place, once the vendor has ended it and that was looked at."""
    if not await access.fetchval(_IS_OWED, place_id) and await end_authorisations(access, [place_id]):
        await access.audit("authorisation.ended", "installation", installation.id)


async def leave_places(access: Access, place_ids: Collection[UUID]) -> None:
    """Note that nothing is left at places; what they were reached by is dropped."""
    await end_authorisations(access, place_ids)
    await have_left(access, place_ids)
