"""An organisation with a provider of sign-in, a domain that it holds, and browsers of its people."""

from __future__ import annotations

import base64
import re
import secrets
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import UUID

import httpx

from tests.builders import Organisation, Person, access_for, make_member, make_organisation
from tests.core.sign_in.conftest import PASSWORD, Browser, Human
from tests.core.sign_in.showing import CLIENT
from tests.fakes.openid_provider import OpenIdProvider
from wardship.core.actor import Role
from wardship.core.identifiers import uuid7
from wardship.core.openid.client import OpenIdClient
from wardship.core.sign_in.first_step import set_password
from wardship.core.sign_in.passwords import hash_password
from wardship.core.sign_in.sessions import Stage, open_session
from wardship.tenants.access import Services
from wardship.tenants.single_sign_on.addresses import signed_out_uri
from wardship.tenants.single_sign_on.clients import registration_of
from wardship.tenants.single_sign_on.records import Admission, ProviderRecord, ProviderState, SecondStep
from wardship.tenants.single_sign_on.registering import ProviderValues, create_provider
from wardship.tenants.single_sign_on.signing_in import ID_TOKENS_SEALED_AS

DOMAIN = "harbour.example"
_ENROL = "insert into totp_credential (id, created_at, account_id, secret, confirmed_at, last_step)"


@dataclass
class Harbour:
    """One organisation that signs in by a provider on loopback."""

    services: Services
    owner_sql: object
    idp: OpenIdProvider
    organisation: Organisation
    owner: Person
    admin: Person
    provider: ProviderRecord = field(init=False)

    @property
    def address(self) -> str:
        """The organisation's own sign-in address."""
        return f"/auth/at/{self.provider.address_key}"

    async def enter(self, state: ProviderState = ProviderState.ACTIVE, **values: object) -> ProviderRecord:
        """Enter the provider and bring it into a state."""
        given = {
            "name": "Harbour Login",
            "issuer": self.idp.issuer,
            "client_id": self.idp.client_id,
            "client_secret": self.idp.client_secret,
            "second_step": SecondStep.TRUSTED,
            "admits": Admission.ADDRESSES,
        } | values
        async with self.access(self.owner) as access:
            self.provider = await create_provider(access, ProviderValues(**given))
        await self.bring(state)
        return self.provider

    async def bring(self, state: ProviderState) -> None:
        await self.owner_sql.execute(
            "update identity_provider set state = $2 where id = $1", self.provider.id, state.value
        )

    def access(self, person: Person, **changes):
        return access_for(self.services, person.actor(at=self.services.clock.now(), **changes))

    async def hold(
        self, name: str = DOMAIN, organisation_id: UUID | None = None, *, policy: str | None = "join_new"
    ) -> None:
        """Let an organisation hold a domain, with a policy of who joins by it."""
        claim_id, holder_id = uuid7(), organisation_id or self.organisation.id
        await self.owner_sql.execute(
            "insert into domain_claim (organisation_id, id, created_at, name, scope, state, state_since,"
            " token_issued_at) values ($1, $2, now(), $3, 'name', 'verified', now(), now())",
            holder_id,
            claim_id,
            name,
        )
        await self.owner_sql.execute(
            "insert into domain (id, created_at, name, holder_id, claim_id, epoch, state)"
            " values ($1, now(), $2, $3, $4, 1, 'held')",
            uuid7(),
            name,
            holder_id,
            claim_id,
        )
        if policy is not None:
            await self.owner_sql.execute(
                "insert into domain_policy (organisation_id, id, created_at, domain_id, enrolment, is_for_subtree,"
                " changed_at) values ($1, $2, now(), $3, $4, false, now())",
                holder_id,
                uuid7(),
                claim_id,
                policy,
            )

    async def human(self, person: Person) -> Human:
        """Give a member a password and an authenticator."""
        secret = secrets.token_bytes(20)
        async with self.services.database.directory() as transaction:
            await set_password(
                transaction, person.account_id, await hash_password(PASSWORD), at=self.services.clock.now()
            )
            await transaction.execute(
                f"{_ENROL} values ($1, $2, $3, $4, $2, 0)",
                uuid7(),
                self.services.clock.now(),
                person.account_id,
                self.services.keys.encrypt("totp", secret, bound_to=person.account_id.bytes),
            )
        return Human(person.email, base64.b32encode(secret).decode(), [], self.services.clock)

    async def signed_in(self, browser: Browser, person: Person, stage: Stage = Stage.COMPLETE) -> Browser:
        """Give a browser a session that the account itself has opened."""
        async with self.services.database.directory() as transaction:
            opened = await open_session(transaction, person.account_id, stage, CLIENT, at=self.services.clock.now())
        browser.http.cookies.set("wardship", opened.cookie)
        browser.csrf = opened.session.csrf_token
        return browser

    async def leave(self, browser: Browser, path: str | None = None, **form: str) -> str:
        """Press the button of a page that leads to the provider, and return where it leads."""
        page = await browser.http.post(path or self.address, data=form)
        assert page.status_code == 200, page.text
        found = re.search(r'url=([^"]+)"', page.text)
        assert found, page.text
        return found[1].replace("&amp;", "&")

    async def come_back(self, browser: Browser, url: str, **claims: object) -> httpx.Response:
        """Sign in at the provider, and return what the answer leads to."""
        back = urlsplit(self.idp.authorize(url, **claims))
        return await browser.http.get(f"{back.path}?{back.query}")

    async def sign_in(self, browser: Browser, **claims: object) -> httpx.Response:
        """Go to the provider and come back."""
        now = int(self.services.clock.now().timestamp())
        said = {"sub": "zoe", "email": f"zoe@{DOMAIN}", "email_verified": True, "name": "Zoë Müller", "auth_time": now}
        said |= claims
        response = await self.come_back(browser, await self.leave(browser), **said)
        if response.status_code == 303:
            browser.csrf = (await browser.http.get("/auth/session")).json()["csrf_token"]
        return response

    async def sign_out_url(self) -> str:
        """Return where one signs out at the provider, without signing out here."""
        openid = OpenIdClient(self.services.settings, self.services.clock, self.services.keys)
        registration = registration_of(self.services.settings, self.services.keys, self.provider)
        row = await self.owner_sql.fetchrow("select id, id_token from session where organisation_id is not null")
        hint = self.services.keys.decrypt(ID_TOKENS_SEALED_AS, row["id_token"], bound_to=row["id"].bytes).decode()
        return await openid.logout_url(registration, hint, signed_out_uri(self.services.settings))

    async def count(self, table: str) -> int:
        return await self.owner_sql.fetchval(f"select count(*) from {table}")


async def make_harbour(services: Services, owner_sql, idp: OpenIdProvider, slug: str = "harbour") -> Harbour:
    organisation = await make_organisation(services.database, slug)
    owner = await make_member(services.database, organisation, Role.ORG_OWNER)
    admin = await make_member(services.database, organisation, Role.ORG_ADMIN)
    return Harbour(services, owner_sql, idp, organisation, owner, admin)
