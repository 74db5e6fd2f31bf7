"""What members are told about their membership and their roles: kinds, each with its text beside it."""

from __future__ import annotations

from functools import partial
from typing import Final

from wardship.core.notice_kind import Audience, NoticeKind

_kind: Final = partial(NoticeKind, package=__name__, audience=Audience.PERSON, is_for_members=True)

MEMBERSHIP_BACK: Final = _kind(
    name="membership_back", when="an administrator took a deactivation or a removal back", page="me"
)
JOINED: Final = _kind(
    name="joined",
    when="a person with an account joined an organisation: by an invitation, or as its owner",
    page="me",
)
ROLE_GIVEN: Final = _kind(name="role_given", when="somebody gave the person a role in the organisation")
ROLE_TAKEN: Final = _kind(name="role_taken", when="somebody took a role in the organisation from the person")
PROFILE_CHANGED: Final = _kind(
    name="profile_changed",
    when="somebody else changed the person's profile, other than by a request for correction",
    page="me",
)

KINDS: Final = (MEMBERSHIP_BACK, JOINED, ROLE_GIVEN, ROLE_TAKEN, PROFILE_CHANGED)
