from __future__ import annotations

import asyncio

import pytest

from tests.tenants.single_sign_on.harbour import DOMAIN, make_harbour
from wardship.core.errors import InvalidInputError, PermissionDeniedError
from wardship.core.openid.metadata import InvalidIssuerError
from wardship.core.tokens.tokens import TokenRequest, create_token
from wardship.tenants.access import StepUpRequiredError
from wardship.tenants.single_sign_on.records import ProviderState, SecondStep
from wardship.tenants.single_sign_on.registering import (
    MOST_PROVIDERS,
    ProviderInForceError,
    ProviderOffError,
    ProviderValues,
    TooManyProvidersError,
    create_provider,
    update_provider,
)
from wardship.tenants.single_sign_on.states import (
    OtherProviderInForceError,
    ProviderNotTriedError,
    ProviderStateError,
    activate_provider,
    enforce_provider,
    relax_provider,
    turn_provider_off,
)

pytestmark = pytest.mark.anyio
NEW = {"name": "Login", "issuer": "https://login.example.org", "client_id": "w", "client_secret": "a secret"}


@pytest.fixture
async def draft(services, owner, idp):
    made = await make_harbour(services, owner, idp)
    await made.hold()
    await made.enter(ProviderState.DRAFT)
    return made


async def act(harbour, function, *arguments, who=None, **changes):
    async with harbour.access(who or harbour.owner, **changes) as access:
        return await function(access, harbour.provider.id, *arguments)


async def state(harbour):
    return await harbour.owner_sql.fetchval("select state from identity_provider where id = $1", harbour.provider.id)


async def tried(harbour, browser, who=None):
    await harbour.signed_in(browser, who or harbour.owner)
    path = f"/auth/provider/{harbour.provider.id}/test"
    page = await browser.http.get(path)
    assert page.status_code == 200, page.text
    url = await harbour.leave(browser, path, csrf_token=browser.csrf)
    return await harbour.come_back(browser, url, sub="olivia", email=f"olivia@{DOMAIN}", email_verified=True)


async def test_a_provider_is_tried_then_active_then_enforced(draft, browser):
    with pytest.raises(ProviderStateError):
        await act(draft, activate_provider)
    response = await tried(draft, browser)
    assert (response.status_code, response.headers["location"]) == (303, "/auth/connect")
    assert await state(draft) == "tested"
    with pytest.raises(ProviderStateError):
        await act(draft, enforce_provider)
    await act(draft, activate_provider)
    with pytest.raises(ProviderNotTriedError):
        await act(draft, enforce_provider)
    assert (await browser.http.post("/auth/connect", data={"csrf_token": browser.csrf})).status_code == 200
    await act(draft, enforce_provider)
    assert await state(draft) == "enforced"
    await act(draft, relax_provider)
    assert await state(draft) == "active"
    await act(draft, turn_provider_off)
    with pytest.raises(ProviderOffError):
        await act(draft, update_provider, ProviderValues(name="Again"))
    assert await state(draft) == "off"


async def test_a_manager_who_is_known_there_reads_that_it_works(draft, browser):
    await tried(draft, browser)
    await browser.http.post("/auth/connect", data={"csrf_token": browser.csrf})
    assert "The provider works" in (await tried(draft, browser)).text


async def test_a_test_run_opens_no_session_and_signs_nobody_in(draft, open_browser, owner):
    await tried(draft, open_browser())
    assert await owner.fetchval("select count(*) from session where organisation_id is not null") == 0


async def test_only_who_manages_sign_in_tries_a_provider(draft, open_browser, services):
    other = await make_harbour(services, draft.owner_sql, draft.idp, "other")
    for who in (None, other.owner):
        browser = open_browser()
        if who is not None:
            await draft.signed_in(browser, who)
        path = f"/auth/provider/{draft.provider.id}/test"
        assert (await browser.http.get(path)).status_code in {401, 403}
        sent = await browser.http.post(path, data={"csrf_token": browser.csrf})
        assert sent.status_code in {401, 403}
    assert await draft.count("openid_flow") == 0


async def test_a_provider_that_does_not_answer_is_said_so_where_it_is_tried_and_can_be_tried_again(draft, browser):
    await draft.signed_in(browser, draft.owner)
    path = f"/auth/provider/{draft.provider.id}/test"
    await draft.owner_sql.execute("update identity_provider set issuer = 'http://127.0.0.1:1'")
    sent = await browser.http.post(path, data={"csrf_token": browser.csrf})
    assert sent.status_code == 502
    assert "Try your organisation&#39;s provider" in sent.text
    assert "did not answer" in sent.text
    assert "Try it</button>" in sent.text
    assert await state(draft) == "draft"


async def test_address_of_a_provider_that_is_no_way_in_leads_to_the_way(draft, browser):
    pages = [await browser.http.get(draft.address), await browser.http.get("/auth/at/nobody-has-this-key")]
    assert [page.status_code for page in pages] == [404, 404]
    assert pages[0].text == pages[1].text
    assert 'href="/auth/way"' in pages[0].text


async def test_another_issuer_makes_a_tested_provider_a_draft_again(draft, browser):
    await tried(draft, browser)
    await act(draft, update_provider, ProviderValues(client_secret="another secret"))
    assert await state(draft) == "tested"
    changed = await act(draft, update_provider, ProviderValues(issuer="https://login.example.org"))
    assert (changed.state, changed.tested_at) == (ProviderState.DRAFT, None)


async def test_issuer_and_client_of_a_provider_in_force_stay(harbour):
    for values in ({"issuer": "https://login.example.org"}, {"client_id": "other"}):
        with pytest.raises(ProviderInForceError):
            await act(harbour, update_provider, ProviderValues(**values))
    changed = await act(harbour, update_provider, ProviderValues(name="Neuer Name", second_step=SecondStep.PROVEN))
    assert (changed.name, changed.state, changed.issuer) == ("Neuer Name", ProviderState.ACTIVE, harbour.idp.issuer)


async def test_of_two_providers_one_is_in_force(harbour):
    first = harbour.provider
    await harbour.enter(ProviderState.TESTED, client_id="second")
    with pytest.raises(OtherProviderInForceError, match=first.name):
        await act(harbour, activate_provider)
    assert await state(harbour) == "tested"


async def test_of_ten_that_put_providers_in_force_at_once_one_wins(draft):
    ids = []
    for number in range(5):
        await draft.enter(ProviderState.TESTED, client_id=f"c{number}")
        ids.append(draft.provider.id)

    async def activate(provider_id):
        async with draft.access(draft.owner) as access:
            return await activate_provider(access, provider_id)

    done = await asyncio.gather(*(activate(each) for each in ids), return_exceptions=True)
    assert sum(not isinstance(each, Exception) for each in done) == 1
    assert await draft.owner_sql.fetchval("select count(*) from identity_provider where state = 'active'") == 1


async def test_turning_off_ends_what_it_opened_and_nothing_else(harbour, open_browser, owner):
    theirs, own = open_browser(), open_browser()
    await harbour.sign_in(theirs)
    await harbour.signed_in(own, harbour.admin)
    await act(harbour, turn_provider_off)
    assert (await theirs.get("/auth/session")).json()["account"] is None
    assert (await own.get("/auth/session")).json()["account"] is not None
    assert await owner.fetchval("select count(*) from session where organisation_id is not null") == 0


async def test_enforcing_ends_access_tokens_of_this_organisation_alone(harbour, services, owner, clock):
    other = await make_harbour(services, owner, harbour.idp, "other")
    wanted = TokenRequest("a program", ["read"], clock.now().replace(year=2027))
    for place in (harbour, other):
        async with services.database.tenant(place.organisation.id, directory=True) as transaction:
            await create_token(transaction, place.admin.account_id, place.organisation.id, wanted, at=clock.now())
    await owner.execute(
        "insert into identity (id, created_at, account_id, organisation_id, issuer, subject, used_at)"
        " values (gen_random_uuid(), now(), $1, $2, $3, 'o', now())",
        harbour.owner.account_id,
        harbour.organisation.id,
        harbour.idp.issuer,
    )
    await act(harbour, enforce_provider)
    rows = await owner.fetch("select organisation_id from access_token where revoked_at is null")
    assert [row["organisation_id"] for row in rows] == [other.organisation.id]


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"issuer": "http://login.example.org"}, InvalidIssuerError),
        ({"issuer": "https://user:pw@login.example.org"}, InvalidIssuerError),
        ({"issuer": "https://login.example.org/?a=b"}, InvalidIssuerError),
        ({"issuer": "https://login.microsoftonline.com/{tenantid}/v2.0"}, InvalidIssuerError),
        ({"issuer": "javascript:alert(1)"}, InvalidIssuerError),
        ({"issuer": "https://bücher.example"}, InvalidIssuerError),
        ({"client_secret": " "}, InvalidInputError),
        ({"client_secret": "schlüssel"}, InvalidInputError),
        ({"name": ""}, InvalidInputError),
        ({"name": "a\nb"}, InvalidInputError),
        ({"client_id": ""}, InvalidInputError),
        ({"acr_values": ["a b"]}, InvalidInputError),
        ({"hosted_domain": "not a domain"}, InvalidInputError),
    ],
    ids=lambda value: "-".join(f"{name}={text!r}" for name, text in value.items()) if isinstance(value, dict) else None,
)
async def test_what_can_not_be_is_refused_and_nothing_is_entered(services, owner, idp, values, refusal):
    harbour = await make_harbour(services, owner, idp)
    async with harbour.access(harbour.owner) as access:
        with pytest.raises(refusal):
            await create_provider(access, ProviderValues(**(NEW | values)))
    assert await harbour.count("identity_provider") == 0


@pytest.mark.usefixtures("database")
async def test_entering_needs_the_permission_and_a_fresh_second_factor(services, owner, idp):
    harbour = await make_harbour(services, owner, idp)
    async with harbour.access(harbour.admin, stepped_up=False) as access:
        with pytest.raises(StepUpRequiredError):
            await create_provider(access, ProviderValues(**NEW))
    async with harbour.access(harbour.admin, roles=frozenset()) as access:
        with pytest.raises(PermissionDeniedError):
            await create_provider(access, ProviderValues(**NEW))
    assert await harbour.count("identity_provider") == 0


async def test_ten_providers_are_enough(services, owner, idp):
    harbour = await make_harbour(services, owner, idp)
    for _ in range(MOST_PROVIDERS):
        await harbour.enter(ProviderState.DRAFT)
    with pytest.raises(TooManyProvidersError):
        await harbour.enter(ProviderState.DRAFT)
    await harbour.bring(ProviderState.OFF)
    await harbour.enter(ProviderState.DRAFT)


async def test_the_secret_is_stored_encrypted_for_its_row_and_shown_nowhere(harbour, owner):
    row = await owner.fetchrow("select * from identity_provider")
    assert harbour.idp.client_secret.encode() not in row["client_secret"]
    trail = str([dict(row) for row in await owner.fetch("select * from audit_entry")])
    assert "identity_provider.created" in trail
    assert harbour.idp.client_secret not in trail
