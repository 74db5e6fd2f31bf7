"""What authors are told about their shared content: kinds, each with its text beside it."""

from __future__ import annotations

from functools import partial
from typing import Final

from wardship.core.notice_kind import Audience, NoticeKind

_kind: Final = partial(NoticeKind, package=__name__, audience=Audience.PERSON, page="me?tab=content")

CONTENT_DELETED: Final = _kind(
    name="content_deleted", when="an administrator or an admin of the group deleted a post or a file of yours"
)
CONTENT_RESTORED: Final = _kind(
    name="content_restored",
    when="a post or a file of yours that was deleted by somebody else is shared again",
    can_be_turned_off=True,
)

KINDS: Final = (CONTENT_DELETED, CONTENT_RESTORED)
