"""Record who looked at whose data, set-wise, with the query that showed it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from wardship.core.database.literals import identifier, identifiers, integers, microseconds, text
from wardship.core.database.scope import Scope
from wardship.core.identifiers import uuid7_run
from wardship.tenants.access import Access


def record_access(access: Access, seen: Mapping[UUID, Collection[str]]) -> int:
    """Record that the caller saw categories of members' data, and return how many people that concerns.

    One row for each person but the caller; nothing for the system, which looks at nobody. It is written in the message
    of the transaction's COMMIT: in that transaction where it may write, right after it where it only reads. What can't
    be recorded fails the commit, so that no answer is given.

    Args:
        access: the caller.
        seen: member id to the keys of the categories that the answer held.
    """
    actor, transaction = access.actor, access.transaction
    others = {member_id: keys for member_id, keys in seen.items() if member_id != actor.member_id and keys}
    actor_id = actor.member_id or actor.account_id
    if actor.kind == "system" or actor_id is None or not others:
        return 0
    sql = _statement(access, actor_id, others)
    if transaction.scope.read_only:
        transaction.after_commit(Scope.tenant(access.organisation_id), sql)
    else:
        transaction.at_commit(sql)
    return len(others)


def _statement(access: Access, actor_id: UUID, others: Mapping[UUID, Collection[str]]) -> str:
    # Most people of a list are seen alike: what was seen is told once for all of them.
    kinds: dict[frozenset[str], int] = {}
    seen_as = [kinds.setdefault(frozenset(keys), len(kinds) + 1) for keys in others.values()]
    categories = ", ".join(f"string_to_array({text(' '.join(sorted(keys)))}, ' ')" for keys in kinds)
    told = f"case given.kind {_cases(len(kinds))} end" if len(kinds) > 1 else "k.k1"
    columns = ", ".join(f"k{number}" for number in range(1, len(kinds) + 1))
    people = identifiers([member_id.int for member_id in others])
    return (
        "insert into data_access (organisation_id, created_at, actor_id, actor_kind, id, member_id, categories)"  # noqa: S608 - values are digits
        f" select {identifier(access.organisation_id)}::uuid,"
        f" timestamptz 'epoch' + {microseconds(access.now)} * interval '1 microsecond',"
        f" {identifier(actor_id)}::uuid, {text(access.actor.kind)}, given.id, given.member_id, {told}"
        f" from unnest({identifiers(uuid7_run(len(others)))}, {people}, {integers(seen_as)})"
        f" as given (id, member_id, kind) cross join (values ({categories})) as k ({columns})"
    )


def _cases(count: int) -> str:
    return " ".join(f"when {number} then k.k{number}" for number in range(1, count + 1))
