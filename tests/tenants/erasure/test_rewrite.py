"""Texts are rewritten as the matcher finds, and nothing that others write meanwhile is lost."""

from __future__ import annotations

import asyncio
import contextvars
import json

import pytest

from tests.builders import access_for, make_group, make_member, system_access
from wardship.core.database.personal_data import Erasure, Personal, Source, TextContext
from wardship.core.identifiers import uuid7
from wardship.tenants.content.share import create_post, edit_post, share_file
from wardship.tenants.erasure import rewrite as module
from wardship.tenants.erasure.rewrite import Rewriting
from wardship.tenants.erasure.search import count_texts, search_texts
from wardship.tenants.erasure.texts import TextColumn, TextTable, text_tables
from wardship.tenants.invitations.invite import invite_member
from wardship.tenants.matching.rules import Rule
from wardship.tenants.members.identifiers import identifiers_of


@pytest.fixture
async def person(services, acme):
    return await make_member(
        services.database,
        acme,
        name="Zoë Will",
        first_name="Zoë",
        last_name="Will",
        username="will",
        email="zoe@bücher.example",
        phone="+49 30 901820",
    )


@pytest.fixture
async def colleague(services, acme):
    return await make_member(services.database, acme, name="Charles Babbage")


@pytest.fixture
async def group(services, acme, person, colleague):
    return await make_group(services.database, acme, "Team ZOË WILL", person, colleague)


async def _rewrite(services, acme, person, **more):
    async with system_access(services, acme) as access:
        rewriting = Rewriting(access, await identifiers_of(access, person.member_id), "P", **more)
        return {table.name: await rewriting.rewrite(table) for table in text_tables(services.nouns.held)}


async def _posted(services, author, group, *texts):
    posts = []
    for text in texts:
        async with access_for(services, author) as access:
            posts.append(await create_post(access, group, text))
    return posts


async def test_only_what_points_at_the_person_is_rewritten(services, owner, acme, person, colleague, group):
    texts = [
        "We will see. Will we? https://will.example/will?q=Will will@other.example",
        "Zoe\u0308 Will, ZOË\u200b WILL and @will",
        "030 901820, zoe+news@xn--bcher-kva.example",
    ]
    await _posted(services, colleague, group, *texts)
    rows = await _rewrite(services, acme, person)
    found = [row["body"] for row in await owner.fetch("select body from post order by id")]
    assert found == [texts[0], "P, P and @P", "P, P"]
    assert {table: count for table, count in rows.items() if count} == {"post": 2, "user_group": 1}
    assert await owner.fetchval("select name from user_group") == "Team P"


async def test_files_are_rewritten_by_their_kind(services, owner, acme, person, colleague, group):
    async with access_for(services, colleague) as access:
        await share_file(
            access,
            group,
            name="Zoë_Will-CV.pdf",
            media_type="application/pdf",
            size_bytes=5,
            url="https://files.example/zoe%40b%C3%BCcher.example/Zo%C3%AB%20Will.pdf",
        )
    await _rewrite(services, acme, person)
    row = await owner.fetchrow("select name, url from file_reference")
    assert tuple(row) == ("P-CV.pdf", "https://files.example/P/Zo%C3%AB%20Will.pdf")


async def test_open_invitation_of_somebody_else_stays(services, owner, acme, admin, person):
    async with access_for(services, admin) as access:
        await invite_member(access, "will@other.example")
        await invite_member(access, "zoe.will@other.example")
    await _rewrite(services, acme, person)
    found = {row["email"] for row in await owner.fetch("select email from invitation")}
    assert found == {"will@other.example", "zoe.will@other.example"}


async def test_what_somebody_decided_is_rewritten_too(services, owner, acme, person, colleague, group):
    await _posted(services, colleague, group, "ask Will", "we will")
    async with system_access(services, acme) as access:
        found = await search_texts(access, await identifiers_of(access, person.member_id))
    asked = [(item.table, item.column, item.excerpt, item.find.rule) for item in found.listed]
    assert asked[0] == ("post", "body", ("ask ", "Will", ""), Rule.PART_OF_NAME)
    await _rewrite(services, acme, person, decides=lambda item: item.text == "ask Will", reads_all=True)
    assert {row["body"] for row in await owner.fetch("select body from post")} == {"ask P", "we will"}


async def test_text_that_is_edited_meanwhile_is_not_overwritten(
    services, owner, acme, person, colleague, group, monkeypatch
):
    first, second = await _posted(services, colleague, group, "Zoë Will is in", "Zoë Will is out")
    unpatched = Rewriting._write

    async def _edit(post_id):
        async with access_for(services, colleague) as access:
            await edit_post(access, post_id, "Zoë Will and @will were in")

    async def write(rewriting, table, changes):
        if table.name == "post":
            await asyncio.create_task(_edit(first.id), context=contextvars.Context())
            await owner.execute("delete from post where id = $1", second.id)
        return await unpatched(rewriting, table, changes)

    monkeypatch.setattr(Rewriting, "_write", write)
    rows = await _rewrite(services, acme, person)
    assert [row["body"] for row in await owner.fetch("select body from post")] == ["P and @P were in"]
    assert rows["post"] == 1


async def test_groups_that_would_be_called_alike_are_told_apart(services, owner, acme, person, colleague):
    for name in ("Zoë Will", "ZOË WILL", "P"):
        await make_group(services.database, acme, name, colleague)
    await _rewrite(services, acme, person)
    names = sorted(row["name"] for row in await owner.fetch("select name from user_group"))
    assert names[0] == "P"
    assert len(set(names)) == 3
    assert all(name.startswith("P") for name in names)


async def test_many_rows_are_read_and_written_in_parts(services, owner, acme, person, colleague, group, monkeypatch):
    monkeypatch.setattr(module, "_WRITTEN_AT_ONCE", 2)
    monkeypatch.setattr(module, "_HELD_AT_ONCE", 30)
    await owner.execute(
        "insert into post (organisation_id, id, created_at, group_id, author_id, body)"
        " select $1, gen_random_uuid(), now(), $2, $3, 'Zoë Will ' || n from generate_series(1, 2100) n",
        acme.id,
        group,
        colleague.member_id,
    )
    async with system_access(services, acme) as access:
        known = await identifiers_of(access, person.member_id)
        assert (await count_texts(access, known))["post"] == 2100
    assert (await _rewrite(services, acme, person))["post"] == 2100
    assert await owner.fetchval("select count(*) from post where body like 'P %'") == 2100


def _column(kind, **more):
    held = Personal("user.content", Source.PERSON, Erasure.MODIFY, context=TextContext.TEXT, **more)
    return TextColumn("value", held, kind)


async def test_documents_and_lists_are_rewritten_in_their_decoded_texts(services, owner, acme, person):
    document, items = {"by": ['Zoë "x" Will', "Zoë\nWill", 7, None], "Zoë Will": True}, ["a", 'Zoë\nWill "q"']
    await owner.execute("create table jotted (organisation_id uuid, id uuid, value jsonb, items text[])")
    await owner.execute("grant select, update on jotted to public")
    await owner.execute(
        "insert into jotted values ($1, $2, $3::jsonb, $4)", acme.id, uuid7(), json.dumps(document), items
    )
    listed = TextColumn("items", _column("TEXT[]").held, "TEXT[]")
    async with system_access(services, acme) as access:
        rewriting = Rewriting(access, await identifiers_of(access, person.member_id), "P")
        assert await rewriting.rewrite(TextTable("jotted", (_column("JSONB"), listed))) == 1
    row = await owner.fetchrow("select value, items from jotted")
    assert json.loads(row["value"]) == {"by": ['Zoë "x" Will', "P", 7, None], "P": True}
    assert row["items"] == ["a", 'P "q"']


def test_longest_length_is_kept_in_characters():
    assert _column("TEXT", longest=5).replaced("x", lambda _: "ñññññññ") == "ñññññ"
