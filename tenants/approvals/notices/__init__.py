"""What people are told about deletions that wait for a second person: kinds, each with its text beside it."""

from __future__ import annotations

from typing import Final

from wardship.core.notice_kind import Audience, NoticeKind

DELETION_HELD: Final = NoticeKind(
    name="deletion_held",
    package=__name__,
    audience=Audience.ADMINISTRATORS,
    to="those who may approve it; the privacy team where nobody else could",
    when="a deletion is held because many were done within a day",
    is_urgent=True,
    page="approvals",
)
DELETION_DECIDED: Final = NoticeKind(
    name="deletion_decided",
    package=__name__,
    audience=Audience.ADMINISTRATORS,
    to="who wanted it; the privacy team where it did",
    when="a deletion that one wanted, and that was held, is approved, refused or has expired",
    is_urgent=True,
    page="approvals",
)

KINDS: Final = (DELETION_HELD, DELETION_DECIDED)
