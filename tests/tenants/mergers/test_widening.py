"""Every grant is examined again: what would reach further than was approved stands still until that is approved."""

from __future__ import annotations

import pytest

from tests.builders import make_group, make_member, system_access
from tests.connecting import Connections
from wardship.core.errors import PermissionDeniedError
from wardship.plugins.api import Holder
from wardship.tenants.egress.gate import read_facts
from wardship.tenants.grants.choices import give_consent
from wardship.tenants.installation_lifecycle.holding import HELD
from wardship.tenants.installation_lifecycle.lifecycle import pause, resume
from wardship.tenants.installations.countries import ForbiddenCountryError
from wardship.tenants.installations.records import find_installations
from wardship.tenants.obligations.for_member import bring_in_line
from wardship.tenants.organisations.update import update_settings

pytestmark = pytest.mark.anyio


@pytest.fixture
def ours(merging) -> Connections:
    return Connections(merging.services, merging.hanna, merging.clock.now())


@pytest.fixture
def theirs(merging) -> Connections:
    return Connections(merging.services, merging.oscar, merging.clock.now())


async def _state(merging, installation) -> tuple[str, str]:
    row = await merging.owner.fetchrow("select state, state_reason from installation where id = $1", installation.id)
    return row["state"], row["state_reason"]


async def test_what_is_for_everybody_is_held_on_both_sides_and_nothing_leaves(merging, ours, theirs, recording):
    mine, other = await ours.connect(), await theirs.connect()
    names = {record.text("display_name") for record in recording.held.values()}
    merger_id = await merging.merge()
    recording.heard.clear()
    await ours.work()
    await ours.pass_time(days=2)
    assert [await _state(merging, each) for each in (mine, other)] == [("paused", HELD), ("paused", HELD)]
    assert recording.verbs() == []
    assert {record.text("display_name") for record in recording.held.values()} == names
    assert await merging.state(merger_id) == "merged"
    assert await merging.owner.fetchval("select count(distinct id) from installation") == 2, "both stay apart"


async def test_an_administrator_who_looked_at_it_lets_it_go_on_for_everybody(merging, theirs, recording):
    mia = await make_member(merging.services.database, merging.harbour)
    other = await theirs.connect()
    await merging.merge()
    with pytest.raises(PermissionDeniedError):
        async with merging.access(merging.hanna, stepped_up=False) as access:
            await resume(access, other.id)
    async with merging.access(merging.hanna) as access:
        assert (await resume(access, other.id)).state == "installed"
    connections = Connections(merging.services, merging.hanna, merging.clock.now())
    await connections.work()
    assert await _state(merging, other) == ("active", "")
    assert len(recording.held) == 3
    told = await merging.owner.fetch("select member_id from notice where kind = 'new_recipient'")
    assert [row["member_id"] for row in told] == [mia.member_id]


async def test_what_is_for_a_group_goes_on_with_that_group(merging, database, theirs, recording):
    ann = await make_member(database, merging.orchard, name="Ann")
    crew = await make_group(database, merging.orchard, "Crew", ann)
    other = await theirs.connect(holder=Holder.GROUP, group_id=crew)
    await merging.merge()
    assert await _state(merging, other) == ("active", "")
    connections = Connections(merging.services, merging.hanna, merging.clock.now())
    async with merging.access(merging.hanna) as access:
        await access.execute(
            "update member set first_name = 'Anna' where organisation_id = $1 and id = $2", ann.member_id
        )
        await bring_in_line(access, [ann.member_id])
    await connections.work()
    assert {record.text("first_name") for record in recording.held.values()} == {"Anna"}


async def test_share_that_waited_is_not_sent_after_the_merger(merging, theirs, recording):
    other = await theirs.install()
    await merging.merge()
    waits = "select count(*) from obligation where verb in ('share', 'reconcile') and ended_at is null"
    assert await merging.owner.fetchval(waits) == 0
    connections = Connections(merging.services, merging.hanna, merging.clock.now())
    await connections.work()
    assert await _state(merging, other) == ("paused", HELD)
    assert recording.held == {}


async def test_consent_to_every_recipient_does_not_reach_those_of_the_other_organisation(merging, ours, theirs):
    mine, other = await ours.connect(), await theirs.connect()
    for person in (merging.hanna, merging.oscar):
        async with merging.access(person) as access:
            await give_consent(access, "marketing.communications.email", category="user.contact.email")
    await merging.merge()
    async with system_access(merging.services, merging.harbour) as access:
        found = await find_installations(access, [mine.id, other.id])
        members = [merging.hanna.member_id, merging.oscar.member_id]
        facts = await read_facts(access, list(found.values()), members)
    reach = {
        (who, which.id): bool(facts.choices(which, member).consents)
        for who, member in zip("ho", members, strict=True)
        for which in found.values()
    }
    assert reach == {
        ("h", mine.id): True,
        ("h", other.id): False,
        ("o", mine.id): False,
        ("o", other.id): True,
    }


async def test_what_the_other_organisation_forbids_is_taken_back_and_not_resumed(merging, theirs, recording):
    other = await theirs.connect()
    async with merging.access(merging.hanna) as access:
        await update_settings(access, {"forbidden_countries": [recording_country(merging)]})
    await merging.merge()
    connections = Connections(merging.services, merging.hanna, merging.clock.now())
    await connections.work()
    assert recording.held == {}
    with pytest.raises(ForbiddenCountryError):
        async with merging.access(merging.hanna) as access:
            await resume(access, other.id)


def recording_country(merging) -> str:
    manifest, _ = merging.services.integrations.require("recorder").declaration
    return manifest.transfer.countries[0]


async def test_what_was_forbidden_there_and_is_not_here_does_not_begin_again(merging, database, theirs, recording):
    ann = await make_member(database, merging.orchard, name="Ann")
    crew = await make_group(database, merging.orchard, "Crew", ann)
    other = await theirs.connect(holder=Holder.GROUP, group_id=crew)
    async with merging.access(merging.oscar) as access:
        await update_settings(access, {"forbidden_countries": [recording_country(merging)]})
    await theirs.work()
    assert recording.held == {}
    await merging.merge()
    connections = Connections(merging.services, merging.hanna, merging.clock.now())
    await connections.work()
    await connections.pass_time(days=2)
    assert await _state(merging, other) == ("paused", HELD)
    assert recording.held == {}


async def test_what_was_paused_already_is_held_for_the_merger_too(merging, ours, theirs):
    mine, other = await ours.connect(), await theirs.connect()
    for person, installation in ((merging.hanna, mine), (merging.oscar, other)):
        async with merging.access(person) as access:
            await pause(access, installation.id)
    await merging.merge()
    assert [await _state(merging, each) for each in (mine, other)] == [("paused", HELD), ("paused", HELD)]


async def test_what_a_group_of_theirs_shared_of_somebody_who_was_not_active_there_is_taken_back(
    merging, database, theirs, recording
):
    ann = await make_member(database, merging.orchard, name="Ann", email="ann@orchard.example")
    await make_member(database, merging.harbour, account_id=ann.account_id, email="ann@example.org")
    crew = await make_group(database, merging.orchard, "Crew", ann)
    await theirs.connect(holder=Holder.GROUP, group_id=crew)
    assert len(recording.held) == 1
    await merging.owner.execute("update member set state = 'deactivated' where id = $1", ann.member_id)
    await merging.merge()
    await Connections(merging.services, merging.hanna, merging.clock.now()).work()
    assert recording.held == {}, "the group there ended with the membership that was not active"
