"""The same is not connected twice, and two installations with one account at the vendor are noticed."""

from __future__ import annotations

import asyncio

import pytest
from pydantic import HttpUrl, SecretStr

from tests.builders import access_for, make_group, make_member, make_organisation
from tests.connecting import Connections, install_request
from tests.fakes.recorder import recorder
from wardship.core.actor import Role
from wardship.plugins.api import Holder, Settings
from wardship.tenants.installation_lifecycle.duplicates import AlreadyInstalledError, SameVendorAccountError
from wardship.tenants.installation_lifecycle.install import install
from wardship.tenants.installation_lifecycle.lifecycle import uninstall, update_settings


class AtServer(Settings):
    server_url: HttpUrl
    token: SecretStr


class ByToken(Settings):
    token: SecretStr


@pytest.fixture
def plugins(services) -> None:
    services.integrations.register(recorder("at", settings=AtServer, host_settings=("server_url",)), "at")
    services.integrations.register(recorder("token", settings=ByToken), "token")


ONE = {"server_url": "https://one.example.org/", "token": "t"}
TWO = {"server_url": "https://two.example.org/", "token": "t"}

pytestmark = pytest.mark.usefixtures("plugins", "recording")


async def counted(owner) -> int:
    return await owner.fetchval("select count(*) from installation")


async def test_what_is_connected_already_is_refused(connections, owner):
    await connections.install("at", settings=ONE)
    with pytest.raises(AlreadyInstalledError):
        await connections.install("at", settings=ONE, accepts_same_account=True)
    assert await counted(owner) == 1


async def test_an_answer_that_was_lost_connects_nothing_twice_at_the_same_moment(services, admin, owner):
    async def once() -> None:
        async with access_for(services, admin) as access:
            await install(access, install_request(services, "recorder"))

    ended = await asyncio.gather(*(once() for _ in range(4)), return_exceptions=True)
    assert [type(each) for each in ended if each is not None] == [AlreadyInstalledError] * 3
    assert await counted(owner) == 1


async def test_what_is_being_taken_away_is_in_nobodys_way(services, connections, admin, owner):
    first = await connections.connect("at", settings=ONE)
    async with access_for(services, admin) as access:
        await uninstall(access, first.id)
    await connections.install("at", settings=ONE)
    assert await counted(owner) == 2


async def test_for_other_people_it_is_the_same_account(connections, database, acme, ada, owner):
    group_id = await make_group(database, acme, "Choir", ada)
    await connections.install("at", settings=ONE)
    other = {"holder": Holder.GROUP, "group_id": group_id}
    spelled = {"server_url": "HTTPS://ONE.example.org", "token": "another"}
    with pytest.raises(SameVendorAccountError):
        await connections.install("at", settings=spelled, **other)
    assert await counted(owner) == 1

    await connections.install("at", settings=spelled, accepts_same_account=True, **other)
    assert await counted(owner) == 2


async def test_another_place_with_the_same_token_is_another_account(connections, owner):
    await connections.install("at", settings=ONE)
    await connections.install("at", settings=TWO)
    assert await counted(owner) == 2


async def test_where_nothing_says_the_place_the_token_is_the_account(connections, database, acme, ada, owner):
    group_id = await make_group(database, acme, "Choir", ada)
    await connections.install("token", settings={"token": "t"})
    other = {"holder": Holder.GROUP, "group_id": group_id}
    with pytest.raises(SameVendorAccountError):
        await connections.install("token", settings={"token": "t"}, **other)
    await connections.install("token", settings={"token": "u"}, **other)
    assert await counted(owner) == 2


async def test_nothing_is_told_across_organisations(services, connections, database, owner):
    await connections.install("at", settings=ONE)
    beta = await make_organisation(database, "beta")
    stranger = await make_member(database, beta, Role.ORG_ADMIN)
    await Connections(services, stranger).install("at", settings=ONE)
    assert await counted(owner) == 2


async def test_settings_that_come_to_name_anothers_account_are_refused(services, connections, admin, owner):
    await connections.install("at", settings=ONE)
    second = await connections.install("at", settings=TWO)
    async with access_for(services, admin) as access:
        with pytest.raises(SameVendorAccountError):
            await update_settings(access, second.id, ONE)
    assert await owner.fetchval("select count(*) from installation_place") == 2

    async with access_for(services, admin) as access:
        await update_settings(access, second.id, ONE, accepts_same_account=True)
        # Another password for what it shares already is no news.
        await update_settings(access, second.id, {"token": "new"})
