"""Copies over plain HTTP."""

from __future__ import annotations

from typing import TypeAlias
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, SkipValidation

from wardship.core.http.request_id import request_id_of
from wardship.core.sign_in.authentication import authenticate_request
from wardship.core.sign_in.handlers.caller import AnyRequest
from wardship.tenants.access import Access, Services
from wardship.tenants.exports.download import download_export

InServices: TypeAlias = NamedDependency[SkipValidation[Services]]


@get("/exports/{file_id:uuid}")
async def export_handler(
    request: AnyRequest, services: InServices, file_id: FromPath[UUID], organisation: FromQuery[str | None] = None
) -> Response[bytes]:
    """Hand a copy to the person it is about: a session with the second factor shown in the last ten minutes."""
    actor = await authenticate_request(services, request, organisation)
    async with services.database.tenant(actor.organisation_id) as transaction:
        download = await download_export(Access(actor, transaction, services, request_id_of(request)), file_id)
    return Response(
        download.content,
        media_type=download.media_type,
        headers={"Content-Disposition": f'attachment; filename="{download.name}"'},
    )
