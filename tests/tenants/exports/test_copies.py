"""The copy that a person gets: complete, the person's own only, encrypted, short-lived."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import timedelta

import pytest

from tests.builders import make_group, make_member
from tests.connecting import Connections
from tests.limiting import limitation
from tests.mails import subjects as told_subjects
from wardship.core.actor import CredentialKind
from wardship.core.errors import NotFoundError
from wardship.core.keys import UnreadableSecretError
from wardship.tenants.access import StepUpRequiredError
from wardship.tenants.content.share import create_post
from wardship.tenants.exports.download import ExportGoneError, SessionNeededError, download_export
from wardship.tenants.requests.states import RightKind, RightState

ACCESS, PORTABILITY = RightKind.ACCESS, RightKind.PORTABILITY


async def _ask(firm, kind=ACCESS, **approval):
    submitted = await firm.submit(kind)
    await firm.approve(submitted, kind, **approval)
    await firm.run()
    return submitted


async def _files(owner) -> list:
    return await owner.fetch("select * from export_file order by created_at, id")


async def _open(firm, owner, *, who=None) -> dict[str, bytes]:
    row = (await _files(owner))[-1]
    async with firm.access(who or firm.member) as access:
        download = await download_export(access, row["id"])
    with zipfile.ZipFile(io.BytesIO(download.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
async def group(firm):
    """The person's group, with a colleague who writes about the person."""
    colleague = await make_member(
        firm.services.database, firm.organisation, name="Charles Babbage", email="charles@example.org"
    )
    group_id = await make_group(firm.services.database, firm.organisation, "Team", firm.member, colleague)
    async with firm.access(firm.member) as access:
        await create_post(
            access,
            group_id,
            f"Mine: ada.lovelace@example.org, not charles@example.org, +49 30 901820, Charles Babbage"
            f" or <@{colleague.member_id}>. Made on 2026-11-21.",
        )
    async with firm.access(colleague) as access:
        await create_post(access, group_id, f"<@{firm.member.member_id}> met Petra Officer <b>&</b> me")
    return group_id


@pytest.mark.usefixtures("group")
async def test_copy_holds_what_is_held_and_redacts_other_people(firm, owner):
    submitted = await _ask(firm)
    assert await firm.states(submitted) == {ACCESS: RightState.FULFILLED}
    parts = await _open(firm, owner)
    assert sorted(parts) == ["data.json", "index.html", "manifest.json"]
    data = json.loads(parts["data.json"])
    member = data["sections"]["member"][0]
    assert (member["display_name"], member["phone"]) == ("Ada Lovelace", "+44 20 7946 0000")
    assert data["sections"]["account_email"][0]["address"] == "ada.lovelace@example.org"
    (post,) = data["sections"]["post"]
    assert post["body"] == (
        "Mine: ada.lovelace@example.org, not [address of another person], [number of another person],"
        " [another person] or [another person]. Made on 2026-11-21."
    )
    assert [item["text"] for item in data["mentioned_in"]] == ["you met [another person] <b>&</b> me"]
    assert "password" not in parts["data.json"].decode()
    manifest = json.loads(parts["manifest.json"])
    assert manifest["redactions_of_other_people"] == 5
    assert manifest["is_complete"] is True
    assert manifest["files"]["data.json"] == hashlib.sha256(parts["data.json"]).hexdigest()
    table = next(item for item in manifest["tables"] if item["table"] == "member")
    assert {"name": "phone", "category": "user.contact.phone_number", "source": "given_by_the_person"} in (
        table["columns"]
    )


@pytest.mark.usefixtures("group")
async def test_readable_page_escapes_what_people_wrote(firm, owner):
    await _ask(firm)
    page = (await _open(firm, owner))["index.html"].decode()
    assert "you met [another person] &lt;b&gt;&amp;&lt;/b&gt; me" in page
    assert "<b>" not in page
    assert "telephone number, given by the person" in page


@pytest.mark.usefixtures("group")
async def test_portable_copy_leaves_out_what_others_added(firm, owner):
    await _ask(firm, PORTABILITY)
    data = json.loads((await _open(firm, owner))["data.json"])
    assert data["sections"]["member"][0]["display_name"] == "Ada Lovelace"
    assert "role_assignment" not in data["sections"]
    assert data["mentioned_in"] == data["changes"] == []


async def test_copy_of_what_recipients_hold_follows_and_replaces_the_first(firm, owner):
    connections = Connections(firm.services, firm.admin)
    await connections.connect("recorder")
    submitted = await _ask(firm)
    assert await firm.states(submitted) == {ACCESS: RightState.AWAITING_VENDORS}
    first = await _open(firm, owner)
    assert json.loads(first["manifest.json"])["is_complete"] is False
    assert json.loads(first["manifest.json"])["recipients"] == [
        {"integration": "recorder", "recipient": "Recorder Ltd", "status": "still being asked", "rows": 0}
    ]
    await connections.work()
    await firm.run()
    assert await firm.states(submitted) == {ACCESS: RightState.FULFILLED}
    parts = await _open(firm, owner)
    rows = json.loads(parts["recipients/recorder.json"])["rows"]
    assert {row["name"]: row["value"] for row in rows}["email"] == "ada.lovelace@example.org"
    recipients = json.loads(parts["data.json"])["recipients"]
    assert [(item["name"], item["disclosures"]) for item in recipients] == [("Recorder Ltd", 1)]
    files = await _files(owner)
    assert [(row["content"] is None, row["destroyed_at"] is None) for row in files] == [(True, False), (False, True)]
    assert await owner.fetchval("select count(*) from vendor_export") == 0


async def test_limitation_is_stated_in_the_copy(firm, owner):
    words = "The minutes of the board are left out."
    submitted = await _ask(firm, limitation=words, limitations=[limitation(columns=["member.company", "member.phone"])])
    assert await firm.states(submitted) == {ACCESS: RightState.PARTIALLY_FULFILLED}
    parts = await _open(firm, owner)
    assert json.loads(parts["manifest.json"])["limitation"] == words
    assert words in parts["index.html"].decode()
    assert "The law asks for it." in parts["index.html"].decode()


async def test_file_at_rest_is_not_readable_and_bound_to_its_row(firm, owner, keys):
    await _ask(firm)
    row = (await _files(owner))[0]
    assert bytes(row["content"])[:2] != b"PK"
    assert b"Lovelace" not in bytes(row["content"])
    sealed, organisation = bytes(row["content"]), firm.organisation.id.bytes
    opened = keys.decrypt("export-file", sealed, bound_to=organisation + row["id"].bytes)
    assert hashlib.sha256(opened).digest() == row["content_sha256"]
    with pytest.raises(UnreadableSecretError):
        keys.decrypt("export-file", sealed, bound_to=organisation + firm.member.member_id.bytes)


async def test_copy_is_handed_only_to_the_person(firm, owner):
    await _ask(firm)
    row = (await _files(owner))[0]
    for who in (firm.admin, firm.owner, firm.privacy_team):
        with pytest.raises(NotFoundError):
            async with firm.access(who) as access:
                await download_export(access, row["id"])
    token = firm.member.actor(credential=CredentialKind.TOKEN, scopes=frozenset({"read", "write", "admin"}))
    with pytest.raises(SessionNeededError):
        async with firm.access(token) as access:
            await download_export(access, row["id"])
    with pytest.raises(StepUpRequiredError):
        async with firm.access(firm.member, stepped_up=False) as access:
            await download_export(access, row["id"])
    assert await owner.fetchval("select downloaded_at from export_file") is None


async def test_copy_dies_after_a_week(firm, owner, clock):
    await _ask(firm)
    row = (await _files(owner))[0]
    clock.advance(timedelta(days=7))
    with pytest.raises(ExportGoneError):
        async with firm.access(firm.member) as access:
            await download_export(access, row["id"])
    await firm.run()
    row = (await _files(owner))[0]
    assert (row["content"], row["destroyed_at"]) == (None, clock.now())


async def test_person_is_told_that_the_copy_is_ready(firm, owner):
    await _ask(firm)
    subjects = await told_subjects(firm.services, owner)
    assert subjects.count("The copy of your data is ready") == 1
