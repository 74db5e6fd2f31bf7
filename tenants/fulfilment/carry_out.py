"""Carry out what was agreed, right by right, under the system's own hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType
from typing import TypeAlias
from uuid import UUID

from wardship.plugins.api import Verb
from wardship.tenants.access import Access
from wardship.tenants.egress.locks import lock_member
from wardship.tenants.erasure.additions import Addition, added_recipients, added_rows
from wardship.tenants.erasure.kept import kept_places
from wardship.tenants.erasure.snapshot import recipients_of
from wardship.tenants.fulfilment.accounts import close_sign_ins, correct_account, reason_to_keep
from wardship.tenants.fulfilment.closing import NOT_CORRECTED, close_right
from wardship.tenants.fulfilment.copies import hand_out_copy
from wardship.tenants.fulfilment.erase import Ahead, end_own_installations, erase_member
from wardship.tenants.fulfilment.last_letter import address_of, mail_erased
from wardship.tenants.fulfilment.remainders import restrict_places
from wardship.tenants.grants.choices import ChoiceMadeError, record_objection, withdraw_consents
from wardship.tenants.grants.restrictions import RestrictionCause
from wardship.tenants.limitations.limits import categories_left
from wardship.tenants.members.admins import LastAdminError, require_admin_without
from wardship.tenants.members.contact_address import may_still_have
from wardship.tenants.members.membership import suspend_at_request
from wardship.tenants.members.profile import correct_profile
from wardship.tenants.notices import tell
from wardship.tenants.obligations.enqueue import assign_to_right
from wardship.tenants.obligations.for_member import bring_in_line, enqueue_for_member
from wardship.tenants.obligations.objections import tell_objection
from wardship.tenants.requests.details import is_about_account
from wardship.tenants.requests.ended_memberships import is_back
from wardship.tenants.requests.erasures import committed_preview
from wardship.tenants.requests.events import record_event, record_event_once
from wardship.tenants.requests.notices import ACCOUNT_KEPT
from wardship.tenants.requests.records import GRACE_ENDED, LockedRequest, RightRecord
from wardship.tenants.requests.restricting import restrict_for
from wardship.tenants.requests.states import RightKind, RightState
from wardship.tenants.requests.telling import tell_closed, tell_waits
from wardship.tenants.requests.transition import transition_right
from wardship.tenants.requests.visibility import lock_request
from wardship.tenants.requests.withdraw import lock_open_requests

Action: TypeAlias = Callable[[Access, LockedRequest, RightRecord], Awaitable[Sequence[UUID]]]
"""Does what one kind of right asks for, and returns what recipients owe for it."""


async def carry_out(
    access: Access, locked: LockedRequest, right: RightRecord, ahead: Ahead | None = None
) -> LockedRequest:
    """Do what one approved or scheduled right asks for, here and, by obligations, at every recipient.

    Args:
        access: the system's own, whose transaction reaches the directory too.
        locked: the request.
        right: approved; or scheduled and due.
        ahead: what was found for an erasure before the request was locked.
    """
    if locked.request.identity_method == GRACE_ENDED and await is_back(access, locked):
        locked = await transition_right(access, locked, right, RightState.WITHDRAWN, "the person is back")
        await tell_closed(access, locked, [right], "is_back")
        return locked
    if right.kind is RightKind.ERASURE:
        await lock_open_requests(access, locked.request.member_id)
    if locked.request.identity_method == GRACE_ENDED and await _is_copy_pending(access, locked.request.member_id):
        return await _postpone(access, locked, right, "copy_pending")
    if right.kind in {RightKind.ERASURE, RightKind.DEACTIVATION}:
        if access.actor.is_at_provider and (reason := await reason_to_keep(access, locked.request.member_id)):
            return await _keep_account(access, locked, right, reason)
        try:
            await require_admin_without(access, [locked.request.member_id])
        except LastAdminError:
            # The right stays as it is while its person is the last who can administer the organisation.
            return await _postpone(access, locked, right, "last_admin")
    locked = await transition_right(access, locked, right, RightState.IN_PROGRESS, started_at=access.now)
    if right.kind is RightKind.ERASURE:
        owed = await _erase(access, locked, locked.right(right.id), ahead)
    else:
        owed = await _ACTIONS[right.kind](access, locked, locked.right(right.id))
    await assign_to_right(access, owed, right.request_id, right.id)
    if right.kind is RightKind.ERASURE:  # which ends the person's other rights, of this request too
        locked = await lock_request(access, right.request_id)
    if owed:
        locked = await transition_right(access, locked, locked.right(right.id), RightState.AWAITING_VENDORS)
    return await close_right(access, locked, locked.right(right.id))


async def _keep_account(access: Access, locked: LockedRequest, right: RightRecord, reason: str) -> LockedRequest:
    """Leave an account that the provider was asked to close or erase, and that is needed elsewhere.

    Where an organisation has the person now, it is asked instead. For what ends otherwise, it waits.
    """
    if reason != "belongs_to_an_organisation":
        return await _postpone(access, locked, right, reason)
    kind = right.kind.capitalize()
    target = ("data_request", locked.request.id)
    await tell(access, ACCOUNT_KEPT, [locked.request.member_id], target=target, kind_of_right=kind)
    return await transition_right(access, locked, right, RightState.WITHDRAWN, reason)


async def _postpone(access: Access, locked: LockedRequest, right: RightRecord, reason: str) -> LockedRequest:
    """Leave a right as it is, and tell once what it waits for."""
    if await record_event_once(access, locked.request, "postponed", reason, right.id):
        await tell_waits(access, locked, right, reason)
    return locked


async def _is_copy_pending(access: Access, member_id: UUID) -> bool:
    """Return whether the person has asked for a copy, or has one to fetch: with an erasure it would be gone."""
    found: bool = await access.fetchval(
        "select exists (select from request_right g join data_request r on r.organisation_id = $1"
        " and r.id = g.request_id where g.organisation_id = $1 and r.member_id = $2 and g.ended_at is null"
        " and g.kind in ('access', 'portability')) or exists (select from export_file f where f.organisation_id = $1"
        " and f.member_id = $2 and f.destroyed_at is null and f.expires_at > $3)",
        member_id,
        access.now,
    )
    return found


async def _copy(access: Access, locked: LockedRequest, right: RightRecord) -> Sequence[UUID]:
    owed = [] if is_about_account(right.details) else await _owe(access, locked, right, Verb.EXPORT)
    if owed:  # what is held here is handed out now; a complete copy follows when the vendors have answered
        await hand_out_copy(access, locked, right, is_complete=False)
    return owed


async def _correct(access: Access, locked: LockedRequest, right: RightRecord) -> Sequence[UUID]:
    member_id = locked.request.member_id
    values = dict(right.details["fields"])
    await lock_member(access, member_id)
    if "email" in values and not await may_still_have(access, member_id, values["email"]):
        # It was proven when it was asked for, and has left the account since, or come to another member.
        del values["email"]
        await record_event(access, locked.request, NOT_CORRECTED, "email", right.id)
    if not values:
        return []
    await record_event(access, locked.request, "corrected", ", ".join(sorted(values)), right.id)
    await correct_profile(access, member_id, values)
    if access.actor.is_at_provider:
        await correct_account(access, member_id, values["display_name"])
    return await _owe(access, locked, right, Verb.CORRECT)


async def _restrict(access: Access, locked: LockedRequest, right: RightRecord) -> Sequence[UUID]:
    if not right.limitations:
        return await restrict_for(access, locked, RestrictionCause.REQUESTED)
    owed: list[UUID] = []
    for category in categories_left(right.limitations):
        owed += await restrict_for(access, locked, RestrictionCause.REQUESTED, category)
    return list(dict.fromkeys(owed))


async def _object(access: Access, locked: LockedRequest, right: RightRecord) -> Sequence[UUID]:
    member_id, purpose = locked.request.member_id, str(right.details["purpose"])
    installation_id = _identifier(right.details["installation_id"])
    with suppress(ChoiceMadeError):  # made before in another way: then what follows has been done
        await record_objection(
            access,
            member_id,
            purpose=purpose,
            installation_id=installation_id,
            request_id=locked.request.id,
        )
    told = await tell_objection(access, member_id, purpose, installation_id)
    return [*told, *await bring_in_line(access, [member_id])]


async def _withdraw_consent(access: Access, locked: LockedRequest, right: RightRecord) -> Sequence[UUID]:
    member_id = locked.request.member_id
    await lock_member(access, member_id)
    purpose, installation_id = str(right.details["purpose"]), _identifier(right.details["installation_id"])
    await withdraw_consents(access, member_id, purpose, installation_id)
    await record_event(access, locked.request, "consents_withdrawn", purpose, right.id)
    return await bring_in_line(access, [member_id])


async def _deactivate(access: Access, locked: LockedRequest, right: RightRecord) -> Sequence[UUID]:
    del right
    member_id = locked.request.member_id
    await lock_member(access, member_id)
    await suspend_at_request(access, member_id)
    if access.actor.is_at_provider:
        await close_sign_ins(access, member_id)
    return await bring_in_line(access, [member_id])


async def _erase(access: Access, locked: LockedRequest, right: RightRecord, ahead: Ahead | None) -> Sequence[UUID]:
    member_id = locked.request.member_id
    committed = await committed_preview(access, right)
    told = await recipients_of(access, member_id, right.limitations) if committed else []
    await end_own_installations(access, member_id)
    keeping = await kept_places(access, member_id, right.limitations)
    owed = await _owe(access, locked, right, Verb.ERASE, but=keeping)
    own = await access.fetch(
        "select o.id from obligation o join installation i on i.organisation_id = $1 and i.id = o.installation_id"
        " where o.organisation_id = $1 and i.member_id = $2 and o.ended_at is null",
        member_id,
    )
    restricted = await restrict_places(access, member_id, keeping) if keeping else []
    address = await address_of(access, member_id)
    rows = await erase_member(access, member_id, right, ahead)
    await mail_erased(access, address, right, {*owed, *(row["id"] for row in own), *restricted})
    if committed:
        await _tell_additions(access, locked, right, [*added_recipients(committed, told), *added_rows(committed, rows)])
    return list(dict.fromkeys([*owed, *(row["id"] for row in own), *restricted]))


async def _tell_additions(access: Access, locked: LockedRequest, right: RightRecord, added: Sequence[Addition]) -> None:
    """Write down what was erased besides what had been committed, by the names of recipients and tables."""
    if added:
        names = ", ".join(f"{item.kind} {item.name} ({item.before} to {item.now})" for item in added)
        await record_event(access, locked.request, "added_after_commit", names, right.id)


async def _owe(
    access: Access, locked: LockedRequest, right: RightRecord, verb: Verb, but: Collection[UUID] = ()
) -> list[UUID]:
    """Owe a verb to every recipient for a right, but those that owe something else, and return the obligations."""
    request = locked.request
    return await enqueue_for_member(
        access, request.member_id, verb, request_id=request.id, right_id=right.id, due_at=request.due_at, but=but
    )


def _identifier(text: object) -> UUID | None:
    return UUID(str(text)) if text else None


_ACTIONS: Mapping[RightKind, Action] = MappingProxyType(
    {
        RightKind.ACCESS: _copy,
        RightKind.PORTABILITY: _copy,
        RightKind.CORRECTION: _correct,
        RightKind.RESTRICTION: _restrict,
        RightKind.OBJECTION: _object,
        RightKind.CONSENT_WITHDRAWAL: _withdraw_consent,
        RightKind.DEACTIVATION: _deactivate,
    }
)
