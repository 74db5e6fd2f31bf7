"""What each kind of event does here; it is called with the member locked, and returns whether anything has changed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from wardship.plugins.api import InboundEvent, InboundKind, LegalBasis
from wardship.plugins.api.taxonomy import MARKETING, is_special
from wardship.tenants.access import Access
from wardship.tenants.egress.holdings import LinkState, set_links
from wardship.tenants.egress.ledger import MAY_HAVE_ARRIVED
from wardship.tenants.grants.choices import ChoiceMadeError, lifted_since, record_objection, withdraw_consents
from wardship.tenants.inbound.ordering import (
    ERASED,
    Order,
    Topics,
    advance,
    decision_keys,
    has_newer_data,
    of_field,
    was_erased_since,
)
from wardship.tenants.inbound.telling import Caller, tell_choice, tell_data
from wardship.tenants.obligations.for_member import bring_in_line
from wardship.tenants.received.records import ReceivedKind
from wardship.tenants.received.storing import Told, keep_received

_SENT_SINCE: Final = (
    "select exists (select from disclosure where organisation_id = $1 and place_id = $2 and member_id = $3"
    " and (state = 'sending' or state = any($4::text[]) and coalesce(settled_at, created_at) > $5))"
)


class Result(StrEnum):
    """What became of an event; the vendor is told."""

    APPLIED = "applied"
    OUTDATED = "outdated"
    NOTHING_NEW = "nothing_new"
    NOT_ALLOWED = "not_allowed"
    UNKNOWN_SUBJECT = "unknown_subject"
    UNKNOWN_OBLIGATION = "unknown_obligation"


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of one member, who is known and locked."""

    caller: Caller
    member_id: UUID
    event: InboundEvent
    order: Order

    @property
    def person(self) -> Topics:
        """Whose order of events it belongs to."""
        return Topics(self.caller.installation.id, self.member_id)


async def act(access: Access, happening: Happening) -> Result:
    """Do what an event's kind says, and tell people of it."""
    match happening.event.kind:
        case InboundKind.OBJECTED:
            return await _object(access, happening, happening.event.purpose or "")
        case InboundKind.UNSUBSCRIBED:
            return await _object(access, happening, happening.event.purpose or MARKETING)
        case InboundKind.CONSENT_WITHDRAWN:
            return await _withdraw_consent(access, happening)
        case InboundKind.ERASED:
            return await _note_erasure(access, happening)
        case InboundKind.CORRECTED:
            return await _keep(access, happening, ReceivedKind.CORRECTED)
        case InboundKind.NEW_DATA:
            return await _keep(access, happening, ReceivedKind.NEW_DATA)


async def _object(access: Access, happening: Happening, purpose: str) -> Result:
    """Let the person object to a purpose at this installation, unless he or she has lifted that since."""
    result = await _make_objection(access, happening, purpose)
    if result is Result.APPLIED:
        await tell_choice(access, happening.caller, happening.member_id, happening.event.kind, purpose)
    return result


async def _make_objection(access: Access, happening: Happening, purpose: str) -> Result:
    member_id, installation_id = happening.member_id, happening.caller.installation.id
    if not await advance(access, happening.person, [f"objected:{purpose}"], happening.order):
        return Result.OUTDATED
    if await lifted_since(access, member_id, purpose, installation_id, happening.order.at):
        return Result.OUTDATED
    try:
        await record_objection(access, member_id, purpose=purpose, installation_id=installation_id)
    except ChoiceMadeError:
        return Result.NOTHING_NEW
    return Result.APPLIED


async def _withdraw_consent(access: Access, happening: Happening) -> Result:
    """End the person's consents for this installation; those that were given since stay."""
    event, member_id = happening.event, happening.member_id
    if not await advance(access, happening.person, [f"consent:{event.purpose or ''}"], happening.order):
        return Result.OUTDATED
    ended = 0
    for purpose in [event.purpose] if event.purpose else _consented_purposes(happening.caller):
        ended += await withdraw_consents(
            access, member_id, purpose, happening.caller.installation.id, before=happening.order.at
        )
    if not ended:
        return Result.NOTHING_NEW
    await bring_in_line(access, [member_id])
    await tell_choice(access, happening.caller, member_id, event.kind, event.purpose or "")
    return Result.APPLIED


def _consented_purposes(caller: Caller) -> list[str]:
    """Return the purposes for which the integration may have needed a consent."""
    manifest = caller.installation.manifest
    sent = {
        entry.purpose
        for entry in manifest.receives
        if entry.legal_basis is LegalBasis.CONSENT or is_special(entry.category)
    }
    return sorted(sent | {entry.purpose for entry in manifest.provides})


async def _note_erasure(access: Access, happening: Happening) -> Result:
    """Note that the vendor says it holds nothing of the person any more, and share nothing again by itself.

    It is the vendor's word, and proves nothing. What was sent since, or is under way, is owed back as from anybody who
    objects; and what the vendor brought of the person goes.
    """
    installation, member_id = happening.caller.installation, happening.member_id
    if await has_newer_data(access, happening.person, happening.order):
        return Result.OUTDATED
    if not await advance(access, happening.person, [ERASED], happening.order):
        return Result.OUTDATED
    if await lifted_since(access, member_id, "", installation.id, happening.order.at):
        return Result.OUTDATED
    states = [state.value for state in MAY_HAVE_ARRIVED]
    place_id = happening.caller.place.id
    is_noted = is_new = False
    if not await access.fetchval(_SENT_SINCE, place_id, member_id, states, happening.order.at):
        is_noted = await set_links(access, installation.id, place_id, member_id, LinkState.ERASED) > 0
    try:
        await record_objection(access, member_id, purpose="", installation_id=installation.id)
        is_new = True
    except ChoiceMadeError:
        await bring_in_line(access, [member_id])
    if not (is_noted or is_new):
        return Result.NOTHING_NEW
    await access.audit("member.erased_by_vendor", "member", member_id, installation=installation.id)
    await tell_choice(access, happening.caller, member_id, happening.event.kind, "")
    return Result.APPLIED


async def _keep(access: Access, happening: Happening, kind: ReceivedKind) -> Result:
    """Keep what the vendor tells of the person beside the profile, which it does not touch."""
    event, order = happening.event, happening.order
    if await was_erased_since(access, happening.person, order):
        return Result.OUTDATED
    newest = await advance(access, happening.person, [of_field(field.name) for field in event.fields], order)
    fields = [field for field in event.fields if of_field(field.name) in newest]
    if not fields:
        return Result.OUTDATED
    caller, here = happening.caller, happening.caller.installation.id
    fields = [
        field
        for field in fields
        if newest[of_field(field.name)].isdisjoint(decision_keys(access, here, field.name, order.at, field.value))
    ]
    if not fields:
        return Result.NOTHING_NEW
    told = Told(happening.member_id, kind, fields, order.at)
    kept = await keep_received(access, caller.installation, caller.place, told)
    if not kept:
        return Result.NOT_ALLOWED
    details = {"installation": caller.installation.id, "fields": sorted(kept), "kind": kind.value}
    await access.audit("received_data.kept", "member", happening.member_id, **details)
    await tell_data(access, caller, happening.member_id, kept)
    return Result.APPLIED
