"""Adding and importing people; the erased do not come back."""

from __future__ import annotations

import pytest

from tests.builders import access_for, make_member, make_organisation
from wardship.core.accounts.tombstones import lift, suppress
from wardship.core.actor import Role
from wardship.core.errors import InvalidInputError, PermissionDeniedError
from wardship.tenants.members.add import AlreadyMemberError, ImportRow, add_member, import_members
from wardship.tenants.members.insert import NewMember
from wardship.tenants.members.profile import PROFILE_FIELDS
from wardship.tenants.members.ranks import NotBelowYouError
from wardship.tenants.members.tombstones import ErasedAddressError

pytestmark = pytest.mark.anyio


@pytest.fixture
async def place(database):
    organisation = await make_organisation(database, "a")
    adam = await make_member(database, organisation, Role.ORG_ADMIN, email="adam@example.org")
    return organisation, adam


async def _erase_address(services, address, organisation_id):
    async with services.database.directory() as transaction:
        await suppress(
            transaction, services.keys, {"email": [address]}, organisation_id=organisation_id, at=services.clock.now()
        )


async def test_added_member_has_the_role_and_a_pseudonym_of_his_own(services, owner, place):
    _, adam = place
    async with access_for(services, adam) as access:
        new = NewMember("Ann", "ann@example.org", roles=frozenset({Role.AUDITOR}))
        record = await add_member(access, new)
        other = await add_member(access, NewMember("Bob", "bob@example.org"))
    rows = await owner.fetch("select id, pseudonym, account_id from member where id = any($1)", [record.id, other.id])
    assert len({row["pseudonym"] for row in rows}) == 2
    assert all(row["pseudonym"].startswith("Former member ") and row["account_id"] is None for row in rows)
    assert [
        r["role"] for r in await owner.fetch("select role from role_assignment where member_id = $1", record.id)
    ] == ["auditor", "member"]


async def test_same_address_twice_is_refused(services, owner, place):
    _, adam = place
    with pytest.raises(AlreadyMemberError):
        async with access_for(services, adam) as access:
            await add_member(access, NewMember("Adam again", "adam@example.org"))
    assert await owner.fetchval("select count(*) from member") == 1
    assert await owner.fetchval("select count(*) from audit_entry") == 0


async def test_role_not_below_is_refused(services, place):
    _, adam = place
    async with access_for(services, adam) as access:
        with pytest.raises(NotBelowYouError):
            await add_member(access, NewMember("Ann", "ann@example.org", roles=frozenset({Role.ORG_ADMIN})))


async def test_erased_person_is_not_added_until_registered_anew(services, owner, place):
    organisation, adam = place
    await _erase_address(services, "ann@example.org", organisation.id)
    with pytest.raises(ErasedAddressError):
        async with access_for(services, adam) as access:
            await add_member(access, NewMember("Ann", "ann@example.org"))
    assert await owner.fetchval("select count(*) from member") == 1
    async with services.database.directory() as transaction:
        await lift(transaction, services.keys, "ann@example.org", at=services.clock.now())
    async with access_for(services, adam) as access:
        await add_member(access, NewMember("Ann", "ann@example.org"))
    assert await owner.fetchval("select count(*) from member") == 2


async def test_what_another_organisation_erased_is_not_told(services, database, place):
    _, adam = place
    other = await make_organisation(database, "b")
    await _erase_address(services, "ann@example.org", other.id)
    async with access_for(services, adam) as access:
        assert (await add_member(access, NewMember("Ann", "ann@example.org"))).display_name == "Ann"


async def test_import_accepts_and_refuses_row_by_row(services, owner, place):
    organisation, adam = place
    await _erase_address(services, "gone@example.org", organisation.id)
    rows = [
        ImportRow("Ann@Example.org", {"display_name": " Ann ", "job_title": "Nurse"}),
        ImportRow("no address"),
        ImportRow("gone@example.org"),
        ImportRow("adam@example.org"),
        ImportRow("ANN@example.org"),
        ImportRow("bob@example.org", {"salary": "1"}),
        ImportRow("carl@example.org"),
        ImportRow("dora@example.org", {"display_name": "a\x00b"}),
    ]
    async with access_for(services, adam) as access:
        results = await import_members(access, rows)
    assert [result.refusal.code if result.refusal else None for result in results] == [
        None,
        "INVALID_ADDRESS",
        "ADDRESS_ERASED",
        "ALREADY_MEMBER",
        "ALREADY_MEMBER",
        "INVALID_INPUT",
        None,
        "INVALID_INPUT",
    ]
    found = await owner.fetch("select display_name, email, job_title from member order by email")
    assert [tuple(row) for row in found][1:] == [
        ("Ann", "ann@example.org", "Nurse"),
        ("carl", "carl@example.org", ""),
    ]


async def test_every_field_of_a_profile_is_imported(services, owner, place):
    _, adam = place
    profile = {name: "https://example.org/a.png" if name == "picture_url" else "+49 1" for name in PROFILE_FIELDS}
    async with access_for(services, adam) as access:
        await import_members(access, [ImportRow("ann@example.org", profile)])
    row = await owner.fetchrow("select * from member where email = 'ann@example.org'")
    assert {name: row[name] for name in PROFILE_FIELDS} == profile


async def test_import_takes_as_many_statements_for_many_as_for_one(services, place):
    _, adam = place
    statements = []
    for rows in ([ImportRow("one@example.org")], [ImportRow(f"number{n}@example.org") for n in range(500)]):
        async with access_for(services, adam) as access:
            assert all(result.refusal is None for result in await import_members(access, rows))
            statements.append(access.transaction.statements)
    assert statements[0] == statements[1]


async def test_import_has_a_limit_and_needs_the_permission(services, database, place):
    organisation, adam = place
    async with access_for(services, adam) as access:
        with pytest.raises(InvalidInputError):
            await import_members(access, [ImportRow("a@example.org")] * 1001)
    plain = await make_member(database, organisation)
    async with access_for(services, plain) as access:
        with pytest.raises(PermissionDeniedError):
            await import_members(access, [ImportRow("a@example.org")])
