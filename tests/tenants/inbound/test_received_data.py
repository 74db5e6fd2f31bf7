"""What a vendor sends of people is limited, labelled with its source, shown, copied, erased, and gone with the link."""

from __future__ import annotations

import pytest

from tests.builders import access_for, make_member, system_access
from tests.fakes.calling_vendor import SECRET
from tests.tenants.inbound.conftest import everything
from tests.tenants.inbound.vendor_calls import VendorCalls, fields
from wardship.core.actor import Role
from wardship.tenants.erasure.execute import erase_rows
from wardship.tenants.erasure.rewrite import Rewriting
from wardship.tenants.exports.gather import gather
from wardship.tenants.grants.change import withdraw_grant
from wardship.tenants.grants.choices import give_consent, object_to, withdraw_consent
from wardship.tenants.grants.granting import Grantable, UndeclaredGrantError
from wardship.tenants.grants.restrictions import RestrictionCause, restrict_member
from wardship.tenants.installation_lifecycle.lifecycle import uninstall, update_settings
from wardship.tenants.members.identifiers import identifiers_of
from wardship.tenants.members.membership import remove_members
from wardship.tenants.obligations.for_member import bring_in_line
from wardship.tenants.paging import PageRequest
from wardship.tenants.received.records import received_of_members

pytestmark = pytest.mark.anyio
HELD = "select name from received_datum order by name"


async def held(owner) -> list[str]:
    return [row["name"] for row in await owner.fetch(HELD)]


@pytest.fixture
async def known(vendor_calls: VendorCalls, owner) -> VendorCalls:
    """The vendor has sent what Ada did there, and where she lives."""
    assert await vendor_calls.tell("new_data", fields=fields(visits=3, last_page="pricing", city="Bath")) == ["applied"]
    assert await held(owner) == ["city", "last_page", "visits"]
    return vendor_calls


@pytest.mark.usefixtures("known")
async def test_it_is_labelled_with_its_source_and_shown_to_the_person_and_to_who_reads_details(
    services, ada, connections, database, acme
):
    peer = await make_member(database, acme, name="Peer")
    auditor = await make_member(database, acme, Role.PRIVACY_OFFICER, name="Officer")
    for who, expected in ((ada, True), (connections.admin, True), (auditor, True), (peer, False)):
        async with access_for(services, who) as access:
            found = await received_of_members(access, [ada.member_id], PageRequest(10))
        assert (ada.member_id in found) is expected, who.display_name
    async with access_for(services, ada) as access:
        (page,) = (await received_of_members(access, [ada.member_id], PageRequest(10))).values()
    assert [(each.name, each.value, each.source, each.kind) for each in page.items] == [
        ("visits", "3", "Recorder Ltd", "new_data"),
        ("last_page", "pricing", "Recorder Ltd", "new_data"),
        ("city", "Bath", "Recorder Ltd", "new_data"),
    ]


@pytest.mark.usefixtures("known")
async def test_it_is_in_the_persons_copy_with_where_it_came_from(services, ada):
    async with access_for(services, ada) as access:
        sections = await gather(access, ada.member_id, None)
    (section,) = [each for each in sections if each.table == "received_datum"]
    assert {each.source for each in section.origins} == {"from_a_linked_service"}
    assert [(row["name"], row["value"], row["source"]) for row in section.rows] == [
        ("visits", 3, "Recorder Ltd"),
        ("last_page", "pricing", "Recorder Ltd"),
        ("city", "Bath", "Recorder Ltd"),
    ]


async def test_what_is_not_declared_is_not_kept(vendor_calls: VendorCalls, owner):
    undeclared = [{"category": "user.behavior", "name": "mood", "value": "good"}]
    mislabelled = [{"category": "user.contact", "name": "visits", "value": 3}]
    for told in (undeclared, mislabelled):
        assert await vendor_calls.tell("new_data", fields=told) == ["not_allowed"]
    assert await held(owner) == []


async def test_what_is_not_granted_is_not_kept(vendor_calls: VendorCalls, owner, services, connections):
    grant = await owner.fetchval("select id from integration_grant where category = 'user.behavior'")
    async with access_for(services, connections.admin) as access:
        await withdraw_grant(access, grant)
    assert await vendor_calls.tell("new_data", fields=fields(visits=3)) == ["not_allowed"]
    assert await vendor_calls.tell("new_data", fields=fields(city="Bath")) == ["applied"]


async def test_what_an_integration_sends_is_granted_like_what_it_receives_and_nothing_else_is(connections, calling):
    wanted = [Grantable("user.behavior", "analytics")]
    installation = await connections.connect("calling", settings={"webhook_secret": SECRET}, grants=wanted)
    assert installation.state == "active"
    assert Grantable("user.behavior", "analytics") in everything(calling)
    with pytest.raises(UndeclaredGrantError):
        await connections.install(
            "calling", settings={"webhook_secret": SECRET, "account": "b"}, grants=[Grantable("user.behavior", "sales")]
        )


async def test_specially_protected_data_comes_in_on_explicit_consent_only(
    vendor_calls: VendorCalls, owner, services, ada
):
    told = fields(allergies="nuts")
    assert await vendor_calls.tell("new_data", fields=told) == ["not_allowed"]
    async with access_for(services, ada) as access:
        await give_consent(access, "functional.service")
    assert await vendor_calls.tell("new_data", fields=told) == ["not_allowed"]
    async with access_for(services, ada) as access:
        given = await give_consent(access, "functional.service", category="user.health_and_medical")
    assert await vendor_calls.tell("new_data", fields=told) == ["applied"]
    async with access_for(services, ada) as access:
        await withdraw_consent(access, given.id)
    assert await held(owner) == []


async def test_nothing_new_comes_in_of_who_is_restricted_and_what_is_there_stays(
    known, owner, services, connections, ada
):
    async with access_for(services, connections.admin) as access:
        await restrict_member(access, ada.member_id, cause=RestrictionCause.REQUESTED, category="user.contact")
    assert await known.tell("new_data", fields=fields(city="Rome")) == ["not_allowed"]
    assert await owner.fetchval("select value from received_datum where name = 'city'") == '"Bath"'
    assert await known.tell("new_data", fields=fields(visits=4)) == ["applied"]


@pytest.mark.usefixtures("known")
async def test_it_goes_when_the_integration_is_uninstalled(owner, services, connections, installation):
    async with access_for(services, connections.admin) as access:
        await uninstall(access, installation.id)
    assert await held(owner) == []
    assert await owner.fetchval("select count(*) from audit_entry where action = 'received_data.dropped'") == 1


@pytest.mark.usefixtures("known")
async def test_it_goes_when_the_data_goes_to_another_place(owner, services, connections, installation):
    async with access_for(services, connections.admin) as access:
        await update_settings(access, installation.id, {"account": "other", "webhook_secret": SECRET})
    assert await held(owner) == []


@pytest.mark.usefixtures("known")
async def test_it_goes_when_its_grant_is_withdrawn(owner, services, connections):
    grant = await owner.fetchval("select id from integration_grant where category = 'user.behavior'")
    async with access_for(services, connections.admin) as access:
        await withdraw_grant(access, grant)
    assert await held(owner) == ["city"]


async def test_it_goes_when_the_person_objects(known, owner, services, ada, installation):
    async with access_for(services, ada) as access:
        await object_to(access, ada.member_id, purpose="analytics")
    assert await held(owner) == ["city"]
    assert await known.tell("new_data", fields=fields(visits=5)) == ["not_allowed"]
    async with access_for(services, ada) as access:
        await object_to(access, ada.member_id, installation_id=installation.id)
    assert await held(owner) == []


@pytest.mark.usefixtures("known")
async def test_it_goes_with_the_membership(owner, services, connections, ada):
    async with access_for(services, connections.admin) as access:
        await remove_members(access, [ada.member_id])
    assert await held(owner) == []


async def test_it_is_erased_with_the_person_also_where_it_is_about_somebody_else(
    known, owner, services, acme, ada, connections, database
):
    bob = await make_member(database, acme, name="Bob", email="bob@example.org", first_name="Bob")
    async with access_for(services, connections.admin) as access:
        await bring_in_line(access, [bob.member_id])
    await connections.work()
    sql = "select subject_ref from subject_link where member_id = $1"
    subject = {"id": await owner.fetchval(sql, bob.member_id)}
    told = fields(last_page="/people/Ada Lovelace, ada@example.org")
    assert await known.tell("new_data", subject=subject, fields=told) == ["applied"]
    async with system_access(services, acme) as access:
        rewriting = Rewriting(access, await identifiers_of(access, ada.member_id), "Pseudonym 7")
        await erase_rows(access, ada.member_id, rewriting)
    (left,) = await owner.fetch("select member_id, value from received_datum")
    assert left["member_id"] == bob.member_id
    assert "Ada" not in left["value"]
    assert "ada@" not in left["value"]
    assert await owner.fetchval("select count(*) from inbound_order where member_id = $1", ada.member_id) == 0
    await owner.execute("update member set state = 'erased' where id = $1", ada.member_id)
    assert await known.tell("new_data", fields=fields(visits=9)) == ["unknown_subject"]
    assert await owner.fetchval("select count(*) from received_datum where member_id = $1", ada.member_id) == 0
