"""Settings that a new version can't read leave the installation in `migration_failed`, until they are mended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import pytest
from pydantic import SecretStr

from tests.builders import access_for, make_member
from tests.fakes.recorder import Recorder, recorder
from wardship.plugins.api import Settings, Verb
from wardship.tenants.installation_lifecycle.lifecycle import uninstall, update_settings
from wardship.tenants.obligations.enqueue import share_with_audience
from wardship.tenants.obligations.for_member import enqueue_for_member

SECRET = "hunter2-secret"


class First(Settings):
    account: str
    token: SecretStr


class Broken(Settings):
    version: ClassVar[int] = 2
    folder: str
    token: SecretStr

    @classmethod
    def migrate(cls, stored_version: int, raw: Mapping[str, Any]) -> dict[str, Any]:
        raise ValueError(f"{stored_version}: {raw}")


class Mended(Broken):
    @classmethod
    def migrate(cls, stored_version: int, raw: Mapping[str, Any]) -> dict[str, Any]:
        assert stored_version == 1
        return {"folder": f"/{raw['account']}", "token": raw["token"]}


def version(number: str, settings: type[Settings]) -> Recorder:
    return recorder(version=number, settings=settings)


@pytest.fixture
async def broken(restart, database, acme):
    """An installation whose new version can't read its settings, and hands on the deployment."""
    await make_member(database, acme, first_name="Ada")
    first = await restart(version("1.0", First))
    installation = await first.connect(settings={"account": "acme", "token": SECRET})
    after = await restart(plugin := version("2.0", Broken))
    await share(after, installation.id)
    assert plugin.heard == []
    return after, installation


async def share(connections, installation_id) -> None:
    installation = await connections.read(installation_id)
    async with access_for(connections.services, connections.admin) as access:
        await share_with_audience(access, installation)
    await connections.work()


async def test_it_is_shown_and_no_value_of_it_is(broken, owner):
    after, installation = broken
    present = await after.read(installation.id)
    assert (present.state, present.state_reason) == ("migration_failed", "bad_settings")
    assert present.problem
    details = await owner.fetch("select detail from obligation where detail <> ''")
    assert any("version 1 could not be brought to version 2 (ValueError)" in row["detail"] for row in details)
    for table in ("obligation", "installation", "audit_entry", "notice"):
        rows = await owner.fetch(f"select t::text as text from {table} t")
        assert not any(SECRET in row["text"] for row in rows)
    assert await owner.fetchval("select settings ->> 'account' from installation_place") == "acme"


async def test_a_package_that_can_read_them_mends_it_and_all_goes_on(broken, restart, ada):
    after, installation = broken
    async with access_for(after.services, after.admin) as access:
        await enqueue_for_member(access, ada.member_id, Verb.CORRECT)
    await after.work()
    mended = await restart(plugin := version("2.1", Mended))
    await mended.work()

    assert (await mended.read(installation.id)).state == "active"
    assert {record.text("first_name") for record in plugin.held.values()} >= {"Ada"}
    assert plugin.verbs()[0] == "check"


async def test_a_package_that_still_can_not_is_asked_once_and_waits_for_somebody(broken, restart):
    _, installation = broken
    again = await restart(plugin := version("2.1", Broken))
    assert await again.work() > 0
    assert await again.work() == 0
    assert plugin.heard == []
    assert (await again.read(installation.id)).state == "migration_failed"


async def test_settings_that_are_filled_in_anew_mend_it(broken):
    after, installation = broken
    async with access_for(after.services, after.admin) as access:
        await update_settings(access, installation.id, {"folder": "/acme", "token": SECRET})
    await after.work()
    assert (await after.read(installation.id)).state == "active"


async def test_the_package_of_before_mends_it(broken, restart):
    _, installation = broken
    back = await restart(plugin := version("1.0", First))
    await back.work()
    assert (await back.read(installation.id)).state == "active"
    assert plugin.held


async def test_one_that_is_taken_away_meanwhile_is_never_shared_with_again(broken, restart):
    after, installation = broken
    async with access_for(after.services, after.admin) as access:
        await uninstall(access, installation.id)
    await after.work()
    mended = await restart(plugin := version("2.1", Mended))
    await mended.pass_time(days=1)
    assert "share" not in plugin.verbs()
    assert (await mended.read(installation.id)).state in {"revoking", "revocation_overdue", "removed"}
