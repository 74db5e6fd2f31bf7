"""Applications of a few routes, which remember a refusal that the route had not declared."""

from __future__ import annotations

from typing import Any

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from wardship.core.errors import WardshipError
from wardship.core.http.plugin import HttpPlugin
from wardship.core.settings import Settings


def make_app(settings: Settings, *handlers: Any) -> Litestar:
    """Make an application with the edge that the whole has."""
    return Litestar(
        list(handlers), openapi_config=None, plugins=[HttpPlugin(settings)], after_exception=[_note_undeclared]
    )


def undeclared(app: Litestar) -> set[str]:
    """Return the refusals that routes gave without having declared them: handler, status and code."""
    return app.state.setdefault("undeclared", set())


async def _note_undeclared(error: Exception, scope: Any) -> None:
    handler = scope.get("route_handler")
    if not isinstance(error, WardshipError) or not isinstance(handler, HTTPRouteHandler):
        return
    declared = (handler.responses or {}).get(int(error.status))
    if handler.resolve_include_in_schema() and (declared is None or f"`{error.code}`" not in declared.description):
        undeclared(scope["litestar_app"]).add(f"{handler}: {int(error.status)} {error.code}")
