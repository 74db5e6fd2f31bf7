"""A session that came from one organisation's provider reaches that organisation alone, by whatever door."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import Person, make_member
from tests.tenants.single_sign_on.harbour import DOMAIN, make_harbour
from wardship.core.actor import Role, StaffRole
from wardship.core.identifiers import uuid7
from wardship.tenants.members.membership import deactivate_member
from wardship.tenants.single_sign_on.ending import disconnect_member, end_member_sessions
from wardship.tenants.single_sign_on.records import ProviderState

pytestmark = pytest.mark.anyio
ME = "{ viewer { organisation { slug } account { id } } members { totalCount } }"


@pytest.fixture
async def other(services, owner, idp):
    """Another organisation, to which the person belongs as administrator."""
    made = await make_harbour(services, owner, idp, "other")
    await made.enter()
    return made


@pytest.fixture
async def zoe(harbour, other, services, browser, owner) -> Person:
    """An administrator of both, who has signed in by the provider of one; also one of the provider's staff."""
    person = await make_member(services.database, harbour.organisation, Role.ORG_ADMIN, email=f"zoe@{DOMAIN}")
    await make_member(services.database, other.organisation, Role.ORG_ADMIN, account_id=person.account_id)
    await owner.execute(
        "insert into staff (id, created_at, account_id, role) values ($1, now(), $2, $3)",
        uuid7(),
        person.account_id,
        StaffRole.PRIVACY_TEAM.value,
    )
    await owner.execute(
        "insert into identity (id, created_at, account_id, organisation_id, issuer, subject, used_at)"
        " values ($1, now(), $2, $3, $4, 'zoe', now())",
        uuid7(),
        person.account_id,
        harbour.organisation.id,
        harbour.idp.issuer,
    )
    assert (await harbour.sign_in(browser)).headers["location"] == "/console"
    return person


async def ask(browser, query, organisation=None):
    headers = {"X-Wardship-Organisation": organisation} if organisation else {}
    return await browser.send("POST", "/graphql", headers=headers, json={"query": query})


@pytest.mark.usefixtures("zoe", "harbour")
async def test_it_is_in_its_organisation_without_naming_one(browser):
    answer = (await ask(browser, ME)).json()
    assert answer["data"]["viewer"] == {"organisation": {"slug": "harbour"}, "account": None}
    assert (await ask(browser, ME, "harbour")).json()["data"]["members"]["totalCount"] == 3


@pytest.mark.parametrize("place", ["other", "nobodys", "provider"])
@pytest.mark.usefixtures("zoe")
async def test_another_organisations_data_is_refused_as_if_it_were_not_there(browser, owner, place):
    if place == "provider":
        place = await owner.fetchval("select slug from organisation where kind = 'provider'")
    answer = await ask(browser, ME, place)
    assert answer.status_code == 403
    assert answer.json()["errors"][0]["extensions"]["code"] == "ORGANISATION_NOT_FOUND"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/auth/activity", None),
        ("GET", "/auth/addresses", None),
        ("GET", "/auth/sessions", None),
        ("DELETE", "/auth/sessions", None),
        ("POST", "/auth/password/change", {"new_password": "violet-otter-canyon-lamp-2"}),
        ("POST", "/auth/recovery-codes", None),
        ("POST", "/auth/addresses", {"email": "new@elsewhere.example"}),
        ("POST", "/auth/time-zone", {"time_zone": "Europe/Berlin"}),
        ("POST", "/auth/close", {"email": f"zoe@{DOMAIN}"}),
        ("POST", "/auth/enrol-second-factor", None),
        ("POST", "/invitations/", {"token": "x"}),
    ],
)
@pytest.mark.usefixtures("zoe")
async def test_what_is_the_accounts_is_refused_and_stays_as_it_was(browser, owner, method, path, body):
    tables = ("account", "account_email", "password_credential", "recovery_code", "totp_credential", "sign_in_link")
    before = [await owner.fetch(f"select * from {table} order by id") for table in tables]
    response = await browser.send(method, path, **({} if body is None else {"json": body}))
    assert (response.status_code, response.json()["code"]) == (403, "ORGANISATION_SESSION")
    assert [await owner.fetch(f"select * from {table} order by id") for table in tables] == before
    assert await owner.fetchval("select count(*) from session") == 1


@pytest.mark.parametrize(
    "mutation",
    [
        'addMyAddress(input: {email: "new@elsewhere.example"}) { errors { code } }',
        'updateMyAccount(input: {timeZone: "Europe/Berlin"}) { errors { code } }',
        f'closeMyAccount(input: {{email: "zoe@{DOMAIN}"}}) {{ errors {{ code }} }}',
        "chooseNotices(input: {pace: DAILY}) { errors { code } }",
    ],
    ids=lambda text: text.partition("(")[0],
)
@pytest.mark.usefixtures("zoe")
async def test_mutations_of_the_account_are_refused(browser, owner, mutation):
    before = await owner.fetch("select * from account order by id")
    answer = (await ask(browser, f"mutation {{ {mutation} }}")).json()
    (payload,) = answer["data"].values()
    assert payload["errors"][0]["code"] in {"SESSION_REQUIRED", "ORGANISATION_SESSION"}
    assert await owner.fetch("select * from account order by id") == before


@pytest.mark.usefixtures("zoe")
async def test_tokens_made_from_it_are_of_that_organisation(browser, clock):
    body = {"name": "a program", "scopes": ["read"], "expires_at": (clock.now() + timedelta(days=3)).isoformat()}
    refused = await browser.post("/auth/tokens", organisation="other", **body)
    assert (refused.status_code, refused.json()["code"]) == (404, "NOT_FOUND")
    made = await browser.post("/auth/tokens", organisation="harbour", **body)
    assert made.status_code == 201, made.text
    listed = (await browser.get("/auth/tokens")).json()
    assert [token["organisation"] for token in listed] == ["harbour"]


async def test_tokens_of_another_organisation_are_neither_listed_nor_revoked(browser, open_browser, zoe, other, clock):
    own = await other.signed_in(open_browser(), zoe)
    body = {"name": "a program", "scopes": ["read"], "expires_at": (clock.now() + timedelta(days=3)).isoformat()}
    made = await own.post("/auth/tokens", organisation="other", **body)
    token_id = made.json()["access_token"]["id"]
    assert (await browser.get("/auth/tokens")).json() == []
    assert (await browser.send("DELETE", f"/auth/tokens/{token_id}")).status_code == 404
    assert len((await own.get("/auth/tokens")).json()) == 1


@pytest.mark.usefixtures("owner")
async def test_an_enforced_provider_keeps_ordinary_sessions_out_but_the_owners(harbour, open_browser, services):
    ann = await make_member(services.database, harbour.organisation, Role.ORG_ADMIN)
    left = await make_member(services.database, harbour.organisation, state="removed")
    await harbour.bring(ProviderState.ENFORCED)
    for person, status in ((ann, 403), (harbour.owner, 200), (left, 200)):
        own = await harbour.signed_in(open_browser(), person)
        answer = await ask(own, "{ viewer { organisation { slug } } }", "harbour")
        assert answer.status_code == status, (person.display_name, answer.text)
        if status == 403:
            assert answer.json()["errors"][0]["extensions"]["code"] == "PROVIDER_SIGN_IN_REQUIRED"
    theirs = open_browser()
    await harbour.sign_in(theirs)
    assert (await ask(theirs, ME)).status_code == 200


async def test_an_ordinary_session_makes_no_token_past_an_enforced_provider(harbour, open_browser, services, clock):
    ann = await make_member(services.database, harbour.organisation, Role.ORG_ADMIN)
    own = await harbour.signed_in(open_browser(), ann)
    await harbour.bring(ProviderState.ENFORCED)
    body = {"name": "a program", "scopes": ["read"], "expires_at": (clock.now() + timedelta(days=3)).isoformat()}
    refused = await own.post("/auth/tokens", organisation="harbour", **body)
    assert (refused.status_code, refused.json()["code"]) == (403, "PROVIDER_SIGN_IN_REQUIRED")
    assert await harbour.count("access_token") == 0


async def test_an_owner_by_the_provider_neither_passes_ownership_on_nor_closes(harbour, browser, owner):
    await owner.execute(
        "insert into identity (id, created_at, account_id, organisation_id, issuer, subject, used_at)"
        " values ($1, now(), $2, $3, $4, 'olivia', now())",
        uuid7(),
        harbour.owner.account_id,
        harbour.organisation.id,
        harbour.idp.issuer,
    )
    await harbour.sign_in(browser, sub="olivia")
    close = 'mutation { closeMyOrganisation(input: {slug: "harbour", reason: "x"}) { errors { code } } }'
    answer = (await ask(browser, close)).json()
    assert answer["data"]["closeMyOrganisation"]["errors"][0]["code"] == "PERMISSION_DENIED"
    assert await owner.fetchval("select state from organisation where slug = 'harbour'") == "active"


@pytest.mark.usefixtures("other")
async def test_an_administrator_ends_what_a_members_sessions_reach_here_and_no_more(
    harbour, zoe, browser, open_browser, clock
):
    own = await harbour.signed_in(open_browser(), zoe)
    assert (await ask(own, ME, "harbour")).status_code == 200
    async with harbour.access(harbour.owner) as access:
        await end_member_sessions(access, zoe.member_id)
    assert (await browser.get("/auth/session")).json()["account"] is None
    refused = await ask(own, ME, "harbour")
    assert (refused.status_code, refused.json()["errors"][0]["extensions"]["code"]) == (403, "SIGN_IN_ENDED")
    assert (await ask(own, ME, "other")).status_code == 200
    clock.advance(timedelta(seconds=1))
    again = await harbour.signed_in(open_browser(), zoe)
    assert (await ask(again, ME, "harbour")).status_code == 200


@pytest.mark.usefixtures("browser")
async def test_a_suspended_or_ended_membership_ends_its_sessions_at_once(harbour, zoe, owner):
    async with harbour.access(harbour.owner) as access:
        await deactivate_member(access, zoe.member_id)
    assert await owner.fetchval("select count(*) from session where organisation_id is not null") == 0


@pytest.mark.usefixtures("owner")
async def test_a_disconnected_member_is_asked_again(harbour, zoe, browser):
    async with harbour.access(harbour.owner) as access:
        await disconnect_member(access, zoe.member_id)
    assert (await harbour.count("identity"), await harbour.count("session")) == (0, 0)
    assert (await harbour.sign_in(browser)).headers["location"] == "/auth/connect"
