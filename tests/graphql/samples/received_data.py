"""What vendors sent of members, at the installation of the samples beside."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from tests.builders import NOW
from tests.graphql.calls import gid
from tests.graphql.sample import mutation
from tests.graphql.world import World
from wardship.core.identifiers import uuid7

PURPOSE = "functional.service"
SENT = {"kind": "new_data", "category": "user.behavior", "purpose": PURPOSE, "name": "visits", "value": '"many"'}
PROPOSED = {
    "kind": "corrected",
    "category": "user.contact.phone_number",
    "purpose": PURPOSE,
    "name": "phone",
    "value": '"+49 30 1"',
}


async def populate(world: World) -> None:
    """New data of two members, and a correction of one."""
    subject, member = world.people["subject"].member_id, world.people["member"].member_id
    for name, person, said in (("sent", subject, SENT), ("proposed", subject, PROPOSED), ("mine", member, SENT)):
        world.ids[name] = await _send(world, uuid7(), person, said)


async def _send(world: World, identifier: UUID, person: UUID, said: dict[str, str]) -> UUID:
    return await world.insert(
        "received_datum",
        id=identifier,
        installation_id=world.ids["installation"],
        place_id=world.ids["installation"],
        member_id=person,
        grant_id=world.ids["grant"],
        source=f"{world.organisation.name.split()[0]} recipient",
        at=NOW,
        needs_consent=False,
        **said,
    )


def _is_sent(name: str, person: str, said: dict[str, str]):
    @asynccontextmanager
    async def around(world: World) -> AsyncIterator[None]:
        """What was sent is there, though samples before have ended what let it in."""
        await world.owner.execute("delete from received_datum where id = $1", world.ids[name])
        await _send(world, world.ids[name], world.people[person].member_id, said)
        yield

    return around


def _of(name: str):
    return lambda world: {"receivedDatumId": gid("ReceivedDatum", world.ids[name])}


SAMPLES = [
    mutation(
        "adoptReceivedCorrection",
        "ReceivedDatumInput",
        _of("proposed"),
        around=_is_sent("proposed", "subject", PROPOSED),
    ),
    mutation(
        "dismissReceivedDatum",
        "ReceivedDatumInput",
        _of("mine"),
        around=_is_sent("mine", "member", SENT),
    ),
]

CROWD = """
insert into received_datum (organisation_id, id, created_at, installation_id, place_id, member_id, grant_id, source,
        kind, category, purpose, name, value, at, needs_consent)
    select organisation_id, key('v', place, n), at, key('i', place, n), key('i', place, n), subject, key('c', place, n),
        'Somebody', 'new_data', 'user.behavior', 'functional.service', 'visits', '"many"', at, false from number;
"""
