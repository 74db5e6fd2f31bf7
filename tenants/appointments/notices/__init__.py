"""What the staff is told about the staff: kinds, each with its text beside it."""

from __future__ import annotations

from functools import partial
from typing import Final

from wardship.core.notice_kind import Audience, NoticeKind

_person: Final = partial(NoticeKind, package=__name__, audience=Audience.ACCOUNT, is_urgent=True)
_operators: Final = partial(NoticeKind, package=__name__, audience=Audience.OPERATORS)

STAFF_JOINED: Final = _person(name="staff_joined", when="the account got a role among the provider's staff")
STAFF_LEFT: Final = _person(name="staff_left", when="the account lost a role among the provider's staff")
STAFF_CHANGED: Final = _operators(
    name="staff_changed",
    when="somebody got a role among the staff, or lost it, whoever did that",
    is_urgent=True,
)
STAFF_DID_NOT_COME: Final = _operators(
    name="staff_did_not_come", when="nobody proved the address that was appointed to the staff within 30 days"
)

KINDS: Final = (STAFF_JOINED, STAFF_LEFT, STAFF_CHANGED, STAFF_DID_NOT_COME)
