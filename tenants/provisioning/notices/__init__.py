"""What people are told of provisioning: kinds, each with its text beside it."""

from __future__ import annotations

from typing import Final

from wardship.core.notice_kind import Audience, NoticeKind
from wardship.tenants.permissions import Permission

PROVISIONING_TOKEN_MADE: Final = NoticeKind(
    name="provisioning_token_made",
    package=__name__,
    audience=Audience.ADMINISTRATORS,
    to="the owner and the administrators, but who made it",
    when="somebody made a token by which a directory adds, changes and deactivates members",
    is_urgent=True,
    needs=Permission.PROVISIONING_READ.value,
)
KINDS: Final = (PROVISIONING_TOKEN_MADE,)
