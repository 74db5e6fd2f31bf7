"""An erasure is previewed, committed as previewed, waited for, and can be called off."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import NOW, make_group
from tests.connecting import Connections
from wardship.core.errors import InvalidInputError, NotFoundError
from wardship.core.identifiers import uuid7
from wardship.tenants.access import StepUpRequiredError
from wardship.tenants.content.share import create_post
from wardship.tenants.members.admins import LastAdminError
from wardship.tenants.requests.authority import NotWithYouError, SelfDecisionError
from wardship.tenants.requests.erasures import (
    StalePreviewError,
    cancel_erasure,
    commit_erasure,
    preview_erasure,
    waive_cooling_off,
)
from wardship.tenants.requests.states import RightKind, RightState, WrongStateError

ERASURE = RightKind.ERASURE
STATE = RightState


async def _approved(house):
    submitted = await house.submit(ERASURE)
    await house.approve(submitted, ERASURE)
    return submitted, (await house.right(submitted, ERASURE)).id


async def _preview(house, right_id, who=None):
    async with house.access(who or house.officer) as access:
        return await preview_erasure(access, right_id)


async def _commit(house, right_id, digest, who=None):
    async with house.access(who or house.officer) as access:
        return await commit_erasure(access, right_id, digest)


async def _scheduled(house):
    submitted, right_id = await _approved(house)
    preview = await _preview(house, right_id)
    await _commit(house, right_id, preview.digest)
    return submitted, right_id


async def test_preview_lists_what_goes_and_what_stays_without_a_value_of_it(house, owner):
    group = await make_group(house.services.database, house.organisation, "Team", house.member, house.admin)
    async with house.access(house.member) as access:
        await create_post(access, group, "Mine")
    async with house.access(house.admin) as access:
        await create_post(access, group, f"Ask Ada Lovelace, <@{house.member.member_id}>")
    await Connections(house.services, house.admin).connect("recorder")
    _, right_id = await _approved(house)
    content = (await _preview(house, right_id)).content
    tables = {(item.table, item.treatment): item.rows for item in content.tables}
    assert tables[("member", "emptied")] == 1
    assert tables[("role_assignment", "deleted")] == 1
    assert tables[("post", "rewritten")] == 1
    assert {item.what: item.rows for item in content.shared} == {"post": 1, "file_reference": 0, "mention": 1}
    assert "user.contact.email" in {item.category for item in content.categories}
    assert [(item.name, item.method, item.proof) for item in content.integrations] == [("Recorder", "delete", "probed")]
    assert "audit entries" in {item.what for item in content.retained}
    kept = await owner.fetchval("select content::text from preview")
    for value in ("Ada", "Lovelace", "example.org", house.member.pseudonym):
        assert value not in kept


async def test_same_world_makes_the_same_digest(house):
    _, right_id = await _approved(house)
    assert (await _preview(house, right_id)).digest == (await _preview(house, right_id)).digest


async def test_commit_of_the_preview_schedules_for_two_weeks_later(house, clock, owner):
    submitted, right_id = await _approved(house)
    preview = await _preview(house, right_id)
    committed = await _commit(house, right_id, preview.digest)
    assert committed.scheduled_for == clock.now() + timedelta(days=14)
    right = await house.right(submitted, ERASURE)
    assert (right.state, right.committed_by, right.decided_by) == (
        STATE.SCHEDULED,
        house.officer.member_id,
        house.admin.member_id,
    )
    assert await owner.fetchval("select state from member where id = $1", house.member.member_id) == "active"
    assert "will be erased on 2026-12-05" in await owner.fetchval("select string_agg(subject, ' ') from outgoing_mail")


async def _write_post(house, owner):
    group = await make_group(house.services.database, house.organisation, "Team", house.member)
    await owner.execute(
        "insert into post (organisation_id, id, created_at, group_id, author_id, body)"
        " values ($1, $2, $3, $4, $5, 'New')",
        house.organisation.id,
        uuid7(),
        NOW,
        group,
        house.member.member_id,
    )


async def _be_quoted(house, _owner):
    group = await make_group(house.services.database, house.organisation, "Team", house.admin)
    async with house.access(house.admin) as access:
        await create_post(access, group, "Ada Lovelace was here")


async def _change_address(house, owner):
    await owner.execute("update member set email = 'new@example.org' where id = $1", house.member.member_id)


async def _connect(house, _owner):
    await Connections(house.services, house.admin).connect("recorder")


async def _swap_a_role(house, owner):
    await owner.execute("delete from role_assignment where member_id = $1", house.member.member_id)
    await owner.execute(
        "insert into role_assignment (organisation_id, id, created_at, member_id, role)"
        " values ($1, $2, $3, $4, 'member')",
        house.organisation.id,
        uuid7(),
        NOW,
        house.member.member_id,
    )


@pytest.mark.parametrize("change", [_write_post, _be_quoted, _change_address, _connect, _swap_a_role])
async def test_commit_of_a_stale_preview_is_refused(house, owner, change):
    submitted, right_id = await _approved(house)
    preview = await _preview(house, right_id)
    await change(house, owner)
    with pytest.raises(StalePreviewError) as refusal:
        await _commit(house, right_id, preview.digest)
    assert refusal.value.code == "STALE_PREVIEW"
    right = await house.right(submitted, ERASURE)
    assert (right.state, right.scheduled_for) == (STATE.PREVIEWED, None)
    await _commit(house, right_id, (await _preview(house, right_id)).digest)


async def test_commit_of_an_invented_digest_is_refused(house):
    _, right_id = await _approved(house)
    await _preview(house, right_id)
    with pytest.raises(StalePreviewError):
        await _commit(house, right_id, "00" * 32)


async def test_nothing_is_committed_without_preview_and_approval(house):
    submitted = await house.submit(ERASURE)
    right = await house.right(submitted, ERASURE)
    with pytest.raises(WrongStateError):
        await _preview(house, right.id)
    await house.approve(submitted, ERASURE)
    with pytest.raises(WrongStateError):
        await _commit(house, right.id, "00" * 32)


async def test_commit_needs_the_second_factor(house):
    _, right_id = await _approved(house)
    preview = await _preview(house, right_id)
    with pytest.raises(StepUpRequiredError):
        async with house.access(house.officer, stepped_up=False) as access:
            await commit_erasure(access, right_id, preview.digest)


async def test_person_does_not_commit_the_own_erasure(house):
    _, right_id = await _approved(house)
    preview = await _preview(house, right_id)
    with pytest.raises(SelfDecisionError):
        await _commit(house, right_id, preview.digest, house.member)


async def test_privacy_team_does_not_commit_what_an_admin_approved(house):
    _, right_id = await _approved(house)
    preview = await _preview(house, right_id)
    with pytest.raises(NotFoundError):
        await _commit(house, right_id, preview.digest, house.privacy_team)


async def test_admin_does_not_commit_what_the_privacy_team_approved(house):
    submitted = await house.submit(ERASURE, who=house.officer)
    await house.approve(submitted, ERASURE, house.privacy_team)
    right = await house.right(submitted, ERASURE)
    with pytest.raises(NotWithYouError):
        await _preview(house, right.id, house.admin)
    preview = await _preview(house, right.id, house.privacy_team)
    await _commit(house, right.id, preview.digest, house.privacy_team)


async def test_last_administrator_is_not_erased(house, owner):
    await owner.execute("update member set state = 'deactivated' where id = $1", house.owner.member_id)
    submitted = await house.submit(ERASURE, who=house.admin)
    await house.approve(submitted, ERASURE, house.privacy_team)
    right = await house.right(submitted, ERASURE)
    preview = await _preview(house, right.id, house.privacy_team)
    with pytest.raises(LastAdminError):
        await _commit(house, right.id, preview.digest, house.privacy_team)


async def test_erasure_that_would_leave_nobody_is_postponed_and_says_so_once(house, owner, clock):
    submitted = await house.submit(ERASURE, who=house.admin)
    await house.approve(submitted, ERASURE, house.privacy_team)
    right = await house.right(submitted, ERASURE)
    preview = await _preview(house, right.id, house.privacy_team)
    await _commit(house, right.id, preview.digest, house.privacy_team)
    await owner.execute("update member set state = 'deactivated' where id = $1", house.owner.member_id)
    clock.advance(timedelta(days=14))
    await house.run()
    await house.run()
    assert await house.states(submitted) == {ERASURE: STATE.SCHEDULED}
    assert await owner.fetchval("select count(*) from request_event where kind = 'postponed'") == 1
    await owner.execute("update member set state = 'active' where id = $1", house.owner.member_id)
    await house.run()
    assert await house.states(submitted) == {ERASURE: STATE.FULFILLED}


async def test_erasure_waits_out_the_cooling_off(house, owner, clock):
    submitted, _ = await _scheduled(house)
    clock.advance(timedelta(days=14) - timedelta(seconds=1))
    await house.run()
    assert await house.states(submitted) == {ERASURE: STATE.SCHEDULED}
    clock.advance(timedelta(seconds=1))
    await house.run()
    assert await house.states(submitted) == {ERASURE: STATE.FULFILLED}
    assert await owner.fetchval("select state from member where id = $1", house.member.member_id) == "erased"


async def test_person_calls_it_off(house, owner, clock):
    submitted, right_id = await _scheduled(house)
    async with house.access(house.member, stepped_up=False) as access:
        await cancel_erasure(access, right_id)
    clock.advance(timedelta(days=15))
    await house.run()
    assert await house.states(submitted) == {ERASURE: STATE.WITHDRAWN}
    assert await owner.fetchval("select display_name from member where id = $1", house.member.member_id) == (
        "Ada Lovelace"
    )


async def test_decider_calls_it_off_with_a_reason_and_a_new_preview_is_needed(house):
    submitted, right_id = await _scheduled(house)
    with pytest.raises(InvalidInputError):
        async with house.access(house.admin) as access:
            await cancel_erasure(access, right_id)
    async with house.access(house.admin) as access:
        await cancel_erasure(access, right_id, "A contract is still open.")
    right = await house.right(submitted, ERASURE)
    assert (right.state, right.scheduled_for) == (STATE.APPROVED, None)


async def test_only_the_person_waives_the_cooling_off_and_with_the_second_factor(house):
    submitted, right_id = await _scheduled(house)
    with pytest.raises(NotFoundError):
        async with house.access(house.admin) as access:
            await waive_cooling_off(access, right_id)
    with pytest.raises(StepUpRequiredError):
        async with house.access(house.member, stepped_up=False) as access:
            await waive_cooling_off(access, right_id)
    await house.run()
    assert await house.states(submitted) == {ERASURE: STATE.SCHEDULED}
    async with house.access(house.member) as access:
        await waive_cooling_off(access, right_id)
    await house.run()
    assert await house.states(submitted) == {ERASURE: STATE.FULFILLED}


async def test_copy_comes_before_the_erasure_of_the_same_request(house):
    submitted = await house.submit(RightKind.ACCESS, ERASURE)
    await house.approve(submitted, ERASURE)
    right = await house.right(submitted, ERASURE)
    await _commit(house, right.id, (await _preview(house, right.id)).digest)
    async with house.access(house.member) as access:
        await waive_cooling_off(access, right.id)
    await house.run()
    assert (await house.states(submitted))[ERASURE] is STATE.SCHEDULED
    await house.approve(submitted, RightKind.ACCESS)
    await house.run()
    assert set((await house.states(submitted)).values()) == {STATE.FULFILLED}


async def test_other_open_requests_of_the_person_end_with_the_erasure(house):
    other = await house.submit(RightKind.RESTRICTION)
    submitted, right_id = await _scheduled(house)
    async with house.access(house.member) as access:
        await waive_cooling_off(access, right_id)
    await house.run()
    assert await house.states(submitted) == {ERASURE: STATE.FULFILLED}
    case = await house.locked(other)
    assert (case.rights[0].state, case.rights[0].outcome) == (STATE.WITHDRAWN, "person_erased")
    assert case.request.ended_at is not None


async def test_groups_named_after_the_person_in_two_ways_do_not_stop_the_erasure(house, owner):
    for name in ("Ada Lovelace", "ada  lovelace", "Lovelace, Ada"):
        await make_group(house.services.database, house.organisation, name)
    submitted, _ = await _scheduled(house)
    house.services.clock.advance(timedelta(days=15))
    await house.run()
    assert await house.states(submitted) == {ERASURE: STATE.FULFILLED}
    names = [row["name"] for row in await owner.fetch("select name from user_group")]
    assert len(set(names)) == 3
    assert all(name.startswith(f"{house.member.pseudonym} ") and "lovelace" not in name.lower() for name in names)
