"""What a call that carries no record is made with: subjects by the names that the vendor knows them by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from wardship.plugins.api import Claim, Claimed, Grant, Inquiry, Restriction, Revocation, SubjectRef, Verb
from wardship.tenants.access import Access
from wardship.tenants.installations.records import InstallationRecord
from wardship.tenants.obligations.leased import Leased
from wardship.tenants.obligations.reconcile import page_of_links
from wardship.tenants.obligations.sealed import known_identifiers, unseal
from wardship.tenants.obligations.work import Work

_MOST_NAMED = 1000
"""More people than this are not named one by one when everything is revoked: everything is everything."""


async def argue(access: Access, work: Work) -> Work | None:
    """Return the call with its argument; None when the vendor never heard of the member: nothing is to be done."""
    leased = work.leased
    if leased.verb is Verb.CHECK:
        return work
    if leased.member_id is None:
        return replace(work, argument=await _of_everything(access, work))
    subject = await _subject(access, work.installation, leased)
    if subject is None:
        return None
    return replace(work, argument=_about(leased, subject), subject=subject)


def _about(leased: Leased, subject: SubjectRef) -> BaseModel:
    match leased.verb:
        case Verb.RESTRICT:
            return Restriction(subject=subject, active=True, purpose=leased.arguments.purpose or None)
        case Verb.REVOKE:
            return Revocation(everything=False, subjects=(subject,))
        case Verb.ATTEST:
            return Claim(claimed=Claimed(leased.arguments.claimed), subjects=(subject,))
        case _:
            return subject


async def _of_everything(access: Access, work: Work) -> BaseModel:
    match work.leased.verb:
        case Verb.GRANT:
            return await _grant(access, work.installation)
        case Verb.RECONCILE:
            rows = await page_of_links(access, work.installation, work.leased.arguments.after)
            return Inquiry(subjects=tuple(SubjectRef(id=row["subject_ref"]) for row in rows))
        case Verb.REVOKE:
            return Revocation(everything=True, subjects=await _everybody(access, work.installation))
        case _:
            return Claim(
                claimed=Claimed(work.leased.arguments.claimed), subjects=await _everybody(access, work.installation)
            )


async def _grant(access: Access, installation: InstallationRecord) -> Grant:
    categories = await access.transaction.fetch(
        "select distinct category from integration_grant"
        " where organisation_id = $1 and installation_id = $2 and withdrawn_at is null order by category",
        access.organisation_id,
        installation.id,
    )
    holder_id = installation.member_id or installation.group_id or installation.organisation_id
    return Grant(
        holder=installation.holder,
        holder_id=str(holder_id),
        categories=tuple(row["category"] for row in categories),
    )


async def _everybody(access: Access, installation: InstallationRecord) -> tuple[SubjectRef, ...]:
    rows: Sequence[Any] = await access.transaction.fetch(
        "select member_id, subject_ref from subject_link where organisation_id = $1 and installation_id = $2"
        " order by member_id limit $3",
        access.organisation_id,
        installation.id,
        _MOST_NAMED + 1,
    )
    if len(rows) > _MOST_NAMED:
        return ()
    known = await known_identifiers(access, installation, [row["member_id"] for row in rows])
    return tuple(SubjectRef(id=row["subject_ref"], identifiers=known.get(row["member_id"], ())) for row in rows)


async def _subject(access: Access, installation: InstallationRecord, leased: Leased) -> SubjectRef | None:
    member_id: UUID | None = leased.member_id
    reference = await access.transaction.fetchval(
        "select subject_ref from subject_link where organisation_id = $1 and installation_id = $2 and member_id = $3",
        access.organisation_id,
        installation.id,
        member_id,
    )
    if reference is None or member_id is None:
        return None
    if leased.sealed is not None:
        return SubjectRef(id=reference, identifiers=unseal(access, leased.id, leased.sealed))
    known = await known_identifiers(access, installation, [member_id])
    return SubjectRef(id=reference, identifiers=known.get(member_id, ()))
