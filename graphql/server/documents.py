"""Who may send GraphQL documents of his or her own: everybody, or everybody but browser sessions."""

from __future__ import annotations

from collections.abc import Callable

from wardship.graphql.engine import EngineError, RequestRefusedError
from wardship.graphql.server.clients import credentials_of
from wardship.tenants.access import Services


def text_refusal(services: Services) -> Callable[[object], EngineError | None]:
    """Return what refuses documents of a session's own, where the deployment wants trusted ones alone.

    A session is a cookie that counts: beside an Authorization header none does. Who shows nothing at all can ask for
    the schema only, where that is answered.
    """
    if not services.settings.trusted_documents_only:
        return lambda _: None

    def refuse(request: object) -> EngineError | None:
        shown = credentials_of(request, services)
        is_session = shown.authorization is None and shown.cookie is not None
        return _refusal() if is_session else None

    return refuse


def _refusal() -> RequestRefusedError:
    return RequestRefusedError(
        "Here a browser session runs the console's own documents alone: use the console, or call with an access token.",
        code="TRUSTED_DOCUMENTS_ONLY",
    )
