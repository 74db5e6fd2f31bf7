"""`/integrations/{installation}/inbound`: nobody signs in there; each call proves itself to the connector."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final, TypeAlias
from uuid import UUID

from litestar import Response, Router, route
from litestar.di import NamedDependency, Provide
from litestar.enums import HttpMethod
from litestar.params import FromPath, SkipValidation

from wardship.core.errors import NotFoundError
from wardship.core.http.budgets import RateLimitedError
from wardship.core.http.problems import BodyTooLargeError, refusals
from wardship.core.http.request_id import request_id_of
from wardship.core.http.vouching import vouch_for
from wardship.core.sign_in.handlers.dependencies import AnyRequest
from wardship.tenants.access import Services
from wardship.tenants.inbound.admission import Admission
from wardship.tenants.inbound.calling import (
    InboundRefusedError,
    InboundUnavailableError,
    answer_call,
    find_called,
)
from wardship.tenants.inbound.messages import InboundReply
from wardship.tenants.inbound.reading import BodyTooSlowError, HeadTooLargeError, read_call
from wardship.tenants.installations.records import INBOUND_PATH

RESULTS_HEADER: Final = "X-Wardship-Results"
InServices: TypeAlias = NamedDependency[SkipValidation[Services]]
InAdmission: TypeAlias = NamedDependency[SkipValidation[Admission]]


@route(
    INBOUND_PATH,
    http_method=[HttpMethod.GET, HttpMethod.POST],
    status_code=HTTPStatus.OK,
    tags=["Calls from vendors"],
    responses=refusals(
        InboundRefusedError,
        NotFoundError,
        BodyTooSlowError,
        BodyTooLargeError,
        RateLimitedError,
        HeadTooLargeError,
        InboundUnavailableError,
    ),
)
async def inbound_handler(
    request: AnyRequest, services: InServices, admission: InAdmission, installation_id: FromPath[UUID]
) -> Response[bytes]:
    """Take a call from a vendor: its connector verifies it, and what it brings is acted on once.

    The answer is the connector's, or names what became of each event, as the header `X-Wardship-Results` always does.
    """
    address = request.client.host if request.client else ""
    request_id = request_id_of(request)
    with admission.turn(installation_id, address) as turn:
        called = await find_called(services, installation_id, request_id)
        call = await read_call(request)
        try:
            reply = await answer_call(services, called, call, turn, request_id)
        finally:
            if turn.is_vouched:
                vouch_for(request)
    return _response(reply)


def _response(reply: InboundReply) -> Response[bytes]:
    headers = {RESULTS_HEADER: ", ".join(reply.results)} if reply.results else {}
    return Response(reply.body.encode(), status_code=reply.status, headers=headers, media_type=reply.media_type or None)


def inbound_router(services: Services) -> Router:
    """Return the route of vendors' calls."""
    admission = Admission(lambda: services.clock.now().timestamp())
    return Router(
        "/",
        route_handlers=[inbound_handler],
        dependencies={
            "services": Provide(lambda: services, sync_to_thread=False),
            "admission": Provide(lambda: admission, sync_to_thread=False),
        },
    )
