"""Signing secrets: told once, kept encrypted, and while one is replaced both sign."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import access_for
from tests.tenants.remote_integrations.test_endpoints import owe
from wardship.core.actor import PROVIDER_ID
from wardship.tenants.installation_lifecycle.checking import check_again
from wardship.tenants.remote_integrations.registering import rotate_signing_secret

pytestmark = pytest.mark.anyio


async def rotate(provider, remote, **how):
    async with provider.vendor() as access:
        issued = await rotate_signing_secret(access, remote.id, **how)
    await provider.sweep()
    return issued.secret


def signatures(server) -> int:
    headers, _ = server.vendor.heard[-1]
    return len(headers["webhook-signature"].split(" "))


async def test_while_a_secret_is_replaced_messages_fit_both_and_afterwards_the_new_one_alone(
    provider, remote, installation, services, admin, ada, connections, server, clock
):
    assert (signatures(server), installation.state) == (1, "active")
    old = server.vendor.secret
    new = await rotate(provider, remote)
    server.vendor.takes_time = False
    await owe(services, admin, ada)
    await connections.work()
    assert (signatures(server), server.vendor.secret) == (2, old)
    server.vendor.secret = new
    await check(services, connections, installation)
    assert signatures(server) == 2
    clock.advance(timedelta(hours=24))
    await check(services, connections, installation)
    assert signatures(server) == 1
    server.vendor.secret = old
    await check(services, connections, installation)
    assert (await connections.read(installation.id)).state_reason == "unauthorised"


async def check(services, connections, installation):
    async with access_for(services, connections.admin.actor(at=services.clock.now())) as access:
        await check_again(access, installation)
    await connections.work()


async def test_a_secret_that_leaked_ends_at_once(provider, remote, installation, services, connections, server):
    new = await rotate(provider, remote, ends_old_at_once=True)
    await check(services, connections, installation)
    assert (await connections.read(installation.id)).state_reason == "unauthorised"
    server.vendor.secret = new
    await check(services, connections, installation)
    assert ((await connections.read(installation.id)).state, signatures(server)) == ("active", 1)


async def test_no_secret_is_kept_in_the_clear_or_longer_than_it_signs(provider, remote, server, owner, clock):
    new = await rotate(provider, remote)
    rows = await owner.fetch("select organisation_id, sealed, expires_at from remote_integration_secret")
    assert {row["organisation_id"] for row in rows} == {PROVIDER_ID}
    for secret in (server.vendor.secret, new):
        assert all(secret.encode() not in row["sealed"] for row in rows)
    assert sorted(row["expires_at"] is None for row in rows) == [False, True]
    clock.advance(timedelta(days=1, seconds=1))
    await provider.sweep()
    assert await owner.fetchval("select count(*) from remote_integration_secret") == 1


async def test_no_secret_stands_in_the_audit_or_the_log(provider, remote, server, owner, capsys):
    new = await rotate(provider, remote)
    entries = "".join(row["entry"] for row in await owner.fetch("select entry from audit_entry"))
    said = capsys.readouterr()
    for secret in (server.vendor.secret, new):
        assert secret not in entries + said.out + said.err
