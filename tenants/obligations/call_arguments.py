"""What a connector's method is called with when no record goes out: people as the place knows them."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel

from wardship.plugins.api import (
    Claim,
    Claimed,
    Grant,
    Inquiry,
    Restriction,
    Revocation,
    SubjectRef,
    Verb,
)
from wardship.tenants.access import Access
from wardship.tenants.egress.gate import identifiers_of, subject_of
from wardship.tenants.egress.vendor_names import LINKS
from wardship.tenants.installations.records import InstallationRecord
from wardship.tenants.obligations.leases import Lease
from wardship.tenants.obligations.reconcile import page_of_links
from wardship.tenants.obligations.sealed import known_identifiers, unseal

_MOST_NAMED = 100
"""More people than this are not named one by one when everything is revoked: everything is everything.

A connector that looks after each of them has to end within one call; each was erased by itself before.
"""


async def is_shared_again(access: Access, lease: Lease) -> bool:
    """Return whether the member's data has been shared again since the erasure that is to be proven.

    What the proof found would be taken for a remainder, and erased.
    """
    return bool(
        await access.fetchval(
            "select state = 'shared' from subject_link"
            " where organisation_id = $1 and installation_id = $2 and member_id = $3 and place_id = $4",
            lease.installation_id,
            lease.member_id,
            lease.place_id,
        )
    )


async def call_arguments(
    access: Access, installation: InstallationRecord, lease: Lease, subject: SubjectRef | None
) -> BaseModel | None:
    """Return what the connector's method is called with, about one subject or about the installation."""
    match lease.verb:
        case Verb.CHECK:
            return None
        case Verb.GRANT:
            return await _grant(access, installation)
        case Verb.RECONCILE:
            rows = await page_of_links(access, installation, lease)
            return Inquiry(subjects=tuple(subject_of(access, row) for row in rows))
        case _:
            return await _taking_back(access, installation, lease, subject)


async def _taking_back(
    access: Access, installation: InstallationRecord, lease: Lease, subject: SubjectRef | None
) -> BaseModel:
    """Return what the connector does to what it holds of a subject, or of everybody."""
    if subject and lease.verb is Verb.RESTRICT:
        return Restriction(subject=subject, active=lease.arguments.active, purpose=lease.arguments.purpose or None)
    if subject and lease.verb in {Verb.ERASE, Verb.EXPORT}:
        return subject
    subjects: tuple[SubjectRef, ...] = (subject,) if subject else ()
    if subject is None and not lease.arguments.is_access_only:
        subjects = await _everybody(access, installation, lease.place_id)
    if lease.verb is Verb.REVOKE:
        return Revocation(everything=subject is None, subjects=subjects)
    return Claim(claimed=Claimed(lease.arguments.claimed), subjects=subjects, everything=subject is None)


async def _grant(access: Access, installation: InstallationRecord) -> Grant:
    categories = await access.fetch(
        "select distinct category from integration_grant"
        " where organisation_id = $1 and installation_id = $2 and withdrawn_at is null order by category",
        installation.id,
    )
    holder_id = installation.member_id or installation.group_id or installation.organisation_id
    return Grant(
        holder=installation.holder,
        holder_id=str(holder_id),
        categories=tuple(row["category"] for row in categories),
    )


async def _everybody(access: Access, installation: InstallationRecord, place_id: UUID) -> tuple[SubjectRef, ...]:
    rows = await access.fetch(LINKS + " order by member_id limit $4", installation.id, place_id, _MOST_NAMED + 1)
    if len(rows) > _MOST_NAMED:
        return ()
    known = await known_identifiers(access, installation, place_id, [row["member_id"] for row in rows])
    declared = identifiers_of(access, installation)
    return tuple(subject_of(access, row, known.get(row["member_id"], ()), declared) for row in rows)


async def subject_at_place(access: Access, installation: InstallationRecord, lease: Lease) -> SubjectRef | None:
    """Return the person that a lease is about as its place knows that person; None where it does not."""
    if lease.member_id is None or lease.verb is Verb.CHECK:
        return None
    link = await access.fetchrow(LINKS + " and member_id = $4", installation.id, lease.place_id, lease.member_id)
    if link is None:
        return None
    declared = identifiers_of(access, installation)
    if lease.sealed is not None:
        return subject_of(access, link, unseal(access, lease.id, lease.sealed), declared)
    known = await known_identifiers(access, installation, lease.place_id, [lease.member_id])
    return subject_of(access, link, known.get(lease.member_id, ()), declared)
