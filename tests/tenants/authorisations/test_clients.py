"""The operator's clients at vendors: by setting or by command, sealed, and told to nobody."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import SecretStr

from tests.builders import access_for
from tests.fakes.oauth_vendor import KEY
from tests.fakes.recorder import recorder
from wardship.core.errors import InvalidInputError, NotFoundError
from wardship.core.keys import KeyRing
from wardship.core.oauth_client import OAuthClient
from wardship.plugins.host.registry import IntegrationUnavailableError
from wardship.tenants.authorisations.clients import (
    ClientMissingError,
    IntegrationClient,
    NoOAuthError,
    find_integration_client,
    list_integration_clients,
    put_integration_client,
    remove_integration_client,
    require_integration_client,
)

REDIRECT = "http://localhost:8000/oauth/connect/callback/let_in"


async def found(services, desk) -> IntegrationClient | None:
    async with access_for(services, desk.actor()) as access:
        return await find_integration_client(access, KEY)


async def test_what_the_operator_gave_is_found_sealed_and_replaced(desk, services, owner):
    assert await found(services, desk) == IntegrationClient("wardship", desk.vendor.client_secret)
    assert await put_integration_client(services, KEY, IntegrationClient("other", "newer")) == REDIRECT
    assert await found(services, desk) == IntegrationClient("other", "newer")
    assert "newer" not in repr(await found(services, desk))
    sealed = await owner.fetchval("select client_secret from integration_client")
    assert b"newer" not in sealed
    assert await owner.fetchval("select count(*) from integration_client") == 1


async def test_they_are_listed_without_secrets_and_those_of_the_settings_count(desk, services):
    (kept,) = await list_integration_clients(services)
    assert (kept.client_id, kept.redirect_uri, kept.is_set) == ("wardship", REDIRECT, False)
    set_one = OAuthClient(integration=KEY, client_id="set", client_secret=SecretStr("by setting"))
    settings = services.settings.model_copy(update={"oauth_clients": [set_one]})
    told = replace(services, settings=settings)
    (listed,) = await list_integration_clients(told)
    assert (listed.client_id, listed.is_set) == ("set", True)
    assert await found(told, desk) == IntegrationClient("set", "by setting")


async def test_one_that_is_removed_is_missing(desk, services):
    await remove_integration_client(services, KEY)
    assert await found(services, desk) is None
    with pytest.raises(NotFoundError):
        await remove_integration_client(services, KEY)


async def test_one_whose_key_is_gone_is_missing(desk, services):
    without = replace(services, keys=KeyRing("another secret of at least 32 characters"))
    async with access_for(without, desk.actor()) as access:
        with pytest.raises(ClientMissingError):
            await require_integration_client(access, KEY, "Let In")


@pytest.mark.parametrize(
    ("key", "client", "error"),
    [
        ("nothing", IntegrationClient("a", "b"), IntegrationUnavailableError),
        ("plain", IntegrationClient("a", "b"), NoOAuthError),
        (KEY, IntegrationClient("", "b"), InvalidInputError),
        (KEY, IntegrationClient("a\nb", "b"), InvalidInputError),
        (KEY, IntegrationClient("a", " b"), InvalidInputError),
        (KEY, IntegrationClient("a", "b" * 501), InvalidInputError),
    ],
)
async def test_what_can_not_be_one_is_refused(desk, services, owner, key, client, error):
    services.integrations.register(recorder("plain"), "plain")
    before = await owner.fetch("select * from integration_client")
    with pytest.raises(error):
        await put_integration_client(services, key, client)
    assert await owner.fetch("select * from integration_client") == before
    assert desk.vendor.seen == []
