"""A vendor is told why it has to take something back, to leave it unused, and of what it proves the end."""

from __future__ import annotations

import pytest

from tests.builders import access_for, make_group, make_member
from tests.connecting import Connections
from tests.fakes.recorder import RECEIVES, recorder
from wardship.core.actor import Role
from wardship.plugins.api import Cause, Holder, Receives, Verb
from wardship.tenants.grants.change import withdraw_grant
from wardship.tenants.grants.choices import give_consent, object_to, withdraw_consent
from wardship.tenants.grants.granting import grants_of
from wardship.tenants.grants.restrictions import RestrictionCause, restrict_member
from wardship.tenants.groups.people import remove_from_group
from wardship.tenants.installation_lifecycle.lifecycle import uninstall
from wardship.tenants.members.membership import deactivate_member, remove_member
from wardship.tenants.obligations.enqueue import Demand, enqueue
from wardship.tenants.obligations.for_member import bring_in_line, enqueue_for_member
from wardship.tenants.organisations.update import update_settings as update_organisation
from wardship.tenants.requests.erasures import waive_cooling_off
from wardship.tenants.requests.states import RightKind

CONSENTED = Receives(
    category="user.contact.email",
    fields=("email",),
    purpose="marketing.communications.email",
    legal_basis="consent",
    retention_days=0,
)


def told(recording, *verbs: Verb) -> list[tuple[str, Cause | None]]:
    return [(call.verb.value, call.cause) for call in recording.heard if call.verb in verbs]


TAKEN_BACK = (Verb.ERASE, Verb.REVOKE, Verb.RESTRICT, Verb.ATTEST)


@pytest.fixture
async def connected(connections, recording, ada):  # noqa: ARG001 - somebody has to be there
    installation = await connections.connect()
    recording.heard.clear()
    return installation


@pytest.mark.usefixtures("connected")
async def test_an_objection_is_the_cause(services, connections, recording, ada):
    async with access_for(services, ada) as access:
        await object_to(access, ada.member_id)
    await connections.work()

    assert told(recording, *TAKEN_BACK) == [("erase", Cause.OBJECTION), ("attest", Cause.OBJECTION)]


async def test_a_consent_that_was_withdrawn_is_the_cause(services, connections, ada):
    plugin = recorder("newsletter", receives=(CONSENTED,))
    services.integrations.register(plugin, "newsletter")
    await connections.connect("newsletter")
    async with access_for(services, ada) as access:
        consent = await give_consent(access, CONSENTED.purpose)
    await connections.work()
    async with access_for(services, ada) as access:
        await withdraw_consent(access, consent.id)
    await connections.work()

    expected = Cause.CONSENT_WITHDRAWN
    assert told(plugin, *TAKEN_BACK) == [("erase", expected), ("attest", expected)]


async def test_the_last_grant_is_the_cause_for_everybody(services, connections, recording, admin, connected):
    async with access_for(services, admin) as access:
        for grant in (await grants_of(access, [connected.id]))[connected.id]:
            await withdraw_grant(access, grant.id)
    await connections.work()

    assert {cause for _, cause in told(recording, *TAKEN_BACK)} == {Cause.GRANT_WITHDRAWN}
    assert len(told(recording, Verb.ERASE)) == 2


async def test_the_grant_by_which_all_was_sent_is_the_cause_though_another_lacks_consent(
    services, connections, admin, ada
):
    plugin = recorder("newsletter", receives=(RECEIVES[0], CONSENTED))
    services.integrations.register(plugin, "newsletter")
    installation = await connections.connect("newsletter")
    async with access_for(services, admin) as access:
        grants = (await grants_of(access, [installation.id]))[installation.id]
        await withdraw_grant(access, next(each.id for each in grants if each.category == "user.name"))
    await connections.work()

    assert ada.member_id
    assert {cause for _, cause in told(plugin, Verb.ERASE)} == {Cause.GRANT_WITHDRAWN}


async def test_the_end_of_the_installation_is_the_cause_of_all(services, connections, recording, admin, connected):
    async with access_for(services, admin) as access:
        await uninstall(access, connected.id)
    await connections.work()

    assert {verb for verb, _ in told(recording, *TAKEN_BACK)} == {"erase", "revoke", "attest"}
    assert {cause for _, cause in told(recording, *TAKEN_BACK)} == {Cause.UNINSTALLATION}


@pytest.mark.usefixtures("connected")
async def test_the_end_of_the_membership_is_the_cause(services, connections, recording, admin, ada):
    async with access_for(services, admin) as access:
        await remove_member(access, ada.member_id)
    await connections.work()

    assert told(recording, Verb.ERASE) == [("erase", Cause.MEMBERSHIP_ENDED)]


@pytest.mark.usefixtures("connected")
async def test_a_suspended_membership_is_the_cause_of_rest(services, connections, recording, admin, ada):
    async with access_for(services, admin) as access:
        await deactivate_member(access, ada.member_id)
    await connections.work()

    assert told(recording, *TAKEN_BACK) == [("restrict", Cause.MEMBERSHIP_SUSPENDED)]


@pytest.mark.usefixtures("connected")
async def test_a_restriction_is_the_cause_of_rest(services, connections, recording, admin, ada):
    async with access_for(services, admin) as access:
        await restrict_member(access, ada.member_id, cause=RestrictionCause.DISPUTED)
    await connections.work()

    assert told(recording, *TAKEN_BACK) == [("restrict", Cause.RESTRICTION)]


async def test_who_leaves_the_group_leaves_the_audience(services, connections, recording, database, acme, admin, ada):
    group_id = await make_group(database, acme, "Choir", ada)
    await connections.connect(holder=Holder.GROUP, group_id=group_id)
    async with access_for(services, admin) as access:
        await remove_from_group(access, group_id, ada.member_id)
    await connections.work()

    assert told(recording, Verb.ERASE) == [("erase", Cause.AUDIENCE_LEFT)]


@pytest.mark.usefixtures("connected")
async def test_a_forbidden_country_is_the_cause(services, connections, recording, database, acme):
    owner = await make_member(database, acme, Role.ORG_OWNER)
    async with access_for(services, owner) as access:
        await update_organisation(access, {"forbidden_countries": ["DE"]})
    await connections.work()

    assert {cause for _, cause in told(recording, Verb.ERASE)} == {Cause.COUNTRY_FORBIDDEN}


async def test_a_request_is_the_cause(services, recording, firm):
    connections = Connections(services, firm.admin)
    await connections.connect()
    submitted = await firm.submit(RightKind.ERASURE)
    await firm.approve(submitted, RightKind.ERASURE)
    await firm.commit(submitted)
    right = await firm.right(submitted, RightKind.ERASURE)
    async with firm.access(firm.member) as access:
        await waive_cooling_off(access, right.id)
    await firm.run()
    await connections.work()

    assert told(recording, *TAKEN_BACK) == [("erase", Cause.REQUEST), ("attest", Cause.REQUEST)]


async def test_what_is_found_again_keeps_its_cause(services, connections, recording, admin, ada, connected):
    async with access_for(services, admin) as access:
        demand = Demand(
            installation=connected, verb=Verb.ERASE, member_id=ada.member_id, cause=Cause.OBJECTION, key="once"
        )
        await enqueue(access, [demand])
    recording.told[Verb.ERASE] = [lambda _: None]
    held = dict(recording.held)
    recording.told[Verb.ATTEST] = [lambda _: recording.held.update(held)]
    await connections.work()

    assert [cause for _, cause in told(recording, Verb.ERASE, Verb.ATTEST)] == [Cause.OBJECTION] * 4


async def test_what_a_comparison_finds_is_found_again(services, connections, ada):
    plugin = recorder("compared", supports={"reconcile": True})
    services.integrations.register(plugin, "compared")
    await connections.connect("compared")
    async with access_for(services, ada) as access:
        await object_to(access, ada.member_id)
    held = dict(plugin.held)
    await connections.work()
    plugin.held |= held
    await connections.pass_time(days=8)

    assert [cause for _, cause in told(plugin, Verb.ERASE)][-1] is Cause.FOUND_AGAIN


@pytest.mark.usefixtures("connected")
async def test_what_is_sent_and_asked_has_no_cause(services, connections, recording, ada):
    async with access_for(services, ada) as access:
        await bring_in_line(access, [ada.member_id])
        await enqueue_for_member(access, ada.member_id, Verb.EXPORT)
    await connections.work()

    assert told(recording, Verb.SHARE, Verb.EXPORT) == [("export", None), ("share", None)]
