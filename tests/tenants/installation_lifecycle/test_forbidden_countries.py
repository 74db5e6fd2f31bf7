"""A country that the organisation forbids: asked at every sending, and at every change that could bring data there."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from pydantic import HttpUrl, SecretStr

from tests.builders import access_for, make_member
from tests.fakes.recorder import Recorder, recorder
from wardship.core.actor import Role
from wardship.core.outbound.network import NetworkPolicy
from wardship.plugins.api import Settings, Transfer, Verb
from wardship.plugins.host.call import DispatchLimits
from wardship.plugins.host.dispatch import Dispatcher
from wardship.plugins.host.registry import Registry
from wardship.tenants.access import Services
from wardship.tenants.declarations import declaration_digest
from wardship.tenants.grants.restrictions import RestrictionCause, lift_restrictions, restrict_member
from wardship.tenants.installation_lifecycle.approval import approve_declaration
from wardship.tenants.installation_lifecycle.lifecycle import pause, update_settings
from wardship.tenants.installation_lifecycle.upgrades import look_after_installations
from wardship.tenants.installations.countries import ForbiddenCountryError
from wardship.tenants.members.profile import update_member
from wardship.tenants.organisations.update import update_settings as update_organisation


def with_registry(services, plugin: Recorder) -> Services:
    """Return the deployment after a restart with another version of the package."""
    registry = Registry.load(())
    registry.register(plugin, plugin.declared.key)
    limits = DispatchLimits(network=NetworkPolicy.development())
    return replace(services, integrations=registry, dispatcher=Dispatcher(registry, services.clock, limits))


class HostedSettings(Settings):
    server_url: HttpUrl
    country: str
    credential: SecretStr


def at(country: str = "DE", server: str = "https://one.example.org/", credential: str = "t") -> dict[str, str]:
    return {"server_url": server, "country": country, "credential": credential}


@pytest.fixture
def hosted(services) -> Recorder:
    """A recording integration whose settings state the country."""
    transfer = Transfer(country_setting="country", safeguard="none_needed")
    made = recorder("hosted", settings=HostedSettings, host_settings=("server_url",), transfer=transfer)
    services.integrations.register(made, "hosted")
    return made


@pytest.fixture
async def forbid(services, database, acme):
    owner = await make_member(database, acme, Role.ORG_OWNER)

    async def rule(*countries: str) -> None:
        async with access_for(services, owner) as access:
            await update_organisation(access, {"forbidden_countries": list(countries)})

    return rule


async def change(services, connections, ada) -> None:
    async with access_for(services, connections.admin) as access:
        await update_member(access, ada.member_id, {"last_name": "King"})
    await connections.work()


async def test_what_is_forbidden_is_not_sent_although_it_was_installed_before(
    services, connections, hosted, ada, owner
):
    await connections.connect("hosted", settings=at())
    sent = await owner.fetchval("select count(*) from disclosure")
    # Past every command, as a rule that was there before this version was.
    await owner.execute("""update organisation set settings = '{"forbidden_countries": ["DE"]}'""")
    hosted.heard.clear()
    await change(services, connections, ada)
    assert "share" not in hosted.verbs()
    assert "King" not in {record.text("last_name") for record in hosted.held.values()}
    assert await owner.fetchval("select count(*) from disclosure") == sent
    assert set(hosted.verbs()) == {"erase", "attest"}


@pytest.mark.usefixtures("ada")
async def test_settings_that_state_a_forbidden_country_are_refused(services, connections, hosted, forbid, owner):
    installation = await connections.connect("hosted", settings=at())
    await forbid("CN")
    hosted.heard.clear()
    before = await owner.fetch("select * from installation_place")
    for wanted in (at("CN"), at("CN", "https://two.example.org/")):
        async with access_for(services, connections.admin) as access:
            with pytest.raises(ForbiddenCountryError):
                await update_settings(access, installation.id, wanted)
    await connections.work()
    assert await owner.fetch("select * from installation_place") == before
    assert hosted.verbs() == []


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("is_paused", [False, True])
async def test_what_is_held_where_it_becomes_forbidden_is_taken_back_and_shared_again_when_it_is_allowed(
    is_paused, services, connections, hosted, forbid
):
    installation = await connections.connect("hosted", settings=at())
    if is_paused:
        async with access_for(services, connections.admin) as access:
            await pause(access, installation.id)
    assert len(hosted.held) == 3
    await forbid("DE", "CN")
    await connections.work()
    assert hosted.held == {}
    await forbid("CN")
    await connections.work()
    assert len(hosted.held) == (0 if is_paused else 3)


async def test_what_is_restricted_rests_where_it_becomes_forbidden_until_the_restriction_ends(
    services, connections, hosted, forbid, ada
):
    await connections.connect("hosted", settings=at())
    async with access_for(services, connections.admin) as access:
        await restrict_member(access, ada.member_id, cause=RestrictionCause.REQUESTED)
    await connections.work()
    await forbid("DE")
    await connections.work()
    assert hosted.verbs().count("erase") == 2  # the two others
    async with access_for(services, connections.admin) as access:
        await lift_restrictions(access, ada.member_id, reason="no longer needed")
    await connections.work()
    assert hosted.verbs().count("erase") == 3


@pytest.mark.usefixtures("ada")
async def test_other_rules_and_other_countries_bring_nothing_about(connections, hosted, forbid):
    await connections.connect("hosted", settings=at())
    hosted.heard.clear()
    await forbid("CN")
    await connections.work()
    assert hosted.verbs() == []


@pytest.mark.usefixtures("ada")
async def test_new_credentials_are_taken_where_data_has_to_be_taken_back(services, connections, hosted, forbid):
    installation = await connections.connect("hosted", settings=at())
    hosted.always[Verb.ERASE] = lambda _: pytest.fail("not with the old password")
    await forbid("DE")
    hosted.always.clear()
    async with access_for(services, connections.admin) as access:
        await update_settings(access, installation.id, at(credential="renewed"))
    await connections.work()
    assert hosted.held == {}


@pytest.mark.usefixtures("ada")
async def test_an_upgrade_that_stores_in_a_forbidden_country_is_not_sent_to_and_can_t_be_approved(
    services, connections, hosted, forbid, owner
):
    installation = await connections.connect("hosted", settings=at())
    await forbid("CN")
    wider = recorder(
        "hosted",
        settings=HostedSettings,
        host_settings=("server_url",),
        transfer=Transfer(countries=("CN",), country_setting="country", safeguard="none_needed"),
    )
    wider.held = hosted.held
    upgraded = with_registry(services, wider)
    connections.services = upgraded
    await look_after_installations(upgraded)
    await connections.work()
    assert wider.held == {}
    digest = declaration_digest(wider.declared, wider.plan).hex()
    async with access_for(upgraded, connections.admin) as access:
        with pytest.raises(ForbiddenCountryError):
            await approve_declaration(access, installation.id, digest)
    assert (await connections.read(installation.id)).state == "needs_approval"
    (entry,) = await owner.fetch("select entry from audit_entry where action = 'installation.country_forbidden'")
    assert json.loads(entry["entry"])["details"]["owed"] == 3
