"""What people are told when ownership is passed on: kinds, each with its text beside it."""

from __future__ import annotations

from functools import partial
from typing import Final

from wardship.core.notice_kind import Audience, NoticeKind

_kind: Final = partial(
    NoticeKind, package=__name__, audience=Audience.PERSON, is_urgent=True, page="settings?tab=ownership"
)

OWNERSHIP_OFFERED: Final = _kind(name="ownership_offered", when="the owner offers the person the organisation")
OWNERSHIP_OFFER_OVER: Final = _kind(
    name="ownership_offer_over",
    to="the one to whom it was made, or who made it, where the other ended it",
    when="an offer of ownership is taken back, or ends because the other does not belong to the organisation any more",
)
OWNERSHIP_ACCEPTED: Final = _kind(
    name="ownership_accepted", to="the former owner", when="the offer was accepted, and another owns the organisation"
)
OWNERSHIP_DECLINED: Final = _kind(name="ownership_declined", to="the owner", when="the offer of ownership was declined")

KINDS: Final = (OWNERSHIP_OFFERED, OWNERSHIP_OFFER_OVER, OWNERSHIP_ACCEPTED, OWNERSHIP_DECLINED)
