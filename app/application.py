"""The web application: every route of Wardship, on one deployment."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import strawberry
from litestar import Litestar
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

from wardship.app.collector import settled_memory
from wardship.app.deployment import DatabasePlace, connected, database_place, make_services, running
from wardship.app.downloads import download_router
from wardship.app.first_run import first_run_page
from wardship.app.health import operations_router
from wardship.app.nouns import API_NOUNS, domain_nouns
from wardship.app.tables import table_router
from wardship.app.uploads import upload_router
from wardship.app.worker import running_worker
from wardship.core.actor import Actor
from wardship.core.http.plugin import HttpPlugin
from wardship.core.http.vouching import vouch_for
from wardship.core.log import configure_logging
from wardship.core.settings import Settings, SettingsError, load_settings
from wardship.core.sign_in.authentication import authenticate_request
from wardship.graphql.api.nouns import api_parts
from wardship.graphql.console import built_console, console_routes, read_documents
from wardship.graphql.server.endpoint import AnyRequest, make_handler, make_route
from wardship.graphql.server.schema import make_schema
from wardship.graphql.server.sockets import SocketCall, make_sockets, socket_actor
from wardship.tenants.access import Services
from wardship.tenants.members.presence import Presence
from wardship.tenants.remote_integrations.adopting import following_remote_integrations

LARGEST_BODY = 1_000_000
"""Bytes of a request's body at most, where a route sets no limit of its own."""


def create_app(settings: Settings | None = None, *, with_worker: bool = True) -> Litestar:
    """Return the application of a deployment: `litestar --app wardship.app.application:create_app run`.

    Nothing is opened or written before the application starts; the embedded database starts and ends with it.

    Args:
        settings: those of the environment when not given.
        with_worker: whether obligations, clocks and mail are worked on in this process too.
    """
    settings = settings or load_settings()
    configure_logging(settings)
    return application(make_services(settings), with_worker=with_worker)


def application(
    services: Services, place: DatabasePlace | None = None, *, with_worker: bool = True, is_examined: bool = False
) -> Litestar:
    """Return the application on services whose pool is still closed.

    Args:
        services: the deployment.
        place: where its database is; when not given the settings say it, at the start.
        with_worker: whether obligations, clocks and mail are worked on in this process too.
        is_examined: whether the database was found to be sound a moment ago, and isn't looked at again.
    """
    opening = connected if is_examined else running

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        async with AsyncExitStack() as opened:
            found = place or opened.enter_context(database_place(services.settings))
            await opened.enter_async_context(opening(services, found))
            await opened.enter_async_context(following_remote_integrations(services))
            if with_worker:
                await opened.enter_async_context(running_worker(services))
            opened.enter_context(settled_memory())
            yield

    return Litestar(
        routes(services),
        lifespan=[lifespan],
        plugins=[HttpPlugin(services.settings)],
        openapi_config=openapi_configuration(),
        logging_config=None,
        request_max_body_size=LARGEST_BODY,
    )


def openapi_configuration() -> OpenAPIConfig:
    """Return what describes the routes beside GraphQL: JSON alone, because pages that show it load foreign scripts."""
    return OpenAPIConfig(title="Wardship", version="1", path="/openapi", render_plugins=[JsonRenderPlugin()])


@cache
def api_schema() -> strawberry.Schema:
    """Return the schema of the GraphQL API, which is made once in a process."""
    return make_schema(api_parts(API_NOUNS), domain_nouns().refusals)


def documents_of(console: Path, settings: Settings) -> dict[str, str]:
    """Return the documents of the built console.

    Raises:
        SettingsError: sessions may send these alone, and there are none.
        ConsoleDocumentsError: they are damaged.
    """
    documents = read_documents(console)
    if settings.trusted_documents_only and not documents:
        raise SettingsError(
            "WARDSHIP_TRUSTED_DOCUMENTS_ONLY: needs the console, whose documents they are: run `make console`"
        )
    return documents


def routes(services: Services) -> list[Any]:
    """Return every route."""
    presence = Presence(services)

    async def caller(request: AnyRequest | SocketCall) -> Actor:
        if isinstance(request, SocketCall):
            return await socket_actor(services, request)
        actor = await authenticate_request(services, request)
        await presence.note(actor)
        vouch_for(request)
        return actor

    console, settings = built_console(), services.settings
    handler = make_handler(services, caller, api_schema(), documents_of(console, settings))
    return [
        make_route(handler, make_sockets(services, handler, presence.note)),
        *domain_nouns().routes(services),
        download_router(services),
        table_router(services, handler),
        upload_router(services),
        console_routes(console, first_run_page(services), has_explorer=not settings.trusted_documents_only),
        operations_router(services, handler),
    ]
