"""Samples of saved views."""

from __future__ import annotations

from tests.graphql.sample import mutation, query
from tests.graphql.world import World


async def populate(world: World) -> None:
    """A view of the owner's that everybody finds."""
    world.ids["view"] = await world.insert(
        "saved_view",
        member_id=world.people["owner"].member_id,
        name="Late requests",
        page="requests",
        address="state=late",
        is_shared=True,
    )


def _on_view(world: World) -> dict[str, str]:
    return {"viewId": world.id_of("SavedView", "view")}


SAMPLES = [
    query("savedViews", "{ savedViews { id name page address isShared member { displayName } } }"),
    mutation("createSavedView", "CreateSavedViewInput", lambda _: {"name": "Mine", "page": "members", "address": ""}),
    mutation("updateSavedView", "UpdateSavedViewInput", lambda w: _on_view(w) | {"name": "Renamed"}),
    mutation("removeSavedView", "RemoveSavedViewInput", _on_view),
]

CROWD = """
insert into saved_view (organisation_id, id, created_at, member_id, name, page, address, is_shared)
    select organisation_id, key('V', place, n), at, member, 'View ' || n, 'members', 'search=' || n,
        n <= 50 from number;
"""
