"""Samples of mergers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from uuid import UUID

from tests.builders import NOW, Organisation, access_for
from tests.graphql.calls import gid
from tests.graphql.sample import mutation, query
from tests.graphql.world import World
from wardship.core.identifiers import uuid7
from wardship.tenants.mergers.read import fresh_preview

_OWNER = """
    with person as (
        insert into member (organisation_id, id, created_at, account_id, display_name, pseudonym, joined_at)
        values ($1, $2, $3, $4, 'Owner', 'Pseudonym', $3) returning id
    )
    insert into role_assignment (organisation_id, id, created_at, member_id, role)
        select $1, gen_random_uuid(), $3, id, 'org_owner' from person
"""


async def populate(world: World) -> None:
    """Another organisation that offers to become part of this one."""
    await _offer(world, "merger", is_ours=False)


async def _offer(world: World, name: str, *, is_ours: bool) -> None:
    other = Organisation(uuid7(), f"other-{uuid7().hex}", f"{world.organisation.name} other")
    await world.owner.execute(
        "insert into organisation (id, created_at, slug, name) values ($1, $2, $3, $4)",
        other.id,
        NOW,
        other.slug,
        other.name,
    )
    if not is_ours:
        await world.owner.execute(_OWNER, other.id, uuid7(), NOW, world.people["subject"].account_id)
    source, target = (world.organisation, other) if is_ours else (other, world.organisation)
    world.ids[name] = uuid7()
    await world.owner.execute(
        "insert into merger (id, created_at, source_id, target_slug, target_id, state, state_since, state_until,"
        " offered_by, delivered_at) values ($1, $2, $3, $4, $5, 'offered', $2, $7, $6, $2)",
        world.ids[name],
        NOW,
        source.id,
        target.slug,
        target.id,
        world.people["subject"].account_id,
        NOW + timedelta(days=14),
    )


def _while_offered(*, is_ours: bool = False) -> Callable[[World], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def around(world: World) -> AsyncIterator[None]:
        """Make an offer that is gone afterwards, and note what it would bring now."""
        name = "own_merger" if is_ours else "offered_merger"
        if is_ours:
            await world.owner.execute("delete from merger where source_id = $1", world.organisation.id)
        await _offer(world, name, is_ours=is_ours)
        async with access_for(world.services, world.people["owner"]) as access:
            preview = await fresh_preview(access, world.ids[name])
        world.digests["merger"] = preview.digest if preview else ""
        yield
        await world.owner.execute("delete from merger where id = $1", world.ids[name])
        await world.owner.execute(
            "delete from organisation o where slug like 'other-%'"
            " and not exists (select from audit_entry a where a.organisation_id = o.id)"
            " and not exists (select from merger m where m.source_id = o.id)"
        )

    return around


def _id(name: str) -> Callable[[World], dict[str, object]]:
    return lambda world: {"mergerId": world.id_of("Merger", name)}


_FIELDS = (
    "id createdAt sourceSlug sourceName targetSlug targetName state stateSince stateUntil waitsFor"
    " preview { digest figures { name count } }"
)

SAMPLES = [
    query("mergers", f"{{ mergers {{ edges {{ node {{ {_FIELDS} }} }} }} }}"),
    query(
        "merger",
        f"query($id: ID!) {{ merger(id: $id) {{ {_FIELDS} }} }}",
        lambda world: {"id": world.id_of("Merger", "merger")},
    ),
    mutation("offerMerger", "OfferMergerInput", lambda _: {"into": "some-other"}),
    mutation(
        "acceptMerger",
        "AcceptMergerInput",
        lambda world: {**_id("offered_merger")(world), "digest": world.digests["merger"]},
        _while_offered(),
    ),
    mutation("declineMerger", "MergerInput", _id("offered_merger"), _while_offered()),
    mutation("withdrawMerger", "MergerInput", _id("own_merger"), _while_offered(is_ours=True)),
]

KEYS = {"Merger": "W"}
JOINED = gid("Merger", UUID(f"{ord('W'):08x}{1:08x}{77:016x}"))
"""By which a small organisation became part of the large one."""

CROWD = """
insert into merger (id, created_at, source_id, target_slug, state, state_since, offered_by, figures)
    select key('W', place, n), at, organisation_id, 'other', 'expired', at, subject, '{"members": 7}' from number;
insert into merger (id, created_at, source_id, target_slug, target_id, state, state_since, offered_by, figures)
    select key('W', 1, 77), at, key('O', 1, 0), 'large', key('O', 0, 0), 'merged', at, subject, '{}'
        from number where place = 1 and n = 1;
"""
