"""Deliver records together where the vendor takes several in one call, without letting one strand the others.

A batch keeps its id, its members and its body in every attempt, so that a vendor knows it again. What can't be sent
again as it was, because somebody's record is another now, or may not go any more, is a new batch.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from wardship.core.identifiers import uuid7
from wardship.plugins.api import OutcomeStatus, Share, Verb
from wardship.plugins.host.reply import Fault, Reply
from wardship.tenants.access import Access
from wardship.tenants.obligations.leases import PreparedCall, keep_batch

MOST_FAILURES: Final = 2
"""A batch that fails once more is taken apart: one of its members may be why."""

_REFUSALS: Final = frozenset({Fault.REJECTED, Fault.CRASH, Fault.INVALID_RESPONSE})
_GOES_ON: Final = frozenset({OutcomeStatus.COMPLETED, OutcomeStatus.IN_PROGRESS})


async def form_batches(access: Access, most: int, calls: Sequence[PreparedCall]) -> list[PreparedCall]:
    """Return the calls of one place, those that are made together with the id of their batch.

    Args:
        access: the system's own.
        most: how many records the loaded plugin takes in one call.
        calls: prepared; those that carry no record, or are delivered alone, stay as they are.
    """
    joined = [call for call in calls if _may_join(call)]
    formed = [call for call in calls if not _may_join(call)]
    for group in _groups(joined, most):
        formed += await _form(access, group)
    return formed


def _may_join(call: PreparedCall) -> bool:
    if call.verb is not Verb.SHARE or call.lease.verb is not Verb.SHARE or call.lease.batch_id == call.lease.id:
        return False
    if call.told is not None:
        return False
    return call.lease.batch_id is not None or call.continuation is None


def _groups(calls: Sequence[PreparedCall], most: int) -> Iterator[Sequence[PreparedCall]]:
    """Return the calls by the batch in which they were, those without one by how often they have failed."""
    together: defaultdict[tuple[UUID | None, int], list[PreparedCall]] = defaultdict(list)
    for call in sorted(calls, key=lambda call: call.lease.id):
        lease = call.lease
        together[lease.batch_id, 0 if lease.batch_id else lease.failures].append(call)
    for group in together.values():
        for start in range(0, len(group), most):
            yield group[start : start + most]


async def _form(access: Access, group: Sequence[PreparedCall]) -> list[PreparedCall]:
    before = group[0].lease
    if len(group) == 1 and before.batch_id is None:
        return list(group)
    digest = access.services.keys.fingerprint("batch", together(group).model_dump_json())
    if before.batch_id is not None and before.batch_digest == digest:
        return [replace(call, batch_id=before.batch_id) for call in group]
    batch_id = uuid7() if len(group) > 1 else None
    await keep_batch(access, [call.lease for call in group], batch_id, digest if batch_id else None)
    # What the vendor had begun was for another batch.
    return [replace(call, batch_id=batch_id, continuation=None) for call in group]


def together(group: Sequence[PreparedCall]) -> Share:
    """Return what the call of a batch carries, in the order of the obligations."""
    shares = (call.argument for call in sorted(group, key=lambda call: call.lease.id))
    return Share(records=tuple(record for share in shares if isinstance(share, Share) for record in share.records))


def is_taken_apart(group: Sequence[PreparedCall], reply: Reply) -> bool:
    """Return whether the members of a batch are delivered one by one now: it was refused, or has failed too often."""
    if reply.fault is None:
        return reply.outcome.status not in _GOES_ON
    return reply.fault in _REFUSALS or max(call.lease.failures for call in group) >= MOST_FAILURES


def reply_for_one(call: PreparedCall, reply: Reply) -> Reply:
    """Return what the reply to a batch tells of one member."""
    if call.subject is None:
        return reply
    own = call.subject.id
    exchanges = tuple(each for seen in reply.exchanges if (each := seen.for_one(own)) is not None)
    outcome = reply.outcome.model_copy(
        update={
            "known_as": tuple(known for known in reply.outcome.known_as if known.subject_id == own),
            "records_affected": min(reply.outcome.records_affected, 1),
        }
    )
    return replace(reply, outcome=outcome, exchanges=exchanges)
