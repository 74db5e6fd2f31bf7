"""What people are told about invitations: kinds, each with its text beside it."""

from __future__ import annotations

from functools import partial
from typing import Final

from wardship.core.notice_kind import Audience, NoticeKind, Way
from wardship.tenants.permissions import Permission

_kind: Final = partial(NoticeKind, package=__name__, audience=Audience.ADMINISTRATORS)

INVITATION: Final = NoticeKind(
    name="invitation",
    package=__name__,
    audience=Audience.ACCOUNT,
    when="somebody invites the address",
    is_urgent=True,
    way=Way.MAIL,
)
INVITATION_ACCEPTED: Final = _kind(
    name="invitation_accepted",
    to="those who invite",
    when="an invitation was accepted",
    can_be_turned_off=True,
    page="members/{Member}",
)
INVITATION_REFUSED: Final = _kind(
    name="invitation_refused",
    to="who invited",
    when="the letter of an invitation did not reach its address",
    needs=Permission.INVITATIONS_READ,
    page="invitations",
)

KINDS: Final = (INVITATION, INVITATION_ACCEPTED, INVITATION_REFUSED)
