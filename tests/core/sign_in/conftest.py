"""A deployment of sign-in alone, browsers for it, and a person who has registered."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import httpx
import pyotp
import pytest

from tests.core.sign_in.authenticator import Authenticator
from tests.edge import make_app, undeclared
from tests.fixed_clock import FixedClock
from tests.mail_parts import body_of, subject_of
from wardship.core.database.database import Database
from wardship.core.keys import KeyRing
from wardship.core.mail import deliver_due, written_mail
from wardship.core.notices.accounts import mail_account_notices
from wardship.core.settings import Settings
from wardship.core.sign_in.notices import KINDS as SIGN_IN_KINDS
from wardship.core.sign_in.routes import sign_in_router

KINDS = {kind.name: kind for kind in SIGN_IN_KINDS}
PASSWORD = "violet-otter-canyon-lamp"


@dataclass(frozen=True, slots=True)
class Deployed:
    settings: Settings
    database: Database
    clock: FixedClock
    keys: KeyRing

    async def mails(self, address: str) -> list[tuple[str, str]]:
        """Deliver what is due; return subject and body of all mails to an address, oldest first."""
        await mail_account_notices(self, KINDS)
        while await deliver_due(self.database, self.settings, self.clock, self.keys):
            pass
        messages = [
            message_from_bytes(path.read_bytes(), policy=default)
            for path in written_mail(self.settings, self.keys, address)
        ]
        return [(subject_of(message), body_of(message)) for message in messages]

    async def mailed_token(self, address: str) -> str:
        """Return the token of the latest link that was mailed to an address."""
        bodies = " ".join(body for _, body in await self.mails(address))
        return re.findall(r"/auth/link/([A-Za-z0-9_-]+)", bodies)[-1]


@dataclass
class Browser:
    """One browser: its cookies, its CSRF token, its address in the network."""

    deployed: Deployed
    http: httpx.AsyncClient
    csrf: str = ""

    async def post(self, path: str, **body: object) -> httpx.Response:
        return await self.send("POST", path, json=body)

    async def send(self, method: str, path: str, *, headers: dict[str, str] | None = None, **arguments):
        sent = {"X-Wardship-CSRF": self.csrf} | (headers or {})
        response = await self.http.request(method, path, headers=sent, **arguments)
        if "csrf_token" in response.text and response.is_success and "json" in response.headers["content-type"]:
            self.csrf = response.json()["csrf_token"]
        return response

    async def get(self, path: str) -> httpx.Response:
        return await self.send("GET", path)

    @property
    def cookie(self) -> str | None:
        return self.http.cookies.get("wardship")


@dataclass
class Human:
    """Somebody with an account: knows the password, holds the authenticator and the recovery codes."""

    email: str
    secret: str
    recovery_codes: list[str]
    clock: FixedClock
    password: str = PASSWORD
    _shown: set[str] = field(default_factory=set)

    def code(self) -> str:
        """Return the authenticator's present code, waiting for the next one when it was shown before."""
        code = pyotp.TOTP(self.secret).at(self.clock.now())
        if code in self._shown:
            self.clock.advance(timedelta(seconds=30))
            code = pyotp.TOTP(self.secret).at(self.clock.now())
        self._shown.add(code)
        return code

    async def sign_in(self, browser: Browser) -> None:
        """Pass both steps."""
        first = await browser.post("/auth/sign-in", email=self.email, password=self.password)
        assert first.json()["step"] == "totp", first.text
        second = await browser.post("/auth/second-step", code=self.code())
        assert second.json()["step"] == "done", second.text


@pytest.fixture
def deployed(settings: Settings, database: Database, clock: FixedClock, keys: KeyRing) -> Deployed:
    return Deployed(settings, database, clock, keys)


@pytest.fixture
async def open_browser(deployed: Deployed):
    """Make browsers, each with cookies of its own."""
    app = make_app(deployed.settings, sign_in_router(deployed))
    clients: list[httpx.AsyncClient] = []

    def make(address: str = "203.0.113.7", **headers: str) -> Browser:
        transport = httpx.ASGITransport(app=app, client=(address, 4711))
        client = httpx.AsyncClient(transport=transport, base_url=deployed.settings.public_url, headers=headers)
        clients.append(client)
        return Browser(deployed, client)

    yield make
    for client in clients:
        await client.aclose()
    assert undeclared(app) == set()


@pytest.fixture
def browser(open_browser) -> Browser:
    return open_browser()


@pytest.fixture
def enrol(deployed: Deployed):
    """Register somebody through the browser: address, mailed link, password, authenticator."""

    async def run(browser: Browser, email: str = "ann@example.org", name: str = "Ann Onymous") -> Human:
        await browser.post("/auth/register", email=email)
        token = await deployed.mailed_token(email)
        verified = await browser.post("/auth/verify", token=token, password=PASSWORD, display_name=name)
        assert verified.json()["step"] == "enrolment", verified.text
        secret = (await browser.post("/auth/enrol-second-factor")).json()["secret"]
        human = Human(email, secret, [], deployed.clock)
        confirmed = await browser.post("/auth/enrol-second-factor/confirm", code=human.code())
        assert confirmed.json()["step"] == "done", confirmed.text
        human.recovery_codes = confirmed.json()["recovery_codes"]
        await deployed.mails(email)  # what has been told so far comes before what a test causes
        return human

    return run


@pytest.fixture
def add_passkey():
    """Make a passkey for who is signed in, in a session whose second factor was just shown."""

    async def run(browser: Browser, name: str = "Ann's phone", passkey: Authenticator | None = None) -> Authenticator:
        passkey = passkey or Authenticator()
        options = (await browser.post("/auth/passkeys/options")).json()["options"]
        added = await browser.post("/auth/passkeys", name=name, credential=passkey.make(options))
        assert added.status_code == 201, added.text
        return passkey

    return run


@pytest.fixture
async def passkey(browser: Browser, ann: Human, add_passkey, deployed: Deployed) -> Authenticator:
    """A passkey of Ann's, made in her browser; what was told of it is delivered."""
    made = await add_passkey(browser)
    await deployed.mails(ann.email)
    return made


@pytest.fixture
async def ann(browser: Browser, enrol) -> Human:
    """Ann, who has registered with `browser` and is signed in there."""
    return await enrol(browser)
