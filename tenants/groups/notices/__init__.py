"""What people are told about groups that they are in: kinds, each with its text beside it."""

from __future__ import annotations

from functools import partial
from typing import Final

from wardship.core.notice_kind import Audience, NoticeKind

_kind: Final = partial(
    NoticeKind, package=__name__, audience=Audience.PERSON, is_for_members=True, page="groups/{Group}"
)
_everybody: Final = partial(_kind, to="everybody who is in it, but who did that", can_be_turned_off=True)

GROUP_JOINED: Final = _kind(name="group_joined", when="somebody put the person into a group")
GROUP_LEFT: Final = _kind(name="group_left", when="somebody took the person out of a group", page="groups")
GROUP_JOINED_BY_RULE: Final = _kind(name="group_joined_by_rule", when="the rule of a group put the person into it")
GROUP_LEFT_BY_RULE: Final = _kind(
    name="group_left_by_rule", when="the rule of a group took the person out of it, or ended", page="groups"
)
GROUP_SHOWS_CONTACTS: Final = _kind(
    name="group_shows_contacts",
    when="members of a group see each other's contact details from now on",
    to="everybody who is in it, but who did that",
)
GROUP_ROLE: Final = _kind(name="group_role", when="somebody changed the person's role in a group")
GROUP_ARCHIVED: Final = _everybody(name="group_archived", when="a group was archived")
GROUP_RESTORED: Final = _everybody(name="group_restored", when="an archived group was opened again")

KINDS: Final = (
    GROUP_JOINED,
    GROUP_LEFT,
    GROUP_JOINED_BY_RULE,
    GROUP_LEFT_BY_RULE,
    GROUP_ROLE,
    GROUP_SHOWS_CONTACTS,
    GROUP_ARCHIVED,
    GROUP_RESTORED,
)
