"""Texts are searched before anything is locked, and what is written after the search is erased all the same."""

from __future__ import annotations

import asyncio
import contextvars

import pytest

from tests.builders import access_for, make_group
from wardship.tenants.content.share import create_post, edit_post
from wardship.tenants.erasure import search
from wardship.tenants.erasure.rewrite import Rewriting
from wardship.tenants.fulfilment import due
from wardship.tenants.members.profile import correct_profile
from wardship.tenants.requests.erasures import waive_cooling_off
from wardship.tenants.requests.states import RightKind, RightState

ERASURE = RightKind.ERASURE


@pytest.fixture
async def group(firm):
    return await make_group(firm.services.database, firm.organisation, "Team", firm.admin, firm.member)


@pytest.fixture
async def name(firm, owner):
    await owner.execute("update member set display_name = 'Zebedee Quint' where id = $1", firm.member.member_id)
    return "Zebedee Quint"


async def _post(firm, group, text):
    async with access_for(firm.services, firm.admin) as access:
        return await create_post(access, group, text)


async def _due(firm):
    submitted = await firm.scheduled()
    right = await firm.right(submitted, ERASURE)
    async with firm.access(firm.member) as access:
        await waive_cooling_off(access, right.id)
    return submitted


def _between(monkeypatch, act):
    """Let something happen, in a transaction of its own, after the search and before the request is locked."""
    unpatched = due.lock_request_of_right

    async def lock(access, right_id):
        if access.request_id == "sweep-carry_out":
            await asyncio.create_task(act(), context=contextvars.Context())
        return await unpatched(access, right_id)

    monkeypatch.setattr(due, "lock_request_of_right", lock)


async def _bodies(owner):
    return [row["body"] for row in await owner.fetch("select body from post order by created_at, id")]


async def test_what_is_written_between_search_and_locks_is_erased(firm, owner, group, name, monkeypatch):
    posts = [await _post(firm, group, text) for text in (f"{name} came", "nobody came", f"{name} left", f"{name} went")]
    submitted = await _due(firm)

    async def act():
        await _post(firm, group, f"ask {name}")
        for post, text in ((posts[0], f"it is {name}"), (posts[1], f"{name} came too"), (posts[2], "all left")):
            async with access_for(firm.services, firm.admin) as access:
                await edit_post(access, post.id, text)

    _between(monkeypatch, act)
    await firm.run()
    assert await firm.states(submitted) == {ERASURE: RightState.FULFILLED}
    pseudonym = await owner.fetchval("select pseudonym from member where id = $1", firm.member.member_id)
    assert await _bodies(owner) == [
        f"it is {pseudonym}",
        f"{pseudonym} came too",
        "all left",
        f"{pseudonym} went",
        f"ask {pseudonym}",
    ]


async def test_who_is_called_otherwise_after_the_search_is_sought_again(firm, owner, group, monkeypatch):
    await _post(firm, group, "Ysolde Quint came")
    await _due(firm)

    async def act():
        async with firm.access(firm.member) as access:
            await correct_profile(access, firm.member.member_id, {"display_name": "Ysolde Quint"})

    _between(monkeypatch, act)
    await firm.run()
    assert "Ysolde" not in (await _bodies(owner))[0]


async def test_nothing_is_locked_while_texts_are_searched(firm, owner, group, name, monkeypatch):
    await _post(firm, group, f"{name} came")
    submitted = await _due(firm)
    unpatched, free = Rewriting.look_ahead, []

    async def look_ahead(rewriting, tables):
        await unpatched(rewriting, tables)
        for table in ("member", "data_request", "request_right", "audit_head", "post", "organisation"):
            async with owner.transaction():
                await owner.fetch(f"select from {table} for update nowait")
            free.append(table)

    monkeypatch.setattr(Rewriting, "look_ahead", look_ahead)
    await firm.run()
    assert len(free) == 6
    assert await firm.states(submitted) == {ERASURE: RightState.FULFILLED}


async def test_rows_that_were_searched_ahead_are_not_read_twice(firm, group, name, monkeypatch):
    await _post(firm, group, f"{name} came")
    await _due(firm)
    unpatched, asked = search.candidate_rows, []

    async def candidate_rows(access, table, wanted, since=None):
        rows = [row async for row in unpatched(access, table, wanted, since)]
        asked.append((table.name, since is not None, len(rows)))
        for row in rows:
            yield row

    monkeypatch.setattr("wardship.tenants.erasure.rewrite.candidate_rows", candidate_rows)
    await firm.run()
    assert [item for item in asked if item[0] == "post"] == [("post", False, 1), ("post", True, 0)]
