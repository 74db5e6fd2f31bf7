"""Make obligations for everybody in an installation's audience, as set operations in the database."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from wardship.plugins.api import Verb
from wardship.plugins.host import Doer, doer
from wardship.tenants.access import Access
from wardship.tenants.installations.records import InstallationRecord
from wardship.tenants.obligations.deadlines import reminder_at
from wardship.tenants.obligations.enqueue import Demand, due, enqueue
from wardship.tenants.obligations.outcomes import ended_outcome

_INSERT = (
    "insert into obligation (organisation_id, id, created_at, submitted_at, next_at, due_at, remind_at,"
    " installation_id, member_id, verb, dedupe_key)"
    " select $1, time_ordered_id(), $2, $2, $2, $3, $4, $5, m.id, $6,"
    " concat_ws(':', $6::text, $5::uuid, m.id, '', $7::text)"
    " from member m where m.organisation_id = $1 and {who} on conflict do nothing"
)
_AUDIENCE = (
    "m.state = 'active' and ($8::uuid is null or m.id = $8)"
    " and ($9::uuid is null or exists (select from group_membership g where g.organisation_id = $1"
    "  and g.member_id = m.id and g.group_id = $9 and g.left_at is null))"
)
_HELD = (
    "exists (select from subject_link l where l.organisation_id = $1 and l.installation_id = $5 and l.member_id = m.id"
    " and l.state in ('shared', 'restricted'))"
)


async def share_with_audience(access: Access, installation: InstallationRecord) -> int:
    """Owe a record of every active member in the audience, and bring in line what is held of others; return how many.

    The gate decides at the moment of sending what a record holds, and whether there is one.
    """
    arguments = _arguments(access, installation, Verb.SHARE, None)
    return await access.transaction.execute(
        _INSERT.format(who=f"(({_AUDIENCE}) or {_HELD})"), *arguments, installation.member_id, installation.group_id
    )


async def bring_holders_in_line(access: Access, installation: InstallationRecord) -> int:
    """Owe anew the record of everybody of whom something is held; return how many obligations were made."""
    return await access.transaction.execute(
        _INSERT.format(who=_HELD), *_arguments(access, installation, Verb.SHARE, None)
    )


async def erase_everywhere(access: Access, installation: InstallationRecord, due_at: datetime | None = None) -> int:
    """Owe the erasure of everybody of whom something is held; return how many obligations were made.

    Where only a person can erase at the vendor, that is one task for all rather than one for each.
    """
    await cancel_waiting(access, installation, {Verb.SHARE, Verb.RESTRICT}, "superseded")
    if doer(installation.manifest, Verb.ERASE) is not Doer.CONNECTOR:
        return len(await enqueue(access, [Demand(installation=installation, verb=Verb.ERASE, due_at=due_at)]))
    return await access.transaction.execute(
        _INSERT.format(who=_HELD), *_arguments(access, installation, Verb.ERASE, due_at)
    )


async def cancel_waiting(access: Access, installation: InstallationRecord, verbs: Collection[Verb], code: str) -> int:
    """Cancel what waits at an installation, except what a request asked for; return how many."""
    return await access.transaction.execute(
        "update obligation set state = 'cancelled', ended_at = $3, sealed = null, outcome = $4::jsonb"
        " where organisation_id = $1 and installation_id = $2 and verb = any($5::text[])"
        " and state in ('pending', 'waiting') and right_id is null",
        access.organisation_id,
        installation.id,
        access.now,
        ended_outcome("cancelled", code),
        [verb.value for verb in verbs],
    )


def _arguments(
    access: Access, installation: InstallationRecord, verb: Verb, due_at: datetime | None
) -> tuple[object, ...]:
    latest = due(access, installation, verb, due_at)
    return (
        access.organisation_id,
        access.now,
        latest,
        reminder_at(access.now, latest),
        installation.id,
        verb.value,
        "",
    )
