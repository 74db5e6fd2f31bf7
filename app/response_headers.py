"""Headers that every answer has, whoever gave it: an unknown path, a route of the framework's own, a fault."""

from __future__ import annotations

from litestar.types import BeforeMessageSendHookHandler, Message, Scope

from wardship.core.http.problems import HEADERS
from wardship.core.settings import Settings

_TRANSPORT_SECURITY = {"Strict-Transport-Security": "max-age=31536000"}


def response_headers(settings: Settings) -> BeforeMessageSendHookHandler:
    """Return the hook that adds them to an answer that lacks them."""
    wanted = {**HEADERS, **(_TRANSPORT_SECURITY if settings.public_url.startswith("https:") else {})}
    lines = [(name.lower().encode("ascii"), value.encode("ascii")) for name, value in wanted.items()]

    async def add(message: Message, _: Scope) -> None:
        if message["type"] == "http.response.start":
            present = {name.lower() for name, _ in message["headers"]}
            missing = [line for line in lines if line[0] not in present]
            message["headers"] = [*message["headers"], *missing]

    return add
