"""What every application of Wardship does at its edge: request identifiers, headers, and refusals as problems."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from litestar.config.app import AppConfig
from litestar.plugins import InitPlugin
from litestar.types import BeforeMessageSendHookHandler, Message, Scope

from wardship.core.http.problems import problem_handlers
from wardship.core.http.request_id import request_id_middleware, tell_request_id
from wardship.core.settings import Settings

HEADERS: Final = MappingProxyType(
    {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Referrer-Policy": "strict-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
)
"""On every answer that does not set them otherwise, so that it stays out of caches and frames.

The referrer loses its path, and is not dropped: a form's Origin header would be dropped with it.
"""
_TRANSPORT_SECURITY: Final = {"Strict-Transport-Security": "max-age=31536000"}


class HttpPlugin(InitPlugin):
    """Sets up an application's edge; also puts the settings into its state, where guards find them."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def on_app_init(self, app_config: AppConfig) -> AppConfig:
        """Add middleware, headers and exception handlers."""
        app_config.state["settings"] = self._settings
        app_config.middleware = [request_id_middleware, *app_config.middleware]
        app_config.before_send = [*app_config.before_send, tell_request_id, _add_headers(self._settings)]
        app_config.exception_handlers = {**problem_handlers(), **app_config.exception_handlers}
        return app_config


def _add_headers(settings: Settings) -> BeforeMessageSendHookHandler:
    """Return the hook that adds the headers that an answer lacks, whichever route or fault gave it."""
    wanted = {**HEADERS, **(_TRANSPORT_SECURITY if settings.public_url.startswith("https:") else {})}
    lines = [(name.lower().encode("ascii"), value.encode("ascii")) for name, value in wanted.items()]

    async def add(message: Message, _: Scope) -> None:
        if message["type"] == "http.response.start":
            present = {name.lower() for name, _ in message["headers"]}
            missing = [line for line in lines if line[0] not in present]
            message["headers"] = [*message["headers"], *missing]

    return add
