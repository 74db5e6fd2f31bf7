"""Customers of the provider take nothing from its staff, nor from other people: anybody can register an account."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from uuid import UUID

import httpx
import pytest

from tests.edge import make_app
from tests.tenants.operating import register
from wardship.app.application import api_schema
from wardship.core.accounts.accounts import add_staff
from wardship.core.actor import StaffRole
from wardship.core.http.credentials import Client
from wardship.core.sign_in.authentication import authenticate_request
from wardship.core.sign_in.sessions import Stage, open_session
from wardship.graphql.server.endpoint import make_handler, make_route
from wardship.tenants.access import Services

pytestmark = pytest.mark.anyio

QUOTA = 20_000
VIEWER = {"query": "{ viewer { account { timeZone } } }"}


@pytest.fixture
def limited(services) -> Services:
    changes = {"cost_per_credential": QUOTA, "cost_per_organisation": 2 * QUOTA}
    return replace(services, settings=services.settings.model_copy(update=changes))


@pytest.fixture
def route(limited):
    handler = make_handler(limited, partial(authenticate_request, limited), api_schema())
    return make_app(limited.settings, make_route(handler))


@asynccontextmanager
async def _signed_in(services: Services, route, account_id: UUID, address: str) -> AsyncIterator[httpx.AsyncClient]:
    async with services.database.directory() as transaction:
        opened = await open_session(transaction, account_id, Stage.COMPLETE, Client(address), at=services.clock.now())
    transport = httpx.ASGITransport(app=route, client=(address, 1))
    headers = {"x-wardship-csrf": opened.session.csrf_token}
    origin = services.settings.public_url
    async with httpx.AsyncClient(transport=transport, base_url=origin, headers=headers) as client:
        client.cookies.set("wardship", opened.cookie)
        yield client


async def _exhaust(client: httpx.AsyncClient) -> int:
    """Ask until it is refused; return how often it was answered."""
    for answered in range(2 * QUOTA):
        answer = await client.post("/graphql", json=VIEWER)
        if answer.status_code != 200:
            assert answer.json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED", answer.text
            return answered
    raise AssertionError("never refused")


async def test_accounts_that_anybody_registers_take_nothing_from_staff_and_from_people_of_other_networks(
    limited, route
):
    staff = await register(limited, "priya@example.org")
    async with limited.database.directory() as transaction:
        await add_staff(transaction, staff, StaffRole.PRIVACY_TEAM, at=limited.clock.now())
    taken = []
    for number in range(4):
        account_id = await register(limited, f"flood{number}@example.net")
        async with _signed_in(limited, route, account_id, f"203.0.113.{number}") as client:
            taken.append(await _exhaust(client))
    assert taken[0] > 0
    assert taken[3] == 0, "accounts of one network share what an organisation has"
    for account_id in (staff, await register(limited, "ada@example.org")):
        async with _signed_in(limited, route, account_id, "198.51.100.7") as client:
            answer = await client.post("/graphql", json=VIEWER)
            assert answer.status_code == 200, answer.text
