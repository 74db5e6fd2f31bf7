from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from tests.builders import make_member
from tests.fakes.openid_provider import open_provider
from tests.tenants.single_sign_on.harbour import DOMAIN, make_harbour
from wardship.core.actor import Role
from wardship.tenants.single_sign_on.records import Admission, ProviderState, SecondStep

pytestmark = pytest.mark.anyio


async def test_somebody_new_at_a_proven_domain_becomes_a_plain_member(harbour, browser, owner):
    response = await harbour.sign_in(browser)
    assert (response.status_code, response.headers["location"]) == (303, "/console")
    told = (await browser.get("/auth/session")).json()
    assert (told["account"]["email"], told["account"]["name"]) == (f"zoe@{DOMAIN}", "Zoë Müller")
    assert (told["organisation"], told["is_by_provider"], told["provider"]) == ("harbour", True, None)
    roles = await owner.fetch(
        "select r.role from role_assignment r join member m on m.id = r.member_id where m.email = $1", f"zoe@{DOMAIN}"
    )
    assert [row["role"] for row in roles] == ["member"]


async def test_the_same_person_comes_back_by_issuer_and_subject_whatever_the_address_is_now(harbour, open_browser):
    await harbour.sign_in(open_browser())
    again = open_browser()
    await harbour.sign_in(again, email="other@elsewhere.example", email_verified=False)
    told = (await again.get("/auth/session")).json()
    assert told["account"]["email"] == f"zoe@{DOMAIN}"
    assert await harbour.count("identity") == 1


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"email": None}, "names no address"),
        ({"email_verified": False}, "does not say that your address is proven"),
        ({"email_verified": None}, "does not say that your address is proven"),
        ({"email": "zoe@foreign.example"}, "has not proven here"),
        ({"email": f"zoe@sub.{DOMAIN}"}, "has not proven here"),
        ({"email": f"zoe@{DOMAIN}.evil.example"}, "has not proven here"),
        ({"email": "zoe"}, "is none"),
    ],
    ids=["none", "unverified", "unsaid", "foreign", "below", "suffix", "no-address"],
)
async def test_an_address_that_is_not_proven_or_not_the_organisations_admits_nobody(harbour, browser, claims, code):
    before = [await harbour.count(table) for table in ("account", "member", "identity", "session")]
    response = await harbour.sign_in(browser, **claims)
    assert response.status_code == 403
    assert code in response.text
    assert [await harbour.count(table) for table in ("account", "member", "identity", "session")] == before


async def test_a_domain_that_another_organisation_holds_admits_nobody(harbour, browser, services, owner, idp):
    other = await make_harbour(services, owner, idp, "other")
    await harbour.hold("lighthouse.example", other.organisation.id)
    response = await harbour.sign_in(browser, email="zoe@lighthouse.example")
    assert response.status_code == 403
    assert await harbour.count("identity") == 0


async def test_a_provider_that_admits_members_alone_brings_nobody_new(services, owner, idp, browser):
    harbour = await make_harbour(services, owner, idp)
    await harbour.hold()
    await harbour.enter(admits=Admission.MEMBERS)
    response = await harbour.sign_in(browser)
    assert response.status_code == 403
    assert "prepared" in response.text
    assert await harbour.count("identity") == 0


@pytest.mark.parametrize("policy", [None, "off", "suggest", "invite"])
async def test_a_domain_whose_policy_takes_nobody_in_brings_nobody_new(services, owner, idp, browser, policy):
    harbour = await make_harbour(services, owner, idp)
    await harbour.hold(policy=policy)
    await harbour.enter()
    response = await harbour.sign_in(browser)
    assert (response.status_code, "policy" in response.text) == (403, True)
    assert (await harbour.count("identity"), await harbour.count("session")) == (0, 0)


async def test_while_a_domain_has_to_be_proven_again_nobody_new_joins_by_it(harbour, browser, owner):
    await owner.execute("update domain_claim set state = 'grace'")
    assert (await harbour.sign_in(browser)).status_code == 403
    assert await harbour.count("identity") == 0


async def test_a_membership_that_was_prepared_is_taken_by_its_address(services, owner, idp, browser):
    harbour = await make_harbour(services, owner, idp)
    await harbour.hold()
    await harbour.enter(admits=Admission.MEMBERS)
    prepared = await make_member(services.database, harbour.organisation, email=f"zoe@{DOMAIN}")
    await owner.execute("delete from account_email where account_id = $1", prepared.account_id)
    await owner.execute("update member set account_id = null where id = $1", prepared.member_id)
    assert (await harbour.sign_in(browser)).status_code == 303
    assert await owner.fetchval("select account_id is not null from member where id = $1", prepared.member_id)


async def test_a_prepared_membership_with_roles_is_not_begun_by_a_provider(harbour, services, owner, browser):
    prepared = await make_member(services.database, harbour.organisation, Role.ORG_ADMIN, email=f"zoe@{DOMAIN}")
    await owner.execute("delete from account_email where account_id = $1", prepared.account_id)
    await owner.execute("update member set account_id = null where id = $1", prepared.member_id)
    response = await harbour.sign_in(browser)
    assert (response.status_code, "accept your invitation" in response.text) == (403, True)
    assert await owner.fetchval("select account_id from member where id = $1", prepared.member_id) is None


@pytest.mark.parametrize("state", ["deactivated", "removed"])
async def test_a_membership_that_has_ended_is_not_begun_again_by_a_provider(harbour, open_browser, owner, state):
    await harbour.sign_in(open_browser())
    await owner.execute("update member set state = $2 where email = $1", f"zoe@{DOMAIN}", state)
    await owner.execute("delete from session")
    response = await harbour.sign_in(open_browser())
    assert response.status_code == 403
    assert await harbour.count("session") == 0
    await owner.execute("delete from identity")
    response = await harbour.sign_in(open_browser())
    assert response.status_code == 403
    assert await owner.fetchval("select state from member where email = $1", f"zoe@{DOMAIN}") == state


async def test_an_account_that_exists_is_never_taken_over_by_an_address(harbour, services, browser, owner):
    zoe = await make_member(services.database, harbour.organisation, email=f"zoe@{DOMAIN}")
    response = await harbour.sign_in(browser)
    assert (response.status_code, response.headers["location"]) == (303, "/auth/connect")
    assert (await browser.get("/auth/session")).json()["account"] is None
    assert await harbour.count("identity") == 0
    page = await browser.http.get("/auth/connect")
    assert (page.status_code, "Sign in once with it" in page.text) == (401, True)
    await harbour.signed_in(browser, harbour.admin)
    refused = await browser.http.post("/auth/connect", data={"csrf_token": browser.csrf})
    assert (refused.status_code, await harbour.count("identity")) == (410, 0)
    await harbour.signed_in(browser, zoe)
    without = await browser.http.post("/auth/connect", data={})
    assert (without.status_code, await harbour.count("identity")) == (403, 0)
    asked = await browser.http.get("/auth/connect")
    assert "Is this you?" in asked.text
    done = await browser.http.post("/auth/connect", data={"csrf_token": browser.csrf})
    assert done.status_code == 200
    assert await owner.fetchval("select account_id from identity") == zoe.account_id
    assert "was connected" in str(await browser.deployed.mails(zoe.email))


async def test_an_account_without_membership_joins_once_its_owner_says_so(harbour, services, browser, owner, idp):
    other = await make_harbour(services, owner, idp, "elsewhere")
    zoe = await make_member(services.database, other.organisation, Role.ORG_ADMIN, email=f"zoe@{DOMAIN}")
    await harbour.sign_in(browser)
    await harbour.signed_in(browser, zoe)
    assert (await browser.http.post("/auth/connect", data={"csrf_token": browser.csrf})).status_code == 200
    roles = await owner.fetch(
        "select r.role from role_assignment r join member m on m.organisation_id = r.organisation_id"
        " and m.id = r.member_id where m.account_id = $1 and m.organisation_id = $2",
        zoe.account_id,
        harbour.organisation.id,
    )
    assert [row["role"] for row in roles] == ["member"]


async def test_who_is_signed_in_connects_an_identity_with_whatever_address(harbour, services, browser, owner):
    ann = await make_member(services.database, harbour.organisation, email="ann@private.example")
    await harbour.signed_in(browser, ann)
    response = await harbour.sign_in(browser, sub="ann", email="ann@foreign.example", email_verified=False)
    assert response.headers["location"] == "/auth/connect"
    assert (await browser.http.post("/auth/connect", data={"csrf_token": browser.csrf})).status_code == 200
    assert await owner.fetchval("select account_id from identity") == ann.account_id


@pytest.mark.parametrize(
    ("second_step", "claims", "goes_to"),
    [
        (SecondStep.OWN, {"amr": ["mfa"]}, "/auth/enrol"),
        (SecondStep.PROVEN, {"amr": ["pwd", "otp"]}, "/console"),
        (SecondStep.PROVEN, {"amr": ["pwd", "mfa"]}, "/console"),
        (SecondStep.PROVEN, {"acr": "gold"}, "/console"),
        (SecondStep.PROVEN, {"acr": "bronze"}, "/auth/enrol"),
        (SecondStep.PROVEN, {"amr": ["pwd", "pin"]}, "/auth/enrol"),
        (SecondStep.PROVEN, {"amr": ["otp", "sms"]}, "/auth/enrol"),
        (SecondStep.PROVEN, {}, "/auth/enrol"),
        (SecondStep.TRUSTED, {}, "/console"),
    ],
    ids=lambda value: str(value).replace(" ", ""),
)
async def test_the_second_step_is_taken_here_unless_the_organisation_relies_on_the_provider_for_it(
    services, owner, idp, browser, second_step, claims, goes_to
):
    harbour = await make_harbour(services, owner, idp)
    await harbour.hold()
    await harbour.enter(second_step=second_step, acr_values=["gold"])
    assert (await harbour.sign_in(browser, **claims)).headers["location"] == goes_to
    is_complete = (await browser.get("/auth/session")).json()["stage"] == "complete"
    assert is_complete == (goes_to == "/console")


async def test_a_second_factor_of_ones_own_is_shown_on_a_page(harbour, browser, owner):
    await harbour.sign_in(browser)
    person = await owner.fetchrow("select account_id from identity")
    zoe = await harbour.human(type("P", (), {"account_id": person["account_id"], "email": f"zoe@{DOMAIN}"}))
    await owner.execute("update identity_provider set second_step = 'own'")
    assert (await harbour.sign_in(browser)).headers["location"] == "/auth/second-factor"
    assert (await browser.http.get("/auth/second-factor")).status_code == 200
    wrong = await browser.http.post("/auth/second-factor", data={"code": "000000", "csrf_token": browser.csrf})
    assert wrong.status_code == 401
    done = await browser.http.post("/auth/second-factor", data={"code": zoe.code(), "csrf_token": browser.csrf})
    assert (done.status_code, done.headers["location"]) == (303, "/console")
    told = (await browser.get("/auth/session")).json()
    assert (told["stage"], told["is_by_provider"]) == ("complete", True)


async def test_an_answer_comes_once_into_its_own_browser(harbour, open_browser):
    first, second = open_browser(), open_browser()
    url = await harbour.leave(first)
    back = urlsplit(harbour.idp.authorize(url, sub="zoe", email=f"zoe@{DOMAIN}", email_verified=True))
    path = f"{back.path}?{back.query}"
    assert (await second.http.get(path)).status_code == 410
    cookies = dict(first.http.cookies)
    assert (await first.http.get(path)).status_code == 303
    first.http.cookies.update(cookies)
    assert (await first.http.get(path)).status_code == 410
    assert await harbour.count("session") == 1


async def test_an_answer_at_another_providers_address_is_refused_before_anything_is_asked(
    harbour, services, owner, browser, clock
):
    async with open_provider(clock) as evil:
        other = await make_harbour(services, owner, evil, "other")
        await other.enter()
        url = await harbour.leave(browser)
        back = urlsplit(harbour.idp.authorize(url, sub="zoe"))
        moved = back.path.replace(str(harbour.provider.id), str(other.provider.id))
        evil.seen.clear()
        assert (await browser.http.get(f"{moved}?{back.query}")).status_code == 410
        assert evil.seen == []
    assert await harbour.count("session") == 0


async def test_parameters_that_are_given_twice_are_none(harbour, browser):
    url = await harbour.leave(browser)
    back = urlsplit(harbour.idp.authorize(url))
    assert (await browser.http.get(f"{back.path}?{back.query}&state=other")).status_code == 410


@pytest.mark.parametrize("state", [ProviderState.DRAFT, ProviderState.TESTED, ProviderState.OFF])
async def test_nobody_signs_in_by_a_provider_that_is_not_in_force(harbour, browser, state):
    url = await harbour.leave(browser)
    await harbour.bring(state)
    response = await harbour.come_back(browser, url, sub="zoe", email=f"zoe@{DOMAIN}", email_verified=True)
    assert (response.status_code, await harbour.count("session")) == (410, 0)
    assert (await browser.http.post(harbour.address)).status_code == 404


async def test_googles_accounts_of_other_workspaces_are_refused(harbour, browser, owner):
    await owner.execute("update identity_provider set hosted_domain = $1", DOMAIN)
    url = await harbour.leave(browser)
    assert f"hd={DOMAIN}" in url
    for hd in (None, "other.example"):
        response = await harbour.sign_in(browser, hd=hd)
        assert (response.status_code, await harbour.count("session")) == (403, 0)
    assert (await harbour.sign_in(browser, hd="HARBOUR.example")).status_code == 303


@pytest.mark.parametrize(("seconds_ago", "is_shown"), [(None, False), (3600, False), (0, True)])
async def test_who_was_signed_in_there_before_has_shown_nothing_for_a_dangerous_act(
    harbour, browser, clock, seconds_ago, is_shown
):
    at = None if seconds_ago is None else int(clock.now().timestamp()) - seconds_ago
    await harbour.sign_in(browser, auth_time=at)
    told = (await browser.get("/auth/session")).json()
    assert (told["stage"], told["stepped_up_at"] is not None) == ("complete", is_shown)
    expires_at = (clock.now() + timedelta(days=3)).isoformat()
    asked = {"name": "a program", "organisation": "harbour", "scopes": ["read"], "expires_at": expires_at}
    made = await browser.post("/auth/tokens", **asked)
    assert made.status_code == (201 if is_shown else 403), made.text
    assert await harbour.count("access_token") == int(is_shown)
