"""What people are told of provisioning: kinds, each with its text beside it."""

from __future__ import annotations

from typing import Final

from wardship.core.notice_kind import Audience, NoticeKind
from wardship.tenants.permissions import Permission


def _of_token(event: str, when: str, to: str = "the owner and the administrators") -> NoticeKind:
    return NoticeKind(
        name=f"provisioning_token_{event}",
        package=__name__,
        audience=Audience.ADMINISTRATORS,
        to=to,
        when=when,
        is_urgent=True,
        needs=Permission.PROVISIONING_READ.value,
        page="provisioning",
    )


PROVISIONING_TOKEN_MADE: Final = _of_token(
    "made",
    "somebody made a token by which a directory adds, changes and deactivates members",
    "the owner and the administrators, but who made it",
)
PROVISIONING_TOKEN_REVOKED: Final = _of_token(
    "revoked",
    "somebody revoked a provisioning token, so that the directory that has it changes nothing any more",
    "the owner and the administrators, but who revoked it",
)
PROVISIONING_TOKEN_ENDS: Final = _of_token("ends", "a provisioning token that lives for longer ends within 14 days")
PROVISIONING_TOKEN_ENDED: Final = _of_token("ended", "a provisioning token has ended by the clock")
PROVISIONING_TOKEN_OUTLASTS: Final = _of_token(
    "outlasts", "who made a provisioning token that still works may make none any more"
)
KINDS: Final = (
    PROVISIONING_TOKEN_MADE,
    PROVISIONING_TOKEN_REVOKED,
    PROVISIONING_TOKEN_ENDS,
    PROVISIONING_TOKEN_ENDED,
    PROVISIONING_TOKEN_OUTLASTS,
)
"""What people are told of provisioning."""
