"""An objection to a purpose reaches the vendor as such, or a person who tells it (contract 2)."""

from __future__ import annotations

import pytest

from tests.builders import access_for
from tests.fakes.recorder import RECEIVES, recorder
from wardship.plugins.api import Cause, Receives, Verb
from wardship.tenants.grants.choices import object_to, withdraw_objection

SERVICE = "functional.service"


def plugin_of(services, key="objecting", *, contract=2, objects=True, receives=RECEIVES):
    made = recorder(key, contract=contract, supports={"object": objects}, receives=receives)
    services.integrations.register(made, key)
    return made


def restrictions(plugin):
    return [
        (call.argument.active, call.argument.purpose, call.argument.record, call.cause)
        for call in plugin.heard
        if call.verb is Verb.RESTRICT
    ]


@pytest.fixture
async def objecting(services, connections, ada):  # noqa: ARG001 - somebody has to be there
    plugin = plugin_of(services)
    await connections.connect("objecting")
    plugin.heard.clear()
    return plugin


async def test_an_objection_is_told_and_the_rest_stays(services, connections, objecting, ada):
    async with access_for(services, ada) as access:
        await object_to(access, ada.member_id, purpose=SERVICE)
    await connections.work()

    assert objecting.verbs() == ["restrict", "share"]
    assert restrictions(objecting) == [(True, SERVICE, None, Cause.OBJECTION)]
    assert objecting.received_fields()[-1] == {"email", "phone"}


async def test_an_objection_that_is_withdrawn_is_told_before_the_data_comes_back(services, connections, objecting, ada):
    async with access_for(services, ada) as access:
        objection = await object_to(access, ada.member_id, purpose=SERVICE)
    await connections.work()
    objecting.heard.clear()
    async with access_for(services, ada) as access:
        await withdraw_objection(access, objection.id)
    await connections.work()

    assert objecting.verbs() == ["restrict", "share"]
    assert restrictions(objecting) == [(False, SERVICE, None, None)]
    assert objecting.received_fields()[-1] == {"first_name", "last_name", "email", "phone"}


async def test_what_another_objection_covers_stays_objected(services, connections, objecting, ada, owner):
    installation_id = await owner.fetchval("select id from installation")
    async with access_for(services, ada) as access:
        await object_to(access, ada.member_id, purpose=SERVICE, installation_id=installation_id)
        objection = await object_to(access, ada.member_id, purpose=SERVICE)
    await connections.work()
    objecting.heard.clear()
    async with access_for(services, ada) as access:
        await withdraw_objection(access, objection.id)
    await connections.work()

    assert restrictions(objecting) == []


async def test_an_objection_to_everything_is_told_before_all_is_erased(services, connections, objecting, ada):
    async with access_for(services, ada) as access:
        await object_to(access, ada.member_id)
    await connections.work()

    assert objecting.verbs() == ["restrict", "restrict", "erase", "attest"]
    assert {purpose for _, purpose, _, _ in restrictions(objecting)} == {entry.purpose for entry in RECEIVES}


async def test_an_objection_while_the_vendor_is_away_is_told_first_when_it_is_back(
    services, connections, objecting, ada
):
    objecting.told[Verb.RESTRICT] = [lambda _: 1 / 0]
    async with access_for(services, ada) as access:
        await object_to(access, ada.member_id)
    await connections.work()
    assert "erase" not in objecting.verbs()

    await connections.pass_time(hours=1)
    assert objecting.verbs()[-2:] == ["erase", "attest"]


async def test_under_contract_1_nothing_but_the_record_changes(services, connections, ada):
    plugin = plugin_of(services, "first", contract=1)
    await connections.connect("first")
    plugin.heard.clear()
    async with access_for(services, ada) as access:
        await object_to(access, ada.member_id, purpose=SERVICE)
    await connections.work()

    assert plugin.verbs() == ["share"]


async def test_a_vendor_that_takes_no_objection_gets_a_smaller_record(services, connections, ada, owner):
    plugin = plugin_of(services, objects=False)
    await connections.connect("objecting")
    plugin.heard.clear()
    async with access_for(services, ada) as access:
        await object_to(access, ada.member_id, purpose=SERVICE)
    await connections.work()

    assert plugin.verbs() == ["share"]
    assert await owner.fetchval("select count(*) from manual_task") == 0


async def test_who_is_not_known_to_the_vendor_is_not_told_of(services, connections, objecting, ada):
    async with access_for(services, ada) as access:
        await object_to(access, ada.member_id)
    await connections.work()
    objecting.heard.clear()
    async with access_for(services, ada) as access:
        await object_to(access, ada.member_id, purpose=SERVICE)
    await connections.work()

    assert objecting.verbs() == []


async def test_where_a_field_stays_for_another_purpose_a_person_tells_the_vendor(services, connections, ada, owner):
    both = (
        RECEIVES[1],
        Receives(
            category="user.contact.email",
            fields=("email",),
            purpose="sales",
            legal_basis="legitimate_interest",
            retention_days=0,
        ),
    )
    plugin = plugin_of(services, objects=False, receives=both)
    await connections.connect("objecting")
    async with access_for(services, ada) as access:
        await object_to(access, ada.member_id, purpose="sales")
    await connections.work()

    task = await owner.fetchval("select instructions from manual_task")
    assert task == (
        "Tell privacy@recorder.example that they must no longer use what they hold of this person in order to sell:"
        " the person has objected."
    )
    assert plugin.received_fields()[-1] == {"email", "phone"}
