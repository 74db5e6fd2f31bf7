"""What members are told about their membership: kinds, each with its text beside it."""

from __future__ import annotations

from typing import Final

from wardship.core.notice_kind import Audience, NoticeKind

MEMBERSHIP_BACK: Final = NoticeKind(
    name="membership_back",
    package=__name__,
    audience=Audience.PERSON,
    when="an administrator took a deactivation or a removal back",
)

KINDS: Final = (MEMBERSHIP_BACK,)
