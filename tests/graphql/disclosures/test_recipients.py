"""A person knows who has or may receive own data, and names a recipient in a choice, member still or not."""

from __future__ import annotations

import pytest

from tests.builders import NOW, access_for, make_group, make_member, make_organisation
from tests.connecting import Connections
from tests.fakes.recorder import recorder
from tests.graphql.calls import gid, make_api
from tests.installed import installed_integrations
from wardship.core.actor import Role
from wardship.plugins.api import Holder, Receives
from wardship.tenants.installation_lifecycle.lifecycle import uninstall
from wardship.tenants.members.membership import deactivate_member, remove_member

MARKETING = "marketing.communications.email"
RECIPIENTS = """{ myRecipients { edges { node { installationId integration legalName recipient privacyContact countries
    purposes connectedFor isConnected holding heldSince uses { category purpose isShared } } } } }"""
OWN = """{ myDisclosures { edges { node { state disclosedTo { installationId legalName } installation { name }
    member { displayName } } } } myConsents { purpose recipient { legalName }
        withdrawnFor { recipient { integration } } }
    myObjections { purpose recipient { installationId } } }"""


@pytest.fixture
def integrations():
    letters = Receives(
        category="user.contact.email", fields=("email",), purpose=MARKETING, legal_basis="consent", retention_days=0
    )
    registry = installed_integrations()
    registry.register(recorder(), "recorder")
    registry.register(recorder("letters", receives=(letters,)), "letters")
    registry.register(recorder("teamwork"), "teamwork")
    return registry


@pytest.fixture
async def place(services, database):
    """Ann, to whom a recorder and a newsletter belong; a third integration is for a group that she is not in."""
    organisation = await make_organisation(database)
    olga = await make_member(database, organisation, Role.ORG_OWNER, name="Olga")
    ann = await make_member(database, organisation, name="Ann", first_name="Ann")
    team = await make_group(database, organisation, "Team", olga)
    connections = Connections(services, olga)
    installed = {
        "recorder": await connections.connect("recorder"),
        "letters": await connections.connect("letters"),
        "teamwork": await connections.connect("teamwork", holder=Holder.GROUP, group_id=team),
    }
    return connections, olga, ann, installed


def _by_name(data):
    return {edge["node"]["installationId"]: edge["node"] for edge in data["myRecipients"]["edges"]}


async def test_member_sees_who_has_and_who_may_receive_own_data_and_nothing_administrative(services, place):
    _, _, ann, installed = place
    found = _by_name(await make_api(services).data(ann, RECIPIENTS))
    ids = {key: gid("Installation", item.id) for key, item in installed.items()}
    assert set(found) == {ids["recorder"], ids["letters"]}
    assert found[ids["letters"]] == {
        "installationId": ids["letters"],
        "integration": "Recorder",
        "legalName": "Recorder Ltd",
        "recipient": "Recorder Ltd",
        "privacyContact": "privacy@recorder.example",
        "countries": ["DE"],
        "purposes": [MARKETING],
        "connectedFor": "ORGANISATION",
        "isConnected": True,
        "holding": None,
        "heldSince": None,
        "uses": [{"category": "user.contact.email", "purpose": MARKETING, "isShared": False}],
    }
    assert found[ids["recorder"]]["holding"] == "SHARED"
    assert found[ids["recorder"]]["heldSince"] == NOW.isoformat()
    assert all(use["isShared"] for use in found[ids["recorder"]]["uses"])


async def test_member_names_the_recipient_found_there_in_a_choice_which_shows_it(services, place):
    connections, _, ann, installed = place
    api = make_api(services)
    recipient = gid("Installation", installed["recorder"].id)
    own = await api.data(ann, OWN)
    (disclosure,) = [edge["node"] for edge in own["myDisclosures"]["edges"]]
    assert disclosure["disclosedTo"] == {"installationId": recipient, "legalName": "Recorder Ltd"}
    assert disclosure["installation"] is None, "the administrator's view of it stays the administrator's"
    objected = await api.data(
        ann,
        """mutation($id: ID) { object(input: { installationId: $id }) {
            errors { code } objection { recipient { installationId } } } }""",
        id=recipient,
    )
    assert objected["object"] == {"errors": [], "objection": {"recipient": {"installationId": recipient}}}
    await connections.work()
    assert _by_name(await api.data(ann, RECIPIENTS))[recipient]["holding"] is None


async def test_member_sees_what_each_received_when_and_how_often_also_after_it_was_given_back(services, place):
    connections, olga, ann, installed = place
    api = make_api(services)
    received = """{ myRecipients { edges { node { installationId received {
        name firstAt lastAt times } } } } }"""
    recipient, other = (gid("Installation", installed[key].id) for key in ("recorder", "letters"))
    before = _by_name(await api.data(ann, received))
    sent = {"firstAt": NOW.isoformat(), "lastAt": NOW.isoformat(), "times": 1}
    assert before[recipient]["received"] == [{"name": "email", **sent}, {"name": "first_name", **sent}]
    assert before[other]["received"] == [], "nothing was sent there, although it may be"
    await api.data(
        ann, "mutation($id: ID) { object(input: { installationId: $id }) { errors { code } } }", id=recipient
    )
    await connections.work()
    assert _by_name(await api.data(ann, received)) == before
    (own,) = _by_name(await api.data(olga, received))[recipient]["received"][:1]
    assert own["times"] == 1, "of oneself only, although others' data went there too"


async def test_consent_shows_for_whom_it_was_withdrawn(services, place):
    _, _, ann, installed = place
    api = make_api(services)
    given = await api.data(
        ann, f'mutation {{ giveConsent(input: {{ purpose: "{MARKETING}" }}) {{ consent {{ id }} errors {{ code }} }} }}'
    )
    withdrawn = await api.data(
        ann,
        """mutation($id: ID!, $to: ID) { withdrawConsent(input: { consentId: $id, installationId: $to }) {
            errors { code } consent { withdrawnAt } } }""",
        id=given["giveConsent"]["consent"]["id"],
        to=gid("Installation", installed["letters"].id),
    )
    assert withdrawn["withdrawConsent"] == {"errors": [], "consent": {"withdrawnAt": None}}
    (consent,) = (await api.data(ann, OWN))["myConsents"]
    assert (consent["recipient"], consent["withdrawnFor"]) == (None, [{"recipient": {"integration": "Recorder"}}])


@pytest.mark.parametrize("end", [deactivate_member, remove_member])
async def test_former_member_sees_recipients_and_own_choices(services, place, end):
    connections, olga, ann, installed = place
    async with access_for(services, olga) as access:
        await end(access, ann.member_id)
    await connections.work()
    api, former = make_api(services), ann.actor(roles=frozenset())
    found = _by_name(await api.data(former, RECIPIENTS))
    assert set(found) == {gid("Installation", installed["recorder"].id)}, "nobody new may receive anything"
    (only,) = found.values()
    assert only["holding"] == ("RESTRICTED" if end is deactivate_member else None)
    assert not any(use["isShared"] for use in only["uses"])
    own = await api.data(former, OWN)
    assert own["myDisclosures"]["edges"][0]["node"]["disclosedTo"]["legalName"] == "Recorder Ltd"


async def test_recipient_that_is_being_taken_away_says_so(services, place):
    connections, olga, ann, installed = place
    async with access_for(services, olga) as access:
        await uninstall(access, installed["recorder"].id)
    await connections.work()
    found = _by_name(await make_api(services).data(ann, RECIPIENTS))[gid("Installation", installed["recorder"].id)]
    assert (found["isConnected"], found["holding"]) == (False, None)
