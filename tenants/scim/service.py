"""The protocol, as scim2-server has it, at the address of this deployment."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

import structlog
from scim2_models import Resource, ResponseParameters, SCIMException
from scim2_server.handler import AsyncScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.service import ScimService

from wardship.core.actor import Actor
from wardship.core.settings import Settings
from wardship.tenants.access import Access, Services
from wardship.tenants.provisioning.failures import Failure, note_failures
from wardship.tenants.scim.failing import failures_of
from wardship.tenants.scim.resources import PROVIDER
from wardship.tenants.scim.storage import LeftOut, Storage

PATH: Final = "/scim/v2"
_log = structlog.get_logger(__name__)


class Service(ScimService):
    """The protocol; a fault of ours in one operation of a bulk request is logged."""

    def bulk_failure(self, outcome: dict[str, Any], exception: Exception) -> dict[str, Any]:
        """Return the outcome of an operation that failed."""
        if not isinstance(exception, SCIMException):
            _log.error("scim_operation_failed", exc_info=exception)
        return super().bulk_failure(outcome, exception)

    def patch_response(
        self, base_url: str, resource: Resource[Any], response_parameters: ResponseParameters[Any]
    ) -> ScimResponse:
        """Return the resource as it is now, whatever was asked for: clients go on with it."""
        return self.replacement_response(base_url, resource, response_parameters)


SERVICE: Final = Service(PROVIDER)


def base_url(settings: Settings) -> str:
    """Return the address of the service: as the deployment is known, whatever a client calls it."""
    return settings.public_url + PATH


async def serve(services: Services, actor: Actor, request: ScimRequest, request_id: str) -> ScimResponse:
    """Answer a request of a directory, and keep what was refused for the administrators."""
    storage = Storage(services, actor, request_id)
    handler = AsyncScimHandler(SERVICE, storage)
    refused: SCIMException | None = None
    try:
        response = await handler.handle(request)
    except SCIMException as error:
        response, refused = SERVICE.error_response(error), error
    if failures := [*failures_of(request, response, refused), *map(_failure_of, storage.left_out)]:
        await _note(services, actor, failures, request_id)
    return response


def _failure_of(left_out: LeftOut) -> Failure:
    message = f"{left_out.value!r} is no user here and was left out of the group: provision the person, then the group."
    return Failure("patch", "Group", left_out.group, "UNKNOWN_MEMBER", message, HTTPStatus.OK)


async def _note(services: Services, actor: Actor, failures: Sequence[Failure], request_id: str) -> None:
    async with services.database.tenant(actor.organisation_id) as transaction:
        access = Access(actor, transaction, services, request_id)
        if actor.credential_id is not None:
            await note_failures(access, actor.credential_id, failures)
