"""The kit at a vendor that demands OAuth 2.0: by tokens that are given with the settings."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.fakes.oauth_vendor import Consent, LetIn, LetInConnector, OAuthVendor, open_vendor
from tests.fixed_clock import FixedClock
from wardship.plugins.api import (
    Connector,
    ConnectorContext,
    HttpResponse,
    Outcome,
    Revocation,
    Settings,
    Share,
    hookimpl,
)
from wardship.plugins.host.reply import Fault
from wardship.plugins.kit import KitSetupError, Status, check_conformance
from wardship.plugins.kit.calling import Person, call_in_turn

pytestmark = pytest.mark.anyio
SOMEBODY = Person(None, (), False)


@pytest.fixture
async def vendor() -> AsyncIterator[OAuthVendor]:
    async with open_vendor(FixedClock(datetime.now(UTC))) as vendor:
        yield vendor


def given(vendor: OAuthVendor) -> dict[str, Any]:
    """Tokens of a new consent, as a vendor's own page gives them to a developer."""
    consent, access, refresh = Consent(vendor.account), secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    vendor.access[access], vendor.refresh[refresh] = (consent, None), (consent, False)
    client = {"client_id": vendor.client_id, "client_secret": vendor.client_secret}
    return {"oauth": {"access_token": access, "refresh_token": refresh} | client}


@contextmanager
def fresh(vendor: OAuthVendor) -> Iterator[dict[str, Any]]:
    """A consent for each part of the kit: the second ends it."""
    vendor.held.clear()
    yield given(vendor)


async def called(plugin: LetIn, verbs: list[str], settings: dict[str, Any]):
    return [each.seen for each in await asyncio.to_thread(call_in_turn, plugin, verbs, settings, SOMEBODY)]


async def test_it_is_let_in_by_the_given_token(vendor):
    plugin, settings = vendor.integration(), given(vendor)
    made = await called(plugin, ["check", "share"], settings)
    assert [each.end.outcome.status for each in made] == ["completed", "completed"]
    assert set(plugin.tokens) == {settings["oauth"]["access_token"]}
    assert len(vendor.held) == 1


async def test_the_host_ends_the_access_at_the_vendor_and_proves_it(vendor):
    plugin, settings = vendor.integration(), given(vendor)
    everything = Person(None, (), True)
    verbs = ["check", "revoke", "attest"]
    made = await asyncio.to_thread(call_in_turn, plugin, verbs, settings, everything)
    assert [each.seen.end.outcome.status for each in made] == ["completed"] * 3
    assert not vendor.is_accepted(settings["oauth"]["access_token"])
    assert made[2].seen.end.value.level == "probed"


async def test_a_token_that_is_refused_is_told_as_such(vendor):
    settings = given(vendor)
    settings["oauth"]["access_token"] = "stale"
    (made,) = await called(vendor.integration(), ["check"], settings)
    assert made.end.fault is Fault.NOT_CONNECTED


@pytest.mark.parametrize("wrong", [{}, {"oauth": {}}, {"oauth": {"access_token": ""}}, {"oauth": "token"}])
async def test_without_a_token_it_says_what_to_give(vendor, wrong):
    with pytest.raises(KitSetupError, match=r"demands OAuth 2\.0: give oauth.*of an account for tests"):
        await called(vendor.integration(), ["check"], wrong)
    assert vendor.seen == []


async def test_no_token_is_in_what_is_printed(vendor):
    settings = given(vendor)
    made = await asyncio.to_thread(call_in_turn, vendor.integration(), ["check", "share"], settings, SOMEBODY)
    told = repr([each.as_data() for each in made])
    assert all(value not in told for name, value in settings["oauth"].items() if name != "client_id")


class Careful(LetInConnector):
    """Does what the sample beside leaves out: takes people back, sends what it asks for, and logs no token."""

    async def share(self, share: Share) -> Outcome:
        for record in share.records:
            body = json.dumps({each.name: str(each.value) for each in record.fields}).encode()
            (await self._ask("PUT", f"/people/{record.subject.id}", body)).expect(200)
        return Outcome.completed(len(share.records))

    async def revoke(self, revocation: Revocation) -> Outcome:
        ended = [await self.erase(subject) for subject in revocation.subjects]
        return Outcome.completed(sum(each.records_affected for each in ended))

    async def _ask(self, method: str, path: str, content: bytes | None = None) -> HttpResponse:
        headers = {"authorization": f"Bearer {await self.context.access_token()}"}
        url = f"{self.plugin.vendor.url}{path}"
        return await self.context.http.request(method, url, headers=headers, content=content)


class CarefulPlugin(LetIn):
    @hookimpl
    def wardship_connector(self, context: ConnectorContext[Settings]) -> Connector[Any]:
        return Careful(context, self)


async def test_every_rule_is_judged_and_what_fails_is_the_integrations_own(vendor):
    made = vendor.integration()
    careful = CarefulPlugin(vendor, made.declared, made.plan)
    report = await asyncio.to_thread(check_conformance, careful, lambda: fresh(vendor))
    assert report.of(Status.NOT_RUN) == (), report.as_text()
    assert set(report.of(Status.FAILED)) == {"vendor-says-more", "nothing-by-hand"}, report.as_text()
    careless = await asyncio.to_thread(check_conformance, made, lambda: fresh(vendor))
    assert "secrets-are-kept" in careless.of(Status.FAILED)
