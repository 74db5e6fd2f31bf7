"""Settings that name another server: what was shared with the first one is taken back there, or stays owed."""

from __future__ import annotations

import asyncio
import contextvars
import json
import threading

import pytest
from pydantic import HttpUrl, SecretStr

from tests.builders import access_for
from tests.fakes.recorder import Recorder, recorder
from wardship.core.actor import system_actor
from wardship.plugins.api import Settings, TemporarilyUnavailable, Verb
from wardship.tenants.access import Access
from wardship.tenants.egress.holdings import places_holding
from wardship.tenants.erasure.snapshot import take_snapshot
from wardship.tenants.installation_lifecycle.lifecycle import uninstall, update_settings
from wardship.tenants.installation_lifecycle.moving import PlaceChangeRefusedError
from wardship.tenants.obligations.for_member import enqueue_for_member
from wardship.tenants.obligations.leases import claim
from wardship.tenants.obligations.prepare import prepare
from wardship.tenants.obligations.worker import WorkerLimits


class ServerSettings(Settings):
    server_url: HttpUrl
    team: str = "all"
    credential: SecretStr


def at(server: str = "https://one.example.org/", **more: str) -> dict[str, str]:
    return {"server_url": server, "credential": "t", **more}


ONE, TWO, THREE = (f"https://{name}.example.org/" for name in ("one", "two", "three"))


@pytest.fixture
def moving(services) -> Recorder:
    """A recording integration whose settings say where the data goes."""
    made = recorder("moving", settings=ServerSettings, host_settings=("server_url",), place_settings=("team",))
    services.integrations.register(made, "moving")
    return made


@pytest.fixture
def move(services, connections):
    async def to(installation, server: str, **more: str):
        async with access_for(services, connections.admin.actor(at=services.clock.now())) as access:
            return await update_settings(access, installation.id, at(server, **more))

    return to


@pytest.fixture
def placed(owner):
    async def states(installation) -> dict[str, tuple[str, bool]]:
        """Return by server each place's state and whether it has secrets."""
        rows = await owner.fetch("select * from installation_place where installation_id = $1", installation.id)
        return {row["recipient"].split("(")[1].strip(")"): (row["state"], row["secrets"] is not None) for row in rows}

    return states


@pytest.mark.usefixtures("seven")
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (ONE, "HTTPS://One.Example.ORG:443"),
        ("https://bücher.example/a/", "https://xn--bcher-kva.example/a"),
        ("https://one.example.org:8443/x", "https://one.example.org:8443/x/"),
    ],
)
async def test_another_spelling_or_password_is_no_move(before, after, services, connections, moving, owner):
    installation = await connections.connect("moving", settings=at(before))
    moving.heard.clear()
    async with access_for(services, connections.admin) as access:
        same = await update_settings(access, installation.id, {**at(after), "credential": "another"})
    assert (same.place_id, same.state) == (installation.place_id, "active")
    await connections.work()
    assert set(moving.verbs()) == {"check", "share"}
    assert await owner.fetchval("select count(*) from installation_place") == 1


@pytest.mark.usefixtures("seven")
@pytest.mark.parametrize("changed", [{"server": TWO}, {"server": "https://one.example.org/b"}, {"team": "b"}])
async def test_another_server_path_or_account_is_a_move(changed, connections, moving, move, owner):
    installation = await connections.connect("moving", settings=at(ONE))
    held = set(moving.held)
    moved = await move(installation, **({"server": ONE} | changed))
    assert moved.place_id != installation.place_id
    await connections.work()
    assert len(moving.held) == 7
    assert held & set(moving.held) == set()
    assert (await connections.read(installation.id)).state == "active"
    places = await owner.fetch("select state, secrets is null as bare from installation_place order by created_at, id")
    assert sorted(map(tuple, places)) == [("current", False), ("left", True)]


@pytest.mark.usefixtures("seven")
async def test_where_nothing_was_shared_nothing_is_owed(connections, moving, move, placed, owner):
    installation = await connections.install("moving", settings=at(ONE))
    await move(installation, TWO)
    assert await placed(installation) == {"one.example.org": ("left", False), "two.example.org": ("current", True)}
    await connections.work()
    assert set(moving.verbs()) == {"check", "share"}
    assert await owner.fetchval("select count(*) from obligation where verb = 'revoke'") == 0


@pytest.mark.usefixtures("seven")
async def test_the_old_place_keeps_its_secrets_until_it_is_empty_and_the_new_one_is_served_meanwhile(
    connections, moving, move, placed
):
    installation = await connections.connect("moving", settings=at(ONE))
    first = set(moving.held)
    for verb in (Verb.ERASE, Verb.REVOKE):
        moving.always[verb] = _unavailable
    await move(installation, TWO)
    await connections.work()
    assert await placed(installation) == {"one.example.org": ("leaving", True), "two.example.org": ("current", True)}
    assert len(moving.held) == 14
    moving.always.clear()
    await recover(connections)
    assert await placed(installation) == {"one.example.org": ("left", False), "two.example.org": ("current", True)}
    assert len(moving.held) == 7
    assert first & set(moving.held) == set()


@pytest.mark.usefixtures("seven")
async def test_an_old_place_that_never_answers_ends_with_a_person_s_word(connections, moving, move, placed, owner):
    installation = await connections.connect("moving", settings=at(ONE))
    for verb in (Verb.ERASE, Verb.REVOKE, Verb.ATTEST):
        moving.always[verb] = _unavailable
    await move(installation, TWO)
    for _ in range(60):
        await connections.pass_time(hours=6)
    for _ in range(4):
        told = await connections.complete_all("ok")
        assert all("one.example.org" in words for words in told)
        await connections.pass_time(hours=24 * 8)
    assert (await placed(installation))["one.example.org"] == ("left", False)
    (left,) = await owner.fetch("select entry from audit_entry where action = 'installation.place_left'")
    assert json.loads(left["entry"])["details"]["grade"] == "manual"


@pytest.mark.usefixtures("seven")
async def test_back_at_a_place_that_was_being_left_nothing_that_is_shared_again_is_destroyed(
    connections, moving, move, placed, owner
):
    installation = await connections.connect("moving", settings=at(ONE))
    for verb in (Verb.ERASE, Verb.REVOKE):
        moving.always[verb] = _unavailable
    await move(installation, TWO)
    await connections.work()
    moving.always.clear()
    back = await move(installation, ONE)
    assert back.place_id == installation.place_id
    await connections.work()
    await connections.pass_time(hours=3)
    await connections.pass_time(days=2)
    here = await owner.fetch("select subject_ref, state from subject_link where place_id = $1", installation.place_id)
    assert {row["state"] for row in here} == {"shared"}
    assert set(moving.held) == {row["subject_ref"] for row in here}
    assert await placed(installation) == {"one.example.org": ("current", True), "two.example.org": ("left", False)}
    proven = "select count(*) from obligation where place_id = $1 and verb in ('erase', 'revoke') and member_id is null"
    assert await owner.fetchval(proven + " and attestation is not null", installation.place_id) == 0


@pytest.mark.usefixtures("seven", "moving")
async def test_back_at_a_place_while_everything_is_taken_back_there_is_refused(connections, move, owner):
    installation = await connections.connect("moving", settings=at(ONE))
    await move(installation, TWO)
    await owner.execute("update obligation set state = 'leased' where verb = 'revoke'")
    before = await owner.fetch("select * from installation_place order by id")
    with pytest.raises(PlaceChangeRefusedError):
        await move(installation, ONE)
    assert await owner.fetch("select * from installation_place order by id") == before


@pytest.mark.usefixtures("seven")
async def test_a_second_move_while_the_first_place_is_being_left(connections, moving, move, placed):
    installation = await connections.connect("moving", settings=at(ONE))
    moving.always[Verb.ERASE] = _unavailable
    await move(installation, TWO)
    await connections.work()
    await move(installation, THREE)
    assert {server: state for server, (state, _) in (await placed(installation)).items()} == {
        "one.example.org": "leaving",
        "two.example.org": "leaving",
        "three.example.org": "current",
    }
    moving.always.clear()
    await recover(connections)
    assert len(moving.held) == 7
    assert {server: state for server, (state, _) in (await placed(installation)).items()} == {
        "one.example.org": "left",
        "two.example.org": "left",
        "three.example.org": "current",
    }


@pytest.mark.usefixtures("ada")
async def test_a_share_under_way_at_the_move_is_taken_back_at_the_old_place(connections, moving, move, placed):
    installation = await connections.install("moving", settings=at(ONE))
    await connections.worker().run_once()
    begun, go_on = threading.Event(), threading.Event()

    async def slowly(_):
        begun.set()
        await asyncio.to_thread(go_on.wait, 5)

    moving.told[Verb.SHARE] = [slowly]
    working = asyncio.create_task(connections.worker().run_once())
    await asyncio.to_thread(begun.wait, 5)
    await move(installation, TWO)
    go_on.set()
    await working
    assert len(moving.held) == 2
    await connections.work()
    await connections.pass_time(hours=1)
    assert await placed(installation) == {"one.example.org": ("left", False), "two.example.org": ("current", True)}
    assert len(moving.held) == 2


@pytest.mark.usefixtures("moving", "ada")
async def test_a_move_waits_for_a_gate_that_came_first(services, connections, move, owner):
    installation = await connections.install("moving", settings=at(ONE))
    await connections.worker().run_once()
    batch = await claim(services, "test", WorkerLimits(), after=None, busy=())
    async with services.database.tenant(batch.organisation_id) as transaction:
        await prepare(Access(system_actor(batch.organisation_id), transaction, services, "test"), batch)
        moving_on = asyncio.create_task(move(installation, TWO), context=contextvars.Context())
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(moving_on), 0.2)
    await asyncio.wait_for(moving_on, 5)
    owed = await owner.fetch(
        "select verb from obligation where place_id = $1 and state = 'pending' order by verb", installation.place_id
    )
    assert {row["verb"] for row in owed} == {"erase", "revoke"}


@pytest.mark.usefixtures("seven")
@pytest.mark.parametrize("state", ["degraded", "paused", "load_failed", "migration_failed", "needs_approval"])
async def test_a_move_in_any_state_owes_what_is_held(state, connections, moving, move, owner):
    installation = await connections.connect("moving", settings=at(ONE))
    first = set(moving.held)
    await owner.execute("update installation set state = $1", state)
    await move(installation, TWO)
    await connections.work()
    assert first & set(moving.held) == set()
    after = (await connections.read(installation.id)).state
    assert after == ("paused" if state == "paused" else "active")
    assert len(moving.held) == (0 if state == "paused" else 7)


@pytest.mark.usefixtures("seven")
async def test_what_is_being_taken_away_does_not_move_and_takes_a_new_password_for_each_place(
    services, connections, moving, move, owner
):
    installation = await connections.connect("moving", settings=at(ONE))
    for verb in (Verb.ERASE, Verb.REVOKE):
        moving.always[verb] = _unavailable
    await move(installation, TWO)
    await connections.work()
    async with access_for(services, connections.admin) as access:
        await uninstall(access, installation.id)
    with pytest.raises(PlaceChangeRefusedError):
        await move(installation, THREE)
    before = await owner.fetchval("select secrets from installation_place where id = $1", installation.place_id)
    kept = await move(installation, ONE, credential="renewed")
    assert kept.place_id != installation.place_id
    assert await owner.fetchval("select secrets from installation_place where id = $1", installation.place_id) != before
    moving.always.clear()
    await recover(connections)
    assert moving.held == {}
    assert (await connections.read(installation.id)).state == "removed"
    assert {row["state"] for row in await owner.fetch("select state from installation_place")} == {"left"}


@pytest.mark.usefixtures("seven")
async def test_an_erasure_asked_for_meanwhile_goes_to_every_place(services, connections, moving, move, ada, owner):
    installation = await connections.connect("moving", settings=at(ONE))
    for verb in (Verb.ERASE, Verb.REVOKE):
        moving.always[verb] = _unavailable
    await move(installation, TWO)
    await connections.work()
    async with access_for(services, connections.admin) as access:
        held = await places_holding(access, ada.member_id)
        preview = (await take_snapshot(access, ada.member_id)).preview.integrations
        made = await enqueue_for_member(access, ada.member_id, Verb.EXPORT)
    assert [each.place.recipient for each in held] == [each.recipient for each in preview]
    assert [each.recipient for each in preview] == ["Recorder Ltd (one.example.org)", "Recorder Ltd (two.example.org)"]
    rows = await owner.fetch("select place_id from obligation where id = any($1::uuid[])", made)
    assert {row["place_id"] for row in rows} == {each.place.id for each in held}


async def recover(connections) -> None:
    """Let what failed be tried again, a few calls at a time while the circuit breaker closes."""
    for _ in range(8):
        await connections.pass_time(minutes=30)


def _unavailable(_):
    raise TemporarilyUnavailable("down")
