"""What a limitation names is not in the copy, and the copy says what was withheld and why (requirement D5)."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from tests.builders import make_group, make_member
from tests.connecting import Connections
from tests.limiting import OTHERS, limitation, post
from wardship.tenants.content.share import create_post, edit_post
from wardship.tenants.data_access.record import record_access
from wardship.tenants.exports.download import download_export
from wardship.tenants.limitations.limits import Item
from wardship.tenants.requests.states import RightKind, RightState
from wardship.tenants.requests.submit import RequestedRight, submit_request

ACCESS = RightKind.ACCESS


@pytest.fixture
async def posts(firm):
    """Two posts of the person's own, and one of a colleague that mentions the person, by name."""
    colleague = await make_member(firm.services.database, firm.organisation, name="Charles Babbage")
    group = await make_group(firm.services.database, firm.organisation, "Team", firm.member, colleague)
    made = {}
    async with firm.access(firm.member) as access:
        made["own"] = await create_post(access, group, "The engine needs new wheels, and the board must not know.")
        made["other"] = await create_post(access, group, "Tea at four.")
    async with firm.access(colleague) as access:
        made["quoting"] = await create_post(access, group, f"<@{firm.member.member_id}> is always late")
    return {name: item.id for name, item in made.items()}


async def _ask(firm, *limitations, kind=ACCESS):
    submitted = await firm.submit(kind)
    await firm.approve(submitted, kind, limitations=limitations)
    await firm.run()
    return submitted


async def _open(firm, owner):
    row = await owner.fetchrow("select id from export_file where destroyed_at is null")
    async with firm.access(firm.member) as access:
        download = await download_export(access, row["id"])
    with zipfile.ZipFile(io.BytesIO(download.content)) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    return parts, json.loads(parts["data.json"]), json.loads(parts["manifest.json"])


async def test_category_is_in_no_part_of_the_copy(firm, owner):
    submitted = await _ask(firm, limitation(categories=["user.contact.email"]))
    parts, data, manifest = await _open(firm, owner)
    assert not [name for name, text in parts.items() if "ada.lovelace@example.org" in text]
    assert "email" not in data["sections"]["member"][0]
    assert data["sections"]["member"][0]["phone"] == "+44 20 7946 0000"
    assert "account_email" not in data["sections"]
    (withheld,) = manifest["withheld"]
    assert (withheld["what"], withheld["reason_code"], withheld["reason"]) == (
        "user.contact.email",
        "legal_duty",
        "The law asks for it.",
    )
    assert withheld["values"] >= 2
    right = (await firm.locked(submitted)).rights[0]
    assert (right.state, right.outcome) == (RightState.PARTIALLY_FULFILLED, "limited")


async def test_category_withholds_those_below_it(firm, owner):
    await _ask(firm, limitation(categories=["user.contact"]))
    parts, _, _ = await _open(firm, owner)
    for value in ("ada.lovelace@example.org", "+44 20 7946 0000", "St James"):
        assert not [name for name, text in parts.items() if value in text]


async def test_column_is_withheld_alone(firm, owner):
    await _ask(firm, limitation(columns=["member.phone"]))
    _, data, manifest = await _open(firm, owner)
    assert "phone" not in data["sections"]["member"][0]
    assert data["sections"]["member"][0]["email"] == "ada.lovelace@example.org"
    assert "phone" not in [item["name"] for table in manifest["tables"] for item in table["columns"]]


async def test_posts_are_withheld_whether_own_or_quoting(firm, owner, posts):
    await _ask(firm, limitation(OTHERS, items=[post(posts["own"]), post(posts["quoting"])]))
    _, data, manifest = await _open(firm, owner)
    assert [row["body"] for row in data["sections"]["post"]] == ["Tea at four."]
    assert data["mentioned_in"] == []
    assert [(item["what"], item["values"]) for item in manifest["withheld"]] == [("2 post", 2)]


async def test_passage_is_taken_out_of_the_text(firm, owner, posts):
    await _ask(firm, limitation(OTHERS, passages=[(post(posts["own"]), "the board must not know")]))
    parts, data, manifest = await _open(firm, owner)
    assert "The engine needs new wheels, and [withheld]." in [row["body"] for row in data["sections"]["post"]]
    assert "must not know" not in "".join(parts.values())
    assert manifest["withheld"][0]["what"] == "1 passage of a post"
    stored = await owner.fetchval("select limitations::text || limitation_reasons::text from request_right")
    assert "board" not in stored


async def test_passage_of_a_text_that_was_changed_meanwhile_takes_the_text_with_it(firm, owner, posts):
    submitted = await firm.submit(ACCESS)
    limited = limitation(OTHERS, passages=[(post(posts["own"]), "the board must not know")])
    await firm.approve(submitted, ACCESS, limitations=[limited])
    async with firm.access(firm.member) as access:
        await edit_post(access, posts["own"], "The wheels; the board may not know it.")
    await firm.run()
    _, data, _ = await _open(firm, owner)
    assert "[withheld]" in [row["body"] for row in data["sections"]["post"]]


async def test_category_of_contents_withholds_posts_and_quotes(firm, owner, posts):
    assert posts
    await _ask(firm, limitation(OTHERS, categories=["user.content"]))
    parts, data, _ = await _open(firm, owner)
    assert "post" not in data["sections"]
    assert data["mentioned_in"] == []
    assert "wheels" not in "".join(parts.values())


async def test_looks_at_a_withheld_category_are_not_listed(firm, owner):
    seen = {firm.member.member_id: {"user.contact.email", "user.name"}}
    async with firm.access(firm.admin) as access:
        record_access(access, seen)
    async with firm.access(firm.admin) as access:
        record_access(access, {firm.member.member_id: {"user.contact.email"}})
    await _ask(firm, limitation(categories=["user.contact.email"]))
    _, data, _ = await _open(firm, owner)
    assert [look["categories"] for look in data["looked_at_by"]] == [["user.name"]]


async def test_part_of_the_copy_is_withheld(firm, owner, posts):
    assert posts
    await _ask(firm, limitation(columns=["mentioned_in", "changes"]))
    _, data, _ = await _open(firm, owner)
    assert data["mentioned_in"] == data["changes"] == []


async def test_rows_of_recipients_are_withheld_by_category(firm, owner):
    connections = Connections(firm.services, firm.admin)
    await connections.connect("recorder")
    submitted = await firm.submit(ACCESS)
    await firm.approve(submitted, ACCESS, limitations=[limitation(categories=["user.contact.email"])])
    await firm.run()
    await connections.work()
    await firm.run()
    parts, _, _ = await _open(firm, owner)
    categories = {row["category"] for row in json.loads(parts["recipients/recorder.json"])["rows"]}
    assert categories
    assert not {item for item in categories if item.startswith("user.contact.email")}
    assert "ada.lovelace@example.org" not in "".join(parts.values())


async def test_column_is_withheld_where_recipients_hand_it_out_too(firm, owner):
    connections = Connections(firm.services, firm.admin)
    await connections.connect("recorder")
    submitted = await firm.submit(ACCESS)
    await firm.approve(submitted, ACCESS, limitations=[limitation(columns=["member.phone"])])
    await firm.run()
    await connections.work()
    await firm.run()
    parts, _, manifest = await _open(firm, owner)
    assert "7946 0000" not in "".join(parts.values())
    assert "ada.lovelace@example.org" in parts["recipients/recorder.json"]
    assert [item["values"] for item in manifest["withheld"]] == [2]


async def _correct(firm, **fields):
    async with firm.access(firm.member) as access:
        asked = await submit_request(access, [RequestedRight(RightKind.CORRECTION, {"fields": fields})])
    return (await firm.locked(asked)).rights[0].id


@pytest.mark.parametrize("named", [{"columns": ["member.phone"]}, {"categories": ["user.contact.phone_number"]}])
async def test_value_that_is_withheld_is_not_in_an_earlier_request_for_its_correction(firm, owner, named):
    await _correct(firm, phone="+44 20 7946 0001", job_title="Analyst")
    await _ask(firm, limitation(**named))
    parts, data, _ = await _open(firm, owner)
    assert not [name for name, text in parts.items() if "7946 000" in text]
    assert {"fields": {"job_title": "Analyst"}} in [row["details"] for row in data["sections"]["request_right"]]


async def test_passage_is_taken_out_of_a_document_too(firm, owner):
    right_id = await _correct(firm, job_title="Head of the secret board")
    await _ask(firm, limitation(OTHERS, passages=[(Item("request_right", right_id), "secret board")]))
    parts, data, _ = await _open(firm, owner)
    assert "secret board" not in "".join(parts.values())
    assert {"fields": {"job_title": "Head of the [withheld]"}} in [
        row["details"] for row in data["sections"]["request_right"]
    ]


async def test_limitation_that_took_out_nothing_does_not_make_the_outcome_limited(firm):
    submitted = await _ask(firm, limitation(columns=["file_reference.url"]))
    right = (await firm.locked(submitted)).rights[0]
    assert (right.state, right.outcome) == (RightState.FULFILLED, "")


async def test_words_of_before_are_kept_and_said_to_have_withheld_nothing(firm, owner):
    submitted = await firm.submit(ACCESS)
    await firm.approve(submitted, ACCESS)
    await owner.execute("update request_right set limitation = 'The minutes of the board are left out.'")
    await firm.run()
    right = (await firm.locked(submitted)).rights[0]
    assert (right.is_limitation_enforced, right.outcome) == (False, "")
    parts, _, manifest = await _open(firm, owner)
    assert (manifest["limitation"], manifest["withheld"]) == ("The minutes of the board are left out.", [])
    assert "Nothing was taken out for it." in parts["index.html"]
