"""Who registers a remote integration, at which addresses, and who sees it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial

import pytest

from tests.builders import access_for
from tests.tenants.operating import operating, operator
from tests.tenants.remote_integrations.providing import Provider
from tests.tenants.vendor_access.desk import make_vendor
from wardship.app.demo.letters import KEY
from wardship.core.accounts.accounts import remove_staff
from wardship.core.actor import StaffRole
from wardship.core.errors import NotFoundError, PermissionDeniedError
from wardship.core.outbound.network import NetworkPolicy
from wardship.tenants.access import StepUpRequiredError
from wardship.tenants.paging import PageRequest
from wardship.tenants.remote_integrations import registering
from wardship.tenants.remote_integrations.deciding import (
    approve_remote_integration,
    end_remote_integration,
    suspend_remote_integration,
)
from wardship.tenants.remote_integrations.read import list_remote_integrations, remote_integration_by_id
from wardship.tenants.remote_integrations.records import RemoteIntegrationState, RemoteIntegrationStateError
from wardship.tenants.remote_integrations.registering import (
    AGAIN_AFTER,
    MOST_REMOTE_INTEGRATIONS,
    DocumentAddressError,
    TooManyRemoteIntegrationsError,
    check_remote_integration,
    register_remote_integration,
    rotate_signing_secret,
)

pytestmark = pytest.mark.anyio
ROWS = "select count(*) from remote_integration"
approve = partial(approve_remote_integration, accepted="00")
"""Where it is refused before it is asked what was read."""
SECRETS = "select count(*) from remote_integration_secret"


async def test_a_vendor_registers_and_an_operator_lets_it_in(provider, server, services, owner):
    issued = await provider.register(server.document_url)
    assert issued.secret.startswith("whsec_")
    remote = await provider.read(issued.remote.id)
    assert (remote.state, remote.integration_key, remote.fault) == ("requested", KEY, "")
    assert KEY not in {each.key for each in services.integrations.all()}
    with pytest.raises(PermissionDeniedError):
        async with provider.vendor() as access:
            await approve(access, remote.id)
    assert (await provider.read(remote.id)).state == "requested"
    await provider.let_in(remote.id)
    loaded = services.integrations.require(KEY)
    assert (loaded.form, loaded.manifest.name) == ("remote", "Letters")
    rows = await owner.fetch("select entry::jsonb ->> 'action' as action from audit_entry order by id")
    actions = [row["action"] for row in rows if row["action"].startswith("remote_integration.")]
    assert sorted(actions) == [f"remote_integration.{act}" for act in ("active", "declared", "registered", "requested")]


async def test_records_reach_the_vendor(server, installation):
    assert installation.state == "active"
    ada = {"email": "ada@example.org", "first_name": "Ada", "last_name": "Lovelace"}
    assert ada in server.vendor.held.values()


@pytest.mark.parametrize("role", [StaffRole.OPERATOR, StaffRole.PRIVACY_TEAM])
async def test_nobody_but_a_vendor_registers(services, server, owner, role):
    with pytest.raises(PermissionDeniedError):
        async with access_for(services, operator(services, role=role)) as access:
            await register_remote_integration(access, server.document_url)
    assert await owner.fetchval(ROWS) == 0


async def test_a_member_of_an_organisation_neither_registers_nor_sees(services, admin, remote, server, owner):
    async with access_for(services, admin) as access:
        for refused in (
            register_remote_integration(access, server.document_url),
            list_remote_integrations(access, PageRequest(5)),
        ):
            with pytest.raises(PermissionDeniedError):
                await refused
        with pytest.raises(NotFoundError):
            await remote_integration_by_id(access, remote.id)
        assert await access.transaction.fetchval(ROWS) == 0, "the database keeps it from every other organisation"
        assert await access.transaction.fetchval(SECRETS) == 0
    assert await owner.fetchval(ROWS) == 1


async def test_a_vendor_sees_and_changes_its_own_alone(services, provider, server, remote):
    other = Provider(services, await make_vendor(services, "victor@example.org"))
    async with other.vendor() as access:
        assert (await list_remote_integrations(access, PageRequest(5))).items == []
        for act in (
            remote_integration_by_id,
            check_remote_integration,
            rotate_signing_secret,
            end_remote_integration,
            suspend_remote_integration,
        ):
            with pytest.raises(NotFoundError):
                await act(access, remote.id)
    async with provider.vendor() as access:
        assert [each.id for each in (await list_remote_integrations(access, PageRequest(5))).items] == [remote.id]
    async with operating(services) as access:
        assert [each.id for each in (await list_remote_integrations(access, PageRequest(5))).items] == [remote.id]
        for act in (check_remote_integration, rotate_signing_secret):
            with pytest.raises(PermissionDeniedError):
                await act(access, remote.id)
    assert await provider.read(remote.id) == remote
    assert server.vendor.secret


async def test_list_is_narrowed_by_state(services, provider, server, remote):
    issued = await provider.register(f"{server.url}/elsewhere")
    for states, expected in (
        ((), [remote.id, issued.remote.id]),
        ((RemoteIntegrationState.CHECKING,), [issued.remote.id]),
        ((RemoteIntegrationState.CHECKING, RemoteIntegrationState.ACTIVE), [remote.id, issued.remote.id]),
        ((RemoteIntegrationState.ENDED,), []),
    ):
        async with operating(services) as access:
            page = await list_remote_integrations(access, PageRequest(5), states)
        assert [each.id for each in page.items] == expected, states
    other = Provider(services, await make_vendor(services, "victor@example.org"))
    async with other.vendor() as access:
        page = await list_remote_integrations(access, PageRequest(5), list(RemoteIntegrationState))
    assert page.items == [], "another vendor's is not seen by its state either"


async def test_every_change_needs_a_second_factor_shown_a_moment_ago(provider, services, server, remote, owner):
    async with provider.vendor(stepped_up_at=None) as access:
        for act in (
            register_remote_integration(access, server.document_url),
            rotate_signing_secret(access, remote.id),
            end_remote_integration(access, remote.id),
        ):
            with pytest.raises(StepUpRequiredError):
                await act
    async with access_for(services, operator(services, stepped_up=False)) as access:
        for act in (approve, suspend_remote_integration, end_remote_integration):
            with pytest.raises(StepUpRequiredError):
                await act(access, remote.id)
    assert await provider.read(remote.id) == remote
    assert await owner.fetchval(SECRETS) == 1


HOSTILE = [
    "",
    "vendor.example",
    "//vendor.example/x",
    "http://vendor.example/x",
    "ftp://vendor.example/x",
    "file:///etc/passwd",
    "gopher://vendor.example/",
    "javascript:alert(1)",
    "data:application/json,{}",
    "https://",
    "https:///x",
    "https://user@vendor.example/x",
    "https://user:word@vendor.example/x",
    "https://vendor.example@127.0.0.1/x",
    "https://vendor.example/x#part",
    "https://vendor.example\\x",
    "https://vendor.example/x y",
    "https://vendor.example/\r\nx",
    "https://vendor.example/\u202ex",
    "https://vendor.example:port/x",
    "https://[::1/x",
    "https://vendor.example/" + "x" * 500,
    "https://127.0.0.1/x",
    "https://127.0.0.1:8443/x",
    "https://[::1]/x",
    "https://[::ffff:127.0.0.1]/x",
    "https://10.0.0.1/x",
    "https://172.16.0.1/x",
    "https://192.168.1.1/x",
    "https://169.254.169.254/latest/meta-data",
    "https://100.64.0.1/x",
    "https://0.0.0.0/x",
    "https://[fe80::1]/x",
    "https://[fc00::1]/x",
    "https://[64:ff9b::7f00:1]/x",
]


@pytest.mark.parametrize("url", HOSTILE)
async def test_an_address_that_no_document_may_have_is_refused(provider, owner, monkeypatch, url):
    monkeypatch.setattr("wardship.tenants.remote_integrations.registering.network_of", lambda _: NetworkPolicy())
    with pytest.raises(DocumentAddressError):
        async with provider.vendor() as access:
            await register_remote_integration(access, url)
    assert await owner.fetchval(ROWS) + await owner.fetchval(SECRETS) == 0


async def test_a_vendor_has_twenty_at_most(provider, owner):
    async with provider.vendor() as access:
        for number in range(MOST_REMOTE_INTEGRATIONS):
            await register_remote_integration(access, f"https://vendor.example/{number}")
    with pytest.raises(TooManyRemoteIntegrationsError):
        async with provider.vendor() as access:
            await register_remote_integration(access, "https://vendor.example/more")
    assert await owner.fetchval(ROWS) == MOST_REMOTE_INTEGRATIONS


async def test_what_has_ended_and_what_is_anothers_leaves_room(provider, services, owner, monkeypatch):
    monkeypatch.setattr(registering, "MOST_REMOTE_INTEGRATIONS", 1)
    other = Provider(services, await make_vendor(services, "victor@example.org"))
    for each in (provider, other):
        async with each.vendor() as access:
            issued = await register_remote_integration(access, "https://vendor.example/first")
    async with other.vendor() as access:
        await end_remote_integration(access, issued.remote.id)
        await register_remote_integration(access, "https://vendor.example/second")
    with pytest.raises(TooManyRemoteIntegrationsError):
        async with other.vendor() as access:
            await register_remote_integration(access, "https://vendor.example/third")
    assert await owner.fetchval(ROWS) == 3


async def test_many_at_the_same_moment_are_still_no_more(provider, owner, monkeypatch):
    monkeypatch.setattr(registering, "MOST_REMOTE_INTEGRATIONS", 2)

    async def register(number: int) -> None:
        async with provider.vendor() as access:
            await register_remote_integration(access, f"https://vendor.example/{number}")

    ends = await asyncio.gather(*(register(number) for number in range(5)), return_exceptions=True)
    assert [type(end) for end in ends if end is not None] == [TooManyRemoteIntegrationsError] * 3
    assert await owner.fetchval(ROWS) == 2


async def test_one_that_has_ended_comes_back_by_no_way_but_anew(provider, services, server, remote):
    async with provider.vendor() as access:
        await end_remote_integration(access, remote.id)
        for act in (check_remote_integration, rotate_signing_secret, end_remote_integration):
            with pytest.raises(RemoteIntegrationStateError):
                await act(access, remote.id)
    async with operating(services) as access:
        for act in (approve, suspend_remote_integration, end_remote_integration):
            with pytest.raises(RemoteIntegrationStateError):
                await act(access, remote.id)
    again = await provider.register(server.document_url)
    assert (await provider.read(again.remote.id)).state == "requested"


async def test_one_that_has_declared_nothing_is_not_let_in(provider, services, server):
    issued = await provider.register(f"{server.url}/elsewhere")
    assert (await provider.read(issued.remote.id)).state == "checking"
    for act in (approve, suspend_remote_integration):
        with pytest.raises(RemoteIntegrationStateError):
            async with operating(services) as access:
                await act(access, issued.remote.id)
    remote = await provider.read(issued.remote.id)
    assert (remote.state, remote.fault) == ("checking", "the document can't be fetched: HTTP 404, not 200")


async def test_the_integration_of_who_is_no_vendor_any_more_is_suspended(provider, services, remote):
    async with services.database.directory() as transaction:
        await remove_staff(transaction, provider.vendor_id, StaffRole.VENDOR)
    await provider.sweep()
    assert (await provider.read(remote.id)).state == "suspended"
    assert services.integrations.get(KEY).absence == "remote_suspended"


async def test_the_integration_of_an_account_that_is_gone_is_suspended(provider, remote, owner):
    await owner.execute("update account set state = 'erased' where id = $1", provider.vendor_id)
    await provider.sweep()
    assert (await provider.read(remote.id)).state == "suspended"


async def test_a_document_is_fetched_again_after_ten_seconds_at_the_soonest(provider, remote, clock, owner):
    async with provider.vendor() as access:
        await check_remote_integration(access, remote.id)
    due = "select fetch_at from remote_integration"
    assert await owner.fetchval(due) == clock.now() + AGAIN_AFTER
    clock.advance(AGAIN_AFTER)
    await provider.sweep()
    assert await owner.fetchval(due) > clock.now() + timedelta(hours=20)
    assert (await provider.read(remote.id)).fetched_at == clock.now()
