"""A group of the directory's for which an integration is installed: recipients follow who is in it, and who leaves."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.builders import make_member
from tests.connecting import Connections
from tests.tenants.scim.directory import GROUP
from wardship.plugins.api import Holder

pytestmark = pytest.mark.anyio


@pytest.fixture
async def people(services, database, acme, admin, directory):
    """Two members, of whom one is in the directory's group, for which the integration is installed."""
    inside, outside = [str((await make_member(database, acme, first_name=name)).member_id) for name in ("Inga", "Otto")]
    body = {"schemas": [GROUP], "displayName": "Team", "members": [{"value": inside}]}
    group = await directory.json("POST", "/Groups", body, 201)
    connections = Connections(services, admin)
    await connections.connect(holder=Holder.GROUP, group_id=UUID(group["id"]))
    return connections, group["id"], inside, outside


async def _held(owner):
    rows = await owner.fetch("select member_id::text as id from subject_link where state = 'shared' order by id")
    return [row["id"] for row in rows]


async def test_who_comes_into_the_group_is_shared_and_who_goes_is_erased(directory, owner, people):
    connections, group, inside, outside = people
    assert await _held(owner) == [inside]
    await directory.patch(
        f"/Groups/{group}",
        {"op": "add", "path": "members", "value": [{"value": outside}]},
        {"op": "remove", "path": f'members[value eq "{inside}"]'},
    )
    await connections.work()
    assert await _held(owner) == [outside]


@pytest.mark.parametrize("end", ["deactivated", "deleted", "group deleted"])
async def test_who_leaves_is_erased_at_the_recipient(directory, owner, people, end):
    connections, group, inside, _ = people
    assert await _held(owner) == [inside]
    if end == "deactivated":
        await directory.patch(f"/Users/{inside}", {"op": "replace", "path": "active", "value": False})
    else:
        await directory.json("DELETE", f"/Users/{inside}" if end == "deleted" else f"/Groups/{group}", status=204)
    await connections.work()
    assert await _held(owner) == []
