"""Who was erased is not brought back by the provider, whatever address it names by then (requirement F8)."""

from __future__ import annotations

import pytest

from tests.builders import make_member, make_organisation, system_access
from tests.tenants.single_sign_on.harbour import DOMAIN, Harbour, make_harbour
from wardship.core.accounts.tombstones import suppress
from wardship.core.openid.erased_identities import is_identity_buried
from wardship.tenants.access import Access
from wardship.tenants.fulfilment.erase import erase_member

pytestmark = pytest.mark.anyio
ZOE, NEW = f"zoe@{DOMAIN}", f"zoe.new@{DOMAIN}"
TABLES = ("account", "account_email", "member", "identity", "session")


async def erase(harbour: Harbour, email: str = ZOE) -> None:
    """Erase who is known here by an address."""
    member_id = await harbour.owner_sql.fetchval(
        "select id from member where organisation_id = $1 and email = $2", harbour.organisation.id, email
    )
    async with system_access(harbour.services, harbour.organisation) as access:
        await erase_member(access, member_id)


async def stored(harbour: Harbour) -> list[object]:
    return [await harbour.owner_sql.fetch(f"select * from {table} order by id") for table in TABLES]


async def require_refused(harbour: Harbour, browser, **claims: object) -> None:
    before = await stored(harbour)
    response = await harbour.sign_in(browser, **claims)
    assert (response.status_code, "was erased from this organisation" in response.text) == (403, True), response.text
    assert await stored(harbour) == before


async def test_the_same_subject_under_another_address_brings_an_erased_person_not_back(harbour, open_browser):
    await harbour.sign_in(open_browser())
    await erase(harbour)
    await require_refused(harbour, open_browser(), email=NEW)
    other = await harbour.sign_in(open_browser(), sub="somebody else", email=NEW)
    assert other.status_code == 303, "the address is somebody else's now, and it was never that of who was erased"


async def test_neither_a_prepared_membership_nor_an_account_at_the_other_address_brings_the_person_back(
    harbour, open_browser, services, owner
):
    await harbour.sign_in(open_browser())
    await erase(harbour)
    prepared = await make_member(services.database, harbour.organisation, email=NEW)
    elsewhere = await make_organisation(services.database, "elsewhere")
    await make_member(services.database, elsewhere, email=f"zoe.own@{DOMAIN}")
    await owner.execute("delete from account_email where account_id = $1", prepared.account_id)
    await owner.execute("update member set account_id = null where id = $1", prepared.member_id)
    for address in (NEW, f"zoe.own@{DOMAIN}"):
        await require_refused(harbour, open_browser(), email=address)


async def test_an_erasure_here_takes_the_identity_here_of_an_account_that_lives_on_elsewhere(
    harbour, open_browser, services, owner, idp
):
    other = await make_harbour(services, owner, idp, "other")
    await other.enter()
    await harbour.sign_in(open_browser())
    account_id = await owner.fetchval("select account_id from identity")
    await make_member(services.database, other.organisation, email=ZOE, account_id=account_id)
    await owner.execute(
        "insert into identity (id, created_at, account_id, organisation_id, issuer, subject, used_at)"
        " select gen_random_uuid(), created_at, account_id, $1, issuer, subject, used_at from identity",
        other.organisation.id,
    )
    await erase(harbour)
    left = await owner.fetch("select account_id, organisation_id from identity")
    assert [tuple(row.values()) for row in left] == [(account_id, other.organisation.id)]
    await require_refused(harbour, open_browser(), email=NEW)
    assert (await other.sign_in(open_browser())).status_code == 303


async def test_an_erased_account_is_brought_back_by_no_organisations_provider(
    harbour, open_browser, services, owner, idp
):
    await harbour.sign_in(open_browser())
    await erase(harbour)
    assert await owner.fetchval("select count(*) from account where state = 'erased'") == 1
    other = await make_harbour(services, owner, idp, "other")
    await other.hold("lighthouse.example")
    await other.enter()
    await require_refused(other, open_browser(), email="zoe@lighthouse.example")


async def test_who_is_a_member_again_connects_both_and_is_signed_in_from_then_on(
    harbour, open_browser, services, owner
):
    await harbour.sign_in(open_browser())
    await erase(harbour)
    other = await make_organisation(services.database, "other")
    async with system_access(services, other) as access:
        await bury(access, harbour)
    again = await make_member(services.database, harbour.organisation, email="zoe@own.example")
    browser = await harbour.signed_in(open_browser(), again)
    assert (await harbour.sign_in(browser, email=NEW)).headers["location"] == "/auth/connect"
    assert (await browser.http.post("/auth/connect", data={"csrf_token": browser.csrf})).status_code == 200
    assert await owner.fetchval("select account_id from identity") == again.account_id
    assert (await harbour.sign_in(open_browser(), email=NEW)).headers["location"] == "/console"
    for place, is_buried in ((harbour.organisation, False), (other, True)):
        async with services.database.directory(read_only=True) as transaction:
            found = await is_identity_buried(transaction, services.keys, place.id, (harbour.idp.issuer, "zoe"))
        assert found is is_buried, "what another organisation erased stays so"


async def test_a_question_from_before_the_erasure_lets_nobody_join_after_it(harbour, open_browser, services):
    elsewhere = await make_organisation(services.database, "elsewhere")
    zoe = await make_member(services.database, elsewhere, email=ZOE)
    browser = open_browser()
    assert (await harbour.sign_in(browser)).headers["location"] == "/auth/connect"
    await harbour.signed_in(browser, zoe)
    async with system_access(services, harbour.organisation) as access:
        await bury(access, harbour)
    before = await stored(harbour)
    refused = await browser.http.post("/auth/connect", data={"csrf_token": browser.csrf})
    assert (refused.status_code, "was erased from this organisation" in refused.text) == (403, True), refused.text
    assert await stored(harbour) == before


async def bury(access: Access, harbour: Harbour) -> None:
    """Let an organisation have erased Zoe at the provider."""
    names = {"identity": [f"{harbour.idp.issuer} zoe"]}
    place = access.organisation_id
    await suppress(access.transaction, access.services.keys, names, organisation_id=place, at=access.now)
