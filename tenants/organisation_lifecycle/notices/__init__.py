"""What people and operators are told about the life of an organisation: kinds, each with its text beside it."""

from __future__ import annotations

from functools import partial
from typing import Final

from wardship.core.notice_kind import Audience, NoticeKind

_people: Final = partial(
    NoticeKind,
    package=__name__,
    audience=Audience.PERSON,
    to="everybody who has an account and is in it",
    is_urgent=True,
)
_operators: Final = partial(NoticeKind, package=__name__, audience=Audience.OPERATORS)

EVERYBODY: Final = ("active", "deactivated", "removed")
"""The states of memberships whose data is in the organisation."""

ORGANISATION_SUSPENDED: Final = _people(
    name="organisation_suspended", when="an organisation was suspended", page="me/requests"
)
ORGANISATION_RESUMED: Final = _people(name="organisation_resumed", when="a suspended organisation was resumed")
ORGANISATION_LEAVES: Final = _people(
    name="organisation_leaves",
    when="an organisation leaves: it is erased after 48 hours",
    page="me/requests",
    to="everybody whose data is in it and who has an account",
)
ORGANISATION_REOPENED: Final = _people(
    name="organisation_reopened",
    when="an organisation that was to leave stays",
    to="everybody whose data is in it and who has an account",
)
ORGANISATION_CLOSED: Final = _people(
    name="organisation_closed",
    when="the 48 hours are over, and everything of the organisation is erased",
    page="/",
    to="everybody whose data was in it and who has an account",
)

OWNER_CLOSES: Final = _operators(name="owner_closes", when="an owner lets the organisation leave")
OWNER_REOPENS: Final = _operators(name="owner_reopens", when="an owner keeps the organisation that was to leave")
OWNER_DID_NOT_COME: Final = _operators(
    name="owner_did_not_come", when="nobody came to own an organisation within 30 days, and it is closed"
)
ORGANISATION_ENDED: Final = _operators(
    name="organisation_ended", when="an organisation that was closed is erased, here and at its recipients"
)

KINDS: Final = (
    ORGANISATION_SUSPENDED,
    ORGANISATION_RESUMED,
    ORGANISATION_LEAVES,
    ORGANISATION_REOPENED,
    ORGANISATION_CLOSED,
    OWNER_CLOSES,
    OWNER_REOPENS,
    OWNER_DID_NOT_COME,
    ORGANISATION_ENDED,
)
