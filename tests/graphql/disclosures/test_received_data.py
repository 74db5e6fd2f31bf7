"""The API shows where a vendor's calls come in, what it may send, and what it sent of whom, to those who may see it."""

from __future__ import annotations

import pytest

from tests.builders import access_for, make_member, make_organisation
from tests.connecting import Connections
from tests.fakes.calling_vendor import KEY, SECRET, calling_vendor
from tests.fakes.recorder import recorder
from tests.graphql.calls import gid, make_api
from tests.tenants.inbound.vendor_calls import fields
from wardship.core.actor import Role, vendor_actor
from wardship.plugins.api import Field
from wardship.plugins.host.registry import Registry
from wardship.tenants.grants.granting import Grantable
from wardship.tenants.installation_lifecycle.lifecycle import uninstall
from wardship.tenants.installations.records import read_places
from wardship.tenants.received.records import ReceivedKind
from wardship.tenants.received.storing import Told, keep_received

pytestmark = pytest.mark.anyio

INSTALLATIONS = """{ installations { edges { node { name inboundUrl declaration { provides {
    category categoryLabel purpose purposeLabel fields isSpecial } } } } } }"""
RECEIVED = """query($id: ID!) { node(id: $id) { ... on Member { receivedData { edges { node {
    source kind category categoryLabel purpose purposeLabel name value sentBy { integration } } } } } } }"""
LOOKS = "{ viewer { dataAccesses { edges { node { categories actor { displayName } } } } } }"


@pytest.fixture
def calling():
    return calling_vendor()


@pytest.fixture
def integrations(calling):
    registry = Registry.load()
    registry.register(calling, KEY)
    registry.register(recorder(), "recorder")
    return registry


@pytest.fixture
async def place(services, database, calling):
    organisation = await make_organisation(database)
    adam = await make_member(database, organisation, Role.ORG_ADMIN, name="Adam", email="adam@a.example")
    ann = await make_member(database, organisation, name="Ann", first_name="Ann")
    declared = calling.declared
    grants = [Grantable(each.category, each.purpose) for each in (*declared.receives, *declared.provides)]
    connections = Connections(services, adam)
    installation = await connections.connect(KEY, settings={"webhook_secret": SECRET}, grants=grants)
    async with access_for(services, vendor_actor(organisation.id, installation.id)) as access:
        to = (await read_places(access, [installation.place_id]))[installation.place_id]
        told = [Field.model_validate(each) for each in fields(visits=3, phone="+49 30 1")]
        kept = await keep_received(
            access, installation, to, Told(ann.member_id, ReceivedKind.NEW_DATA, told, access.now)
        )
    assert kept == {"visits", "phone"}
    return organisation, adam, ann, connections, installation


async def test_the_address_for_calls_is_shown_where_there_are_any(services, place):
    _, adam, _, connections, installation = place
    await connections.connect("recorder")
    api = make_api(services)

    url = f"{services.settings.public_url}/integrations/{installation.id}/inbound"
    edges = (await api.data(adam, INSTALLATIONS))["installations"]["edges"]
    assert [edge["node"]["inboundUrl"] for edge in edges] == [url, None]
    assert edges[0]["node"]["declaration"]["provides"][0] == {
        "category": "user.behavior",
        "categoryLabel": "usage",
        "purpose": "analytics",
        "purposeLabel": "measure usage",
        "fields": ["visits", "last_page"],
        "isSpecial": False,
    }
    async with access_for(services, adam) as access:
        await uninstall(access, installation.id)
    edges = (await api.data(adam, INSTALLATIONS))["installations"]["edges"]
    assert [edge["node"]["inboundUrl"] for edge in edges] == [None, None]


async def test_what_was_sent_is_shown_with_its_source_and_who_looked_is_told(services, database, place):
    organisation, adam, ann, _, _ = place
    api, id_ = make_api(services), gid("Member", ann.member_id)
    for who in (ann, adam):
        edges = (await api.data(who, RECEIVED, id=id_))["node"]["receivedData"]["edges"]
        assert [edge["node"] for edge in edges] == [
            {
                "source": "Recorder Ltd",
                "kind": "NEW_DATA",
                "category": category,
                "categoryLabel": label,
                "purpose": purpose,
                "purposeLabel": words,
                "name": name,
                "value": value,
                "sentBy": {"integration": "Recorder"},
            }
            for category, label, purpose, words, name, value in (
                ("user.behavior", "usage", "analytics", "measure usage", "visits", "3"),
                (
                    "user.contact.phone_number",
                    "telephone number",
                    "functional.service",
                    "offer a feature that was asked for",
                    "phone",
                    "+49 30 1",
                ),
            )
        ]
    peer = await make_member(database, organisation, name="Peer")
    answer = await api.data(peer, RECEIVED, id=id_)
    assert (answer["node"] or {}).get("receivedData") is None
    (look,) = (await api.data(ann, LOOKS))["viewer"]["dataAccesses"]["edges"]
    assert look["node"]["categories"] == ["user.behavior", "user.contact.phone_number"]
    assert look["node"]["actor"] == {"displayName": "Adam"}
