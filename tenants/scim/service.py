"""The protocol, as scim2-server has it, at the address of this deployment."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from http import HTTPStatus
from typing import Any, Final, Union, cast

import asyncpg
import structlog
from scim2_models import (
    BulkRequest,
    BulkResponse,
    ConflictException,
    InvalidFilterException,
    ListResponse,
    PatchOp,
    Resource,
    ResponseParameters,
    SCIMException,
    SearchRequest,
)
from scim2_server.bulk import BulkPlan, BulkStep
from scim2_server.conditions import Conditions
from scim2_server.handler import AsyncScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.service import ScimService
from scim2_server.utils import parametrize

from wardship.core.actor import Actor
from wardship.core.settings import Settings
from wardship.tenants.access import Access, Services
from wardship.tenants.provisioning.failures import Failure, note_failures
from wardship.tenants.scim.failing import document_of, failures_of
from wardship.tenants.scim.filters import LONGEST
from wardship.tenants.scim.patching import patched
from wardship.tenants.scim.resources import PROVIDER
from wardship.tenants.scim.storage import LeftOut, Storage

PATH: Final = "/scim/v2"
_CHANCE: Final = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)
TRIES: Final = 3
"""How often what meets a deadlock is tried."""
_log = structlog.get_logger(__name__)


class Service(ScimService):
    """The protocol; a fault of ours in one operation of a bulk request is logged."""

    def bulk_failure(self, outcome: dict[str, Any], exception: Exception) -> dict[str, Any]:
        """Return the outcome of an operation that failed; chance is passed on, to be tried again."""
        if isinstance(exception, _CHANCE):
            raise exception
        if not isinstance(exception, SCIMException):
            _log.error("scim_operation_failed", exc_info=exception)
        return super().bulk_failure(outcome, exception)

    def apply_patch(
        self, current: Resource[Any], patch_op: PatchOp[Any], conditions: Conditions
    ) -> Resource[Any] | None:
        """Return the new state of a resource, None where nothing changes."""
        self.check_preconditions(current, "PATCH", conditions)
        return current if patched(current, patch_op) else None

    def patch_response(
        self, base_url: str, resource: Resource[Any], response_parameters: ResponseParameters[Any]
    ) -> ScimResponse:
        """Return the resource as it is now, whatever was asked for: clients go on with it."""
        return self.replacement_response(base_url, resource, response_parameters)


class Handler(AsyncScimHandler):
    """Serves requests; what met a deadlock, which is chance, is done again, and was undone before."""

    async def handle(self, request: ScimRequest) -> ScimResponse:
        """Serve a request.

        Raises:
            ConflictException: it lost to others each time.
            InvalidFilterException: the filter is longer than any that is meant.
        """
        _require_short_filter(request)
        for _ in range(TRIES):
            try:
                return await super().handle(request)
            except _CHANCE:
                _log.info("scim_tried_again")
        raise _conflict()

    async def run_bulk_step(
        self, request: ScimRequest, plan: BulkPlan, step: BulkStep
    ) -> tuple[dict[str, Any], Resource[Any] | None]:
        """Do one operation of a bulk request."""
        for _ in range(TRIES):
            try:
                return await super().run_bulk_step(request, plan, step)
            except _CHANCE:
                _log.info("scim_tried_again")
        outcome = self.service.bulk_outcome(request.base_url, plan.operation(step))
        return self.service.bulk_failure(outcome, _conflict()), None


def _require_short_filter(request: ScimRequest) -> None:
    """Refuse a filter that would take long to be read, before it is."""
    wanted = request.query.get("filter", "")
    if request.path.rstrip("/").endswith("/.search"):
        wanted = max(wanted, *_filters_in(request.body), key=len)
    if len(wanted) > LONGEST:
        raise InvalidFilterException(detail=f"A filter has at most {LONGEST} characters: ask in parts.")


def _filters_in(body: bytes) -> list[str]:
    document = document_of(body)
    return ["", *(value for name, value in document.items() if name.lower() == "filter" and isinstance(value, str))]


def _conflict() -> ConflictException:
    return ConflictException(detail="Others changed the same at the same moment: send it again.")


SERVICE: Final = Service(PROVIDER)


@cache
def held_messages() -> tuple[type[Any], ...]:
    """Return the messages about our resources, as the library asks pydantic for them at each request.

    It makes them anew where nobody holds them, which takes longer than the rest of a request.
    """
    each = tuple(SERVICE.get_models())
    about_any = parametrize(cast("Any", Union), each)
    of_any = (ListResponse, SearchRequest, BulkRequest, BulkResponse)
    of_each = (PatchOp, SearchRequest, ResponseParameters)
    return (
        *(parametrize(message, about_any) for message in of_any),
        *(parametrize(message, model) for message in of_each for model in each),
    )


def base_url(settings: Settings) -> str:
    """Return the address of the service: as the deployment is known, whatever a client calls it."""
    return settings.public_url + PATH


async def serve(services: Services, actor: Actor, request: ScimRequest, request_id: str) -> ScimResponse:
    """Answer a request of a directory, and keep what was refused for the administrators."""
    held_messages()
    storage = Storage(services, actor, request_id)
    handler = Handler(SERVICE, storage)
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
