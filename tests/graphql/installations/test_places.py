"""Where an installation's data went: seen by those who see the installation, and by whose data it is."""

from __future__ import annotations

import pytest
from pydantic import HttpUrl

from tests.builders import access_for, make_member, make_organisation
from tests.connecting import Connections
from tests.fakes.recorder import recorder
from tests.graphql.calls import make_api
from wardship.core.actor import Role
from wardship.plugins.api import Safeguard, Settings, TemporarilyUnavailable, Transfer, Verb
from wardship.tenants.installation_lifecycle.lifecycle import uninstall, update_settings

PLACES = "{ installations { edges { node { places { recipient state holding owed leavingAt leftAt } } } } }"
OWED = "{ obligations(first: 50) { edges { node { verb state recipient } } } }"
MINE = """{ viewer { member { holdings { edges { node { recipient } } } } }
    myDisclosures { edges { node { recipient } } } }"""


COUNTRIES = "{ installations(withRemoved: true) { edges { node { state countries declaration { countries } } } } }"


class ServerSettings(Settings):
    server_url: HttpUrl


def _unavailable(_):
    raise TemporarilyUnavailable("down")


@pytest.fixture
async def moved(services, database):
    """An installation that moved while its old server is down; the administrator and a member."""
    organisation = await make_organisation(database)
    admin = await make_member(database, organisation, Role.ORG_ADMIN, first_name="Olga")
    ada = await make_member(database, organisation, first_name="Ada")
    made = recorder("moving", settings=ServerSettings, host_settings=("server_url",))
    services.integrations.register(made, "moving")
    connections = Connections(services, admin)
    installation = await connections.connect("moving", settings={"server_url": "https://one.example.org"})
    made.always[Verb.ERASE] = _unavailable
    async with access_for(services, admin) as access:
        await update_settings(access, installation.id, {"server_url": "https://two.example.org"})
    await connections.work()
    return admin, ada


async def test_an_administrator_sees_what_is_held_and_owed_at_each_place(services, moved):
    admin, _ = moved
    api = make_api(services)
    (edge,) = (await api.data(admin, PLACES))["installations"]["edges"]
    one, two = edge["node"]["places"]
    assert one.pop("leavingAt") is not None
    assert one == {
        "recipient": "Recorder Ltd (one.example.org)", "state": "LEAVING", "holding": 2, "owed": 3, "leftAt": None,
    }  # fmt: skip
    assert two == {
        "recipient": "Recorder Ltd (two.example.org)", "state": "CURRENT", "holding": 2, "owed": 0, "leavingAt": None,
        "leftAt": None,
    }  # fmt: skip
    owed = [edge["node"] for edge in (await api.data(admin, OWED))["obligations"]["edges"]]
    assert {each["recipient"] for each in owed if each["verb"] == "ERASE"} == {"Recorder Ltd (one.example.org)"}


async def test_a_member_sees_every_server_that_holds_data_and_received_some(services, moved):
    _, ada = moved
    found = await make_api(services).data(ada, MINE)
    both = ["Recorder Ltd (one.example.org)", "Recorder Ltd (two.example.org)"]
    assert [edge["node"]["recipient"] for edge in found["viewer"]["member"]["holdings"]["edges"]] == both
    assert [edge["node"]["recipient"] for edge in found["myDisclosures"]["edges"]] == both


class StatedSettings(Settings):
    server_country: str


async def test_countries_are_those_declared_and_the_one_filled_in(services, database):
    organisation = await make_organisation(database)
    admin = await make_member(database, organisation, Role.ORG_ADMIN)
    transfer = Transfer(countries=("FR",), country_setting="server_country", safeguard=Safeguard.NONE_NEEDED)
    made = recorder("stated", settings=StatedSettings, transfer=transfer)
    services.integrations.register(made, "stated")
    connections = Connections(services, admin)
    installation = await connections.connect("stated", settings={"server_country": "DE"})
    api = make_api(services)
    (edge,) = (await api.data(admin, COUNTRIES))["installations"]["edges"]
    assert edge["node"] == {"state": "ACTIVE", "countries": ["DE", "FR"], "declaration": {"countries": ["FR"]}}
    async with access_for(services, admin) as access:
        await uninstall(access, installation.id)
    await connections.work()
    (edge,) = (await api.data(admin, COUNTRIES))["installations"]["edges"]
    assert edge["node"] == {"state": "REMOVED", "countries": ["FR"], "declaration": {"countries": ["FR"]}}
