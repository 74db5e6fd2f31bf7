"""Administrators see whether a vendor answers: since when not, when it last did, and when it is tried again."""

from __future__ import annotations

import pytest

from tests.builders import access_for, make_member, make_organisation
from tests.connecting import Connections
from tests.fakes.recorder import recorder
from tests.graphql.calls import make_api
from wardship.core.actor import Role
from wardship.core.outbound.breaking import FAILURES_TO_OPEN, OPEN_FOR
from wardship.plugins.api import AuthorisationExpired, TemporarilyUnavailable, Verb
from wardship.tenants.obligations.for_member import bring_in_line

HEALTH = "{ installations { edges { node { health { failingSince succeededAt nextTryAt } } } } }"


def down(_):
    raise TemporarilyUnavailable("down")


def locked_out(_):
    raise AuthorisationExpired("no")


@pytest.fixture
async def connected(services, database):
    """A vendor that holds one member's data, and the hands of the administrator."""
    organisation = await make_organisation(database)
    admin = await make_member(database, organisation, Role.ORG_ADMIN)
    made = recorder("ailing")
    services.integrations.register(made, "ailing")
    connections = Connections(services, admin)
    await connections.connect("ailing")
    return connections, made


async def health(connections) -> dict[str, str | None]:
    (edge,) = (await make_api(connections.services).data(connections.admin, HEALTH))["installations"]["edges"]
    return edge["node"]["health"]


async def owe(connections) -> None:
    async with access_for(connections.services, connections.admin) as access:
        await bring_in_line(access, [connections.admin.member_id])


async def test_it_is_seen_since_when_and_until_when_it_is_left_alone(connected, clock):
    connections, made = connected
    begun = clock.now().isoformat()
    assert await health(connections) == {"failingSince": None, "succeededAt": begun, "nextTryAt": None}
    clock.advance(OPEN_FOR)
    since = clock.now().isoformat()
    made.always[Verb.SHARE] = down
    await owe(connections)
    for _ in range(FAILURES_TO_OPEN):
        await connections.pass_time(minutes=30)
    until = (clock.now() + OPEN_FOR).isoformat()
    seen = await health(connections)
    assert (seen["succeededAt"], seen["nextTryAt"]) == (begun, until)
    assert since < seen["failingSince"] < until

    made.always.clear()
    await connections.pass_time(hours=1)
    assert await health(connections) == {
        "failingSince": None, "succeededAt": clock.now().isoformat(), "nextTryAt": None,
    }  # fmt: skip


async def test_a_refused_credential_is_seen_and_nothing_is_tried_by_the_clock(connected, clock):
    connections, made = connected
    made.always[Verb.SHARE] = locked_out
    clock.advance(OPEN_FOR)
    await owe(connections)
    await connections.work()
    seen = await health(connections)
    assert (seen["failingSince"], seen["nextTryAt"]) == (clock.now().isoformat(), None)
