"""Issue the certificate of an ended request, or of an integration that was taken away, once; find it again."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Final
from uuid import UUID

import structlog

from wardship.core.actor import system_actor
from wardship.core.database.engine import Transaction
from wardship.core.identifiers import uuid7
from wardship.core.signing import CERTIFICATE, sign
from wardship.tenants.access import Access, Services
from wardship.tenants.certificates.content import plain, statement
from wardship.tenants.certificates.uninstalled import uninstallation_statement
from wardship.tenants.certificates.verify import CERTIFICATE_TYPE
from wardship.tenants.installations.records import InstallationState, find_installations
from wardship.tenants.installations.states import note_certified
from wardship.tenants.requests.insert import reference_hash
from wardship.tenants.requests.records import LockedRequest
from wardship.tenants.requests.telling import tell_certified
from wardship.tenants.requests.transition import note_certificate
from wardship.tenants.requests.visibility import VISIBLE_SQL, VisibleRequests, visible_arguments

_MOST: Final = 100
_OF_INSTALLATION: Final = (
    "insert into certificate (organisation_id, id, created_at, installation_id, jws) values ($1, $2, $3, $4, $5)"
)
_log = structlog.get_logger(__name__)


async def issue_certificate(access: Access, locked: LockedRequest) -> str | None:
    """Sign what was done for a request and return the certificate; None while the request is open."""
    if locked.request.ended_at is None:
        return None
    known: str | None = await access.fetchval(
        "select jws from certificate where organisation_id = $1 and request_id = $2", locked.request.id
    )
    if known is not None:
        return known
    certificate_id = uuid7()
    content = await statement(access, locked, certificate_id)
    signed = sign(access.services.keys, CERTIFICATE, CERTIFICATE_TYPE, plain(content))
    await access.execute(
        "insert into certificate (organisation_id, id, created_at, request_id, reference_hash, jws)"
        " select $1, $2, $3, r.id, r.reference_hash, $5 from data_request r where r.organisation_id = $1 and r.id = $4",
        certificate_id,
        access.now,
        locked.request.id,
        signed,
    )
    await note_certificate(access, locked.request)
    await tell_certified(access, locked)
    return signed


async def issue_uninstallation_certificate(access: Access, installation_id: UUID) -> str | None:
    """Sign what was given back when an integration was taken away, and return the certificate; None before its end."""
    found = await find_installations(access, [installation_id], lock="for no key update")
    installation = found.get(installation_id)
    if installation is None or installation.state is not InstallationState.REMOVED:
        return None
    known = (await certificates_of_installations(access, [installation_id])).get(installation_id)
    if known is not None:
        return known
    certificate_id = uuid7()
    content = await uninstallation_statement(access, installation, certificate_id)
    signed = sign(access.services.keys, CERTIFICATE, CERTIFICATE_TYPE, plain(content))
    await access.execute(_OF_INSTALLATION, certificate_id, access.now, installation_id, signed)
    await note_certified(access, installation_id)
    return signed


async def certify_uninstallations(services: Services) -> int:
    """Issue the certificates of integrations that were taken away, and return how many: a sweep.

    Each in a transaction of its own; one that fails is logged, tried again at the next run, and hinders no other.
    """
    async with services.database.directory(read_only=True) as transaction:
        rows = await transaction.fetch("select * from installations_to_certify($1)", _MOST)
    issued = 0
    for row in rows:
        # Gathered alone: what becomes of one is looked at, and not raised.
        (found,) = await asyncio.gather(_certify(services, row["organisation_id"], row["id"]), return_exceptions=True)
        if isinstance(found, Exception):
            _log.error("certificate_not_issued", installation=str(row["id"]), fault=type(found).__name__)
        else:
            issued += found is True
    return issued


async def _certify(services: Services, organisation_id: UUID, installation_id: UUID) -> bool:
    async with services.database.tenant(organisation_id) as transaction:
        access = Access(system_actor(organisation_id), transaction, services, "sweep-certificates")
        return await issue_uninstallation_certificate(access, installation_id) is not None


async def certificates_of_installations(access: Access, installation_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the certificates (compact JWS) of those of these installations that were taken away.

    The caller has checked who may see the installations.
    """
    rows = await access.fetch(
        "select installation_id, jws from certificate where organisation_id = $1 and installation_id = any($2::uuid[])",
        list(installation_ids),
    )
    return {row["installation_id"]: row["jws"] for row in rows}


async def certificate_of_reference(transaction: Transaction, reference: str) -> str | None:
    """Return the certificate that belongs to a reference, which only the person holds; None when there is none (yet).

    Works in a transaction of any scope, also after the person's account is gone.
    """
    found: str | None = await transaction.fetchval("select certificate_by_reference($1)", reference_hash(reference))
    return found


async def certificates_of(reach: VisibleRequests, request_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the certificates (compact JWS) of the visible and ended ones among these requests."""
    rows = await reach.access.transaction.fetch(
        "select c.request_id, c.jws from certificate c"  # noqa: S608 - constants
        " join data_request r on r.organisation_id = c.organisation_id and r.id = c.request_id"
        f" where {VISIBLE_SQL} and c.organisation_id = $1 and c.request_id = any($5::uuid[])",
        *visible_arguments(reach),
        list(request_ids),
    )
    return {row["request_id"]: row["jws"] for row in rows}
