"""Vendors' clients: who asks for one, who lets it in, and who sees it."""

from __future__ import annotations

import pytest

from tests.builders import access_for
from tests.tenants.operating import operating, operator
from tests.tenants.vendor_access.desk import CALLBACK, make_client, make_vendor, vendor_actor
from wardship.core.accounts.accounts import add_staff, remove_staff
from wardship.core.actor import StaffRole
from wardship.core.errors import InvalidInputError, NotFoundError, PermissionDeniedError
from wardship.core.identifiers import uuid7
from wardship.tenants.access import StepUpRequiredError
from wardship.tenants.paging import PageRequest
from wardship.tenants.vendor_clients.accounts import vendor_accounts
from wardship.tenants.vendor_clients.change import (
    MOST_CLIENTS,
    ClientRequest,
    TooManyVendorClientsError,
    approve_vendor_client,
    end_vendor_client,
    request_vendor_client,
    rotate_vendor_client_secret,
    suspend_vendor_client,
)
from wardship.tenants.vendor_clients.read import list_vendor_clients, vendor_client_by_id
from wardship.tenants.vendor_clients.records import VendorClientState, VendorClientStateError
from wardship.tenants.vendor_clients.redirect_uris import RedirectUriError, checked_redirect_uris
from wardship.tenants.vendor_clients.secrets import PublicClientError

pytestmark = pytest.mark.anyio
ACTIONS = "select entry::jsonb ->> 'action' as action from audit_entry"


@pytest.fixture
async def vera(services):
    return await make_vendor(services)


@pytest.fixture
async def victor(services):
    return await make_vendor(services, "victor@example.org")


def acting(services, account_id, **changes):
    return access_for(services, vendor_actor(services, account_id, **changes))


async def _state(services, client_id) -> str:
    async with operating(services) as access:
        return (await vendor_client_by_id(access, client_id)).state.value


async def test_client_is_asked_for_by_a_vendor_and_let_in_by_an_operator(services, vera, owner):
    issued = await make_client(services, vera, is_approved=False)
    assert issued.client.state.value == "requested"
    with pytest.raises(PermissionDeniedError):
        async with acting(services, vera) as access:
            await approve_vendor_client(access, issued.client.id)
    assert await _state(services, issued.client.id) == "requested"
    async with operating(services) as access:
        assert (await approve_vendor_client(access, issued.client.id)).state.value == "active"
    actions = [
        row["action"] for row in await owner.fetch("select entry::jsonb ->> 'action' as action from audit_entry")
    ]
    assert {"vendor_client.requested", "vendor_client.active"} <= set(actions)


@pytest.mark.parametrize("role", [StaffRole.OPERATOR, StaffRole.PRIVACY_TEAM])
async def test_staff_asks_for_no_client(services, role, owner):
    with pytest.raises(PermissionDeniedError):
        async with access_for(services, operator(services, role=role)) as access:
            await request_vendor_client(
                access, ClientRequest(name="x", integration="recorder", redirect_uris=[CALLBACK])
            )
    assert await owner.fetchval("select count(*) from vendor_client") == 0


async def test_vendor_sees_its_own_clients_alone(services, vera, victor):
    own, other = await make_client(services, vera), await make_client(services, victor)
    async with acting(services, vera) as access:
        page = await list_vendor_clients(access, PageRequest(10))
        assert [client.id for client in page.items] == [own.client.id]
        for act in (vendor_client_by_id, rotate_vendor_client_secret, end_vendor_client, suspend_vendor_client):
            with pytest.raises(NotFoundError):
                await act(access, other.client.id)
    async with operating(services) as access:
        assert len((await list_vendor_clients(access, PageRequest(10))).items) == 2
    assert await _state(services, other.client.id) == "active"


async def test_list_is_narrowed_by_state(services, vera, victor):
    active, waiting = await make_client(services, vera), await make_client(services, victor, is_approved=False)
    for states, expected in (
        ((), [active, waiting]),
        ((VendorClientState.REQUESTED,), [waiting]),
        ((VendorClientState.REQUESTED, VendorClientState.ACTIVE), [active, waiting]),
        ((VendorClientState.SUSPENDED,), []),
    ):
        async with operating(services) as access:
            page = await list_vendor_clients(access, PageRequest(10), states)
        assert [client.id for client in page.items] == [each.client.id for each in expected], states
    async with acting(services, vera) as access:
        page = await list_vendor_clients(access, PageRequest(10), [VendorClientState.REQUESTED])
    assert page.items == [], "another vendor's is not seen by its state either"


async def test_whose_a_client_is_is_told_while_the_account_is_a_vendor(services, vera, victor):
    async with operating(services) as access:
        found = await vendor_accounts(access, [vera, uuid7()])
    assert {key: (each.address, each.display_name) for key, each in found.items()} == {
        vera: ("vendor@example.org", "Vera Vendor")
    }
    async with services.database.directory() as transaction:
        await remove_staff(transaction, vera, StaffRole.VENDOR)
        await add_staff(transaction, vera, StaffRole.PRIVACY_TEAM, at=services.clock.now())
    async with operating(services) as access:
        assert list(await vendor_accounts(access, [vera, victor])) == [victor]


async def test_privacy_team_sees_no_client(services, vera):
    issued = await make_client(services, vera)
    async with access_for(services, operator(services, role=StaffRole.PRIVACY_TEAM)) as access:
        with pytest.raises(PermissionDeniedError):
            await list_vendor_clients(access, PageRequest(10))
        with pytest.raises(NotFoundError):
            await vendor_client_by_id(access, issued.client.id)


async def test_operator_gets_no_secret_of_a_vendor(services, vera, owner):
    issued = await make_client(services, vera)
    with pytest.raises(PermissionDeniedError):
        async with operating(services) as access:
            await rotate_vendor_client_secret(access, issued.client.id)
    assert await owner.fetchval("select count(*) from vendor_client_secret") == 1


async def test_every_change_needs_a_second_factor_shown_a_moment_ago(services, vera):
    issued = await make_client(services, vera)
    request = ClientRequest(name="x", integration="recorder", redirect_uris=[CALLBACK])
    async with acting(services, vera, stepped_up_at=None) as access:
        for act in (
            request_vendor_client(access, request),
            rotate_vendor_client_secret(access, issued.client.id),
            end_vendor_client(access, issued.client.id),
        ):
            with pytest.raises(StepUpRequiredError):
                await act
    async with access_for(services, operator(services, stepped_up=False)) as access:
        for act in (approve_vendor_client, suspend_vendor_client, end_vendor_client):
            with pytest.raises(StepUpRequiredError):
                await act(access, issued.client.id)
    assert await _state(services, issued.client.id) == "active"


async def test_client_that_has_ended_comes_back_by_no_way(services, vera):
    issued = await make_client(services, vera)
    async with acting(services, vera) as access:
        await end_vendor_client(access, issued.client.id)
        for act in (rotate_vendor_client_secret, end_vendor_client):
            with pytest.raises(VendorClientStateError):
                await act(access, issued.client.id)
    async with operating(services) as access:
        for act in (approve_vendor_client, suspend_vendor_client):
            with pytest.raises(VendorClientStateError):
                await act(access, issued.client.id)


async def test_vendor_lets_no_suspended_client_in_again(services, vera):
    issued = await make_client(services, vera)
    async with operating(services) as access:
        await suspend_vendor_client(access, issued.client.id)
    with pytest.raises(PermissionDeniedError):
        async with acting(services, vera) as access:
            await approve_vendor_client(access, issued.client.id)
    assert await _state(services, issued.client.id) == "suspended"


async def test_public_client_has_no_secret(services, vera, owner):
    issued = await make_client(services, vera, is_confidential=False)
    assert issued.secret is None
    assert await owner.fetchval("select count(*) from vendor_client_secret") == 0
    with pytest.raises(PublicClientError):
        async with acting(services, vera) as access:
            await rotate_vendor_client_secret(access, issued.client.id)


async def test_vendor_has_twenty_clients_at_most(services, vera, owner):
    for number in range(MOST_CLIENTS):
        await make_client(services, vera, name=f"Client {number}", is_approved=False)
    with pytest.raises(TooManyVendorClientsError):
        await make_client(services, vera, is_approved=False)
    assert await owner.fetchval("select count(*) from vendor_client") == MOST_CLIENTS


@pytest.mark.parametrize(
    "changes", [{"integration": "nobody's"}, {"name": ""}, {"name": "a\u202eb"}, {"name": "x" * 101}]
)
async def test_client_that_can_not_be_is_refused(services, vera, owner, changes):
    with pytest.raises(InvalidInputError):
        await make_client(services, vera, is_approved=False, **changes)
    assert await owner.fetchval("select count(*) from vendor_client") == 0


@pytest.mark.parametrize(
    "address",
    [
        "",
        "vendor.example",
        "//vendor.example/x",
        "http://vendor.example/x",
        "http://127.0.0.1.vendor.example/x",
        "http://localhost.vendor.example/x",
        "http://127.1/x",
        "https:///x",
        "https://user@vendor.example/x",
        "https://vendor.example/x#part",
        "https://vendor.example/x#",
        "https://vendor.example\\x",
        "https://*.vendor.example/x",
        "https://vendor.example/x y",
        "https://vendor.exampl\u0435/x",
        "https://vendor.example:port/x",
        "https://[::1/x",
        "javascript:alert(1)",
        "data:text/html,x",
        "com.vendor.app:/x",
        "https://vendor.example/\r\nx",
        "https://vendor.example/\u202ex",
        "https://vendor.example/" + "x" * 500,
    ],
)
async def test_address_that_nobody_may_be_sent_back_to_is_refused(address):
    with pytest.raises(RedirectUriError):
        checked_redirect_uris([address])


async def test_addresses_that_people_may_be_sent_back_to_are_kept_letter_by_letter():
    good = ["https://vendor.example/x?y=1", "http://127.0.0.1:8123/x", "http://[::1]:9/x", "http://localhost/x"]
    assert checked_redirect_uris([*good, good[0]]) == good
    for count in (0, 11):
        with pytest.raises(RedirectUriError):
            checked_redirect_uris([f"https://vendor.example/{number}" for number in range(count)])
