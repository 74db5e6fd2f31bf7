"""Samples of the caller's own account."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from tests.builders import NOW
from tests.graphql.calls import gid
from tests.graphql.sample import mutation
from tests.graphql.world import World
from wardship.core.identifiers import uuid7
from wardship.core.sign_in.sessions import token_hash


@asynccontextmanager
async def _second_address(world: World) -> AsyncIterator[None]:
    world.ids["address"] = uuid7()
    await world.owner.execute(
        "insert into account_email (id, created_at, account_id, address, verified_at) values ($1, $2, $3, $4, $2)",
        world.ids["address"],
        NOW,
        world.people["owner"].account_id,
        f"second@{world.organisation.slug}.example.net",
    )
    yield
    account_id = world.people["owner"].account_id
    await world.owner.execute("delete from account_email where id = $1", world.ids["address"])
    await world.owner.execute("update account_email set is_primary = true where account_id = $1", account_id)


@asynccontextmanager
async def _waiting_address(world: World) -> AsyncIterator[None]:
    address = f"waiting@{world.organisation.slug}.example.net"
    await world.owner.execute(
        "insert into sign_in_link (id, created_at, account_id, address, purpose, token_hash, expires_at)"
        " values ($1, $2, $3, $4, 'add_address', $5, $6)",
        uuid7(),
        NOW,
        world.people["owner"].account_id,
        address,
        token_hash(address),
        NOW + timedelta(days=400),
    )
    yield
    await world.owner.execute("delete from sign_in_link where address = $1", address)
    await world.owner.execute("delete from account_email where address = $1", address)


def _address_id(world: World) -> dict[str, str]:
    return {"addressId": gid("AccountAddress", world.ids["address"])}


SAMPLES = [
    mutation("updateMyAccount", "UpdateMyAccountInput", lambda _: {"timeZone": "Europe/Berlin"}),
    mutation("addMyAddress", "AddMyAddressInput", lambda _: {"email": f"new-{uuid7()}@example.net"}),
    mutation(
        "verifyMyAddress",
        "VerifyMyAddressInput",
        lambda world: {"token": f"waiting@{world.organisation.slug}.example.net"},
        _waiting_address,
    ),
    mutation("makeMyAddressPrimary", "MyAddressInput", _address_id, _second_address),
    mutation("removeMyAddress", "MyAddressInput", _address_id, _second_address),
]

CROWD = """
insert into account (id, created_at, display_name) select key('A', place, n), at, 'Person' from number where place = 0;
insert into account_email (id, created_at, account_id, address, is_primary, verified_at)
    select key('E', place, n), at, key('A', place, n), 'person' || n || '@example.org', true, at from number
    where place = 0;
insert into account_event (id, created_at, account_id, kind, network, user_agent)
    select key('v', place, n), at, key('A', place, 1 + n % 2), 'signed_in', '192.0.2.0/24', 'Browser' from number;
"""
