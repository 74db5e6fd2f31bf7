"""Limitations, what they keep, and finds in texts, by the API alone."""

from __future__ import annotations

import pytest

from tests.builders import make_group, make_member
from tests.graphql.calls import gid, make_api
from tests.requesting import Firm, make_firm
from wardship.tenants.content.share import create_post
from wardship.tenants.requests.states import RightKind

pytestmark = pytest.mark.anyio

APPROVE = """mutation($input: ApproveRightInput!) { approveRight(input: $input) { errors { code path }
    right { isLimitationEnforced limitation
        limitations { categories columns items passages reasonCode reason until keepsAtRecipients } } } }"""
PREVIEW = """mutation($input: RightInput!) { previewErasure(input: $input) { errors { code }
    preview { digest listed undecided kept { what rows reasonCode until } additions { kind name } } } }"""
READ = """mutation($input: ReadErasureFindsInput!) { readErasureFinds(input: $input) { errors { code } last
    finds { id table column itemId rule ruleWords isGroup count before found after treatment } } }"""
DECIDE = """mutation($input: DecideErasureFindsInput!) { decideErasureFinds(input: $input) {
    errors { code path } undecided right { state } } }"""
COMMIT = """mutation($input: CommitErasureInput!) { commitErasure(input: $input) {
    errors { __typename code } right { state } } }"""
REMAINDERS = "{ requests { edges { node { rights { outcome remainders { id named rows until endedAt } } } } } }"
UNTIL = "2028-01-01T00:00:00+00:00"


@pytest.fixture
async def firm(services) -> Firm:
    return await make_firm(services)


@pytest.fixture
def api(firm):
    return make_api(firm.services)


@pytest.fixture
async def posts(firm, owner):
    """Of a person called Will: a post that certainly names him by address, and one that may name him."""
    await owner.execute(
        "update member set display_name = 'Will', first_name = '', last_name = '', username = '' where id = $1",
        firm.member.member_id,
    )
    colleague = await make_member(firm.services.database, firm.organisation, name="Charles Babbage")
    group = await make_group(firm.services.database, firm.organisation, "Team", firm.member, colleague)
    async with firm.access(colleague) as access:
        certain = await create_post(access, group, "Write to ada.lovelace@example.org.")
        possible = await create_post(access, group, "Yesterday Will said so.")
    return certain.id, possible.id


async def _right(firm, kind):
    submitted = await firm.submit(kind)
    return submitted, gid("RequestRight", (await firm.right(submitted, kind)).id)


async def test_limitation_names_items_by_their_ids(api, firm, posts):
    _, right_id = await _right(firm, RightKind.ERASURE)
    named = {"reasonCode": "LEGAL_DUTY", "reason": "Tax law.", "items": [gid("Post", posts[0])], "until": UNTIL}
    limited = {"rightId": right_id, "limitations": [named]}
    answer = (await api.data(firm.admin, APPROVE, input=limited))["approveRight"]
    assert answer["errors"] == []
    assert (answer["right"]["isLimitationEnforced"], answer["right"]["limitation"]) == (True, "Tax law.")
    (shown,) = answer["right"]["limitations"]
    assert (shown["items"], shown["reasonCode"], shown["passages"]) == ([gid("Post", posts[0])], "LEGAL_DUTY", 0)


@pytest.mark.parametrize(
    ("limits", "code", "path"),
    [
        ({"limitation": "The minutes."}, "LIMITATION_NAMES_NOTHING", ["limitation"]),
        ({"items": [gid("Member", "01900000-0000-7000-8000-000000000001")]}, "INVALID_INPUT", ["limitations", "items"]),
        ({"categories": ["user.shoe_size"]}, "INVALID_INPUT", ["limitations", "categories"]),
    ],
)
async def test_limitation_that_names_nothing_known_is_refused(api, firm, limits, code, path):
    _, right_id = await _right(firm, RightKind.ACCESS)
    words = "limitation" in limits
    asked = limits if words else {"limitations": [{"reasonCode": "OTHER", "reason": "No.", **limits}]}
    answer = (await api.data(firm.admin, APPROVE, input={"rightId": right_id, **asked}))["approveRight"]
    assert answer == {"errors": [{"code": code, "path": path}], "right": None}


async def test_finds_are_read_decided_and_committed(api, firm, owner, posts):
    _, right_id = await _right(firm, RightKind.ERASURE)
    right = {"rightId": right_id}
    await api.data(firm.admin, APPROVE, input=right)
    preview = (await api.data(firm.officer, PREVIEW, input=right))["previewErasure"]["preview"]
    assert (preview["listed"], preview["undecided"]) == (1, 1)
    refused = await api.data(firm.officer, COMMIT, input=right | {"digest": preview["digest"]})
    assert refused["commitErasure"]["errors"] == [{"__typename": "UndecidedFindsError", "code": "UNDECIDED_FINDS"}]
    read = (await api.data(firm.officer, READ, input=right | {"first": 5}))["readErasureFinds"]
    (find,) = read["finds"]
    assert (find["before"], find["found"], find["after"]) == ("Yesterday ", "Will", " said so.")
    assert (find["itemId"], find["table"], find["column"]) == (gid("Post", posts[1]), "post", "body")
    assert (find["treatment"], find["isGroup"], find["count"], read["last"]) == (None, False, 1, None)
    decided = {"finds": [{"findId": find["id"], "treatment": "REWRITE"}], "others": "KEEP"}
    done = (await api.data(firm.officer, DECIDE, input=right | decided))["decideErasureFinds"]
    assert done == {"errors": [], "undecided": 0, "right": {"state": "PREVIEWED"}}
    preview = (await api.data(firm.officer, PREVIEW, input=right))["previewErasure"]["preview"]
    committed = await api.data(firm.officer, COMMIT, input=right | {"digest": preview["digest"], "laterFinds": "KEEP"})
    assert committed["commitErasure"] == {"errors": [], "right": {"state": "SCHEDULED"}}
    waive = "mutation($input: RightInput!) { waiveCoolingOff(input: $input) { errors { code } } }"
    await api.data(firm.member, waive, input=right)
    await firm.run()
    texts = [await owner.fetchval("select body from post where id = $1", post) for post in posts]
    assert texts == [f"Write to {firm.member.pseudonym}.", f"Yesterday {firm.member.pseudonym} said so."]


async def test_find_of_another_erasure_is_refused(api, firm, posts):
    assert posts
    _, right_id = await _right(firm, RightKind.ERASURE)
    await api.data(firm.admin, APPROVE, input={"rightId": right_id})
    await api.data(firm.officer, PREVIEW, input={"rightId": right_id})
    unknown = {"findId": gid("ErasureFind", posts[0]), "treatment": "KEEP"}
    answer = await api.data(firm.officer, DECIDE, input={"rightId": right_id, "finds": [unknown]})
    assert answer["decideErasureFinds"]["errors"] == [{"code": "INVALID_INPUT", "path": ["finds"]}]


async def test_remainder_is_shown_read_and_erased(api, firm, owner):
    submitted, right_id = await _right(firm, RightKind.ERASURE)
    named = {"reasonCode": "LEGAL_DUTY", "reason": "Tax law.", "columns": ["member.postal_address"], "until": UNTIL}
    await api.data(firm.admin, APPROVE, input={"rightId": right_id, "limitations": [named]})
    await firm.commit(submitted)
    waive = "mutation($input: RightInput!) { waiveCoolingOff(input: $input) { errors { code } } }"
    await api.data(firm.member, waive, input={"rightId": right_id})
    await firm.run()
    (edge,) = (await api.data(firm.admin, REMAINDERS))["requests"]["edges"]
    (right,) = edge["node"]["rights"]
    (remainder,) = right["remainders"]
    assert (right["outcome"], remainder["named"], remainder["rows"]) == (["limited"], "member.postal_address", 1)
    read = "mutation($input: RemainderInput!) { readRemainder(input: $input) { errors { code } values } }"
    values = await api.data(firm.admin, read, input={"remainderId": remainder["id"]})
    assert values["readRemainder"] == {"errors": [], "values": {"postal_address": "12 St James's Square"}}
    erase = """mutation($input: EraseRemainderInput!) { eraseRemainder(input: $input) {
        errors { code } remainder { endedAt } } }"""
    ended = await api.data(firm.admin, erase, input={"remainderId": remainder["id"], "reason": "The tax is paid."})
    assert ended["eraseRemainder"]["remainder"]["endedAt"]
    assert await owner.fetchval("select sealed from erasure_remainder") is None
