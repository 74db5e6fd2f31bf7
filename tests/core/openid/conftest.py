"""A provider on loopback, and this deployment as its client."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.fakes.openid_provider import OpenIdProvider, open_provider
from wardship.core.openid.claims import ProvenIdentity
from wardship.core.openid.client import AuthorizationAnswer, OpenIdClient, Registration, Wanted

NOTHING = Wanted()


@dataclass
class SigningIn:
    """Goes to the provider and comes back, as a browser does."""

    client: OpenIdClient
    provider: OpenIdProvider

    @property
    def registration(self) -> Registration:
        provider = self.provider
        redirect_uri = "http://localhost:8000/auth/openid/1/callback"
        return Registration(provider.issuer, provider.client_id, provider.client_secret, redirect_uri)

    async def __call__(self, wanted: Wanted = NOTHING, *, redeem_as: str | None = None, **claims) -> ProvenIdentity:
        state = secrets.token_urlsafe(32)
        url = await self.client.authorization_url(self.registration, state, wanted)
        back = dict(parse_qsl(urlsplit(self.provider.authorize(url, **claims)).query))
        answer = AuthorizationAnswer(
            back.get("code", ""), redeem_as or back["state"], back.get("iss"), back.get("error", "")
        )
        return await self.client.redeem(self.registration, answer, wanted)


@pytest.fixture
async def provider(clock):
    async with open_provider(clock) as opened:
        yield opened


@pytest.fixture
def openid(settings, clock, keys) -> OpenIdClient:
    return OpenIdClient(settings, clock, keys)


@pytest.fixture
def signing_in(openid, provider) -> SigningIn:
    return SigningIn(openid, provider)
