"""Copies over plain HTTP."""

from __future__ import annotations

from typing import Final, TypeAlias
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, SkipValidation

from wardship.core.errors import InvalidInputError, NotFoundError
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
    provide_subject,
)
from wardship.tenants.access import Access, Services, StepUpRequiredError
from wardship.tenants.exports.download import ExportGoneError, SessionNeededError, download_export

COPY_COST: Final = 20_000
"""What one download costs of what a credential may ask for."""

InServices: TypeAlias = NamedDependency[SkipValidation[Services]]


@get(
    "/exports/{file_id:uuid}",
    guards=[require_own_page],
    dependencies={"actor": Provide(provide_subject)},
    responses=refusals(
        *ORGANISATION_REFUSALS,
        InvalidInputError,
        SessionNeededError,
        NotFoundError,
        StepUpRequiredError,
        ExportGoneError,
        RateLimitedError,
    ),
)
async def export_handler(
    request: AnyRequest, services: InServices, actor: InActor, credentials: InCredentials, file_id: FromPath[UUID]
) -> Response[bytes]:
    """Hand a copy to the person it is about: a session with the second factor shown in the last ten minutes."""
    left = services.budgets.charge(*holders_of(actor, credentials), COPY_COST)
    async with services.database.tenant(actor.organisation_id) as transaction:
        download = await download_export(Access(actor, transaction, services, request_id_of(request)), file_id)
    return Response(
        download.content,
        media_type=download.media_type,
        headers={**left, "Content-Disposition": f'attachment; filename="{download.name}"'},
    )
