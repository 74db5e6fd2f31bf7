"""What appears after the commit of an erasure is added to it, and shown (requirement D8)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import make_group, make_member
from tests.connecting import Connections
from tests.limiting import kept
from wardship.plugins.api import Holder
from wardship.tenants.content.share import create_post
from wardship.tenants.members.profile import update_own_profile
from wardship.tenants.requests.authority import NotWithYouError
from wardship.tenants.requests.erasures import cancel_erasure, commit_erasure, preview_erasure
from wardship.tenants.requests.read import newest_previews
from wardship.tenants.requests.states import RightKind, RightState
from wardship.tenants.requests.visibility import visible_requests

ERASURE = RightKind.ERASURE


async def _committed(firm, *limitations):
    submitted = await firm.submit(ERASURE)
    await firm.approve(submitted, ERASURE, limitations=limitations)
    right = await firm.right(submitted, ERASURE)
    async with firm.access(firm.officer) as access:
        preview = await preview_erasure(access, right.id)
        await commit_erasure(access, right.id, preview.digest)
    return submitted, right.id, preview


async def _connect_own(firm):
    connections = Connections(firm.services, firm.admin)
    return await connections.connect("recorder", holder=Holder.MEMBER, member_id=firm.member.member_id)


async def _look(firm, right_id):
    async with firm.access(firm.officer) as access:
        return await preview_erasure(access, right_id)


async def test_preview_names_every_recipient_that_is_erased_the_persons_own_too(firm, owner, clock):
    await Connections(firm.services, firm.admin).connect("recorder")
    own = await _connect_own(firm)
    await owner.execute("update subject_link set state = 'erased' where installation_id = $1", own.id)
    _, right_id, preview = await _committed(firm)
    assert sorted((item.name, item.is_own) for item in preview.content.integrations) == [
        ("Recorder", False),
        ("Recorder", True),
    ]
    clock.advance(timedelta(days=14))
    await firm.run()
    told = await owner.fetch("select distinct installation_id from obligation where right_id = $1", right_id)
    assert {row["installation_id"] for row in told} == {item.installation_id for item in preview.content.integrations}


async def test_what_appears_after_the_commit_is_shown_and_erased(firm, owner, clock):
    submitted, right_id, committed = await _committed(firm)
    assert committed.additions == ()
    await _connect_own(firm)
    group = await make_group(firm.services.database, firm.organisation, "Team", firm.member)
    async with firm.access(firm.member) as access:
        post = await create_post(access, group, "I am Ada Lovelace.")
    seen = await _look(firm, right_id)
    found = {(item.kind, item.name): (item.before, item.now) for item in seen.additions}
    assert found[("recipient", "Recorder (Recorder Ltd)")] == (0, 1)
    assert found[("table", "post")] == (0, 1)
    assert found[("content", "post")] == (0, 1)
    right = await firm.right(submitted, ERASURE)
    assert (right.state, right.scheduled_for) == (RightState.SCHEDULED, clock.now() + timedelta(days=14))
    async with firm.access(firm.member) as access:
        shown = (await newest_previews(visible_requests(access), [right_id]))[right_id]
    assert (shown.id, shown.additions) == (seen.id, seen.additions)
    clock.advance(timedelta(days=14))
    await firm.run()
    assert await owner.fetchval("select body from post where id = $1", post.id) == f"I am {firm.member.pseudonym}."
    told = await owner.fetchval("select reason from request_event where kind = 'added_after_commit'")
    assert "recipient Recorder (Recorder Ltd) (0 to 1)" in told
    assert "table post (0 to 1)" in told
    assert "Lovelace" not in told


async def test_who_takes_another_name_after_the_commit_is_found_by_the_old_one_too(firm, owner, clock):
    colleague = await make_member(firm.services.database, firm.organisation, name="Charles Babbage")
    group = await make_group(firm.services.database, firm.organisation, "Team", firm.member, colleague)
    async with firm.access(colleague) as access:
        old = await create_post(access, group, "Ada Lovelace broke the engine; call +44 20 7946 0000.")
    submitted, right_id, _ = await _committed(firm)
    assert b"Lovelace" not in await owner.fetchval("select known from request_right where id = $1", right_id)
    async with firm.access(firm.member) as access:
        new = {"display_name": "Zoe Zork", "first_name": "Zoe", "last_name": "Zork", "phone": "+44 20 7946 0001"}
        await update_own_profile(access, new)
    async with firm.access(colleague) as access:
        later = await create_post(access, group, "Zoe Zork broke it too.")
    assert (await _look(firm, right_id)).content.tables
    clock.advance(timedelta(days=14))
    await firm.run()
    assert (await firm.right(submitted, ERASURE)).state is RightState.FULFILLED
    name = firm.member.pseudonym
    assert (
        await owner.fetchval("select body from post where id = $1", old.id) == f"{name} broke the engine; call {name}."
    )
    assert await owner.fetchval("select body from post where id = $1", later.id) == f"{name} broke it too."
    assert await owner.fetchval("select known from request_right where id = $1", right_id) is None


async def test_what_the_person_was_known_by_goes_when_the_erasure_is_called_off(firm, owner):
    _, right_id, _ = await _committed(firm)
    assert await owner.fetchval("select known from request_right") is not None
    async with firm.access(firm.admin) as access:
        await cancel_erasure(access, right_id, "A contract is still open.")
    assert await owner.fetchval("select known from request_right") is None


async def test_nothing_is_added_where_nothing_appeared(firm, owner, clock):
    await Connections(firm.services, firm.admin).connect("recorder")
    _, right_id, _ = await _committed(firm, kept("user.contact.address"))
    assert (await _look(firm, right_id)).additions == ()
    clock.advance(timedelta(days=14))
    await firm.run()
    assert await owner.fetchval("select count(*) from request_event where kind = 'added_after_commit'") == 0


async def test_waiting_erasure_is_looked_at_by_its_deciders_only(firm):
    submitted = await firm.submit(ERASURE, who=firm.officer)
    await firm.approve(submitted, ERASURE, firm.privacy_team)
    right = await firm.right(submitted, ERASURE)
    async with firm.access(firm.privacy_team) as access:
        preview = await preview_erasure(access, right.id)
        await commit_erasure(access, right.id, preview.digest)
    with pytest.raises(NotWithYouError):
        async with firm.access(firm.admin) as access:
            await preview_erasure(access, right.id)
