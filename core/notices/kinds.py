"""The kind of notice that mail itself causes."""

from __future__ import annotations

from typing import Final

from wardship.core.notice_kind import Audience, NoticeKind, Way

MAIL_REFUSED: Final = NoticeKind(
    name="mail_refused",
    package="wardship.core.notices.templates",
    audience=Audience.ACCOUNT,
    when="mail to the verified address was refused for good, or could not be delivered for two days",
    is_urgent=True,
    way=Way.PRODUCT,
)

KINDS: Final = (MAIL_REFUSED,)
