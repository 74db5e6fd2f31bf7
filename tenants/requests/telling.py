"""Who is told what of a request: the person, those who decide in the organisation, and the provider's privacy team.

Each function is one event, and sends one statement at most, in the transaction of the event. Nothing that is told here
names the person: that stands behind the link, for who may see it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from wardship.core.notice_kind import NoticeKind
from wardship.tenants.access import Access
from wardship.tenants.notices import Telling, tell_each
from wardship.tenants.permissions import Permission
from wardship.tenants.requests.notices import (
    ACKNOWLEDGED,
    ARRIVED,
    CERTIFICATE_ISSUED,
    CLOSED,
    DECIDED,
    ERASURE_CALLED_OFF,
    ESCALATED,
    FOR_PRIVACY_TEAM,
    FULFILMENT_WAITS,
    HANDED_OVER,
    LATE,
    OVERDUE,
    POSTPONED,
    PRIVACY_TEAM_DECIDED,
    RECEIVED,
    TO_COMMIT,
    WITHDRAWN,
)
from wardship.tenants.requests.records import GRACE_ENDED, Handler, LockedRequest, RightRecord
from wardship.tenants.requests.states import RightKind, RightState

ADMIN_REFUSED: Final = "admin_refused"
"""Why the privacy team decides where an administrator refused, which the person is told as a decision."""

_ENDED_BY_TEAM: Final = {RightState.APPROVED, RightState.DENIED}


async def tell_arrived(access: Access, locked: LockedRequest, reason: str = "") -> None:
    """Tell that a request waits for a decision; the reason, as a code, why the privacy team decides from the start.

    Who asked the provider was mailed that before, with the reference.
    """
    request, values = locked.request, {"kinds": kinds_of(locked.rights), "due": locked.request.due_at}
    told = []
    if not access.actor.is_at_provider and request.identity_method != GRACE_ENDED:
        told.append(_person(locked, RECEIVED, reason=reason, **values))
    if reason:
        told += _with_team(access, locked, reason)
    else:
        is_by_clock = request.identity_method == GRACE_ENDED
        by = {"acknowledge_by": request.acknowledge_by, "decide_by": request.decide_by}
        told.append(_deciders(locked, ARRIVED, is_by_clock=is_by_clock, **by, **values))
    await tell_each(access, *told)


async def tell_acknowledged(access: Access, locked: LockedRequest) -> None:
    """Tell the person that somebody has taken up the request."""
    values = {"kinds": kinds_of(locked.rights), "due": locked.request.due_at}
    await tell_each(access, _person(locked, ACKNOWLEDGED, **values))


async def tell_escalated(access: Access, locked: LockedRequest, reason: str) -> None:
    """Tell that the privacy team decides now, and why as a code; of a refusal the person is told as of a decision."""
    told = _with_team(access, locked, reason)
    if reason != ADMIN_REFUSED:
        told.append(_person(locked, ESCALATED, reason=reason, due=locked.request.due_at))
    await tell_each(access, *told)


def _with_team(access: Access, locked: LockedRequest, reason: str) -> list[Telling]:
    """Return what the team and, where it is not the provider's own, the organisation's deciders are told."""
    values = {"reason": reason, "kinds": kinds_of(locked.rights)}
    told = [_team(locked, FOR_PRIVACY_TEAM, due=locked.request.due_at, **values)]
    if not access.actor.is_at_provider:
        told.append(_deciders(locked, HANDED_OVER, access, **values))
    return told


async def tell_decided(access: Access, locked: LockedRequest, right: RightRecord, decision: str) -> None:
    """Tell the person a decision with its reason and limitation, and others what follows from it for them."""
    kind = name_of(right)
    said = {"decision": decision, "reason": right.decision_reason, "limitation": right.limitation}
    told = [_person(locked, DECIDED, kind_of_right=kind, **said)]
    is_teams = right.handler is Handler.PRIVACY_TEAM
    if is_teams and right.state in _ENDED_BY_TEAM and not access.actor.is_at_provider:
        values = {"kind_of_right": kind, "right": right.kind, "decision": decision}
        told.append(_deciders(locked, PRIVACY_TEAM_DECIDED, access, **values))
    if right.kind is RightKind.ERASURE and right.state is RightState.APPROVED:
        told += told_handlers(access, locked, [right], TO_COMMIT, due=locked.request.due_at)
    await tell_each(access, *told)


async def tell_called_off(access: Access, locked: LockedRequest, right: RightRecord, reason: str) -> None:
    """Tell the person that a decider called an erasure off, and the other deciders that it is to be committed again."""
    again = told_handlers(access, locked, [right], TO_COMMIT, due=locked.request.due_at, is_again=True)
    await tell_each(access, _person(locked, ERASURE_CALLED_OFF, reason=reason), *again)


async def tell_withdrawn(access: Access, locked: LockedRequest, rights: Sequence[RightRecord]) -> None:
    """Tell those who had to decide, or have decided, that the person took rights back.

    Args:
        access: the person's.
        locked: the request.
        rights: as they were; what was not proven to be asked by the person, nobody was told of.
    """
    known = [right for right in rights if right.state is not RightState.SUBMITTED]
    if known:
        await tell_each(
            access, *told_handlers(access, locked, known, WITHDRAWN, is_by_person=True, kinds=kinds_of(known))
        )


async def tell_closed(access: Access, locked: LockedRequest, rights: Sequence[RightRecord], reason: str) -> None:
    """Tell that rights ended without a decision and not by the person: ``not_proven`` or ``is_back``."""
    kinds = kinds_of(rights)
    told = [_person(locked, CLOSED, reason=reason, kinds=kinds)]
    if reason == "is_back":
        told += told_handlers(access, locked, rights, WITHDRAWN, is_by_person=False, kinds=kinds)
    await tell_each(access, *told)


async def tell_late(access: Access, locked: LockedRequest, *, is_restricted: bool) -> None:
    """Tell the person, those who decide, and the privacy team where a right is with it, that a request is late."""
    open_rights = [right for right in locked.rights if right.is_open]
    values = {"due": locked.request.due_at, "is_restricted": is_restricted}
    told = [_person(locked, LATE, **values)]
    values["kinds"] = kinds_of(open_rights)
    if not access.actor.is_at_provider:
        told.append(_deciders(locked, OVERDUE, **values))
    if any(right.handler is Handler.PRIVACY_TEAM for right in open_rights):
        told.append(_team(locked, OVERDUE, **values))
    await tell_each(access, *told)


async def tell_waits(access: Access, locked: LockedRequest, right: RightRecord, reason: str) -> None:
    """Tell that an approved right waits for something, as a code, before it is carried out."""
    values = {"kind_of_right": name_of(right), "reason": reason}
    others = told_handlers(access, locked, [right], FULFILMENT_WAITS, **values)
    await tell_each(access, _person(locked, POSTPONED, **values), *others)


async def tell_certified(access: Access, locked: LockedRequest) -> None:
    """Tell the person that the proof can be fetched; who was erased was told before the address went."""
    await tell_each(access, _person(locked, CERTIFICATE_ISSUED, asked=locked.request.submitted_at))


def told_handlers(
    access: Access, locked: LockedRequest, rights: Iterable[RightRecord], kind: NoticeKind, **values: object
) -> list[Telling]:
    """Return what is told to those with whom rights are: those who decide but the person and who acts, or the team."""
    handlers = {right.handler for right in rights}
    told = [_deciders(locked, kind, access, **values)] if Handler.ADMIN in handlers else []
    return [*told, _team(locked, kind, **values)] if Handler.PRIVACY_TEAM in handlers else told


def kinds_of(rights: Iterable[RightRecord]) -> str:
    """Return what rights are about, in words."""
    return ", ".join(sorted(right.kind.replace("_", " ") for right in rights))


def name_of(right: RightRecord) -> str:
    """Return what a right is called where a sentence begins with it."""
    return right.kind.replace("_", " ").capitalize()


def _person(locked: LockedRequest, kind: NoticeKind, **values: object) -> Telling:
    return Telling(kind=kind, members=[locked.request.member_id], target=_target(locked), values=values)


def _deciders(locked: LockedRequest, kind: NoticeKind, access: Access | None = None, /, **values: object) -> Telling:
    """Return what those who decide are told, but the person and, where an access is given, who acts."""
    but = [locked.request.member_id, access.actor.member_id if access else None]
    return Telling(kind=kind, holders=Permission.REQUESTS_DECIDE, but=but, target=_target(locked), values=values)


def _team(locked: LockedRequest, kind: NoticeKind, **values: object) -> Telling:
    but = [locked.request.member_id]
    return Telling(kind=kind, is_for_privacy_team=True, but=but, target=_target(locked), values=values)


def _target(locked: LockedRequest) -> tuple[str, UUID]:
    return "data_request", locked.request.id
