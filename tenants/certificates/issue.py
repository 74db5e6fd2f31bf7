"""Issue the certificate of an ended request, once; find it again by the reference."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from wardship.core.database.engine import Transaction
from wardship.core.identifiers import uuid7
from wardship.core.signing import CERTIFICATE, sign
from wardship.tenants.access import Access
from wardship.tenants.certificates.content import plain, statement
from wardship.tenants.certificates.verify import CERTIFICATE_TYPE
from wardship.tenants.requests.insert import reference_hash
from wardship.tenants.requests.records import LockedRequest
from wardship.tenants.requests.telling import tell_certified
from wardship.tenants.requests.transition import note_certificate
from wardship.tenants.requests.visibility import VISIBLE_SQL, VisibleRequests, visible_arguments


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
