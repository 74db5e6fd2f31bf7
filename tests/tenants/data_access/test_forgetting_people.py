"""Whom a record of access was about goes with the record, whichever way that goes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import pytest

from tests.builders import Organisation, Person, access_for, make_member, make_organisation
from wardship.core.database.scope import Scope
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Services
from wardship.tenants.data_access.record import record_access

pytestmark = pytest.mark.anyio


@dataclass(frozen=True)
class Place:
    """An organisation in which ann and bob were looked at twice, by adam."""

    organisation: Organisation
    adam: Person
    seen: Sequence[Person]


async def _make_place(services: Services) -> Place:
    organisation = await make_organisation(services.database)
    adam, *seen = [await make_member(services.database, organisation) for _ in range(3)]
    for category in ("user.name", "user.job_title"):
        async with access_for(services, adam) as access:
            record_access(access, {person.member_id: {category} for person in seen})
    return Place(organisation, adam, seen)


@pytest.fixture
async def two(services):
    return [await _make_place(services) for _ in range(2)]


async def _people(owner: asyncpg.Connection, organisation: Organisation) -> Collection[tuple[UUID, UUID]]:
    sql = "select id, member_id from data_access_person where organisation_id = $1"
    return {(row["id"], row["member_id"]) for row in await owner.fetch(sql, organisation.id)}


async def _looks(owner: asyncpg.Connection, organisation: Organisation) -> list[UUID]:
    rows = await owner.fetch("select id from data_access where organisation_id = $1 order by id", organisation.id)
    return [row["id"] for row in rows]


@pytest.mark.parametrize(
    ("tenant", "directory"), [(None, True), ("gone", False), ("gone", True), ("other", False), ("other", True)]
)
async def test_people_go_with_their_organisation(services, owner, two, tenant, directory):
    gone, other = (place.organisation for place in two)
    before = await _people(owner, other)
    assert (len(before), len(await _people(owner, gone))) == (4, 4)
    scope = Scope({"gone": gone.id, "other": other.id}.get(tenant), directory=directory)
    async with services.database.transaction(scope) as transaction:
        deleted = await transaction.execute("delete from organisation where id = $1", gone.id)
    assert deleted == (0 if scope == Scope(other.id) else 1)
    left = (len(await _looks(owner, gone)), len(await _people(owner, gone)))
    assert left == ((0, 0) if deleted else (2, 4))
    assert (len(await _looks(owner, other)), await _people(owner, other)) == (2, before)


async def test_people_go_with_their_organisation_when_a_superuser_deletes_it(owner, two):
    await owner.execute("delete from organisation where id = $1", two[0].organisation.id)
    assert await _people(owner, two[0].organisation) == set()
    assert len(await _people(owner, two[1].organisation)) == 4


async def test_people_go_with_the_one_record_of_their_own_organisation_that_is_deleted(services, owner, two):
    one, other = (place.organisation for place in two)
    first, second = await _looks(owner, one)
    # A record of the other organisation that happens to have the same identifier is another one.
    await owner.execute("insert into data_access_person values ($1, $2, $3)", other.id, uuid7(), first)
    before = await _people(owner, other)
    async with services.database.tenant(one.id) as transaction:
        assert await transaction.execute("delete from data_access where id = $1", first) == 1
    assert await _people(owner, one) == {(second, person.member_id) for person in two[0].seen}
    assert await _people(owner, other) == before


async def test_records_of_others_are_not_deleted_nor_their_people(services, owner, two):
    one, other = (place.organisation for place in two)
    before = await _people(owner, other)
    async with services.database.tenant(one.id) as transaction:
        assert await transaction.execute("delete from data_access where organisation_id = $1", other.id) == 0
        assert await transaction.execute("delete from data_access_person where organisation_id = $1", other.id) == 0
    assert await _people(owner, other) == before


async def test_the_owner_of_the_tables_sees_whom_it_may_delete_and_can_change_nothing(owner, two):
    everybody = [await _people(owner, place.organisation) for place in two]
    await owner.execute("set role wardship_owner")
    assert [await _people(owner, place.organisation) for place in two] == everybody
    assert await owner.fetchval("select count(*) from data_access") == 0
    assert await owner.execute("update data_access_person set member_id = id") == "UPDATE 0"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await owner.execute("insert into data_access_person select organisation_id, id, id from data_access_person")
