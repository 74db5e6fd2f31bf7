"""Act on what a verified call brings, in one transaction: once, in order, about people whom the vendor knows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from wardship.plugins.api import InboundCall, InboundEvent, ObligationOutcome, Received
from wardship.tenants.access import Access
from wardship.tenants.egress.locks import lock_members
from wardship.tenants.inbound.acts import Happening, Result, act
from wardship.tenants.inbound.messages import InboundReply, keep_answer, message_id, take_message
from wardship.tenants.inbound.ordering import Order
from wardship.tenants.inbound.subjects import find_subject
from wardship.tenants.inbound.telling import Caller
from wardship.tenants.obligations.told import keep_told

TOLERANCE: Final = timedelta(minutes=5)
"""How far from now a message may say that it was signed."""


async def apply_message(access: Access, caller: Caller, call: InboundCall, received: Received) -> InboundReply:
    """Act on a message, or on none that was taken before, and return what the vendor is answered.

    The caller holds the installation against its end.
    """
    events = received.all_events
    named = message_id(call, received)
    taken = await take_message(access, caller.installation.id, named, is_dated=received.sent_at is not None)
    if isinstance(taken, InboundReply):
        return taken
    results = (
        *await _act_on_each(access, caller, events, received.sent_at or access.now),
        *[await _keep_outcome(access, caller, told) for told in received.outcomes],
    )
    reply = reply_to(received, results)
    await keep_answer(access, taken, reply)
    return reply


def is_from_now(received: Received, now: datetime) -> bool:
    """Return whether a message was signed about now, as far as it says when."""
    return received.sent_at is None or abs(now - received.sent_at) <= TOLERANCE


async def _act_on_each(
    access: Access, caller: Caller, events: tuple[InboundEvent, ...], sent_at: datetime
) -> tuple[Result, ...]:
    members = [await find_subject(access, caller.installation, event.subject) for event in events]
    # All at once, in one order: two messages about the same people never wait for each other.
    await lock_members(access, {each for each in members if each is not None})
    there = await _still_there(access, members)
    return tuple(
        [
            await _act_on(access, caller, event, member_id if member_id in there else None, sent_at)
            for event, member_id in zip(events, members, strict=True)
        ]
    )


async def _keep_outcome(access: Access, caller: Caller, told: ObligationOutcome) -> Result:
    return Result(await keep_told(access, caller.installation.id, told.obligation_id, told.outcome))


async def _still_there(access: Access, member_ids: Collection[UUID | None]) -> frozenset[UUID]:
    """Return those of these members, locked now, who have not been erased meanwhile."""
    rows = await access.fetch(
        "select m.id from unnest($2::uuid[]) as w (id) cross join lateral (select id from member"
        " where organisation_id = $1 and id = w.id and state <> 'erased' limit 1) m",
        [each for each in member_ids if each is not None],
    )
    return frozenset(row["id"] for row in rows)


async def _act_on(
    access: Access, caller: Caller, event: InboundEvent, member_id: UUID | None, sent_at: datetime
) -> Result:
    if member_id is None:
        return Result.UNKNOWN_SUBJECT
    order = Order(min(event.at or sent_at, access.now), event.sequence)
    return await act(access, Happening(caller, member_id, event, order))


def reply_to(received: Received, results: tuple[Result, ...]) -> InboundReply:
    """Return what the connector wants the vendor to be answered, or else what became of each event."""
    told = tuple(result.value for result in results)
    answer = received.answer
    if answer is not None:
        return InboundReply(answer.status, answer.media_type, answer.body, told)
    if not told:
        return InboundReply(204, "", "")
    return InboundReply(200, "application/json", msgspec.json.encode({"results": told}).decode(), told)
