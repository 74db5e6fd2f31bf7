"""Record who looked at whose data, set-wise, with the query that showed it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from wardship.core.database.literals import identifier, identifiers, microseconds, octets
from wardship.core.database.scope import Scope
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access


def record_access(access: Access, seen: Mapping[UUID, Collection[str]]) -> int:
    """Record that the caller saw categories of members' data, and return how many people that concerns.

    Everybody is named but the caller; the system looks at nobody. It is written in the message of the transaction's
    COMMIT: in that transaction where it may write, right after it where it only reads. What can't be recorded fails the
    commit, so that no answer is given.

    Args:
        access: the caller.
        seen: member id to the keys of the categories that the answer held.
    """
    actor, transaction = access.actor, access.transaction
    actor_id = actor.member_id or actor.account_id
    if not seen or actor.kind == "system" or actor_id is None:
        return 0
    # Most people of a list are seen alike: what was seen is told once for all of them.
    alike: dict[frozenset[str], list[UUID]] = {}
    for member_id, keys in seen.items():
        if keys and member_id != actor.member_id:
            alike.setdefault(frozenset(keys), []).append(member_id)
    if not alike:
        return 0
    sql = ";".join([_statement(access, actor_id, keys, people) for keys, people in alike.items()])
    if transaction.scope.read_only:
        transaction.after_commit(Scope(access.organisation_id), sql)
    else:
        transaction.at_commit(sql)
    return sum(map(len, alike.values()))


def _statement(access: Access, actor_id: UUID, keys: Collection[str], people: Iterable[UUID]) -> str:
    return (
        f"call record_data_access({identifier(access.organisation_id)}, {identifier(uuid7())},"
        f" {microseconds(access.now)}, {identifier(actor_id)}, {octets(access.actor.kind.encode())},"
        f" {octets(' '.join(sorted(keys)).encode())}, {identifiers(people)})"
    )
