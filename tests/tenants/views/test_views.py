"""Views: kept by whoever filters a list, shared by those who may, found by nobody else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders import make_member, make_organisation
from tests.graphql.calls import gid, make_api
from wardship.core.actor import Role
from wardship.core.identifiers import uuid7
from wardship.tenants.views.keep import MOST_OWN, MOST_SHARED

pytestmark = pytest.mark.anyio

LIST = "{ savedViews { id name page address isShared isOwn member { displayName } } }"
FIELDS = "errors { code path } view { id name page address isShared isOwn }"
CREATE = f"mutation($input: CreateSavedViewInput!) {{ createSavedView(input: $input) {{ {FIELDS} }} }}"
UPDATE = f"mutation($input: UpdateSavedViewInput!) {{ updateSavedView(input: $input) {{ {FIELDS} }} }}"
REMOVE = f"mutation($input: RemoveSavedViewInput!) {{ removeSavedView(input: $input) {{ {FIELDS} }} }}"
VIEW = {"name": "Späte Anträge 🕰️", "page": "requests", "address": "state=late&sort=due%2Dat"}


@pytest.fixture
def api(services):
    return make_api(services)


@pytest.fixture
async def colleague(database, acme):
    return await make_member(database, acme, Role.MEMBER, name="Bo", email="bo@example.org")


async def names(api, caller) -> list[str]:
    return [view["name"] for view in (await api.data(caller, LIST))["savedViews"]]


async def create(api, caller, **changes):
    return (await api.data(caller, CREATE, input={**VIEW, **changes}))["createSavedView"]


async def update(api, caller, view, **changes):
    return (await api.data(caller, UPDATE, input={"viewId": view["id"], **changes}))["updateSavedView"]


async def remove(api, caller, view):
    return (await api.data(caller, REMOVE, input={"viewId": view["id"]}))["removeSavedView"]


def codes(answer) -> list[str]:
    return [error["code"] for error in answer["errors"]]


async def test_own_view_is_found_by_its_owner_alone(api, ada, admin, colleague, owner):
    view = (await create(api, ada))["view"]
    assert {name: view[name] for name in VIEW} == VIEW
    assert await names(api, ada) == [VIEW["name"]]
    for other in (admin, colleague):
        assert await names(api, other) == []
        for act in (update(api, other, view, name="Mine now"), remove(api, other, view)):
            assert codes(await act) == ["NOT_FOUND"]
    assert await names(api, ada) == [VIEW["name"]]
    assert await owner.fetchval("select count(*) from audit_entry where action like 'view.%'") == 0


async def test_administrator_shares_a_view_and_everybody_here_finds_it(api, admin, colleague, owner, database):
    view = (await create(api, admin, isShared=True))["view"]
    for caller, is_own in ((admin, True), (colleague, False)):
        (found,) = (await api.data(caller, LIST))["savedViews"]
        assert (found["id"], found["isShared"], found["isOwn"]) == (view["id"], True, is_own)
    assert found["member"] is None, "no group lets the colleague see who shares it"
    elsewhere = await make_organisation(database, "elsewhere")
    stranger = await make_member(database, elsewhere, Role.ORG_OWNER, name="Eve", email="eve@example.org")
    assert await names(api, stranger) == []
    assert codes(await remove(api, stranger, view)) == ["NOT_FOUND"]
    assert await owner.fetchval("select action from audit_entry where action like 'view.%'") == "view.shared"


async def test_plain_member_shares_nothing_and_changes_no_shared_view(api, admin, colleague):
    assert codes(await create(api, colleague, isShared=True)) == ["PERMISSION_DENIED"]
    assert await names(api, colleague) == []
    own = (await create(api, colleague))["view"]
    assert codes(await update(api, colleague, own, isShared=True)) == ["PERMISSION_DENIED"]
    shared = (await create(api, admin, name="Ours", isShared=True))["view"]
    assert codes(await update(api, colleague, shared, name="Mine")) == ["PERMISSION_DENIED"]
    assert codes(await update(api, colleague, shared, isShared=False)) == ["PERMISSION_DENIED"]
    assert codes(await remove(api, colleague, shared)) == ["PERMISSION_DENIED"]
    assert sorted(await names(api, colleague)) == sorted(["Ours", VIEW["name"]])
    assert await names(api, admin) == ["Ours"]


async def test_view_is_renamed_given_another_address_and_removed(api, ada):
    view = (await create(api, ada))["view"]
    assert view["isOwn"] is True
    renamed = (await update(api, ada, view, name="Due"))["view"]
    assert (renamed["name"], renamed["address"]) == ("Due", VIEW["address"])
    assert renamed["isOwn"] is True
    moved = (await update(api, ada, view, address=""))["view"]
    assert (moved["name"], moved["address"]) == ("Due", "")
    assert codes(await remove(api, ada, view)) == []
    assert await names(api, ada) == []
    assert codes(await remove(api, ada, view)) == ["NOT_FOUND"]


async def test_who_lost_the_right_to_share_may_still_take_the_own_view_back(api, admin):
    view = (await create(api, admin, isShared=True))["view"]
    plain = replace(admin.actor(), roles=frozenset({Role.MEMBER}))
    assert codes(await update(api, plain, view, name="Other")) == ["PERMISSION_DENIED"]
    assert (await update(api, plain, view, isShared=False))["view"]["isShared"] is False
    assert await names(api, plain) == [VIEW["name"]]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": " \t"},
        {"name": "x" * 101},
        {"name": "two\nlines"},
        {"name": "right\u202eleft"},
        {"page": ""},
        {"page": "../members"},
        {"page": "/members"},
        {"page": "members/"},
        {"page": "https://evil.example"},
        {"page": "//evil.example"},
        {"page": "members?x"},
        {"page": "a" * 65},
        {"page": "members\n"},
        {"address": "#fragment"},
        {"address": "q=ö"},
        {"address": "q=%"},
        {"address": "q=<script>"},
        {"address": "q=a b"},
        {"address": "q" * 2001},
        {"address": "q=1\n"},
    ],
)
async def test_what_is_no_name_page_or_query_is_refused_and_nothing_is_kept(api, ada, changes, owner):
    answer = await create(api, ada, **changes)
    assert (codes(answer), answer["errors"][0]["path"]) == (["INVALID_INPUT"], list(changes))
    assert await owner.fetchval("select count(*) from saved_view") == 0


async def test_there_are_bounds(api, ada, admin, owner):
    await _fill(owner, ada, MOST_OWN, is_shared=False)
    assert codes(await create(api, ada)) == ["TOO_MANY_VIEWS"]
    await _fill(owner, ada, MOST_SHARED, is_shared=True)
    assert codes(await create(api, admin, isShared=True)) == ["TOO_MANY_VIEWS"]
    kept = (await create(api, admin))["view"]
    assert codes(await update(api, admin, kept, isShared=True)) == ["TOO_MANY_VIEWS"]
    assert len(await names(api, admin)) == MOST_SHARED + 1


async def _fill(owner, person, many, *, is_shared):
    await owner.execute(
        "insert into saved_view (organisation_id, id, created_at, member_id, name, page, address, is_shared)"
        " select $1, gen_random_uuid(), now(), $2, n::text, 'members', '', $3 from generate_series(1, $4) n",
        person.organisation_id,
        person.member_id,
        is_shared,
        many,
    )


async def test_who_is_no_member_has_none(api, firm):
    response = await api.call(firm.privacy_team, LIST)
    assert response["errors"][0]["extensions"]["code"] == "PERMISSION_DENIED"


async def test_unknown_view_is_not_found(api, ada):
    assert codes(await remove(api, ada, {"id": gid("SavedView", uuid7())})) == ["NOT_FOUND"]
