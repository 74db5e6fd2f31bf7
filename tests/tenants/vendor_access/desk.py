"""A vendor with a client, an organisation that may let it in, and an administrator's browser."""

from __future__ import annotations

import base64
import hashlib
import html
import re
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from tests.builders import Person, access_for
from tests.core.sign_in.showing import CLIENT
from tests.core.sign_in.test_passkey_pages import field as field_of
from tests.edge import make_app
from tests.tenants.operating import operating, register
from wardship.core.accounts.accounts import add_staff
from wardship.core.actor import PROVIDER_ID, Actor, CredentialKind, StaffRole
from wardship.core.sign_in.sessions import Stage, open_session
from wardship.plugins.api import Receives
from wardship.tenants.access import Services
from wardship.tenants.vendor_access.routes import vendor_access_routes
from wardship.tenants.vendor_clients.change import ClientRequest, approve_vendor_client, request_vendor_client
from wardship.tenants.vendor_clients.records import VendorClientRecord

CALLBACK = "https://vendor.example/callback?kept=1"
PLAIN = "https://vendor.example/plain"
"""Another address, without a query of its own, which not every client of OAuth can keep."""
STATE = "a state of the client's"
FETCHED = (
    Receives(
        category="user.name",
        fields=("first_name", "last_name"),
        purpose="functional.service",
        legal_basis="legitimate_interest",
        direction="pull",
        retention_days=0,
    ),
    Receives(
        category="user.contact",
        fields=("email", "phone"),
        purpose="essential.service.notifications",
        legal_basis="contract",
        direction="pull",
        retention_days=30,
    ),
)
LANDS = re.compile(r'http-equiv="refresh" content="0;url=([^"]+)"')


def vendor_actor(services: Services, account_id, **changes) -> Actor:
    """The vendor's account, at the provider, the second factor just shown."""
    values = {
        "account_id": account_id,
        "organisation_id": PROVIDER_ID,
        "member_id": None,
        "roles": frozenset(),
        "credential": CredentialKind.SESSION,
        "stepped_up_at": services.clock.now(),
        "staff_roles": frozenset({StaffRole.VENDOR}),
    }
    return Actor(**(values | changes))


async def make_vendor(services: Services, email: str = "vendor@example.org"):
    """Make an account that the provider knows as a vendor."""
    account_id = await register(services, email, name="Vera Vendor")
    async with services.database.directory() as transaction:
        await add_staff(transaction, account_id, StaffRole.VENDOR, at=services.clock.now())
    return account_id


async def make_client(services: Services, account_id, *, is_approved: bool = True, **changes):
    """Ask for a client and let it in; return it with its secret."""
    values = {"name": "Vendor Sync", "integration": "recorder", "redirect_uris": [CALLBACK, PLAIN]} | changes
    async with access_for(services, vendor_actor(services, account_id)) as access:
        issued = await request_vendor_client(access, ClientRequest(**values))
    if is_approved:
        async with operating(services) as access:
            await approve_vendor_client(access, issued.client.id)
    return issued


@dataclass
class Desk:
    """Everything that takes part; each call is a request over HTTP."""

    services: Services
    owner: Any
    admin: Person
    vendor_id: Any
    client: VendorClientRecord
    secret: str | None
    installation_id: Any
    cookie: str = ""
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    def __post_init__(self) -> None:
        self.app = make_app(self.services.settings, *vendor_access_routes(self.services))

    @property
    def challenge(self) -> str:
        return base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).decode().rstrip("=")

    @property
    def origin(self) -> str:
        return self.services.settings.public_url

    def parameters(self, **changes: str | None) -> dict[str, str]:
        """The parameters of a request for consent; None leaves one out."""
        values = {
            "response_type": "code",
            "client_id": str(self.client.id),
            "redirect_uri": CALLBACK,
            "scope": "members.read",
            "state": STATE,
            "code_challenge": self.challenge,
            "code_challenge_method": "S256",
        } | changes
        return {name: value for name, value in values.items() if value is not None}

    def http(self, **how: Any) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=self.origin, **how)

    async def sign_in(self, person: Person, *, stepped_up: bool = True, **columns: Any) -> str:
        """Sign somebody in, and let the desk's browser be that person's."""
        now = self.services.clock.now()
        async with self.services.database.directory() as transaction:
            opened = await open_session(transaction, person.account_id, Stage.COMPLETE, CLIENT, at=now, **columns)
        at = now if stepped_up else None
        await self.owner.execute("update session set stepped_up_at = $2 where id = $1", opened.session.id, at)
        self.cookie = opened.cookie
        return opened.cookie

    async def browse(self, method: str, path: str, **sent: Any) -> httpx.Response:
        """Send a request as the browser that is signed in."""
        async with self.http(cookies={"wardship": self.cookie} if self.cookie else None) as browser:
            headers = {"Origin": self.origin} | sent.pop("headers", {})
            return await browser.request(method, path, headers=headers, **sent)

    async def ask(self, query: str | None = None, **changes: str | None) -> httpx.Response:
        """Open the consent page."""
        return await self.browse("GET", f"/oauth/authorize?{query or urlencode(self.parameters(**changes))}")

    async def press(self, act: str = "allow", *, query: str | None = None, form=None, **changes) -> httpx.Response:
        """Open the page and press one of its buttons."""
        query = query or urlencode(self.parameters(**changes))
        page = await self.ask(query)
        sent = {"csrf_token": field_of(page.text, "csrf_token"), "act": act} | (form or {})
        if 'name="declaration"' in page.text:
            sent = {"declaration": field_of(page.text, "declaration")} | sent
        return await self.browse("POST", f"/oauth/authorize?{query}", data=sent)

    async def code(self, **changes: str | None) -> str:
        """Consent, and return the code."""
        return landed(await self.press(**changes))["code"]

    async def post(self, path: str, form: dict[str, str], *, auth: Any = ..., headers=None) -> httpx.Response:
        """Send a form as the vendor's client."""
        if auth is ...:
            auth = (str(self.client.id), self.secret) if self.secret else None
        async with self.http() as http:
            return await http.post(path, data=form, auth=auth, headers=headers)

    async def redeem(self, code: str, *, auth: Any = ..., **changes: str | None) -> httpx.Response:
        """Redeem a code."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": self.verifier,
            "client_id": str(self.client.id),
        } | changes
        return await self.post("/oauth/token", {k: v for k, v in form.items() if v is not None}, auth=auth)

    async def tokens(self) -> dict[str, Any]:
        """Consent and redeem; return the tokens."""
        answer = await self.redeem(await self.code())
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def refresh(self, token: str, *, auth: Any = ..., **changes: str) -> httpx.Response:
        form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": str(self.client.id)} | changes
        return await self.post("/oauth/token", form, auth=auth)

    async def fetch(self, token: str, **query: Any) -> httpx.Response:
        """Fetch a page of members."""
        async with self.http() as http:
            headers = {"Authorization": f"Bearer {token}"}
            return await http.get("/vendor/v1/members", headers=headers, params=query)

    async def introspect(self, token: str, **sent: Any) -> dict[str, Any]:
        return (await self.post("/oauth/introspect", {"token": token}, **sent)).json()

    async def rows(self, table: str) -> int:
        return await self.owner.fetchval(f"select count(*) from {table}")


def landed(answer: httpx.Response) -> dict[str, str]:
    """Return the parameters with which a browser comes back to the client."""
    url = answer.headers.get("location") or html.unescape(LANDS.search(answer.text)[1])
    assert url.startswith(CALLBACK), url
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
