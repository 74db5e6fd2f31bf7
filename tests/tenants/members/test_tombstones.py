"""What an erased person was known by brings nobody back, in no spelling, unless somebody says that it is another's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders import access_for, make_group, make_member, make_organisation, system_access
from wardship.core.accounts.tombstones import lift, suppress
from wardship.core.actor import Role
from wardship.tenants.fulfilment.erase import erase_member
from wardship.tenants.invitations.accept import accept_invitation
from wardship.tenants.invitations.invite import invite_member, token_digest
from wardship.tenants.members.add import ImportRow, add_member, import_members
from wardship.tenants.members.insert import NewMember
from wardship.tenants.members.profile import update_member, update_own_profile
from wardship.tenants.members.read import members_by_ids
from wardship.tenants.members.tombstones import ErasedAddressError, ErasedIdentifierError, Reassignable
from wardship.tenants.members.visibility import visible_members

pytestmark = pytest.mark.anyio
PHONE = "+49 30 901820"


@pytest.fixture
async def place(database, services):
    """An organisation that has erased Zoe, its admin, and Bob."""
    organisation = await make_organisation(database, "a")
    adam = await make_member(database, organisation, Role.ORG_ADMIN, email="adam@example.org")
    bob = await make_member(database, organisation, name="Bob", email="bob@example.org")
    known = {"phone": PHONE, "username": "@Zo\u00eb_Ray"}
    zoe = await make_member(database, organisation, name="Zoe Ray", email="zoe@example.org", **known)
    async with system_access(services, organisation) as access:
        await erase_member(access, zoe.member_id)
    return organisation, adam, bob


async def imported(services, person, profile, email="new@example.org", reassigned=()):
    async with access_for(services, person) as access:
        rows = [ImportRow(email, profile, frozenset(reassigned)), ImportRow("bob@example.org")]
        result, other = await import_members(access, rows)
    assert other.refusal is None or other.refusal.code == "ALREADY_MEMBER", "a row that is refused stops no other"
    return result


async def people(owner):
    return await owner.fetchval("select count(*) from member where state = 'active'")


@pytest.mark.parametrize("phone", [PHONE, "0049 30 901820", "030 901820", "+49 (30) 90-18-20", "+4930901820"])
async def test_telephone_number_brings_nobody_back_in_any_spelling(services, owner, place, phone):
    _, adam, bob = place
    result = await imported(services, adam, {"phone": phone})
    assert (result.refusal.code, result.refusal.path) == ("IDENTIFIER_ERASED", ("phone",))
    assert await people(owner) == 2
    for act in (
        lambda access: add_member(access, NewMember("Zoe", "new@example.org", profile={"phone": phone})),
        lambda access: update_member(access, bob.member_id, {"phone": phone}),
    ):
        with pytest.raises(ErasedIdentifierError):
            async with access_for(services, adam) as access:
                await act(access)
    assert await people(owner) == 2
    assert await owner.fetchval("select phone from member where id = $1", bob.member_id) == ""


@pytest.mark.parametrize("username", ["zo\u00eb_ray", "@ZO\u00cb_RAY", "Zoe\u0308_Ray"])
async def test_username_brings_nobody_back_in_any_letter_case(services, owner, place, username):
    _, adam, bob = place
    result = await imported(services, adam, {"username": username})
    assert (result.refusal.code, result.refusal.path) == ("IDENTIFIER_ERASED", ("username",))
    with pytest.raises(ErasedIdentifierError):
        async with access_for(services, adam) as access:
            await update_member(access, bob.member_id, {"username": username})
    assert await people(owner) == 2


async def test_sub_address_of_an_erased_mailbox_is_neither_imported_nor_invited(services, owner, place):
    _, adam, _ = place
    result = await imported(services, adam, {}, "zoe+news@example.org")
    assert (result.refusal.code, result.refusal.path) == ("IDENTIFIER_ERASED", ("email",))
    with pytest.raises(ErasedIdentifierError):
        async with access_for(services, adam) as access:
            await invite_member(access, "Zoe+Work@example.org")
    assert await owner.fetchval("select count(*) from invitation") == 0
    async with access_for(services, adam) as access:
        await invite_member(access, "zoe+work@example.org", reassigned=[Reassignable.EMAIL])
    async with services.database.directory() as transaction:
        await lift(transaction, services.keys, "zoe+news@example.org", at=services.clock.now())
    assert (await imported(services, adam, {}, "zoe+news@example.org")).member_id is not None


async def test_the_very_address_is_freed_by_its_owner_alone(services, place):
    _, adam, _ = place
    everything = [*Reassignable]
    result = await imported(services, adam, {}, "ZOE@Example.org", everything)
    assert result.refusal.code == "ADDRESS_ERASED"
    with pytest.raises(ErasedAddressError):
        async with access_for(services, adam) as access:
            await invite_member(access, "zoe@example.org", reassigned=everything)


async def test_what_is_said_to_be_anothers_now_is_entered_and_noted(services, owner, place):
    _, adam, bob = place
    profile = {"phone": PHONE, "username": "zo\u00eb_ray"}
    half = await imported(services, adam, profile, reassigned=[Reassignable.PHONE])
    assert half.refusal.path == ("username",)
    both = [Reassignable.PHONE, Reassignable.USERNAME]
    async with access_for(services, adam) as access:
        (result,) = await import_members(access, [ImportRow("new@example.org", profile, frozenset(both))])
    assert result.member_id is not None
    async with access_for(services, adam) as access:
        await update_member(access, bob.member_id, {"phone": "030 901820"}, reassigned=[Reassignable.PHONE])
        await update_member(access, bob.member_id, {"phone": "030 901820", "job_title": "Nurse"})
    noted = await owner.fetch(
        "select entry::jsonb -> 'details' ->> 'kinds' from audit_entry"
        " where action = 'member.identifier_reassigned' order by sequence"
    )
    assert [row[0] for row in noted] == ['["phone", "username"]', '["phone"]']


async def test_open_invitation_to_a_sub_address_ends_with_an_erasure(services, database, owner, place):
    organisation, adam, _ = place
    yan = await make_member(database, organisation, name="Yan", email="yan@example.org")
    async with access_for(services, adam) as access:
        await invite_member(access, "yan+work@example.org")
        await invite_member(access, "yannick@example.org")
    async with system_access(services, organisation) as access:
        await erase_member(access, yan.member_id)
    open_ones = await owner.fetch("select email from invitation where revoked_at is null")
    assert [row["email"] for row in open_ones] == ["yannick@example.org"]


async def test_person_enters_the_own_number_unasked(services, owner, place):
    _, _, bob = place
    async with access_for(services, bob) as access:
        await update_own_profile(access, {"phone": PHONE})
    assert await owner.fetchval("select phone from member where id = $1", bob.member_id) == PHONE


async def test_tombstones_from_before_hold_what_was_typed_then(services, place, owner):
    organisation, adam, _ = place
    await owner.execute("delete from tombstone")
    old = {"phone": ["+49 30 901820", "089 1234567"], "username": ["Zo\u00eb_Ray"]}
    async with services.database.directory() as transaction:
        await suppress(transaction, services.keys, old, organisation_id=organisation.id, at=services.clock.now())
    for profile in ({"phone": "0049 30 901820"}, {"phone": "089 1234567"}, {"username": "Zo\u00eb_Ray"}):
        async with access_for(services, adam) as access:
            (result,) = await import_members(access, [ImportRow("new@example.org", profile)])
        assert result.refusal.code == "IDENTIFIER_ERASED", profile


async def test_number_that_colleagues_share_gets_no_tombstone(services, database, owner):
    organisation = await make_organisation(database, "b")
    adam = await make_member(database, organisation, Role.ORG_ADMIN, phone="030/901820")
    gone = await make_member(database, organisation, name="Gus Gone", phone=PHONE, username="team")
    await make_member(database, organisation, username="@Team")
    async with system_access(services, organisation) as access:
        await erase_member(access, gone.member_id)
    assert await owner.fetchval("select count(*) from tombstone where kind <> 'email'") == 0
    result = await imported(services, adam, {"phone": PHONE, "username": "team2"})
    assert result.member_id is not None


async def test_what_another_organisation_erased_is_not_told(services, database, place):
    assert place
    other = await make_organisation(database, "c")
    adam = await make_member(database, other, Role.ORG_ADMIN)
    profile = {"phone": PHONE, "username": "zo\u00eb_ray"}
    assert (await imported(services, adam, profile, "zoe+x@example.org")).member_id is not None


async def test_vendors_receive_nobody_who_was_refused(services, connections, recording, admin, database, acme):
    zoe = await make_member(database, acme, name="Zoe Ray", first_name="Zoe", phone=PHONE)
    await connections.connect()
    async with system_access(services, acme) as access:
        await erase_member(access, zoe.member_id)
    await connections.work()
    recording.heard.clear()
    async with access_for(services, admin) as access:
        await import_members(access, [ImportRow("new@example.org", {"first_name": "Zoe", "phone": "030 901820"})])
    await connections.work()
    assert recording.heard == []


async def test_who_registers_again_is_invited_anew_and_sees_nothing_of_before(services, database, owner, place):
    organisation, adam, bob = place
    elsewhere = await make_organisation(database, "elsewhere")
    yan = await make_member(database, elsewhere, name="Yan", email="yan@example.org")
    before = await make_member(database, organisation, name="Yan", email="yan@example.org", account_id=yan.account_id)
    await make_group(database, organisation, "Team", before, bob, contact_visibility="contact_details")
    async with system_access(services, organisation) as access:
        await erase_member(access, before.member_id)
    with pytest.raises(ErasedAddressError):
        async with access_for(services, adam) as access:
            await invite_member(access, "yan@example.org")
    async with services.database.directory() as transaction:
        await lift(transaction, services.keys, "yan@example.org", at=services.clock.now())
    async with access_for(services, adam) as access:
        invitation = await invite_member(access, "yan@example.org")
    await owner.execute("update invitation set token_hash = $1 where id = $2", token_digest("known"), invitation.id)
    joined = await accept_invitation(services, yan.account_id, "known", request_id="test")
    assert joined.member_id != before.member_id
    back = replace(yan.actor(), organisation_id=organisation.id, member_id=joined.member_id)
    async with access_for(services, back, read_only=True) as access:
        assert set(await members_by_ids(visible_members(access), [bob.member_id, before.member_id])) == set()
