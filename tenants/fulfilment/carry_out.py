"""Carry out what was agreed, right by right, under the system's own hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID

from wardship.plugins.api import Verb
from wardship.tenants.access import Access
from wardship.tenants.egress.locks import lock_member
from wardship.tenants.erasure.execute import erase_member
from wardship.tenants.exports.build import build_export
from wardship.tenants.fulfilment.settle import settle
from wardship.tenants.grants.choices import ChoiceMadeError, record_objection
from wardship.tenants.grants.restrictions import Cause
from wardship.tenants.installation_lifecycle.lifecycle import uninstall
from wardship.tenants.members.admins import LastAdminError, require_admin_without
from wardship.tenants.members.membership import suspend_at_request
from wardship.tenants.members.profile import correct_profile
from wardship.tenants.obligations.for_member import bring_in_line, enqueue_for_member
from wardship.tenants.requests.disputes import restrict_for
from wardship.tenants.requests.grace import GRACE_ENDED, is_deactivated
from wardship.tenants.requests.records import Case, RightRecord
from wardship.tenants.requests.states import RightKind, RightState
from wardship.tenants.requests.transition import move, record_event

GRACE: Final = timedelta(days=90)
"""How long a deactivated account can be reactivated before its erasure is scheduled (requirement B5)."""

Deed = Callable[[Access, Case, RightRecord], Awaitable[Sequence[UUID]]]


async def carry_out(access: Access, case: Case, right: RightRecord) -> Case:
    """Do what one approved or scheduled right asks for, here and, by obligations, at every recipient.

    Args:
        access: the system's own, whose transaction reaches the directory too.
        case: the locked request.
        right: approved; or scheduled and due.
    """
    if case.request.identity_method == GRACE_ENDED and not await is_deactivated(access, case):
        return await move(access, case, right, RightState.WITHDRAWN, "the account was reactivated")
    if right.kind in {RightKind.ERASURE, RightKind.DEACTIVATION}:
        try:
            await require_admin_without(access, [case.request.member_id])
        except LastAdminError:
            return await _postpone(access, case, right)
    case = await move(access, case, right, RightState.IN_PROGRESS, started_at=access.now)
    owed = await _DEEDS[right.kind](access, case, case.right(right.id))
    await _adopt(access, right, owed)
    case = await move(access, case, case.right(right.id), RightState.AWAITING_VENDORS) if owed else case
    return await settle(access, case, case.right(right.id))


async def _postpone(access: Access, case: Case, right: RightRecord) -> Case:
    """Leave a right as it is while its person is the last who can administer the organisation; say so once."""
    known = await access.transaction.fetchval(
        "select true from request_event where organisation_id = $1 and request_id = $2 and right_id = $3"
        " and kind = 'postponed'",
        access.organisation_id,
        case.request.id,
        right.id,
    )
    if not known:
        await record_event(access, case.request, "postponed", "last_admin", right.id)
    return case


async def _adopt(access: Access, right: RightRecord, owed: Sequence[UUID]) -> None:
    """Let obligations that came about by bringing vendors in line count for the right that caused them."""
    await access.transaction.execute(
        "update obligation set request_id = $2, right_id = $3::uuid, dedupe_key = dedupe_key || ':' || $3::uuid"
        " where organisation_id = $1 and id = any($4::uuid[]) and right_id is null",
        access.organisation_id,
        right.request_id,
        right.id,
        list(owed),
    )


async def _owe(access: Access, case: Case, right: RightRecord, verb: Verb) -> list[UUID]:
    return await enqueue_for_member(
        access,
        case.request.member_id,
        verb,
        request_id=case.request.id,
        right_id=right.id,
        due_at=case.request.due_at,
    )


async def _copy(access: Access, case: Case, right: RightRecord) -> Sequence[UUID]:
    owed = await _owe(access, case, right, Verb.EXPORT)
    if owed:  # what is held here is handed out now; a complete copy follows when the vendors have answered
        await build_export(access, case, right, is_complete=False)
    return owed


async def _correct(access: Access, case: Case, right: RightRecord) -> Sequence[UUID]:
    member_id = case.request.member_id
    values = right.details["fields"]
    await lock_member(access, member_id)
    await record_event(access, case.request, "corrected", ", ".join(sorted(values)), right.id)
    await correct_profile(access, member_id, values)
    return await _owe(access, case, right, Verb.CORRECT)


async def _restrict(access: Access, case: Case, right: RightRecord) -> Sequence[UUID]:
    del right
    return await restrict_for(access, case, Cause.REQUESTED)


async def _object(access: Access, case: Case, right: RightRecord) -> Sequence[UUID]:
    with suppress(ChoiceMadeError):  # made before in another way: then what follows has been done
        await record_objection(
            access,
            case.request.member_id,
            purpose=str(right.details["purpose"]),
            installation_id=_identifier(right.details["installation_id"]),
            request_id=case.request.id,
        )
    return await bring_in_line(access, [case.request.member_id])


async def _withdraw_consent(access: Access, case: Case, right: RightRecord) -> Sequence[UUID]:
    await lock_member(access, case.request.member_id)
    await access.transaction.execute(
        "update consent set withdrawn_at = $3 where organisation_id = $1 and member_id = $2 and withdrawn_at is null"
        " and (purpose = $4 or starts_with(purpose, $4 || '.'))"
        " and ($5::uuid is null or installation_id = $5 or installation_id is null)",
        access.organisation_id,
        case.request.member_id,
        access.now,
        right.details["purpose"],
        _identifier(right.details["installation_id"]),
    )
    return await bring_in_line(access, [case.request.member_id])


async def _deactivate(access: Access, case: Case, right: RightRecord) -> Sequence[UUID]:
    member_id = case.request.member_id
    await lock_member(access, member_id)
    await access.transaction.execute(
        "update request_right set scheduled_for = $3 where organisation_id = $1 and id = $2",
        access.organisation_id,
        right.id,
        access.now + GRACE,
    )
    await suspend_at_request(access, member_id)
    return await bring_in_line(access, [member_id])


async def _erase(access: Access, case: Case, right: RightRecord) -> Sequence[UUID]:
    member_id = case.request.member_id
    await _end_own_installations(access, member_id)
    owed = await _owe(access, case, right, Verb.ERASE)
    own = await access.transaction.fetch(
        "select o.id from obligation o join installation i on i.organisation_id = $1 and i.id = o.installation_id"
        " where o.organisation_id = $1 and i.member_id = $2 and o.ended_at is null",
        access.organisation_id,
        member_id,
    )
    await erase_member(access, member_id)
    return list(dict.fromkeys([*owed, *(row["id"] for row in own)]))


async def _end_own_installations(access: Access, member_id: UUID) -> None:
    """Take back what the person had connected alone: its settings name the person until it is removed."""
    rows = await access.transaction.fetch(
        "select id from installation where organisation_id = $1 and member_id = $2"
        " and state not in ('revoking', 'revocation_overdue', 'removed') order by id",
        access.organisation_id,
        member_id,
    )
    for row in rows:
        await uninstall(access, row["id"])


def _identifier(text: object) -> UUID | None:
    return UUID(str(text)) if text else None


_DEEDS: Mapping[RightKind, Deed] = MappingProxyType(
    {
        RightKind.ACCESS: _copy,
        RightKind.PORTABILITY: _copy,
        RightKind.CORRECTION: _correct,
        RightKind.RESTRICTION: _restrict,
        RightKind.OBJECTION: _object,
        RightKind.CONSENT_WITHDRAWAL: _withdraw_consent,
        RightKind.DEACTIVATION: _deactivate,
        RightKind.ERASURE: _erase,
    }
)
