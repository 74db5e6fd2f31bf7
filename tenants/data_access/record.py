"""Record who looked at whose data, set-wise, after the query that showed it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from wardship.core.identifiers import uuid7_run
from wardship.tenants.access import Access


async def record_access(access: Access, seen: Mapping[UUID, Collection[str]]) -> int:
    """Record that the caller saw categories of members' data, and return how many people that concerns.

    One row for each person but the caller; nothing for the system, which looks at nobody. It belongs in a transaction
    of its own, after the read-only one of the query.

    Args:
        access: the caller, in a transaction that may write.
        seen: member id to the keys of the categories that the answer held.
    """
    actor = access.actor
    others = {member_id: keys for member_id, keys in seen.items() if member_id != actor.member_id and keys}
    actor_id = actor.member_id or actor.account_id
    if actor.kind == "system" or actor_id is None or not others:
        return 0
    # Most people of a list are seen alike: what was seen is told once for all of them.
    kinds: dict[frozenset[str], int] = {}
    seen_as = [kinds.setdefault(frozenset(keys), len(kinds) + 1) for keys in others.values()]
    return await access.transaction.execute(
        """insert into data_access (organisation_id, created_at, actor_id, actor_kind, id, member_id, categories)
            select $1, $2, $3, $4, given.id, given.member_id, string_to_array(($8::text[])[given.kind], ' ')
            from unnest($5::uuid[], $6::uuid[], $7::int[]) as given (id, member_id, kind)""",
        access.organisation_id,
        access.now,
        actor_id,
        actor.kind,
        uuid7_run(len(others)),
        list(others),
        seen_as,
        [" ".join(sorted(keys)) for keys in kinds],
    )
