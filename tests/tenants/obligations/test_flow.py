"""The whole way of a datum: installed, shared, taken back, proven."""

from __future__ import annotations

import pytest

from tests.builders import access_for
from wardship.tenants.grants.change import withdraw_grant
from wardship.tenants.installation_lifecycle.lifecycle import uninstall


@pytest.mark.usefixtures("ada", "admin")
async def test_granted_data_of_every_member_arrives_after_the_check(connections, recording, owner):
    installation = await connections.connect()

    assert installation.state == "active"
    assert recording.verbs() == ["check", "share", "share"]
    assert {record.text("first_name") for record in recording.held.values()} == {"Ada", ""}
    ada_record = next(record for record in recording.held.values() if record.get("first_name"))
    assert {field.name: field.value for field in ada_record.fields} == {
        "first_name": "Ada",
        "last_name": "Lovelace",
        "email": "ada@example.org",
        "phone": "+44 20 7946 0958",
    }
    ledger = await owner.fetch("select * from disclosure order by created_at")
    assert [row["state"] for row in ledger] == ["delivered", "delivered"]
    assert {row["recipient"] for row in ledger} == {"Recorder Ltd"}


@pytest.mark.usefixtures("ada")
async def test_uninstalling_erases_then_revokes_then_proves_and_removes(connections, recording, services, owner):
    installation = await connections.connect()
    recording.heard.clear()

    async with access_for(services, connections.admin) as access:
        ending = await uninstall(access, installation.id)
    assert ending.state == "revoking"
    await connections.work()

    verbs = recording.verbs()
    assert sorted(verbs) == ["attest", "attest", "attest", "erase", "erase", "revoke"]
    assert verbs.index("revoke") > max(index for index, verb in enumerate(verbs) if verb == "erase")
    assert recording.held == {}
    removed = await connections.read(installation.id)
    assert (removed.state, removed.state_reason) == ("removed", "self_reported")
    place = await owner.fetchrow("select state, settings, secrets from installation_place")
    assert tuple(place) == ("left", "{}", None)
    assert await owner.fetchval("select count(*) from obligation where ended_at is null") == 0


@pytest.mark.usefixtures("ada")
async def test_withdrawing_the_last_grant_erases_at_the_vendor(connections, recording, services, owner):
    await connections.connect()
    for grant in await owner.fetch("select id from integration_grant"):
        async with access_for(services, connections.admin) as access:
            await withdraw_grant(access, grant["id"])
    recording.heard.clear()
    await connections.work()

    assert recording.held == {}
    assert set(recording.verbs()) == {"erase", "attest"}
    assert {row["state"] for row in await owner.fetch("select state from subject_link")} == {"erased"}
