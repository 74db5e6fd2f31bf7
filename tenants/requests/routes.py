"""What is handed out over plain HTTP: copies, certificates and their keys, audit exports."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, Final, TypeAlias
from uuid import UUID

from litestar import Response, Router, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, SkipValidation
from litestar.response import Stream

from wardship.core.actor import Actor
from wardship.core.audit.export import export_audit
from wardship.core.audit.log import AuditEvent
from wardship.core.errors import NotFoundError
from wardship.core.http.credentials import read_credentials
from wardship.core.http.problems import HEADERS, problem_handlers
from wardship.core.http.request_id import request_id_of
from wardship.core.sign_in.authentication import authenticate
from wardship.core.sign_in.handlers.caller import AnyRequest
from wardship.core.signing import public_keys
from wardship.tenants.access import Access, Services
from wardship.tenants.certificates.issue import certificate_of_reference
from wardship.tenants.exports.download import download_export
from wardship.tenants.permissions import Permission

InServices: TypeAlias = NamedDependency[SkipValidation[Services]]
JWS: Final = "application/jose"
JWK_SET: Final = "application/jwk-set+json"
JSON_LINES: Final = "application/jsonl"
_LONGEST_REFERENCE: Final = 64


async def caller_of(request: AnyRequest, services: Services, organisation: str | None) -> Actor:
    """Return who calls; a link can name the organisation in its query, because it can't send a header."""
    credentials = read_credentials(request, services.settings)
    return await authenticate(services, replace(credentials, organisation=credentials.organisation or organisation))


@get("/exports/{file_id:uuid}")
async def export_handler(
    request: AnyRequest, services: InServices, file_id: FromPath[UUID], organisation: FromQuery[str | None] = None
) -> Response[bytes]:
    """Hand a copy to the person it is about: a session with the second factor shown in the last ten minutes."""
    actor = await caller_of(request, services, organisation)
    async with services.database.tenant(actor.organisation_id) as transaction:
        download = await download_export(Access(actor, transaction, services, request_id_of(request)), file_id)
    return Response(
        download.content,
        media_type=download.media_type,
        headers={"Content-Disposition": f'attachment; filename="{download.name}"'},
    )


@get("/certificates/{reference:str}")
async def certificate_handler(services: InServices, reference: FromPath[str]) -> Response[str]:
    """Hand out the certificate that belongs to a reference to whoever holds it: the account may be gone by then.

    Raises:
        NotFoundError: no such reference, or the request has not ended.
    """
    async with services.database.directory(read_only=True) as transaction:
        found = await certificate_of_reference(transaction, reference[:_LONGEST_REFERENCE])
    if found is None:
        raise NotFoundError("There is no certificate for this reference yet: check it, or come back when all is done.")
    return Response(found, media_type=JWS)


@get("/.well-known/wardship-certificate-keys.json", sync_to_thread=False)
def keys_handler(services: InServices) -> Response[dict[str, Any]]:
    """Publish the keys that certificates and audit checkpoints verify with."""
    return Response(public_keys(services.keys), media_type=JWK_SET)


@get("/audit/export")
async def audit_handler(
    request: AnyRequest, services: InServices, organisation: FromQuery[str | None] = None
) -> Stream:
    """Stream the organisation's audit chain as JSON lines that ``wardship audit verify`` checks offline."""
    actor = await caller_of(request, services, organisation)
    async with services.database.tenant(actor.organisation_id) as transaction:
        access = Access(actor, transaction, services, request_id_of(request))
        access.require(Permission.AUDIT_READ)
        await access.audit(AuditEvent("audit.exported", "organisation", actor.organisation_id))
    lines: AsyncIterator[bytes] = export_audit(services.database, services.keys, services.clock, actor.organisation_id)
    name = f"audit-{services.clock.now():%Y-%m-%d}.jsonl"
    return Stream(lines, media_type=JSON_LINES, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def request_routes(services: Services) -> Router:
    """Return the routes of copies, certificates and audit exports."""

    def provide() -> Services:
        return services

    return Router(
        "/",
        route_handlers=[export_handler, certificate_handler, keys_handler, audit_handler],
        dependencies={"services": Provide(provide, sync_to_thread=False)},
        exception_handlers=problem_handlers(),
        after_request=_add_headers,
        tags=["Requests"],
    )


async def _add_headers(response: Response[Any]) -> Response[Any]:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
