"""Issue the certificate of an ended request, once; find it again by the reference."""

from __future__ import annotations

from wardship.core.audit.log import AuditEvent
from wardship.core.database.engine import Transaction
from wardship.core.identifiers import uuid7
from wardship.core.signing import CERTIFICATE, sign
from wardship.tenants.access import Access
from wardship.tenants.certificates.content import plain, statement
from wardship.tenants.certificates.verify import CERTIFICATE_TYPE
from wardship.tenants.requests.insert import reference_hash
from wardship.tenants.requests.records import Case
from wardship.tenants.requests.transition import record_event


async def issue_certificate(access: Access, case: Case) -> str | None:
    """Sign what was done for a request and return the certificate; None while the request is open."""
    if case.request.ended_at is None:
        return None
    known: str | None = await access.transaction.fetchval(
        "select jws from certificate where organisation_id = $1 and request_id = $2",
        access.organisation_id,
        case.request.id,
    )
    if known is not None:
        return known
    certificate_id = uuid7()
    content = await statement(access, case, certificate_id)
    signed = sign(access.services.keys, CERTIFICATE, CERTIFICATE_TYPE, plain(content))
    await access.transaction.execute(
        "insert into certificate (organisation_id, id, created_at, request_id, jws) values ($1, $2, $3, $4, $5)",
        access.organisation_id,
        certificate_id,
        access.now,
        case.request.id,
        signed,
    )
    await access.transaction.execute(
        "update data_request set is_certificate_due = false where organisation_id = $1 and id = $2",
        access.organisation_id,
        case.request.id,
    )
    await record_event(access, case.request, "certified")
    await access.audit(AuditEvent("request.certified", "data_request", case.request.id))
    return signed


async def certificate_of_reference(transaction: Transaction, reference: str) -> str | None:
    """Return the certificate that belongs to a reference, which only the person holds; None when there is none (yet).

    Works in a transaction of any scope, also after the person's account is gone.
    """
    found: str | None = await transaction.fetchval("select certificate_by_reference($1)", reference_hash(reference))
    return found
