"""One secret is rotated alone: the new one at once, the old one beside it until its time is over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import SecretStr

from tests.builders import access_for
from tests.fakes.recorder import recorder
from wardship.core.errors import InvalidInputError, NotFoundError
from wardship.plugins.api import Settings, hookimpl
from wardship.plugins.host.settings import InvalidSettingsError
from wardship.tenants.installation_lifecycle.lifecycle import uninstall
from wardship.tenants.installation_lifecycle.rotating import (
    SecretUnchangedError,
    drop_retired_secrets,
    rotate_secret,
)

OVERLAP = timedelta(hours=24)


class TwoSecrets(Settings):
    token: SecretStr
    signing_key: SecretStr


class Knowing:
    """A recording integration that notes the values which a connector has of its secrets."""

    def __init__(self) -> None:
        self.recorder = recorder("knowing", settings=TwoSecrets)
        self.seen: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = []

    @hookimpl
    def wardship_receives(self):
        return self.recorder.declared

    @hookimpl
    def wardship_revokes(self):
        return self.recorder.plan

    @hookimpl
    def wardship_connector(self, context):
        if context.installation_id:
            self.seen.append((context.secret("token"), context.secrets("token"), context.secrets("signing_key")))
        return self.recorder.wardship_connector(context)


@pytest.fixture
async def knowing(services, connections):
    made = Knowing()
    services.integrations.register(made, "knowing")
    installation = await connections.connect("knowing", settings={"token": "one", "signing_key": "key"})
    made.seen.clear()
    return made, installation


async def rotate(services, who, installation, value: str, overlap: timedelta = OVERLAP, name: str = "token"):
    async with access_for(services, who.actor(at=services.clock.now())) as access:
        return await rotate_secret(access, installation.id, name, value, overlap)


async def test_the_new_secret_comes_first_and_the_old_one_beside_it(services, connections, admin, knowing):
    plugin, installation = knowing
    await rotate(services, admin, installation, "two")
    await connections.work()

    assert plugin.seen[0] == ("two", ("two", "one"), ("key",))


async def test_the_old_secret_is_deleted_when_its_time_is_over(services, connections, admin, knowing, owner, clock):
    plugin, installation = knowing
    await rotate(services, admin, installation, "two")
    await connections.work()
    clock.advance(OVERLAP)
    plugin.seen.clear()
    await rotate(services, admin, installation, "more", timedelta(), name="signing_key")
    await connections.work()
    assert plugin.seen[0] == ("two", ("two",), ("more",))

    await drop_retired_secrets(services)
    assert await owner.fetchval("select count(*) from installation_place where retiring_secrets is not null") == 0


async def test_the_sweep_deletes_what_nobody_calls_for(services, admin, knowing, owner, clock):
    _, installation = knowing
    await rotate(services, admin, installation, "two")
    held = "select count(*) from installation_place where retiring_secrets is not null"
    await drop_retired_secrets(services)
    assert await owner.fetchval(held) == 1
    clock.advance(OVERLAP)
    await drop_retired_secrets(services)
    assert await owner.fetchval(held) == 0


async def test_each_secret_has_its_own_time(services, connections, admin, knowing, clock):
    plugin, installation = knowing
    await rotate(services, admin, installation, "two", timedelta(hours=2))
    await rotate(services, admin, installation, "newer", timedelta(hours=9), name="signing_key")
    clock.advance(timedelta(hours=3))
    await drop_retired_secrets(services)
    plugin.seen.clear()
    await connections.work()
    assert plugin.seen[-1] == ("two", ("two",), ("newer", "key"))


async def test_without_an_overlap_the_old_one_is_gone_at_once(services, connections, admin, knowing, owner):
    plugin, installation = knowing
    await rotate(services, admin, installation, "two", timedelta())
    await connections.work()
    assert plugin.seen[0] == ("two", ("two",), ("key",))
    assert await owner.fetchval("select count(*) from installation_place where retiring_until is not null") == 0


async def test_what_is_taken_away_keeps_no_old_secret(services, connections, admin, knowing, owner):
    _, installation = knowing
    await rotate(services, admin, installation, "two")
    async with access_for(services, admin.actor(at=services.clock.now())) as access:
        await uninstall(access, installation.id)
    await connections.work()
    assert (await connections.read(installation.id)).state == "removed"
    assert await owner.fetchval("select count(*) from installation_place where retiring_secrets is not null") == 0


async def test_the_audit_names_the_secret_and_no_value(services, admin, knowing, owner):
    _, installation = knowing
    await rotate(services, admin, installation, "two-two-two")
    row = await owner.fetchrow("select * from audit_entry where action = 'installation.secret_rotated'")
    assert "token" in str(dict(row))
    assert "two-two-two" not in str(dict(row))
    kept = await owner.fetchval("select retiring_secrets from installation_place")
    assert b"one" not in kept


@pytest.mark.parametrize(
    ("name", "value", "overlap", "error"),
    [
        ("token", "one", OVERLAP, SecretUnchangedError),
        ("server_url", "x", OVERLAP, InvalidSettingsError),
        ("token", "two", timedelta(days=8), InvalidInputError),
        ("token", "two", timedelta(seconds=-1), InvalidInputError),
    ],
)
async def test_what_is_no_rotation_changes_nothing(services, connections, admin, knowing, name, value, overlap, error):
    plugin, installation = knowing
    with pytest.raises(error):
        await rotate(services, admin, installation, value, overlap, name)
    await connections.work()
    assert plugin.seen == []


async def test_who_may_not_change_it_rotates_nothing(services, ada, knowing):
    _, installation = knowing
    with pytest.raises(NotFoundError):
        await rotate(services, ada, installation, "two")
