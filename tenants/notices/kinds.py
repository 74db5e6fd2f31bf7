"""Kinds of notices about notices."""

from __future__ import annotations

from typing import Final

from wardship.core.notice_kind import Audience, NoticeKind

NOT_REACHED: Final = NoticeKind(
    name="not_reached",
    package="wardship.tenants.notices.texts",
    audience=Audience.ADMINISTRATORS,
    to="those who decide on requests",
    when="a person could not be mailed what must reach him or her: there is no verified address, or it takes no mail",
    page="members/{Member}",
)

KINDS: Final = (NOT_REACHED,)
