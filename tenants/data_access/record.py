"""Record who looked at whose data, set-wise, with the query that showed it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Final
from uuid import UUID

from wardship.core.actor import Actor, StaffRole
from wardship.core.audit.log import AuditEvent, appending
from wardship.core.database.literals import identifier, identifiers, microseconds, octets
from wardship.core.database.scope import Scope
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access

_TEAM: Final = StaffRole.PRIVACY_TEAM.value


def record_access(access: Access, seen: Mapping[UUID, Collection[str]], *, as_staff: Collection[UUID] = ()) -> int:
    """Record that the caller saw categories of members' data, and return how many people that concerns.

    Everybody is named but the caller; the system looks at nobody. It is written in the message of the transaction's
    COMMIT: in that transaction where it may write, right after it where it only reads. What can't be recorded fails the
    commit, so that no answer is given. What the privacy team saw stands in the organisation's audit too.

    Args:
        access: the caller.
        seen: member id to the keys of the categories that the answer held.
        as_staff: whose of it was open to the caller as one of the privacy team alone, member or not.
    """
    actor, transaction = access.actor, access.transaction
    if not seen or actor.kind == "system" or actor.account_id is None:
        return 0
    # Most people of a list are seen alike: what was seen is told once for all of them.
    alike: dict[tuple[frozenset[str], bool], list[UUID]] = {}
    for member_id, keys in seen.items():
        if keys and member_id != actor.member_id:
            alike.setdefault((frozenset(keys), member_id in as_staff), []).append(member_id)
    if not alike:
        return 0
    as_team = replace(actor, member_id=None)
    statements: list[str] = []
    for (keys, is_staff), people in alike.items():
        who = as_team if is_staff else actor
        statements.append(_statement(access, who, keys, people))
        if who.kind == _TEAM:
            statements += [_entry(access, who, keys, member_id) for member_id in people]
    if transaction.scope.read_only:
        transaction.after_commit(Scope(access.organisation_id), ";".join(statements))
    else:
        transaction.at_commit(";".join(statements))
    return sum(map(len, alike.values()))


def _statement(access: Access, actor: Actor, keys: Collection[str], people: Iterable[UUID]) -> str:
    return (
        f"call record_data_access({identifier(access.organisation_id)}, {identifier(uuid7())},"
        f" {microseconds(access.now)}, {identifier(actor.member_id or actor.account_id)},"
        f" {octets(actor.kind.encode())}, {octets(' '.join(sorted(keys)).encode())}, {identifiers(people)})"
    )


def _entry(access: Access, actor: Actor, keys: Collection[str], member_id: UUID) -> str:
    event = AuditEvent("member.read_by_privacy_team", "member", member_id, details={"categories": sorted(keys)})
    return appending(actor, event, at=access.now, request_id=access.request_id)
