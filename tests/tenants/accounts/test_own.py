"""The caller's own account, by the API."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders import access_for
from tests.graphql.calls import make_api
from wardship.core.accounts.events import EventKind, Origin, record_account_event
from wardship.core.actor import CredentialKind
from wardship.tenants.requests.states import RightKind
from wardship.tenants.requests.submit import RequestedRight, submit_request

pytestmark = pytest.mark.anyio

ACCOUNT = """{ viewer { account { timeZone residenceCountry displayName recoveryCodesLeft closesAt
    addresses { address isPrimary verifiedAt expiresAt }
    activity(first: 2) { edges { node { kind text network organisationName } }
        pageInfo { hasNextPage endCursor } } } } }"""
MORE = "query($after: String) { viewer { account { activity(first: 2, after: $after) { edges { node { kind } } } } } }"


@pytest.fixture
def api(services):
    return make_api(services)


async def test_person_sees_the_own_account_and_what_happened_to_it(api, ada, services, clock):
    kinds = [EventKind.REGISTERED, EventKind.SIGNED_IN, EventKind.TOKEN_MADE]
    async with services.database.directory() as transaction:
        for kind in kinds:
            await record_account_event(
                transaction, ada.account_id, kind, Origin(at=clock.now(), network="192.0.2.0/24")
            )
    account = (await api.data(ada, ACCOUNT))["viewer"]["account"]
    assert account["timeZone"] == "UTC"
    assert [(item["address"], item["isPrimary"]) for item in account["addresses"]] == [("ada@example.org", True)]
    page = account["activity"]
    assert [edge["node"]["kind"] for edge in page["edges"]] == ["token_made", "signed_in"]
    assert page["pageInfo"]["hasNextPage"] is True
    more = await api.data(ada, MORE, after=page["pageInfo"]["endCursor"])
    assert [edge["node"]["kind"] for edge in more["viewer"]["account"]["activity"]["edges"]] == ["registered"]


async def test_token_sees_no_account_and_changes_none(api, ada, owner):
    token = replace(ada.actor(), credential=CredentialKind.TOKEN)
    assert (await api.data(token, ACCOUNT))["viewer"]["account"] is None
    assert await _set_zone(api, token) == ["SESSION_REQUIRED"]
    assert await owner.fetchval("select time_zone from account where id = $1", ada.account_id) == "UTC"


async def test_person_sets_the_time_zone_for_all_organisations(api, ada, owner):
    assert await _set_zone(api, ada) == []
    assert (await api.data(ada, ACCOUNT))["viewer"]["account"]["timeZone"] == "Asia/Kolkata"
    assert await _set_zone(api, ada, "Kolkata") == ["INVALID_TIME_ZONE"]
    assert await owner.fetchval("select time_zone from account where id = $1", ada.account_id) == "Asia/Kolkata"


async def test_person_says_where_he_or_she_lives_and_its_law_has_the_request(api, ada, owner, services):
    assert (await api.data(ada, ACCOUNT))["viewer"]["account"]["residenceCountry"] == ""
    assert await _update(api, ada, residenceCountry="BR") == []
    account = (await api.data(ada, ACCOUNT))["viewer"]["account"]
    assert (account["residenceCountry"], account["timeZone"]) == ("BR", "UTC"), "what is left out stays"
    for wrong in ("br", "BRA", "ZZ", "B", " BR", "Brazil"):
        assert await _update(api, ada, residenceCountry=wrong) == ["INVALID_INPUT"]
    async with access_for(services, ada) as access:
        said, unsaid = [
            await submit_request(access, [RequestedRight(kind)], country=country)
            for kind, country in ((RightKind.ACCESS, "DE"), (RightKind.ERASURE, None))
        ]
    assert (said.request.regime, unsaid.request.regime) == ("gdpr", "lgpd")
    assert await _update(api, ada, residenceCountry="") == []
    assert await owner.fetchval("select residence_country from account where id = $1", ada.account_id) == ""


async def test_other_accounts_stay_as_they_are(api, ada, admin, owner):
    await _set_zone(api, ada)
    await _update(api, ada, residenceCountry="BR")
    assert await owner.fetchval("select residence_country from account where id = $1", admin.account_id) == ""
    assert await owner.fetchval("select time_zone from account where id = $1", admin.account_id) == "UTC"


async def _set_zone(api, caller, zone="Asia/Kolkata") -> list[str]:
    return await _update(api, caller, timeZone=zone)


async def _update(api, caller, **changes) -> list[str]:
    document = """mutation($input: UpdateMyAccountInput!) {
        updateMyAccount(input: $input) { errors { code } account { timeZone } } }"""
    answer = (await api.data(caller, document, input=changes))["updateMyAccount"]
    return [error["code"] for error in answer["errors"]]
