"""What vendors and operators are told of remote integrations: kinds, each with its text beside it."""

from __future__ import annotations

from typing import Final

from wardship.core.notice_kind import Audience, NoticeKind

REMOTE_INTEGRATION_REQUESTED: Final = NoticeKind(
    name="remote_integration_requested",
    package=__name__,
    audience=Audience.OPERATORS,
    when="a vendor has registered an integration that it serves itself, and it waits to be let in",
    page="/vendors?state=REQUESTED",
)
REMOTE_INTEGRATION_STATE: Final = NoticeKind(
    name="remote_integration_state",
    package=__name__,
    audience=Audience.ACCOUNT,
    to="the vendor whose integration it is",
    when="a remote integration was let in, refused, suspended, let in again or ended by the provider, or its endpoint"
    " has said that it is gone, or works again",
    is_urgent=True,
    page="/developers?tab=remote",
)
REMOTE_DOCUMENT_REFUSED: Final = NoticeKind(
    name="remote_document_refused",
    package=__name__,
    audience=Audience.ACCOUNT,
    to="the vendor whose integration it is",
    when="the document of a remote integration can't be fetched or used any more; once for each fault",
    page="/developers?tab=remote",
)

KINDS: Final = (REMOTE_INTEGRATION_REQUESTED, REMOTE_INTEGRATION_STATE, REMOTE_DOCUMENT_REFUSED)
