"""Tenants are isolated by the database itself: every table, every operation, and every way of breaking it."""

from __future__ import annotations

import re

import asyncpg
import pytest

from tests.builders import make_organisation
from tests.core.database.test_soundness import SABOTAGE
from tests.graphql.calls import make_api
from tests.graphql.sample import all_populate, all_samples
from tests.graphql.world import World, make_world
from tests.isolation import leaks
from tests.rows import fill
from tests.tables import digest, tenant_table_names
from wardship.core.database.embedded import ROLE_SERVE, ROLE_SUPERUSER
from wardship.core.database.soundness import unsound
from wardship.graphql.engine import GlobalId, MalformedGlobalIdError

pytestmark = pytest.mark.anyio

TAG = "Bravo"


@pytest.fixture
async def two(database, owner):
    """Two organisations with a row in every table of tenants."""
    tables = await tenant_table_names(owner)
    made = [await make_organisation(database, slug) for slug in ("alpha", "bravo")]
    for organisation in made:
        await fill(owner, organisation.id, tables, TAG)
    return [organisation.id for organisation in made]


@pytest.fixture
async def serving(postgres, database_name):
    connection = await asyncpg.connect(**postgres.dsn(role=ROLE_SERVE, database=database_name))
    yield connection
    await connection.close()


async def test_every_table_of_tenants_has_a_row_of_each(owner, two):
    tables = await tenant_table_names(owner)
    assert len(tables) >= 25
    for table in tables:
        found = {row[0] for row in await owner.fetch(f"select organisation_id from {table}")}
        assert found == set(two), table


async def test_nothing_of_another_organisation_is_reached_in_any_table(serving, owner, two):
    own, other = two
    assert await leaks(serving, owner, own, other) == []
    assert await unsound(serving) == []


async def test_without_a_tenant_nothing_is_reached(serving, owner, two):
    for table in await tenant_table_names(owner):
        assert await serving.fetch(f"select 1 from {table}") == [], table
    assert len(two) == 2


LEAKING = {
    "wide policy",
    "policy for public",
    "reading made wide",
    "view of the owner",
    "materialised view",
    "policy dropped",
    "security disabled",
}


@pytest.mark.parametrize("name", SABOTAGE)
async def test_isolation_turns_red_when_broken(serving, owner, two, name):
    statement, _ = SABOTAGE[name]
    await owner.execute(statement)
    if "everybody" in statement:
        await owner.execute("grant select on everybody to wardship_serve")
    found = await leaks(serving, owner, *two)
    assert await unsound(serving) != []
    assert bool(found) or name not in LEAKING, f"{name} was noticed at start-up only"


@pytest.mark.parametrize("role", [ROLE_SUPERUSER, "bypassing"])
async def test_isolation_turns_red_under_a_role_that_bypasses_it(postgres, database_name, owner, two, role):
    connection = await asyncpg.connect(**postgres.dsn(role=ROLE_SUPERUSER, database=database_name))
    try:
        if role == "bypassing":
            await owner.execute("create role bypassing bypassrls in role wardship_serve")
            await connection.execute("set session authorization bypassing")
        assert await leaks(connection, owner, *two) != []
        assert await unsound(connection) != []
    finally:
        await connection.close()
        if role == "bypassing":
            await owner.execute("drop role bypassing")


@pytest.fixture
async def worlds(services, owner) -> tuple[World, World]:
    populate = all_populate()
    return await make_world(services, owner, "Alpha", populate), await make_world(services, owner, TAG, populate)


async def test_no_operation_reaches_another_organisation(services, owner, worlds):
    """Everybody of Alpha calls every operation with Bravo's ids in every argument."""
    alpha, bravo = worlds
    api = make_api(services)
    known = await _identifiers(owner, bravo)
    before = await digest(owner, bravo.organisation.id)
    callers = {
        name: actor for name, actor in alpha.actors().items() if name in {"owner", "admin", "member", "token_admin"}
    }
    for sample in all_samples():
        async with sample.around(bravo):
            during = await digest(owner, bravo.organisation.id)
            for name, actor in callers.items():
                response = await api.call(actor, sample.document, **sample.variables(bravo))
                assert _traces(response, known) == set(), f"{sample.field} by {name} shows something of another tenant"
                assert await digest(owner, bravo.organisation.id) == during, f"{sample.field} by {name} changed it"
    assert await digest(owner, bravo.organisation.id) == before


async def test_the_search_for_traces_finds_them(services, owner, worlds):
    _, bravo = worlds
    response = await make_api(services).call(bravo.people["owner"], "{ members { edges { node { id displayName } } } }")
    known = await _identifiers(owner, bravo)
    found = _traces(response, known)
    assert TAG.lower() in found
    assert str(bravo.people["member"].member_id) in found


async def _identifiers(owner: asyncpg.Connection, world: World) -> set[str]:
    """The id of every row of an organisation."""
    found = {str(world.organisation.id), *(str(person.account_id) for person in world.people.values())}
    for table in await tenant_table_names(owner):
        rows = await owner.fetch(f"select id from {table} where organisation_id = $1", world.organisation.id)
        found |= {str(row["id"]) for row in rows}
    return found


def _traces(response: object, known: set[str]) -> set[str]:
    """The tag, and the ids of the organisation, that a response holds: plain or in a global id."""
    texts = set(_texts(response))
    found = {TAG.lower() for text in texts if TAG.lower() in text.lower()}
    for text in texts:
        found |= known & set(re.findall(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", text))
        try:
            found |= known & {GlobalId.parse(text).key}
        except MalformedGlobalIdError:
            continue
    return found


def _texts(value: object):
    if isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value
