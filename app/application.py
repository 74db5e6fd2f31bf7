"""The web application: every route of Wardship, on one deployment."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from typing import Any

from litestar import Litestar
from litestar.openapi import OpenAPIConfig

from wardship.app.deployment import DatabasePlace, database_place, make_services, running
from wardship.app.health import operations_router
from wardship.app.working import working
from wardship.core.actor import Actor
from wardship.core.log import configure_logging
from wardship.core.request_id import RequestIdMiddleware
from wardship.core.settings import Settings, load_settings
from wardship.core.sign_in.authentication import authenticate_request
from wardship.core.sign_in.routes import sign_in_router
from wardship.graphql.api.endpoint import AnyRequest, make_handler, make_route
from wardship.graphql.console.pages import built_console, console_routes
from wardship.tenants.invitations.routes import invitation_router
from wardship.tenants.requests.routes import request_routes
from wardship.tenants.services import Services


def create_app(settings: Settings | None = None, *, with_worker: bool = True) -> Litestar:
    """Return the application of a deployment: `litestar --app wardship.app.application:create_app run`.

    The embedded database, where it is used, is started here and let go when the application ends.

    Args:
        settings: those of the environment when not given.
        with_worker: whether obligations, clocks and mail are worked on in this process too.
    """
    settings = settings or load_settings()
    configure_logging(settings)
    stack = ExitStack()
    place = stack.enter_context(database_place(settings))
    return application(make_services(settings, place), place, stack=stack, with_worker=with_worker)


def application(
    services: Services, place: DatabasePlace, *, stack: ExitStack | None = None, with_worker: bool = True
) -> Litestar:
    """Return the application on services whose pool is still closed; ``stack`` is closed when it ends."""

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        async with AsyncExitStack() as opened:
            opened.enter_context(stack or ExitStack())
            await opened.enter_async_context(running(services, place))
            if with_worker:
                await opened.enter_async_context(working(services))
            yield

    return Litestar(
        routes(services),
        lifespan=[lifespan],
        middleware=[RequestIdMiddleware()],
        openapi_config=OpenAPIConfig(title="Wardship", version="1", path="/openapi"),
        logging_config=None,
    )


def routes(services: Services) -> list[Any]:
    """Return every route."""

    async def caller(request: AnyRequest) -> Actor:
        return await authenticate_request(services, request)

    handler = make_handler(services, caller)
    return [
        make_route(handler),
        sign_in_router(services),
        invitation_router(services),
        request_routes(services),
        console_routes(built_console()),
        operations_router(services, handler),
    ]
