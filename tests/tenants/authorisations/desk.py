"""An administrator's browser, which connects an installation at a vendor and comes back."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx

from tests.builders import Person, access_for
from tests.connecting import Connections
from tests.core.sign_in.showing import CLIENT
from tests.edge import make_app
from tests.fakes.oauth_vendor import KEY, LetIn, OAuthVendor
from wardship.core.actor import Actor
from wardship.core.sign_in.sessions import Stage, open_session
from wardship.tenants.access import Services
from wardship.tenants.authorisations.clients import IntegrationClient, put_integration_client
from wardship.tenants.installation_lifecycle.connect_page import connect_routes
from wardship.tenants.installation_lifecycle.connecting import begin_connecting
from wardship.tenants.installations.records import InstallationRecord

COOKIE = "wardship"
LANDS = re.compile(r'http-equiv="refresh" content="0;url=([^"]+)"')


@dataclass
class Desk:
    """Everything that takes part."""

    services: Services
    owner: Any
    connections: Connections
    vendor: OAuthVendor
    plugin: LetIn
    admin: Person
    installation: InstallationRecord
    cookie: str = ""
    session_id: UUID | None = None
    pages: list[httpx.Response] = field(default_factory=list)

    async def sign_in(self, person: Person) -> None:
        """Let the browser be a person's, in a new session."""
        now = self.services.clock.now()
        async with self.services.database.directory() as transaction:
            opened = await open_session(transaction, person.account_id, Stage.COMPLETE, CLIENT, at=now)
        self.cookie, self.session_id = opened.cookie, opened.session.id

    def actor(self, person: Person | None = None, **changes: Any) -> Actor:
        person = person or self.admin
        return person.actor(at=self.services.clock.now(), credential_id=self.session_id, **changes)

    async def begin(self, **changes: Any) -> str:
        """Begin a connecting; return where the browser is led."""
        async with access_for(self.services, self.actor(**changes)) as access:
            return await begin_connecting(access, self.installation.id)

    async def come_back(self, address: str, *, cookie: str | None = None) -> httpx.Response:
        """Open the address at which the vendor leads the browser back."""
        app = make_app(self.services.settings, connect_routes(self.services))
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        cookies = {COOKIE: self.cookie if cookie is None else cookie}
        async with httpx.AsyncClient(
            transport=transport, base_url=self.services.settings.public_url, cookies=cookies
        ) as browser:
            parts = urlsplit(address)
            answer = await browser.get(f"{parts.path}?{parts.query}", headers={"Sec-Fetch-Site": "cross-site"})
        self.pages.append(answer)
        return answer

    async def connect(self) -> httpx.Response:
        """Connect the installation, from beginning to end, and work off what follows."""
        answer = await self.come_back(self.vendor.authorize(await self.begin()))
        await self.connections.work()
        return answer

    async def state(self) -> str:
        return (await self.connections.read(self.installation.id)).state.value

    async def rows(self, columns: str = "state") -> list[Any]:
        rows = await self.owner.fetch(f"select {columns} from place_authorisation order by created_at, id")
        return [row[0] if len(row) == 1 else tuple(row) for row in rows]

    async def everything(self) -> list[Any]:
        """All that a refusal leaves as it was."""
        found = []
        for table in ("place_authorisation", "installation", "installation_place", "obligation"):
            found += [tuple(row) for row in await self.owner.fetch(f"select * from {table} order by id")]
        return found


async def give_client(services: Services, vendor: OAuthVendor, key: str = KEY) -> str:
    """Enter the deployment's client at the vendor, as its operator does."""
    return await put_integration_client(services, key, IntegrationClient(vendor.client_id, vendor.client_secret))
