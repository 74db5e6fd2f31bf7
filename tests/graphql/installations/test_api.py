"""An administrator's and a member's way through the API, and what it costs in statements."""

from __future__ import annotations

import pytest

from tests.builders import Organisation, make_member, make_organisation
from tests.connecting import Connections
from tests.fakes.recorder import recorder
from tests.graphql.calls import make_api
from tests.installed import installed_integrations
from wardship.core.actor import Role
from wardship.core.database.engine import Transaction

OFFERED = """{ availableIntegrations { key failure settings { name }
    declaration { digest text receives { category purpose } } } }"""
INSTALL = """mutation($input: InstallIntegrationInput!) { installIntegration(input: $input) {
    installation { id state grants { id category } } errors { __typename code path } } }"""
INSTALLATIONS = """{ installations { edges { node { id name state stateReason grants { category }
    obligations(first: 5) { edges { node { verb state outcome { code } member { displayName }
        task { instructions } } } }
    disclosures(first: 5) { edges { node { recipient fields state member { displayName } } } } } } } }"""


@pytest.fixture
def recording():
    return recorder()


@pytest.fixture
def integrations(recording):
    registry = installed_integrations()
    registry.register(recording, "recorder")
    registry.register(object(), "broken")
    return registry


@pytest.fixture
async def olga(database):
    return await make_member(database, await make_organisation(database), Role.ORG_ADMIN, name="Olga")


@pytest.fixture
def api(services):
    return make_api(services)


async def install(api, olga, **changes):
    offered = (await api.data(olga, OFFERED))["availableIntegrations"]
    declaration = next(item["declaration"] for item in offered if item["key"] == "recorder")
    values = {
        "integration": "recorder",
        "declarationDigest": declaration["digest"],
        "grants": declaration["receives"],
    }
    return (await api.data(olga, INSTALL, input=values | changes))["installIntegration"]


@pytest.mark.usefixtures("recording")
async def test_an_administrator_reads_installs_and_sees_what_flowed(api, services, olga):
    offered = {item["key"]: item for item in (await api.data(olga, OFFERED))["availableIntegrations"]}
    assert offered["broken"]["failure"] == "the plugin does not implement wardship_receives; mark it with @hookimpl"
    assert "E-mail address and telephone number of members" in offered["recorder"]["declaration"]["text"]

    installed = await install(api, olga)
    assert (installed["errors"], installed["installation"]["state"]) == ([], "INSTALLED")
    await Connections(services, olga).work()
    (edge,) = (await api.data(olga, INSTALLATIONS))["installations"]["edges"]
    node = edge["node"]
    assert (node["name"], node["state"], node["stateReason"]) == ("Recorder", "ACTIVE", "")
    assert [item["node"]["verb"] for item in node["obligations"]["edges"]] == ["CHECK", "SHARE"]
    assert node["disclosures"]["edges"] == [
        {
            "node": {
                "recipient": "Recorder Ltd",
                "fields": ["email"],
                "state": "DELIVERED",
                "member": {"displayName": "Olga"},
            }
        }
    ]


async def test_a_refusal_is_typed_and_changes_nothing(api, olga, owner):
    refused = await install(api, olga, declarationDigest="00" * 32)
    assert refused["installation"] is None
    assert refused["errors"] == [
        {"__typename": "StaleDeclarationError", "code": "STALE_DECLARATION", "path": ["declarationDigest"]}
    ]
    undeclared = await install(api, olga, grants=[{"category": "user.payment", "purpose": "marketing"}])
    assert undeclared["errors"][0]["code"] == "UNDECLARED_GRANT"
    twice = [{"name": "a", "value": "1"}, {"name": "a", "value": "2"}]
    assert (await install(api, olga, settings=twice))["errors"][0]["code"] == "INVALID_INPUT"
    assert await owner.fetchval("select count(*) from installation") == 0


async def test_a_member_sees_and_stops_what_is_shared(api, services, database, olga, recording):
    ann = await make_member(database, Organisation(olga.organisation_id, "", ""), name="Ann", first_name="Ann")
    await install(api, olga)
    connections = Connections(services, olga)
    await connections.work()
    mine = "{ myDisclosures { edges { node { recipient fields purposes } } } }"
    (edge,) = (await api.data(ann, mine))["myDisclosures"]["edges"]
    assert edge["node"]["fields"] == ["first_name", "email"]

    made = await api.data(ann, "mutation { object(input: {}) { objection { purpose withdrawnAt } errors { code } } }")
    assert made["object"] == {"objection": {"purpose": "", "withdrawnAt": None}, "errors": []}
    await connections.work()
    assert "Ann" not in {record.text("first_name") for record in recording.held.values()}


@pytest.mark.usefixtures("database")
async def test_a_page_of_installations_costs_one_statement_for_each_relation(api, services, olga, monkeypatch):
    services.integrations.register(recorder("second"), "second")
    await install(api, olga)
    await Connections(services, olga).connect("second")
    counted = []
    leave = Transaction.__aexit__

    async def count(self, *arguments):
        counted.append(self.statements)
        return await leave(self, *arguments)

    monkeypatch.setattr(Transaction, "__aexit__", count)
    answer = await api.data(olga, INSTALLATIONS)

    assert len(answer["installations"]["edges"]) == 2
    # installations, grants, obligations with member and task, disclosures with member; then who was looked at
    assert counted[0] <= 7
