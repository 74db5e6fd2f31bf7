"""Who may act on a request: the person concerned, or the admin or privacy team that has to decide it."""

from __future__ import annotations

from wardship.core.errors import PermissionDeniedError
from wardship.tenants.access import Access
from wardship.tenants.members.ranks import own_membership
from wardship.tenants.permissions import Permission
from wardship.tenants.requests.records import Handler, LockedRequest, RightRecord
from wardship.tenants.requests.visibility import request_not_found


class SelfDecisionError(PermissionDeniedError):
    """Nobody decides on his or her own request: another administrator or the privacy team does."""

    code = "SELF_DECISION"


class NotWithYouError(PermissionDeniedError):
    """Somebody else has to decide this: the administrator before, or the privacy team after it was handed over."""

    code = "NOT_WITH_YOU"


async def require_decider(access: Access, locked: LockedRequest, right: RightRecord | None = None) -> None:
    """Refuse unless the caller may act as decider on a right, or on a request as a whole.

    Raises:
        SelfDecisionError: it is the caller's own request.
        PermissionDeniedError: the caller's role decides nothing.
        NotWithYouError: the caller's role decides, but not this one, or not any more.
    """
    if await own_membership(access) == locked.request.member_id:
        raise SelfDecisionError("This is your own request: another administrator or the privacy team decides it.")
    handler = right.handler if right else locked.request.handler
    needed = {
        Handler.ADMIN: Permission.REQUESTS_DECIDE,
        Handler.PRIVACY_TEAM: Permission.REQUESTS_DECIDE_ESCALATED,
    }
    other = needed[Handler.ADMIN if handler is Handler.PRIVACY_TEAM else Handler.PRIVACY_TEAM]
    if access.may(other) and not access.may(needed[handler]):
        raise NotWithYouError(f"The {handler.replace('_', ' ')} has to decide this: leave it to them.")
    access.require(needed[handler])


def require_own(access: Access, locked: LockedRequest) -> None:
    """Refuse unless the request is the caller's own.

    Raises:
        NotFoundError: it is somebody else's; only the person may do this, and to others it is as if absent.
    """
    access.require_scope("write")
    if access.actor.member_id is None or access.actor.member_id != locked.request.member_id:
        raise request_not_found()
