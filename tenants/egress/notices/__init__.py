"""What people are told of who receives their data: kinds, each with its text beside it."""

from __future__ import annotations

from typing import Final

from wardship.core.notice_kind import Audience, NoticeKind

NEW_RECIPIENT: Final = NoticeKind(
    name="new_recipient",
    package=__name__,
    audience=Audience.PERSON,
    is_for_members=True,
    page="me",
    to="members whose data it may receive, but who connected it",
    when="an integration begins to receive data, also at another place, or of who comes into a group or is a contact;"
    " it is granted more; or its new version takes more under what was granted",
)

KINDS: Final = (NEW_RECIPIENT,)
