"""One field may be declared for several purposes: it goes as long as one stands, and the record tells which."""

from __future__ import annotations

import pytest

from tests.builders import access_for
from tests.fakes.recorder import recorder
from wardship.plugins.api import Receives
from wardship.plugins.host.registry import LoadState, Registry
from wardship.tenants.grants.change import withdraw_grant
from wardship.tenants.grants.choices import give_consent, object_to, withdraw_consent
from wardship.tenants.grants.granting import grants_of

NOTICES, MARKETING = "essential.service.notifications", "marketing.communications.email"


def email(purpose: str, legal_basis: str, **more: object) -> Receives:
    values = {"category": "user.contact.email", "fields": ("email",), "retention_days": 0}
    return Receives(**(values | {"purpose": purpose, "legal_basis": legal_basis} | more))


TWICE = (email(NOTICES, "legitimate_interest"), email(MARKETING, "consent"))


@pytest.fixture
async def twice(services, connections, ada):  # noqa: ARG001 - somebody has to be there
    plugin = recorder("twice", contract=2, receives=TWICE)
    services.integrations.register(plugin, "twice")
    installation = await connections.connect("twice")
    return plugin, installation


def purposes_of(plugin) -> list[tuple[str, ...]]:
    """Return for what the vendor holds the address of each person, in the order of the addresses."""
    held = sorted(plugin.held.values(), key=lambda record: record.text("email"))
    return [record.fields[0].purposes for record in held]


async def test_the_record_tells_the_purposes_that_stand(services, connections, ada, twice):
    plugin, _ = twice
    assert purposes_of(plugin) == [(NOTICES,), (NOTICES,)]

    async with access_for(services, ada) as access:
        consent = await give_consent(access, MARKETING)
    await connections.work()
    assert purposes_of(plugin) == [(NOTICES, MARKETING), (NOTICES,)]

    async with access_for(services, ada) as access:
        await withdraw_consent(access, consent.id)
    await connections.work()
    assert purposes_of(plugin) == [(NOTICES,), (NOTICES,)]
    assert "erase" not in plugin.verbs()


async def test_the_field_stays_for_what_was_not_objected_to(services, connections, ada, twice):
    plugin, _ = twice
    async with access_for(services, ada) as access:
        await give_consent(access, MARKETING)
        await object_to(access, ada.member_id, purpose=NOTICES)
    await connections.work()
    assert purposes_of(plugin)[0] == (MARKETING,)

    async with access_for(services, ada) as access:
        await object_to(access, ada.member_id, purpose=MARKETING)
    await connections.work()
    assert len(plugin.held) == 1


async def test_a_grant_that_is_withdrawn_takes_its_purpose_alone(services, connections, admin, ada, twice, owner):
    plugin, installation = twice
    async with access_for(services, ada) as access:
        await give_consent(access, MARKETING)
    await connections.work()
    async with access_for(services, admin) as access:
        grants = (await grants_of(access, [installation.id]))[installation.id]
        await withdraw_grant(access, next(grant.id for grant in grants if grant.purpose == NOTICES))
    await connections.work()

    assert purposes_of(plugin) == [(MARKETING,)]
    entered = "select purposes from disclosure where member_id = $1 order by created_at, id"
    assert [row["purposes"] for row in await owner.fetch(entered, ada.member_id)] == [
        [NOTICES],
        sorted([NOTICES, MARKETING]),
        [MARKETING],
    ]


async def test_a_record_of_contract_1_tells_no_purposes(connections, recording, ada):
    await connections.connect()
    assert ada.member_id
    assert {field.purposes for record in recording.held.values() for field in record.fields} == {()}


def test_one_field_for_one_purpose_is_declared_once():
    with pytest.raises(ValueError, match=f"fields declared more than once: email for {NOTICES}"):
        recorder("twice", contract=2, receives=(TWICE[0], TWICE[0]))


def test_under_contract_1_a_field_has_one_purpose():
    with pytest.raises(ValueError, match="fields declared more than once: email"):
        recorder("twice", receives=TWICE)


def test_a_plugin_that_declares_a_field_for_two_purposes_loads():
    found = Registry().register(recorder("twice", contract=2, receives=TWICE), "twice")
    assert (found.state, found.reason) == (LoadState.LOADED, None)
