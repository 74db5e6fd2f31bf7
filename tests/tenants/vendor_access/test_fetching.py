"""What a vendor fetches: exactly what was declared, granted and consented to, entered in the ledger as it goes out."""

from __future__ import annotations

import json

import pytest

from tests.builders import access_for, make_member, make_organisation
from tests.connecting import Connections
from tests.tenants.vendor_access.desk import FETCHED, Desk
from wardship.core.actor import Role
from wardship.plugins.api import Verb
from wardship.tenants.data_access.controllers import category_label
from wardship.tenants.egress.ledger import list_disclosures
from wardship.tenants.grants.change import withdraw_grant
from wardship.tenants.grants.choices import object_to
from wardship.tenants.grants.granting import grants_of
from wardship.tenants.grants.restrictions import RestrictionCause, restrict_member
from wardship.tenants.installation_lifecycle.lifecycle import uninstall
from wardship.tenants.paging import PageRequest

pytestmark = pytest.mark.anyio


async def _members(desk: Desk, token, **query) -> dict[str, dict[str, str]]:
    """Return the fields of all members that are fetched, by e-mail address or else name."""
    page = (await desk.fetch(token["access_token"], **query)).json()
    return {
        fields.get("email") or fields.get("first_name", ""): fields
        for member in page["members"]
        if (fields := {field["name"]: field["value"] for field in member["fields"]})
    }


@pytest.mark.usefixtures("ada")
async def test_fields_that_are_declared_and_granted_are_fetched_and_no_others(desk):
    token = await desk.tokens()
    found = await _members(desk, token)
    assert found["ada@example.org"] == {
        "first_name": "Ada",
        "last_name": "Lovelace",
        "email": "ada@example.org",
        "phone": "+44 20 7946 0958",
    }


async def test_member_is_named_by_a_reference_that_means_nothing_elsewhere(desk, ada, owner):
    token = await desk.tokens()
    page = (await desk.fetch(token["access_token"])).json()
    text = json.dumps(page)
    known = {row["subject_ref"] for row in await owner.fetch("select subject_ref from subject_link")}
    assert {member["subject"] for member in page["members"]} == known
    for secret in (ada.member_id, ada.account_id, ada.pseudonym, desk.admin.member_id):
        assert str(secret) not in text


@pytest.mark.usefixtures("ada")
async def test_nobody_of_another_organisation_is_fetched(desk, services, database):
    rival = await make_organisation(database, "rival")
    theirs = await make_member(database, rival, Role.ORG_ADMIN, email="rita@rival.example", first_name="Rita")
    await Connections(services, theirs).connect()
    assert set(await _members(desk, await desk.tokens())) == {"ada@example.org", desk.admin.email}


async def test_what_is_fetched_is_in_the_ledger_before_it_goes_out(desk, ada, services):
    await _members(desk, await desk.tokens())
    async with access_for(services, desk.admin) as access:
        page = await list_disclosures(access, PageRequest(10), member_id=ada.member_id)
    (entry,) = page.items
    assert set(entry.fields) == {"first_name", "last_name", "email", "phone"}
    assert set(entry.categories) == {"user.name", "user.contact"}
    assert set(entry.purposes) == {each.purpose for each in FETCHED}
    assert (entry.state.value, entry.installation_id) == ("delivered", desk.installation_id)
    assert category_label("user.name")


async def test_what_is_fetched_again_on_the_same_day_is_one_entry_and_a_change_another(desk, ada, owner):
    token = await desk.tokens()
    for _ in range(3):
        await _members(desk, token)
    count = "select count(*) from disclosure where is_fetched and member_id = $1"
    assert await owner.fetchval(count, ada.member_id) == 1
    await owner.execute("update member set phone = '+44 1' where id = $1", ada.member_id)
    await _members(desk, token)
    assert await owner.fetchval(count, ada.member_id) == 2


async def _restrict(services, person):
    async with access_for(services, person) as access:
        await restrict_member(access, person.member_id, cause=RestrictionCause.REQUESTED)


async def test_restricted_member_is_not_fetched_and_the_vendor_is_told(desk, ada, services, connections, recording):
    token = await desk.tokens()
    assert "ada@example.org" in await _members(desk, token)
    await _restrict(services, ada)
    before = await desk.rows("disclosure")
    assert "ada@example.org" not in await _members(desk, token)
    assert await desk.owner.fetchval("select count(*) from disclosure where member_id = $1", ada.member_id) == 1
    assert await desk.rows("disclosure") == before
    await connections.work()
    assert "restrict" in recording.verbs()


async def test_member_who_objects_to_everything_is_not_fetched_and_is_erased_there(
    desk, ada, services, connections, recording
):
    token = await desk.tokens()
    await _members(desk, token)
    async with access_for(services, ada) as access:
        await object_to(access, ada.member_id, purpose="", installation_id=desk.installation_id)
    assert "ada@example.org" not in await _members(desk, token)
    await connections.work()
    assert "erase" in recording.verbs()


async def test_member_who_objects_to_one_purpose_is_fetched_without_it_and_what_was_fetched_is_taken_back(
    desk, ada, services, connections, recording
):
    token = await desk.tokens()
    await _members(desk, token)
    async with access_for(services, ada) as access:
        await object_to(access, ada.member_id, purpose="functional.service", installation_id=desk.installation_id)
    await connections.work()
    assert "erase" in recording.verbs()
    assert set((await _members(desk, token))["ada@example.org"]) == {"email", "phone"}


@pytest.mark.usefixtures("ada")
async def test_withdrawn_category_is_not_fetched_and_is_taken_back(desk, services, connections, recording):
    token = await desk.tokens()
    await _members(desk, token)
    async with access_for(services, desk.admin) as access:
        (grant,) = [
            each
            for each in (await grants_of(access, [desk.installation_id]))[desk.installation_id]
            if each.category == "user.contact"
        ]
        await withdraw_grant(access, grant.id)
    assert set((await _members(desk, token))["Ada"]) == {"first_name", "last_name"}
    await connections.work()
    assert "erase" in recording.verbs()


async def test_member_who_left_or_is_suspended_is_not_fetched(desk, ada, owner):
    token = await desk.tokens()
    for state in ("deactivated", "removed"):
        await owner.execute("update member set state = $2 where id = $1", ada.member_id, state)
        assert "ada@example.org" not in await _members(desk, token)


@pytest.mark.usefixtures("ada")
async def test_uninstalling_takes_back_what_was_fetched(desk, services, connections, recording):
    await _members(desk, await desk.tokens())
    async with access_for(services, desk.admin) as access:
        await uninstall(access, desk.installation_id)
    await connections.work()
    assert {Verb.REVOKE.value, Verb.ERASE.value} & set(recording.verbs())
    held = "select count(*) from subject_link where state in ('shared', 'restricted')"
    assert await desk.owner.fetchval(held) == 0


@pytest.mark.usefixtures("ada")
async def test_declaration_that_grew_opens_nothing_new_until_somebody_consents_again(desk, owner):
    token = await desk.tokens()
    await owner.execute(
        "update vendor_grant set consented = $1", '[["user.name", "functional.service", ["first_name"]]]'
    )
    assert set((await _members(desk, token))["Ada"]) == {"first_name"}
    again = await desk.tokens()
    assert set((await _members(desk, again))["ada@example.org"]) == {"first_name", "last_name", "email", "phone"}


async def test_all_members_come_in_pages_each_once(desk, database, acme):
    for number in range(7):
        await make_member(database, acme, email=f"p{number}@example.org", first_name=f"P{number}")
    token, seen, cursor = await desk.tokens(), [], None
    for _ in range(20):
        query = {"first": 3} | ({"after": cursor} if cursor else {})
        page = (await desk.fetch(token["access_token"], **query)).json()
        assert len(page["members"]) <= 3
        seen += [member["subject"] for member in page["members"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert cursor is None
    assert len(seen) == len(set(seen)) == await desk.owner.fetchval("select count(*) from subject_link")


async def test_cursor_tells_nothing_and_is_of_one_grant(desk, database, acme, ada):
    for _ in range(3):
        await make_member(database, acme, first_name="Somebody")
    token = await desk.tokens()
    cursor = (await desk.fetch(token["access_token"], first=1)).json()["next"]
    assert str(ada.member_id).replace("-", "") not in cursor
    await desk.owner.execute("update vendor_grant set ended_at = now()")
    other = await desk.tokens()
    for wrong in (cursor, cursor[:-2] + "AA", "nonsense", "", "\u00e4"):
        answer = await desk.fetch(other["access_token"], after=wrong)
        assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_CURSOR")


@pytest.mark.parametrize("first", [0, -1, 101, 10**30, "many"])
async def test_page_of_another_length_is_refused(desk, first):
    token = await desk.tokens()
    answer = await desk.fetch(token["access_token"], first=first)
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_INPUT")
    assert answer.headers["content-type"] == "application/problem+json"
    assert await desk.rows("disclosure") == 0


async def test_vendor_that_asks_for_too_much_waits(desk):
    token = await desk.tokens()
    answer = None
    for _ in range(200):
        answer = await desk.fetch(token["access_token"], first=100)
        if answer.status_code != 200:
            break
    assert (answer.status_code, answer.json()["code"]) == (429, "RATE_LIMITED")
    assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize(
    "authorization", [None, "Bearer", "Bearer ", "Bearer wsv_unknown", "Basic wsv_x", "wsv_x", "Bearer wsp_x"]
)
@pytest.mark.usefixtures("ada")
async def test_without_a_good_token_nothing_is_fetched(desk, authorization):
    async with desk.http() as http:
        headers = {} if authorization is None else {"Authorization": authorization}
        answer = await http.get("/vendor/v1/members", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "INVALID_TOKEN")
    assert await desk.rows("disclosure") == 0


async def test_token_in_the_address_opens_nothing(desk):
    token = await desk.tokens()
    async with desk.http() as http:
        answer = await http.get("/vendor/v1/members", params={"access_token": token["access_token"]})
    assert answer.status_code == 401
