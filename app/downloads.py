"""What is handed out over plain HTTP: audit exports, and beside them copies, certificates and keys."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final
from uuid import UUID

from litestar import Router, get
from litestar.di import Provide
from litestar.params import FromQuery
from litestar.response import Stream

from wardship.core.audit.export import export_audit
from wardship.core.errors import InvalidInputError, NotFoundError, PermissionDeniedError
from wardship.core.http.budgets import RateLimitedError
from wardship.core.http.credentials import require_own_page
from wardship.core.http.problems import refusals
from wardship.core.http.request_id import request_id_of
from wardship.core.sign_in.handlers.dependencies import (
    ORGANISATION_REFUSALS,
    AnyRequest,
    InActor,
    InCredentials,
    holders_of,
    sign_in_dependencies,
)
from wardship.tenants.access import Access, InsufficientScopeError, Services
from wardship.tenants.certificates.routes import certificate_handler, keys_handler
from wardship.tenants.data_access.read import chain_of
from wardship.tenants.exports.routes import InServices, export_handler
from wardship.tenants.permissions import Permission

EXPORT_COST: Final = 1_000_000
"""What one export costs of what a credential may ask for: it reads the organisation's whole chain."""
JSON_LINES: Final = "application/jsonl"


@get(
    "/audit/export",
    guards=[require_own_page],
    responses=refusals(
        *ORGANISATION_REFUSALS,
        InvalidInputError,
        NotFoundError,
        PermissionDeniedError,
        InsufficientScopeError,
        RateLimitedError,
    ),
)
async def audit_handler(
    request: AnyRequest,
    services: InServices,
    actor: InActor,
    credentials: InCredentials,
    merger: FromQuery[UUID | None] = None,
) -> Stream:
    """Stream the organisation's audit chain as JSON lines that ``wardship audit verify`` checks offline.

    With the identifier of a merger, as the chain names it, that of the organisation that joined by it.
    """
    left = services.budgets.charge(*holders_of(actor, credentials), EXPORT_COST)
    async with services.database.tenant(actor.organisation_id) as transaction:
        access = Access(actor, transaction, services, request_id_of(request))
        access.require(Permission.AUDIT_READ)
        async with chain_of(access, merger) as there:
            whose = there.organisation_id
        await access.audit("audit.exported", "organisation", whose)
    lines: AsyncIterator[bytes] = export_audit(services.database, services.keys, services.clock, whose)
    name = f"audit-{services.clock.now():%Y-%m-%d}.jsonl"
    headers = {**left, "Content-Disposition": f'attachment; filename="{name}"'}
    return Stream(lines, media_type=JSON_LINES, headers=headers)


def download_router(services: Services) -> Router:
    """Return the routes of copies, certificates and audit exports."""
    return Router(
        "/",
        route_handlers=[export_handler, certificate_handler, keys_handler, audit_handler],
        dependencies={"services": Provide(lambda: services, sync_to_thread=False), **sign_in_dependencies(services)},
        tags=["Requests"],
    )
