"""People are found by what others type of them, and by nothing that the caller may not see."""

from __future__ import annotations

import pytest

from tests.builders import access_for, make_group, make_member, make_organisation
from wardship.core.actor import Role
from wardship.core.errors import InvalidInputError
from wardship.tenants.members.read import MemberFilter, MemberOrder, count_members, list_members
from wardship.tenants.members.records import MemberState
from wardship.tenants.members.search import checked_search
from wardship.tenants.members.visibility import visible_members
from wardship.tenants.paging import PageRequest

pytestmark = pytest.mark.anyio


@pytest.fixture
async def organisation(database):
    return await make_organisation(database, "a")


@pytest.fixture
async def olga(database, organisation):
    return await make_member(database, organisation, Role.ORG_OWNER, name="Olga Owner")


async def _found(access, sought, **more):
    reach, wanted = visible_members(access), MemberFilter(search=checked_search(sought), **more)
    found, after = [], None
    while True:
        page = await list_members(reach, wanted, PageRequest(1, after), order=MemberOrder.NAME)
        found += page.items
        if not page.has_next:
            break
        after = page.items[-1].found_at, page.items[-1].id
    assert await count_members(reach, wanted) == len(found)
    return [member.display_name for member in found]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Anna Müller", "MÜL"),
        ("Anna Müller", "muller"),
        ("Anna Müller", "anna mu"),
        ("Jörg Groß", "GROSS"),
        ("Jörg GROẞ", "groß"),
        ("İpek Işık", "ipek"),
        ("İpek Işık", "ISIK"),
        ("ipek ışık", "İPEK IŞ"),
        ("Οδυσσέας Παπαδόπουλος", "ΠΑΠΑΔΟΠΟΥΛΟΣ"),
        ("ΟΔΥΣΣΕΥΣ", "οδυσσευς"),
        ("Борис Ёлкин", "ёлк"),
        ("Zoe\u0308 Ångström", "zoë an"),
        ("山田 太郎", "太"),
        ("김민준", "김민"),
        ("عَلِيّ رضا", "علي"),
        ("علی کریمی", "علي كر"),
        ("ﾀﾛｳ", "タロウ"),
        ("Seán O’Brien", "o'b"),
        ("Ana López-Núñez", "lopez\u2011n"),
        ('Bob "The" 100%_\\', "100%_\\"),
    ],
)
async def test_name_is_found_in_any_case_and_script(services, database, organisation, olga, name, typed):
    await make_member(database, organisation, name=name)
    await make_member(database, organisation, name="Somebody Else")
    async with access_for(services, olga, read_only=True) as access:
        assert len(await _found(access, typed)) == 1


async def test_nobody_is_found_twice_and_all_states_are_one_list(services, database, organisation, olga, owner):
    for name in ("Anders", "Anna Anders", "Bert Andersen", "Cleo Bo", "Anton"):
        person = await make_member(database, organisation, name=name)
    await owner.execute("update member set state = 'deactivated' where id = $1", person.member_id)
    async with access_for(services, olga, read_only=True) as access:
        found = ["Anders", "Bert Andersen", "Anna Anders", "Anton"]
        assert await _found(access, "AN") == found
        assert await _found(access, "an", states=frozenset({MemberState.DEACTIVATED})) == ["Anton"]
        assert await _found(access, "%") == []
        with pytest.raises(InvalidInputError):
            await list_members(visible_members(access), MemberFilter(search="an"), PageRequest())


async def test_address_is_found_from_its_beginning(services, database, organisation, olga):
    ann = await make_member(database, organisation, name="Ann")
    async with access_for(services, olga, read_only=True) as access:
        assert await _found(access, ann.email.upper()) == ["Ann"]
        assert await _found(access, ann.email.partition("@")[0] + "@") == ["Ann"]
        assert await _found(access, "@") == []


async def test_pasted_id_finds_the_member_in_every_state(services, database, organisation, olga, owner):
    ann = await make_member(database, organisation, name="Ann")
    await make_member(database, organisation, name="Bob")
    await owner.execute("update member set state = 'removed' where id = $1", ann.member_id)
    async with access_for(services, olga, read_only=True) as access:
        page = await list_members(visible_members(access), MemberFilter(member_id=ann.member_id), PageRequest())
        assert [member.display_name for member in page.items] == ["Ann"]


async def test_address_that_one_may_not_see_finds_nobody(services, database, organisation):
    ann, bob = [await make_member(database, organisation, name=name) for name in ("Ann", "Bob")]
    eve = await make_member(database, organisation, name="Eve")
    await make_group(database, organisation, "Team", ann, bob)
    async with access_for(services, ann, read_only=True) as access:
        assert await _found(access, "bo") == ["Bob"]
        assert await _found(access, bob.email) == []
        assert await _found(access, "ev") == []
        page = await list_members(visible_members(access), MemberFilter(member_id=eve.member_id), PageRequest())
        assert page.items == []


async def test_concealed_name_is_not_sought_but_the_address_is(services, database, organisation, olga, owner):
    ann = await make_member(database, organisation, name="Ann Hidden")
    await owner.execute("update member set concealed_at = now() where id = $1", ann.member_id)
    async with access_for(services, olga, read_only=True) as access:
        assert await _found(access, "ann") == await _found(access, "hidden") == []
        assert await _found(access, ann.email) == [ann.email]


async def test_erased_name_is_not_found(services, database, organisation, olga, owner):
    ann = await make_member(database, organisation, name="Ann Former")
    await owner.execute("update member set display_name = pseudonym where id = $1", ann.member_id)
    async with access_for(services, olga, read_only=True) as access:
        assert await _found(access, "ann") == await _found(access, "form") == []


def test_search_longer_than_any_address_is_refused():
    with pytest.raises(InvalidInputError):
        checked_search("x" * 321)
    assert checked_search(" Zoe\u0308 ") == "Zoë"
