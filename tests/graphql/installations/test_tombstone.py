"""What is left of an integration that was uninstalled, after its package has gone too: evidence, and no secret."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from tests.builders import access_for, make_member, make_organisation
from tests.connecting import Connections
from tests.fakes.recorder import recorder
from tests.graphql.calls import make_api
from wardship.core.actor import Role
from wardship.plugins.host.registry import Registry
from wardship.tenants.installation_lifecycle.lifecycle import uninstall
from wardship.tenants.installation_lifecycle.upgrades import look_after_installations

REMOVED = """{ installations(withRemoved: true) { edges { node { name vendorName version state stateReason removedAt
    declaration { vendorName receives { category purpose fields } }
    places { recipient state leftAt holding owed } settings { name }
    obligations(first: 20) { edges { node { verb state endedAt proof { level } } } }
    disclosures(first: 20) { edges { node { recipient fields purposes state } } } } } } }"""
MINE = """{ myRecipients { edges { node { integration legalName isConnected endedAt endProof holding
    received { name times } } } } myDisclosures { edges { node { recipient fields } } } }"""


async def test_both_see_what_it_received_when_it_ended_and_how_well_that_is_proven(services, database, clock, owner):
    organisation = await make_organisation(database)
    admin = await make_member(database, organisation, Role.ORG_ADMIN, first_name="Olga")
    ada = await make_member(database, organisation, first_name="Ada")
    services.integrations.register(recorder("gone"), "gone")
    connections = Connections(services, admin)
    installation = await connections.connect("gone")
    (mine,) = (await make_api(services).data(ada, MINE))["myRecipients"]["edges"]
    assert (mine["node"]["isConnected"], mine["node"]["endedAt"], mine["node"]["endProof"]) == (True, None, None)
    async with access_for(services, admin) as access:
        await uninstall(access, installation.id)
    (mine,) = (await make_api(services).data(ada, MINE))["myRecipients"]["edges"]
    assert (mine["node"]["isConnected"], mine["node"]["endedAt"], mine["node"]["endProof"]) == (False, None, None)
    await connections.work()
    ended = clock.now()
    clock.advance(timedelta(days=400))
    without = replace(services, integrations=Registry.load(()))
    await look_after_installations(without)

    api = make_api(without)
    (edge,) = (await api.data(admin, REMOVED))["installations"]["edges"]
    seen = edge["node"]
    owed = [(each["node"]["verb"], each["node"]["state"]) for each in seen.pop("obligations")["edges"]]
    everybody = {"SHARE": 2, "ERASE": 2, "ATTEST": 3, "CHECK": 1, "REVOKE": 1}
    assert Counter(owed) == {(verb, "COMPLETED"): count for verb, count in everybody.items()}
    disclosed = [each["node"] for each in seen.pop("disclosures")["edges"]]
    assert len(disclosed) == 2
    assert {each["recipient"] for each in disclosed} == {"Recorder Ltd"}
    (place,) = seen.pop("places")
    assert (place["state"], place["holding"], place["owed"], place["recipient"]) == ("LEFT", 0, 0, "Recorder Ltd")
    assert (seen["state"], seen["removedAt"], seen["stateReason"]) == ("REMOVED", ended.isoformat(), "self_reported")
    assert seen["settings"] == []
    assert seen["declaration"]["receives"][0]["fields"] == ["first_name", "last_name"]

    found = await api.data(ada, MINE)
    (mine,) = found["myRecipients"]["edges"]
    assert mine["node"]["legalName"] == "Recorder Ltd"
    assert (mine["node"]["isConnected"], mine["node"]["holding"]) == (False, None)
    assert (mine["node"]["endedAt"], mine["node"]["endProof"]) == (ended.isoformat(), "SELF_REPORTED")
    assert {"name": "first_name", "times": 1} in mine["node"]["received"]
    assert len(found["myDisclosures"]["edges"]) == 1
    assert await owner.fetchval("select secrets is null and settings = '{}' from installation_place")
