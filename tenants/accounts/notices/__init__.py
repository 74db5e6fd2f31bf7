"""What those who decide are told about recoveries of accounts: kinds, each with its text beside it."""

from __future__ import annotations

from typing import Final

from wardship.core.notice_kind import Audience, NoticeKind

RECOVERY_WANTED: Final = NoticeKind(
    name="recovery_wanted",
    package=__name__,
    audience=Audience.ADMINISTRATORS,
    to="those who recover accounts",
    when="a new second factor is asked for, for a member's account",
    is_urgent=True,
    page="recoveries",
)
RECOVERY_FOR_PRIVACY_TEAM: Final = NoticeKind(
    name="recovery_for_privacy_team",
    package=__name__,
    audience=Audience.PRIVACY_TEAM,
    when="a new second factor is asked for, for an account on which no organisation may decide",
    is_urgent=True,
    page="recoveries",
)
RECOVERY_OVER: Final = NoticeKind(
    name="recovery_over",
    package=__name__,
    audience=Audience.ADMINISTRATORS,
    to="those who recover accounts; the privacy team where it is with it",
    when="the recovery of an account that was asked for has ended, or was handed to the privacy team",
    page="recoveries",
)

KINDS: Final = (RECOVERY_WANTED, RECOVERY_FOR_PRIVACY_TEAM, RECOVERY_OVER)
