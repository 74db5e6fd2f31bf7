"""The caller's own account, by the API."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders import access_for
from tests.graphql.calls import gid, make_api
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


PASSKEYS = """{ viewer { account { hasAuthenticator passkeys { id name lastUsedAt isBackupEligible isBackedUp } } } }"""
RENAME = """mutation($id: ID!, $name: String!) { renameMyPasskey(input: {passkeyId: $id, name: $name})
    { account { passkeys { name } } errors { code } } }"""
REMOVE = """mutation($id: ID!) { removeMyPasskey(input: {passkeyId: $id})
    { account { passkeys { name } } errors { code } } }"""


@pytest.fixture
async def keyring(ada, owner):
    """Two passkeys of Ada's, and an older session of hers."""
    for number, name in enumerate(["Phone", "Key"]):
        await owner.execute(
            "insert into passkey (id, created_at, account_id, credential_id, public_key, user_handle, sign_count, name,"
            " transports, is_backup_eligible, is_backed_up)"
            " values (gen_random_uuid(), now(), $1, $2, 'k', 'h', 0, $3, '{}', true, false)",
            ada.account_id,
            bytes([number]),
            name,
        )
    await owner.execute(
        "insert into session (id, created_at, account_id, token_hash, csrf_token, stage, expires_at, last_seen_at)"
        " values (gen_random_uuid(), now(), $1, 'x', 'x', 'complete', now(), now())",
        ada.account_id,
    )


@pytest.mark.usefixtures("keyring")
async def test_person_sees_renames_and_removes_passkeys_but_not_the_last(api, ada, owner):
    account = (await api.data(ada, PASSKEYS))["viewer"]["account"]
    assert account["hasAuthenticator"] is False
    assert [(item["name"], item["isBackupEligible"]) for item in account["passkeys"]] == [
        ("Phone", True),
        ("Key", True),
    ]
    first, second = (item["id"] for item in account["passkeys"])
    renamed = (await api.data(ada, RENAME, id=first, name="Telefon"))["renameMyPasskey"]
    assert [item["name"] for item in renamed["account"]["passkeys"]] == ["Telefon", "Key"]
    removed = (await api.data(ada, REMOVE, id=first))["removeMyPasskey"]
    assert [item["name"] for item in removed["account"]["passkeys"]] == ["Key"]
    assert await owner.fetchval("select count(*) from session") == 0
    last = (await api.data(ada, REMOVE, id=second))["removeMyPasskey"]
    assert last["errors"] == [{"code": "LAST_SECOND_FACTOR"}]
    assert await owner.fetchval("select name from passkey") == "Key"


@pytest.mark.usefixtures("keyring")
async def test_passkeys_are_changed_by_their_owner_who_has_just_shown_the_factor(api, ada, admin, owner):
    before = await owner.fetch("select * from passkey order by id")
    passkey_id = (await api.data(ada, PASSKEYS))["viewer"]["account"]["passkeys"][0]["id"]
    stale = replace(ada.actor(), stepped_up_at=None)
    token = replace(ada.actor(), credential=CredentialKind.TOKEN)
    for who, code in ((stale, "STEP_UP_REQUIRED"), (token, "SESSION_REQUIRED"), (admin, "NOT_FOUND")):
        for document, more in ((RENAME, {"name": "mine"}), (REMOVE, {})):
            (payload,) = (await api.data(who, document, id=passkey_id, **more)).values()
            assert payload["errors"] == [{"code": code}]
    assert await owner.fetch("select * from passkey order by id") == before


IDENTITIES = "{ viewer { account { identities { id provider createdAt usedAt } } } }"
UNLINK = """mutation($id: ID!) { unlinkMyIdentity(input: {identityId: $id})
    { account { identities { provider } } errors { code } } }"""


@pytest.fixture
async def linked(ada, owner):
    """Two identities of Ada's at providers of the deployment, one at an organisation's, and an older session."""
    place = await owner.fetchval("select id from organisation where kind = 'customer' limit 1")
    for issuer, organisation_id in (("https://one.example", None), ("https://two.example", None), ("https://x", place)):
        await owner.execute(
            "insert into identity (id, created_at, account_id, organisation_id, issuer, subject, used_at)"
            " values (gen_random_uuid(), clock_timestamp(), $1, $2, $3, 'ada', now())",
            ada.account_id,
            organisation_id,
            issuer,
        )
    await owner.execute(
        "insert into session (id, created_at, account_id, token_hash, csrf_token, stage, expires_at, last_seen_at)"
        " values (gen_random_uuid(), now(), $1, 'x', 'x', 'complete', now(), now())",
        ada.account_id,
    )


@pytest.mark.usefixtures("linked")
async def test_person_sees_and_unlinks_providers_of_the_deployment_but_not_the_last_way_in(api, ada, owner):
    account = (await api.data(ada, IDENTITIES))["viewer"]["account"]
    assert [item["provider"] for item in account["identities"]] == ["https://one.example", "https://two.example"]
    first, second = (item["id"] for item in account["identities"])
    unlinked = (await api.data(ada, UNLINK, id=first))["unlinkMyIdentity"]
    assert (unlinked["account"], unlinked["errors"]) == ({"identities": [{"provider": "https://two.example"}]}, [])
    assert await owner.fetchval("select count(*) from session") == 0
    last = (await api.data(ada, UNLINK, id=second))["unlinkMyIdentity"]
    assert (last["account"], last["errors"]) == (None, [{"code": "LAST_WAY_IN"}])
    issuers = [row["issuer"] for row in await owner.fetch("select issuer from identity order by created_at")]
    assert issuers == ["https://two.example", "https://x"]


@pytest.mark.usefixtures("linked")
async def test_identities_are_unlinked_by_their_owner_who_has_just_shown_the_factor(api, ada, admin, owner):
    before = await owner.fetch("select * from identity order by id")
    identity_id = (await api.data(ada, IDENTITIES))["viewer"]["account"]["identities"][0]["id"]
    theirs = gid("AccountIdentity", await owner.fetchval("select id from identity where organisation_id is not null"))
    stale = replace(ada.actor(), stepped_up_at=None)
    token = replace(ada.actor(), credential=CredentialKind.TOKEN)
    for who, wanted, code in (
        (stale, identity_id, "STEP_UP_REQUIRED"),
        (token, identity_id, "SESSION_REQUIRED"),
        (admin, identity_id, "NOT_FOUND"),
        (ada, theirs, "NOT_FOUND"),
    ):
        payload = (await api.data(who, UNLINK, id=wanted))["unlinkMyIdentity"]
        assert payload["errors"] == [{"code": code}]
        assert await owner.fetch("select * from identity order by id") == before
