"""A real SMTP server for all that is told, and whoever reads it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest
from pydantic import SecretStr

from tests.core.sign_in.conftest import ann, browser, enrol, open_browser
from tests.fixed_clock import FixedClock
from tests.inbox import Inbox, serving
from tests.requesting import PRIVACY_OFFICER, Firm, make_firm
from tests.tenants.accounts.conftest import recovering
from tests.tenants.telling.postman import Posted, Postman
from tests.tenants.telling.staff import make_staff
from wardship.core.actor import StaffRole
from wardship.core.settings import Settings
from wardship.tenants.access import Services

__all__ = ["ann", "browser", "enrol", "open_browser", "recovering"]


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
async def settings(settings: Settings, inbox: Inbox) -> AsyncIterator[Settings]:
    async with serving(inbox) as url:
        yield settings.model_copy(update={"smtp_url": SecretStr(url)})


@pytest.fixture
async def postman(
    services: Services, clock: FixedClock, owner: asyncpg.Connection, inbox: Inbox, request: pytest.FixtureRequest
) -> AsyncIterator[Postman]:
    """Carries the mails; the kinds that the test says it tells must have been read."""
    postman = Postman(services, clock, owner, inbox)
    yield postman
    said = {mark.args[0] for mark in request.node.iter_markers("tells")}
    assert said <= postman.asked, f"not read: {said - postman.asked}"


@pytest.fixture
def deployed(postman: Postman) -> Posted:
    """The deployment that browsers reach; its mails come by the SMTP server."""
    services = postman.services
    return Posted(services.settings, services.database, postman.clock, services.keys, postman)


@pytest.fixture
async def elsewhere(services: Services) -> Firm:
    """Another organisation, whose people are never told what happens in the firm."""
    return await make_firm(services, email="ada.elsewhere@example.org")


@pytest.fixture
async def team(owner: asyncpg.Connection) -> list[str]:
    """Two of the provider's privacy team, the first of whom decides for the firm; their addresses in order."""
    return [
        await make_staff(owner, StaffRole.PRIVACY_TEAM, "paul@provider.example"),
        await make_staff(owner, StaffRole.PRIVACY_TEAM, "priya@provider.example", PRIVACY_OFFICER),
    ]
