"""Whoever's data is still held chooses on it: deactivated and removed members too, and for one recipient at a time."""

from __future__ import annotations

import pytest

from tests.builders import access_for
from tests.connecting import Connections
from tests.fakes.recorder import recorder
from tests.requesting import Firm
from wardship.core.errors import PermissionDeniedError
from wardship.plugins.api import Receives
from wardship.tenants.grants.choices import (
    consents_of,
    give_consent,
    object_to,
    objections_of,
    withdraw_consent,
    withdraw_objection,
)
from wardship.tenants.members.membership import deactivate_member, reactivate_member, remove_member
from wardship.tenants.requests.states import RightKind
from wardship.tenants.requests.submit import RequestedRight, submit_request

MARKETING = "marketing.communications.email"
CONSENT = Receives(
    category="user.contact.email", fields=("email",), purpose=MARKETING, legal_basis="consent", retention_days=0
)
CONTRACT = Receives(
    category="user.name.first",
    fields=("first_name",),
    purpose="functional.service",
    legal_basis="contract",
    retention_days=0,
)


def _former(person):
    """Return who signs in after the membership has ended: no role counts any more."""
    return person.actor(roles=frozenset())


@pytest.fixture
async def letters(services, connections, ada):  # noqa: ARG001 - somebody has to be there
    """Two integrations of which the second needs consent for one datum and none for another; both connected."""
    made = {
        "letters": recorder("letters", receives=(CONSENT,)),
        "paper": recorder("paper", receives=(CONSENT, CONTRACT)),
    }
    installed = {}
    for key, plugin in made.items():
        services.integrations.register(plugin, key)
        installed[key] = await connections.connect(key)
    return made, installed


def _emails(plugin) -> set[str]:
    return {record.text("email") for record in plugin.held.values()} - {None}


async def _consented(services, connections, person) -> None:
    async with access_for(services, person) as access:
        await give_consent(access, MARKETING)
    await connections.work()


async def test_consent_withdrawn_for_one_recipient_stays_for_the_others(letters, services, connections, ada):
    plugins, installed = letters
    await _consented(services, connections, ada)
    assert all(ada.email in _emails(plugin) for plugin in plugins.values())
    async with access_for(services, ada) as access:
        (consent,) = (await consents_of(access, [ada.member_id]))[ada.member_id]
        withdrawn = await withdraw_consent(access, consent.id, installation_id=installed["letters"].id)
        assert withdrawn.withdrawn_at is None
    await connections.work()
    assert ada.email not in _emails(plugins["letters"])
    assert ada.email in _emails(plugins["paper"])


async def test_consent_withdrawn_for_every_recipient_ends_for_each(letters, services, connections, ada):
    plugins, _ = letters
    await _consented(services, connections, ada)
    async with access_for(services, ada) as access:
        (consent,) = (await consents_of(access, [ada.member_id]))[ada.member_id]
        await withdraw_consent(access, consent.id)
    await connections.work()
    assert not any(ada.email in _emails(plugin) for plugin in plugins.values())


async def test_request_that_names_a_recipient_withdraws_for_that_one_only(firm: Firm, services):
    connections = Connections(services, firm.admin)
    plugins = {key: recorder(key, receives=(CONSENT,)) for key in ("letters", "paper")}
    installed = {}
    for key, plugin in plugins.items():
        services.integrations.register(plugin, key)
        installed[key] = await connections.connect(key)
    await _consented(services, connections, firm.member)
    async with firm.access(firm.member) as access:
        details = {"purpose": MARKETING, "installation_id": str(installed["letters"].id)}
        submitted = await submit_request(access, [RequestedRight(RightKind.CONSENT_WITHDRAWAL, details)])
    await firm.approve(submitted, RightKind.CONSENT_WITHDRAWAL)
    await firm.run()
    await connections.work()
    assert _emails(plugins["letters"]) == set()
    assert _emails(plugins["paper"]) == {firm.member.email}


async def test_deactivated_member_withdraws_consent_and_what_rested_on_it_is_erased(
    letters, services, connections, ada, admin
):
    plugins, _ = letters
    await _consented(services, connections, ada)
    async with access_for(services, admin) as access:
        await deactivate_member(access, ada.member_id)
    await connections.work()
    assert all(plugin.verbs()[-1] == "restrict" for plugin in plugins.values()), "the data rests where it is"
    async with access_for(services, _former(ada)) as access:
        (consent,) = (await consents_of(access, [ada.member_id]))[ada.member_id]
        await withdraw_consent(access, consent.id)
    await connections.work()
    assert plugins["letters"].verbs()[-2:] == ["erase", "attest"]
    assert plugins["paper"].verbs()[-2:] == ["erase", "attest"], "of which a part may not be held is taken back whole"
    async with access_for(services, admin) as access:
        await reactivate_member(access, ada.member_id)
    await connections.work()
    assert _emails(plugins["letters"]) == set()
    assert ada.display_name.split()[0] in {record.text("first_name") for record in plugins["paper"].held.values()}


async def test_deactivated_member_objects_and_takes_it_back(services, connections, recording, ada, admin):
    installation = await connections.connect()
    async with access_for(services, admin) as access:
        await deactivate_member(access, ada.member_id)
    await connections.work()
    async with access_for(services, _former(ada)) as access:
        objection = await object_to(access, ada.member_id, installation_id=installation.id)
    await connections.work()
    assert recording.verbs()[-2:] == ["erase", "attest"]
    async with access_for(services, _former(ada)) as access:
        await withdraw_objection(access, objection.id)
        (found,) = (await objections_of(access, [ada.member_id]))[ada.member_id]
        assert found.withdrawn_at is not None
    await connections.work()
    assert recording.verbs()[-2:] == ["erase", "attest"], "nothing flows to anybody meanwhile"


async def test_deactivation_after_a_narrower_record_lets_it_rest(letters, services, connections, ada, admin):
    plugins, _ = letters
    await _consented(services, connections, ada)
    async with access_for(services, ada) as access:
        (consent,) = (await consents_of(access, [ada.member_id]))[ada.member_id]
        await withdraw_consent(access, consent.id)
    await connections.work()
    async with access_for(services, admin) as access:
        await deactivate_member(access, ada.member_id)
    await connections.work()
    assert plugins["paper"].verbs()[-1] == "restrict", "what was sent before the withdrawal is held no more"


async def test_removed_member_withdraws_consent_but_can_not_give_one(services, ada, admin):
    async with access_for(services, ada) as access:
        consent = await give_consent(access, MARKETING)
    async with access_for(services, admin) as access:
        await remove_member(access, ada.member_id)
    async with access_for(services, _former(ada)) as access:
        await withdraw_consent(access, consent.id)
        with pytest.raises(PermissionDeniedError):
            await give_consent(access, MARKETING)
