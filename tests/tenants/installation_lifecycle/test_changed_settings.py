"""Settings of an installation are changed one by one; a secret does not go to another place unasked."""

from __future__ import annotations

import json

import pytest

from tests.builders import access_for
from tests.fakes import vendor_plugin
from wardship.plugins.host.settings import InvalidSettingsError
from wardship.tenants.installation_lifecycle.lifecycle import update_settings
from wardship.tenants.installations.records import installed, read_places


@pytest.fixture
async def connected(connections, vendor):
    return await connections.connect(vendor_plugin.KEY, settings={**vendor.public_settings, **vendor.secrets})


async def kept(services, person, connections, installation):
    now = await connections.read(installation.id)
    async with access_for(services, person) as access:
        place = (await read_places(access, [now.place_id]))[now.place_id]
        return json.loads(place.settings), installed(access, now, place).secrets


async def test_change_of_one_setting_leaves_the_others_and_the_secrets(
    services, admin, connections, connected, vendor, owner
):
    before = await kept(services, admin, connections, connected)
    async with access_for(services, admin) as access:
        await update_settings(access, connected.id, {})
    assert await kept(services, admin, connections, connected) == before
    async with access_for(services, admin) as access:
        await update_settings(access, connected.id, {"token": vendor.secrets["token"]})
    assert await kept(services, admin, connections, connected) == before
    entries = "select entry::jsonb -> 'details' -> 'fields' from audit_entry where action = 'installation.reconnected'"
    told = await owner.fetch(f"{entries} order by sequence")
    assert [json.loads(row[0]) for row in told] == [[], ["token"]]


async def test_secret_is_given_again_where_the_data_goes_to_another_place(services, admin, connections, connected):
    before = await kept(services, admin, connections, connected)
    elsewhere = {"server_url": "https://elsewhere.example/"}
    with pytest.raises(InvalidSettingsError) as refused:
        async with access_for(services, admin) as access:
            await update_settings(access, connected.id, elsewhere)
    assert refused.value.path == ("settings", "token")
    assert await kept(services, admin, connections, connected) == before
    with pytest.raises(InvalidSettingsError):
        async with access_for(services, admin) as access:
            await update_settings(access, connected.id, {"token": None})
    assert await kept(services, admin, connections, connected) == before
