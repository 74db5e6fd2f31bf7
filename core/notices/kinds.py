"""Kinds of notices about mail itself, and about who is there to be told."""

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

NOBODY_IN_PRIVACY_TEAM: Final = NoticeKind(
    name="nobody_in_privacy_team",
    package="wardship.core.notices.templates",
    audience=Audience.OPERATORS,
    when="something waits for the provider's privacy team, and nobody is in it",
    is_urgent=True,
)
"""Told by the function ``tell_staff`` of the database, instead of what nobody could be told."""

KINDS: Final = (MAIL_REFUSED, NOBODY_IN_PRIVACY_TEAM)
