"""The host ends the access at the vendor, uses the revoked token, and only then drops its copy."""

from __future__ import annotations

import pytest

from tests.builders import access_for
from tests.fakes.oauth_vendor import KEY
from wardship.core.errors import NotFoundError
from wardship.core.outbound.breaking import FAILURES_TO_OPEN, WELL, CallEnd
from wardship.core.outbound.pacing import PacedPlace
from wardship.plugins.api import RevocationPlan, RevocationStep
from wardship.tenants.authorisations.clients import remove_integration_client
from wardship.tenants.installation_lifecycle.connecting import (
    AuthorisationEndingError,
    NotConnectedHereError,
    disconnect,
)
from wardship.tenants.installation_lifecycle.lifecycle import end_every_installation, uninstall
from wardship.tenants.installations.paces import PlaceBreakers
from wardship.tenants.installations.states import InstallationStateError

GRADE = "select state_reason from installation"
PROOF = "select attestation ->> 'level', attestation ->> 'basis' from obligation where verb = 'revoke'"


async def act(desk, do) -> None:
    async with access_for(desk.services, desk.actor()) as access:
        await do(access, desk.installation.id)


async def revoked(desk) -> list[str]:
    """The hints of the tokens that the vendor was told to revoke, in order."""
    return [form["token_type_hint"] for _, path, form in desk.vendor.seen if path == "/revoke"]


async def test_uninstalling_erases_then_revokes_both_tokens_and_a_used_one_is_refused(desk):
    await desk.connect()
    (token,) = set(desk.plugin.tokens)
    await act(desk, uninstall)
    await desk.connections.work()

    assert desk.vendor.held == {}
    assert not desk.vendor.is_accepted(token)
    assert (await revoked(desk))[:2] == ["refresh_token", "access_token"]
    paths = [path for _, path, _ in desk.vendor.seen]
    assert max(i for i, path in enumerate(paths) if path.startswith("/people/")) < paths.index("/revoke") + 10
    assert await desk.state() == "removed"
    assert tuple(await desk.owner.fetchrow(PROOF)) == ("probed", "credential_refused")
    assert await desk.rows("state, tokens") == [("ended", None)]


async def test_every_consent_of_before_is_revoked_too(desk):
    await desk.connect()
    await desk.connect()
    await act(desk, uninstall)
    await desk.connections.work()
    assert all(consent.is_ended for consent, _ in desk.vendor.refresh.values())
    assert await desk.rows() == ["ended", "ended"]


async def test_an_outage_delays_the_revocation_and_loses_nothing(desk):
    await desk.connect()
    (token,) = set(desk.plugin.tokens)
    desk.vendor.answers["/revoke"] = (503, {}, {})
    await act(desk, uninstall)
    for _ in range(6):
        await desk.connections.pass_time(minutes=5)
    assert await desk.state() == "revoking"
    assert await desk.rows("state, tokens is null") == [("connected", False)]
    assert desk.vendor.is_accepted(token)

    del desk.vendor.answers["/revoke"]
    await desk.connections.pass_time(hours=2)
    assert await desk.state() == "removed"
    assert not desk.vendor.is_accepted(token)
    assert await desk.rows("state, tokens") == [("ended", None)]


async def test_a_revocation_waits_for_no_breaker(desk):
    await desk.connect()
    place = PacedPlace(str(desk.installation.organisation_id), str(desk.installation.place_id))
    breakers, now = PlaceBreakers(desk.services.database), desk.services.clock.now()
    for _ in range(FAILURES_TO_OPEN):
        await breakers.note(place, WELL, CallEnd.UNANSWERED, now)
    await act(desk, disconnect)
    assert await desk.owner.fetchval("select next_try_at > $1 from installation_place", now)
    await desk.connections.work()
    assert (await revoked(desk))[:2] == ["refresh_token", "access_token"]


async def test_a_vendor_that_lies_about_the_revocation_is_found_out(desk):
    await desk.connect()
    (token,) = set(desk.plugin.tokens)
    desk.vendor.answers["/revoke"] = (200, {}, {})
    await act(desk, uninstall)
    for _ in range(5):
        await desk.connections.work()
    assert desk.vendor.is_accepted(token)
    assert await desk.state() != "removed"
    assert await desk.rows("state, tokens is null") == [("connected", False)]
    del desk.vendor.answers["/revoke"]
    assert await desk.connections.complete_all("I have taken it back in the account's settings")
    await desk.connections.work()
    assert await desk.state() == "removed"
    assert await desk.rows("state, tokens") == [("ended", None)]


async def test_one_that_nobody_connected_is_uninstalled_without_asking_the_vendor(desk):
    await act(desk, uninstall)
    await desk.connections.work()
    assert await desk.state() == "removed"
    assert desk.vendor.seen == []
    owed = await desk.owner.fetch("select verb, state, outcome ->> 'code' from obligation where verb <> 'check'")
    assert [tuple(row) for row in owed] == [("revoke", "completed", "nothing_was_shared")]


async def test_disconnecting_ends_the_access_and_keeps_what_is_held(desk):
    await desk.connect()
    (token,) = set(desk.plugin.tokens)
    await act(desk, disconnect)
    assert (await desk.state(), await desk.rows()) == ("paused", ["ending"])
    await desk.connections.work()

    assert not desk.vendor.is_accepted(token)
    assert len(desk.vendor.held) == 1
    assert await desk.state() == "paused"
    assert await desk.rows("state, tokens") == [("ended", None)]
    assert tuple(await desk.owner.fetchrow(PROOF)) == ("probed", "credential_refused")
    assert await desk.owner.fetchval("select string_agg(distinct state, ',') from subject_link") == "shared"


async def test_what_was_disconnected_is_connected_again(desk):
    await desk.connect()
    await act(desk, disconnect)
    with pytest.raises(AuthorisationEndingError):
        await desk.begin()
    await desk.connections.work()
    assert (await desk.connect()).status_code == 200
    assert await desk.rows() == ["ended", "connected"]


async def test_a_connecting_that_comes_back_while_it_is_ended_is_refused(desk):
    await desk.connect()
    back = desk.vendor.authorize(await desk.begin())
    await act(desk, disconnect)
    asked = desk.vendor.count("/token")
    assert (await desk.come_back(back)).status_code == 410
    assert desk.vendor.count("/token") == asked
    assert await desk.rows() == ["ending"]


async def test_what_is_not_connected_can_not_be_disconnected(desk, ada):
    before = await desk.everything()
    with pytest.raises(NotConnectedHereError):
        await act(desk, disconnect)
    with pytest.raises(NotFoundError):
        async with access_for(desk.services, desk.actor(ada)) as access:
            await disconnect(access, desk.installation.id)
    assert await desk.everything() == before


async def test_what_is_taken_away_ends_its_access_by_itself(desk):
    await desk.connect()
    await act(desk, uninstall)
    with pytest.raises(InstallationStateError):
        await act(desk, disconnect)


@pytest.mark.parametrize("method", ["manual", "api"])
async def test_without_a_revocation_endpoint_a_person_ends_it(desk, method):
    """Though the plugin itself revokes all that is held: that stays, since nobody wants it back."""
    said = {"instructions": "Do it."} if method == "manual" else {}
    revoke = {"method": method, "proof": "manual" if method == "manual" else "self_reported"}
    steps = (
        RevocationStep(verb="revoke", deletes="the access", deadline_h=24, **revoke, **said),
        RevocationStep(verb="erase", method="api", deletes="x", deadline_h=24, proof="probed"),
    )
    oauth = desk.vendor.declared(revocation_endpoint=None, probe=None)
    plugin = desk.vendor.integration("by_hand", oauth=oauth, supports={"revoke": method})
    plugin.plan = RevocationPlan(steps=steps)
    desk.services.integrations.register(plugin, "by_hand")
    await desk.owner.execute("update integration_client set integration_key = 'by_hand'")
    desk.installation = await desk.connections.install("by_hand")
    assert (await desk.connect()).status_code == 200
    held = dict(desk.vendor.held)

    await act(desk, disconnect)
    await desk.connections.work()
    assert await desk.rows("state, tokens is null") == [("ending", False)]
    assert (plugin.revocations, desk.vendor.held, len(held)) == ([], held, 1)
    (words,) = await desk.connections.complete_all("taken back there")
    assert "Take this deployment's access back in your account of Recorder Ltd" in words
    assert ("Do it." in words) is (method == "manual")
    assert await desk.rows("state, tokens") == [("ended", None)]


async def test_without_the_operators_client_the_revocation_waits_for_it(desk, services):
    await desk.connect()
    await remove_integration_client(services, KEY)
    await act(desk, disconnect)
    await desk.connections.work()
    assert await desk.rows() == ["ending"]
    assert await revoked(desk) == []


async def test_the_end_of_the_organisation_revokes_too(desk):
    await desk.connect()
    (token,) = set(desk.plugin.tokens)
    async with access_for(desk.services, desk.actor()) as access:
        await end_every_installation(access)
    await desk.connections.work()
    assert not desk.vendor.is_accepted(token)
