"""An erasure is previewed, committed as previewed, waited for, and can be called off."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import NOW, make_group
from tests.connecting import Connections
from tests.mails import subjects, told
from wardship.core.errors import InvalidInputError, NotFoundError
from wardship.core.identifiers import uuid7
from wardship.tenants.access import StepUpRequiredError
from wardship.tenants.content.share import create_post
from wardship.tenants.members.admins import LastAdminError
from wardship.tenants.organisations.transfer import accept_ownership, offer_ownership
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


async def _approved(firm):
    submitted = await firm.submit(ERASURE)
    await firm.approve(submitted, ERASURE)
    return submitted, (await firm.right(submitted, ERASURE)).id


async def _preview(firm, right_id, who=None):
    async with firm.access(who or firm.officer) as access:
        return await preview_erasure(access, right_id)


async def _commit(firm, right_id, digest, who=None):
    async with firm.access(who or firm.officer) as access:
        return await commit_erasure(access, right_id, digest)


async def _scheduled(firm):
    submitted, right_id = await _approved(firm)
    preview = await _preview(firm, right_id)
    await _commit(firm, right_id, preview.digest)
    return submitted, right_id


async def test_preview_lists_what_goes_and_what_stays_without_a_value_of_it(firm, owner):
    group = await make_group(firm.services.database, firm.organisation, "Team", firm.member, firm.admin)
    async with firm.access(firm.member) as access:
        await create_post(access, group, "Mine")
    async with firm.access(firm.admin) as access:
        await create_post(access, group, f"Ask Ada Lovelace, <@{firm.member.member_id}>")
    await Connections(firm.services, firm.admin).connect("recorder")
    _, right_id = await _approved(firm)
    content = (await _preview(firm, right_id)).content
    tables = {(item.table, item.treatment): item.rows for item in content.tables}
    assert tables[("member", "emptied")] == 1
    assert tables[("role_assignment", "deleted")] == 1
    assert tables[("post", "rewritten")] == 1
    assert {item.what: item.rows for item in content.shared} == {"post": 1, "file_reference": 0, "mention": 1}
    assert "user.contact.email" in {item.category for item in content.categories}
    assert [(item.name, item.method, item.proof) for item in content.integrations] == [("Recorder", "delete", "probed")]
    assert "audit entries" in {item.what for item in content.retained}
    kept = await owner.fetchval("select content::text from preview")
    for value in ("Ada", "Lovelace", "example.org", firm.member.pseudonym):
        assert value not in kept


async def test_same_world_makes_the_same_digest(firm):
    _, right_id = await _approved(firm)
    assert (await _preview(firm, right_id)).digest == (await _preview(firm, right_id)).digest


async def test_commit_of_the_preview_schedules_for_two_weeks_later(firm, clock, owner):
    submitted, right_id = await _approved(firm)
    preview = await _preview(firm, right_id)
    committed = await _commit(firm, right_id, preview.digest)
    assert committed.scheduled_for == clock.now() + timedelta(days=14)
    right = await firm.right(submitted, ERASURE)
    assert (right.state, right.committed_by, right.decided_by) == (
        STATE.SCHEDULED,
        firm.officer.member_id,
        firm.admin.member_id,
    )
    assert await owner.fetchval("select state from member where id = $1", firm.member.member_id) == "active"
    assert "Your data will be erased on 2026-12-05" in await subjects(firm.services, owner)


async def _write_post(firm, owner):
    group = await make_group(firm.services.database, firm.organisation, "Team", firm.member)
    await owner.execute(
        "insert into post (organisation_id, id, created_at, group_id, author_id, body)"
        " values ($1, $2, $3, $4, $5, 'New')",
        firm.organisation.id,
        uuid7(),
        NOW,
        group,
        firm.member.member_id,
    )


async def _be_quoted(firm, _owner):
    group = await make_group(firm.services.database, firm.organisation, "Team", firm.admin)
    async with firm.access(firm.admin) as access:
        await create_post(access, group, "Ada Lovelace was here")


async def _change_address(firm, owner):
    await owner.execute("update member set email = 'new@example.org' where id = $1", firm.member.member_id)


async def _connect(firm, _owner):
    await Connections(firm.services, firm.admin).connect("recorder")


async def _swap_a_role(firm, owner):
    await owner.execute("delete from role_assignment where member_id = $1", firm.member.member_id)
    await owner.execute(
        "insert into role_assignment (organisation_id, id, created_at, member_id, role)"
        " values ($1, $2, $3, $4, 'member')",
        firm.organisation.id,
        uuid7(),
        NOW,
        firm.member.member_id,
    )


@pytest.mark.parametrize("change", [_write_post, _be_quoted, _change_address, _connect, _swap_a_role])
async def test_commit_of_a_stale_preview_is_refused(firm, owner, change):
    submitted, right_id = await _approved(firm)
    preview = await _preview(firm, right_id)
    await change(firm, owner)
    with pytest.raises(StalePreviewError) as refusal:
        await _commit(firm, right_id, preview.digest)
    assert refusal.value.code == "STALE_PREVIEW"
    right = await firm.right(submitted, ERASURE)
    assert (right.state, right.scheduled_for) == (STATE.PREVIEWED, None)
    await _commit(firm, right_id, (await _preview(firm, right_id)).digest)


async def test_commit_of_an_invented_digest_is_refused(firm):
    _, right_id = await _approved(firm)
    await _preview(firm, right_id)
    with pytest.raises(StalePreviewError):
        await _commit(firm, right_id, "00" * 32)


async def test_nothing_is_committed_without_preview_and_approval(firm):
    submitted = await firm.submit(ERASURE)
    right = await firm.right(submitted, ERASURE)
    with pytest.raises(WrongStateError):
        await _preview(firm, right.id)
    await firm.approve(submitted, ERASURE)
    with pytest.raises(WrongStateError):
        await _commit(firm, right.id, "00" * 32)


async def test_commit_needs_the_second_factor(firm):
    _, right_id = await _approved(firm)
    preview = await _preview(firm, right_id)
    with pytest.raises(StepUpRequiredError):
        async with firm.access(firm.officer, stepped_up=False) as access:
            await commit_erasure(access, right_id, preview.digest)


async def test_person_does_not_commit_the_own_erasure(firm):
    _, right_id = await _approved(firm)
    preview = await _preview(firm, right_id)
    with pytest.raises(SelfDecisionError):
        await _commit(firm, right_id, preview.digest, firm.member)


async def test_privacy_team_does_not_commit_what_an_admin_approved(firm):
    _, right_id = await _approved(firm)
    preview = await _preview(firm, right_id)
    with pytest.raises(NotFoundError):
        await _commit(firm, right_id, preview.digest, firm.privacy_team)


async def test_admin_does_not_commit_what_the_privacy_team_approved(firm):
    submitted = await firm.submit(ERASURE, who=firm.officer)
    await firm.approve(submitted, ERASURE, firm.privacy_team)
    right = await firm.right(submitted, ERASURE)
    with pytest.raises(NotWithYouError):
        await _preview(firm, right.id, firm.admin)
    preview = await _preview(firm, right.id, firm.privacy_team)
    await _commit(firm, right.id, preview.digest, firm.privacy_team)


async def test_who_became_the_owner_meanwhile_is_told_once_that_the_erasure_waits(firm, owner, clock):
    submitted = await firm.scheduled()
    async with firm.access(firm.owner) as access:
        offer = await offer_ownership(access, firm.member.member_id)
    async with firm.access(firm.member) as access:
        await accept_ownership(access, offer.id)
    clock.advance(timedelta(days=14))
    await firm.run()
    await firm.run()
    assert await firm.states(submitted) == {ERASURE: STATE.SCHEDULED}
    waits = "Your request about your data waits: Erasure"
    (mail,) = [mail for mail in await told(firm.services, owner) if mail.subject == waits]
    assert "pass the ownership on" in mail.body


async def test_last_administrator_is_not_erased(firm, owner):
    await owner.execute("update member set state = 'deactivated' where id = $1", firm.owner.member_id)
    submitted = await firm.submit(ERASURE, who=firm.admin)
    await firm.approve(submitted, ERASURE, firm.privacy_team)
    right = await firm.right(submitted, ERASURE)
    preview = await _preview(firm, right.id, firm.privacy_team)
    with pytest.raises(LastAdminError):
        await _commit(firm, right.id, preview.digest, firm.privacy_team)


async def test_erasure_that_would_leave_nobody_is_postponed_and_says_so_once(firm, owner, clock):
    submitted = await firm.submit(ERASURE, who=firm.admin)
    await firm.approve(submitted, ERASURE, firm.privacy_team)
    right = await firm.right(submitted, ERASURE)
    preview = await _preview(firm, right.id, firm.privacy_team)
    await _commit(firm, right.id, preview.digest, firm.privacy_team)
    await owner.execute("update member set state = 'deactivated' where id = $1", firm.owner.member_id)
    clock.advance(timedelta(days=14))
    await firm.run()
    await firm.run()
    assert await firm.states(submitted) == {ERASURE: STATE.SCHEDULED}
    assert await owner.fetchval("select count(*) from request_event where kind = 'postponed'") == 1
    await owner.execute("update member set state = 'active' where id = $1", firm.owner.member_id)
    await firm.run()
    assert await firm.states(submitted) == {ERASURE: STATE.FULFILLED}


async def test_erasure_waits_out_the_cooling_off(firm, owner, clock):
    submitted, _ = await _scheduled(firm)
    clock.advance(timedelta(days=14) - timedelta(seconds=1))
    await firm.run()
    assert await firm.states(submitted) == {ERASURE: STATE.SCHEDULED}
    clock.advance(timedelta(seconds=1))
    await firm.run()
    assert await firm.states(submitted) == {ERASURE: STATE.FULFILLED}
    assert await owner.fetchval("select state from member where id = $1", firm.member.member_id) == "erased"


async def test_person_calls_it_off(firm, owner, clock):
    submitted, right_id = await _scheduled(firm)
    async with firm.access(firm.member, stepped_up=False) as access:
        await cancel_erasure(access, right_id)
    clock.advance(timedelta(days=15))
    await firm.run()
    assert await firm.states(submitted) == {ERASURE: STATE.WITHDRAWN}
    assert await owner.fetchval("select display_name from member where id = $1", firm.member.member_id) == (
        "Ada Lovelace"
    )


async def test_decider_calls_it_off_with_a_reason_and_a_new_preview_is_needed(firm):
    submitted, right_id = await _scheduled(firm)
    with pytest.raises(InvalidInputError):
        async with firm.access(firm.admin) as access:
            await cancel_erasure(access, right_id)
    async with firm.access(firm.admin) as access:
        await cancel_erasure(access, right_id, "A contract is still open.")
    right = await firm.right(submitted, ERASURE)
    assert (right.state, right.scheduled_for) == (STATE.APPROVED, None)


async def test_only_the_person_waives_the_cooling_off_and_with_the_second_factor(firm):
    submitted, right_id = await _scheduled(firm)
    with pytest.raises(NotFoundError):
        async with firm.access(firm.admin) as access:
            await waive_cooling_off(access, right_id)
    with pytest.raises(StepUpRequiredError):
        async with firm.access(firm.member, stepped_up=False) as access:
            await waive_cooling_off(access, right_id)
    await firm.run()
    assert await firm.states(submitted) == {ERASURE: STATE.SCHEDULED}
    async with firm.access(firm.member) as access:
        await waive_cooling_off(access, right_id)
    await firm.run()
    assert await firm.states(submitted) == {ERASURE: STATE.FULFILLED}


async def test_copy_comes_before_the_erasure_of_the_same_request(firm):
    submitted = await firm.submit(RightKind.ACCESS, ERASURE)
    await firm.approve(submitted, ERASURE)
    right = await firm.right(submitted, ERASURE)
    await _commit(firm, right.id, (await _preview(firm, right.id)).digest)
    async with firm.access(firm.member) as access:
        await waive_cooling_off(access, right.id)
    await firm.run()
    assert (await firm.states(submitted))[ERASURE] is STATE.SCHEDULED
    await firm.approve(submitted, RightKind.ACCESS)
    await firm.run()
    assert set((await firm.states(submitted)).values()) == {STATE.FULFILLED}


async def test_other_open_requests_of_the_person_end_with_the_erasure(firm):
    other = await firm.submit(RightKind.RESTRICTION)
    submitted, right_id = await _scheduled(firm)
    async with firm.access(firm.member) as access:
        await waive_cooling_off(access, right_id)
    await firm.run()
    assert await firm.states(submitted) == {ERASURE: STATE.FULFILLED}
    locked = await firm.locked(other)
    assert (locked.rights[0].state, locked.rights[0].outcome) == (STATE.WITHDRAWN, "person_erased")
    assert locked.request.ended_at is not None


async def test_groups_named_after_the_person_in_two_ways_do_not_stop_the_erasure(firm, owner):
    for name in ("Ada Lovelace", "ada  lovelace", "Lovelace, Ada"):
        await make_group(firm.services.database, firm.organisation, name)
    submitted, _ = await _scheduled(firm)
    firm.services.clock.advance(timedelta(days=15))
    await firm.run()
    assert await firm.states(submitted) == {ERASURE: STATE.FULFILLED}
    names = [row["name"] for row in await owner.fetch("select name from user_group")]
    assert len(set(names)) == 3
    assert all(name.startswith(f"{firm.member.pseudonym} ") and "lovelace" not in name.lower() for name in names)
