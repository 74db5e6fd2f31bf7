"""The data map counts people by category and recipient, and each cell leads to the ledger behind it."""

from __future__ import annotations

import pytest

from tests.builders import make_member, make_organisation
from tests.connecting import Connections
from tests.fakes.recorder import recorder
from tests.graphql.calls import gid, make_api
from wardship.core.actor import Role
from wardship.plugins.host.registry import Registry

pytestmark = pytest.mark.anyio

MAP = "{ dataFlows { category label isSpecial recipient people lastAt installation { id } } }"
REACH = "{ installations { edges { node { id reach { people lastDeliveryAt } } } } }"
CELL = """query($installation: ID!, $category: String!) { node(id: $installation) { ... on Installation {
    disclosures(category: $category) { edges { node { member { id } categories } } } } } }"""


@pytest.fixture
def integrations():
    registry = Registry.load()
    registry.register(recorder(), "recorder")
    return registry


@pytest.fixture
async def place(services, database):
    organisation = await make_organisation(database)
    adam = await make_member(database, organisation, Role.ORG_ADMIN, name="Adam", email="adam@a.example")
    for name in ("Ann", "Bob"):
        await make_member(database, organisation, name=name, first_name=name)
    return organisation, adam, await Connections(services, adam).connect()


async def test_each_cell_counts_people_and_leads_to_its_ledger(services, place):
    _, adam, _ = place
    api = make_api(services)
    flows = (await api.data(adam, MAP))["dataFlows"]
    assert flows
    for flow in flows:
        cell = await api.data(adam, CELL, installation=flow["installation"]["id"], category=flow["category"])
        people = {edge["node"]["member"]["id"] for edge in cell["node"]["disclosures"]["edges"]}
        assert (len(people), flow["isSpecial"], bool(flow["label"])) == (flow["people"], False, True)
    (edge,) = (await api.data(adam, REACH))["installations"]["edges"]
    assert edge["node"]["reach"]["people"] == max(flow["people"] for flow in flows) == 3
    assert edge["node"]["reach"]["lastDeliveryAt"] is not None


async def test_what_was_taken_back_is_not_on_the_map(services, place, owner):
    _, adam, _ = place
    api = make_api(services)
    await owner.execute("update subject_link set state = 'erased'")
    assert (await api.data(adam, MAP))["dataFlows"] == []
    (edge,) = (await api.data(adam, REACH))["installations"]["edges"]
    assert edge["node"]["reach"]["people"] == 0


async def test_cell_of_a_category_that_was_never_sent_is_empty(services, place):
    _, adam, installation = place
    cell = await make_api(services).data(
        adam, CELL, installation=gid("Installation", installation.id), category="user.contact.phone_number"
    )
    assert cell["node"]["disclosures"]["edges"] == []


async def test_member_and_another_organisation_see_nothing_of_it(services, database, place):
    organisation, _, _ = place
    api, member = make_api(services), await make_member(database, organisation)
    assert (await api.call(member, MAP))["errors"][0]["extensions"]["code"] == "PERMISSION_DENIED"
    stranger = await make_member(database, await make_organisation(database), Role.ORG_OWNER)
    assert (await api.data(stranger, MAP))["dataFlows"] == []
    assert (await api.data(stranger, REACH))["installations"]["edges"] == []
