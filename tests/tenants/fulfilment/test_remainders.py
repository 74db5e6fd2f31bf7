"""What a limitation names outlives an erasure, for its time and no longer (requirement D5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import make_group, make_member
from tests.connecting import Connections
from tests.limiting import HOLD, LATER, kept, limitation, post
from tests.tenants.erasure.searching import found_in_tables
from wardship.core.identifiers import uuid7
from wardship.tenants.access import StepUpRequiredError
from wardship.tenants.certificates.content import statement
from wardship.tenants.content.share import create_post
from wardship.tenants.data_access.telling import tell_looks
from wardship.tenants.fulfilment.due import erase_due_remainders
from wardship.tenants.fulfilment.remainders import erase_remainder, read_remainder
from wardship.tenants.obligations.for_member import bring_in_line
from wardship.tenants.requests.authority import SelfDecisionError
from wardship.tenants.requests.erasures import commit_erasure, preview_erasure, waive_cooling_off
from wardship.tenants.requests.read import remainders_of
from wardship.tenants.requests.states import RightKind, RightState, WrongStateError
from wardship.tenants.requests.visibility import visible_requests

ERASURE = RightKind.ERASURE


async def _approved(firm, *limitations):
    submitted = await firm.submit(ERASURE)
    await firm.approve(submitted, ERASURE, limitations=limitations)
    return submitted, (await firm.right(submitted, ERASURE)).id


async def _erased(firm, *limitations):
    """Return the request and the right of an erasure that was carried out here, and its preview."""
    submitted, right_id = await _approved(firm, *limitations)
    async with firm.access(firm.officer) as access:
        preview = await preview_erasure(access, right_id)
        await commit_erasure(access, right_id, preview.digest)
    async with firm.access(firm.member) as access:
        await waive_cooling_off(access, right_id)
    await firm.run()
    return submitted, right_id, preview


async def _remainders(firm, right_id):
    async with firm.access(firm.admin) as access:
        return (await remainders_of(visible_requests(access), [right_id]))[right_id]


async def _end(firm, remainder, who=None, **options):
    async with firm.access(who or firm.admin, **options) as access:
        return await erase_remainder(access, remainder.id, "The audit is over.")


@pytest.fixture
async def group(firm):
    """The person's group, with a colleague who writes about the person."""
    colleague = await make_member(firm.services.database, firm.organisation, name="Charles Babbage")
    group_id = await make_group(firm.services.database, firm.organisation, "Team", firm.member, colleague)
    firm.colleague = colleague
    return group_id


async def _write(firm, group, text, who=None):
    async with firm.access(who or firm.colleague) as access:
        return (await create_post(access, group, text)).id


async def _body(owner, post_id):
    return await owner.fetchval("select body from post where id = $1", post_id)


async def test_category_of_the_own_row_is_kept_sealed_and_no_longer_shown(firm, owner):
    submitted, right_id, _ = await _erased(firm, kept("user.contact.address"))
    right = await firm.right(submitted, ERASURE)
    assert (right.state, right.outcome) == (RightState.PARTIALLY_FULFILLED, "limited")
    await firm.post()
    assert await found_in_tables(owner, ["St James", "ada.lovelace@example.org", "Lovelace"]) == []
    (remainder,) = await _remainders(firm, right_id)
    assert (remainder.named, remainder.reason_code, remainder.until) == ("user.contact.address", "legal_duty", LATER)
    async with firm.access(firm.admin) as access:
        values = await read_remainder(access, remainder.id)
    assert values["postal_address"] == "12 St James's Square"
    assert "email" not in values
    assert await owner.fetchval("select count(*) from audit_entry where action = 'remainder.read'") == 1


async def test_look_of_the_privacy_team_at_what_is_kept_is_recorded_and_told_while_the_right_is_with_it(firm, owner):
    await Connections(firm.services, firm.admin).connect("recorder")
    submitted = await firm.submit(ERASURE)
    await firm.refuse(submitted, ERASURE)
    await firm.approve(submitted, ERASURE, firm.privacy_team, limitations=[kept("user.contact.address")])
    await firm.commit(submitted, replace(firm.privacy_team, account_id=uuid7()))
    right_id = (await firm.right(submitted, ERASURE)).id
    async with firm.access(firm.member) as access:
        await waive_cooling_off(access, right_id)
    await firm.run()
    assert (await firm.right(submitted, ERASURE)).ended_at is None, "the recipient has not answered"
    (remainder,) = await _remainders(firm, right_id)
    async with firm.access(firm.privacy_team) as access:
        await read_remainder(access, remainder.id)
    looks = "select actor_kind, categories from data_access order by id desc limit 1"
    assert tuple(await owner.fetchrow(looks)) == ("privacy_team", ["user.contact.address"])
    looked = "select count(*) from audit_entry where action = 'member.read_by_privacy_team'"
    assert await owner.fetchval(looked) > 0
    await tell_looks(firm.services)
    told = "select count(*) from notice where kind = 'privacy_team_looked' and member_id = $1"
    assert await owner.fetchval(told, firm.admin.member_id) == 1


async def test_what_is_kept_is_read_by_deciders_with_the_second_factor_only(firm, owner):
    _, right_id, _ = await _erased(firm, kept("user.contact.address"))
    (remainder,) = await _remainders(firm, right_id)
    with pytest.raises(StepUpRequiredError):
        async with firm.access(firm.admin, stepped_up=False) as access:
            await read_remainder(access, remainder.id)
    with pytest.raises(StepUpRequiredError):
        await _end(firm, remainder, stepped_up=False)
    assert await owner.fetchval("select count(*) from audit_entry where action like 'remainder.read'") == 0
    assert await owner.fetchval("select ended_at from erasure_remainder") is None


async def test_audit_holds_no_words_of_why_something_is_erased_earlier(firm, owner):
    _, right_id, _ = await _erased(firm, kept("user.contact.address"))
    (remainder,) = await _remainders(firm, right_id)
    await _end(firm, remainder)
    entry = await owner.fetchval("select entry from audit_entry where action = 'remainder.erased'")
    assert "The audit is over." not in entry
    event = "select reason from request_event where kind = 'remainder_erased'"
    assert await owner.fetchval(event) == "The audit is over."


async def test_rows_of_a_kept_category_stay_and_others_go(firm, owner):
    _, right_id, _ = await _erased(firm, kept("user.account"))
    member_id = firm.member.member_id
    assert await owner.fetchval("select count(*) from role_assignment where member_id = $1", member_id) == 1
    assert await owner.fetchval("select email from member where id = $1", member_id) == ""
    (remainder,) = await _remainders(firm, right_id)
    await _end(firm, remainder)
    assert await owner.fetchval("select count(*) from role_assignment where member_id = $1", member_id) == 0


async def test_mentions_in_a_kept_post_stay_until_its_time_is_over(firm, owner, clock, group):
    named = await _write(firm, group, "Ada Lovelace broke the engine.")
    other = await _write(firm, group, "Ada Lovelace mended it.")
    _, right_id, preview = await _erased(firm, limitation(items=[post(named)], until=LATER))
    assert [(item.what, item.rows, item.until) for item in preview.content.kept] == [("1 post", 1, LATER.isoformat())]
    assert {item.table: item.rows for item in preview.content.tables if item.treatment == "rewritten"}["post"] == 1
    assert await _body(owner, named) == "Ada Lovelace broke the engine."
    assert await _body(owner, other) == f"{firm.member.pseudonym} mended it."
    clock.advance(LATER - clock.now() - timedelta(seconds=1))
    assert await erase_due_remainders(firm.services) == 0
    clock.advance(timedelta(seconds=1))
    assert await erase_due_remainders(firm.services) == 1
    assert await _body(owner, named) == f"{firm.member.pseudonym} broke the engine."
    row = await owner.fetchrow("select ended_at, sealed from erasure_remainder where right_id = $1", right_id)
    assert (row["ended_at"], row["sealed"]) == (clock.now(), None)
    await firm.post()
    assert await found_in_tables(owner, ["Lovelace"]) == []
    assert await erase_due_remainders(firm.services) == 0


async def test_one_limitation_ends_and_the_other_stays(firm, owner, group):
    first, second = await _write(firm, group, "Ada Lovelace one"), await _write(firm, group, "Ada Lovelace two")
    _, right_id, _ = await _erased(
        firm,
        limitation(items=[post(first)], until=LATER),
        limitation(HOLD, "A court holds it.", items=[post(second)]),
    )
    duty, hold = await _remainders(firm, right_id)
    await _end(firm, duty)
    assert (await _body(owner, first), await _body(owner, second)) == (
        f"{firm.member.pseudonym} one",
        "Ada Lovelace two",
    )
    await _end(firm, hold)
    assert await _body(owner, second) == f"{firm.member.pseudonym} two"


async def test_remainder_ends_once(firm, owner):
    _, right_id, _ = await _erased(firm, kept("user.account"))
    (remainder,) = await _remainders(firm, right_id)
    assert (await _end(firm, remainder)).ended_at is not None
    with pytest.raises(WrongStateError):
        await _end(firm, remainder)
    with pytest.raises(WrongStateError):
        async with firm.access(firm.admin) as access:
            await read_remainder(access, remainder.id)
    assert await owner.fetchval("select count(*) from request_event where kind = 'remainder_erased'") == 1


async def test_limitation_that_keeps_nothing_leaves_no_remainder_and_no_limited_outcome(firm):
    submitted, right_id, preview = await _erased(firm, kept("user.content.self_image"))
    assert [item.rows for item in preview.content.kept] == [0]
    assert list(await _remainders(firm, right_id)) == []
    assert (await firm.right(submitted, ERASURE)).state is RightState.FULFILLED


async def test_certificate_lists_what_stays_why_and_until_when_without_the_words(firm):
    submitted, _, _ = await _erased(firm, kept("user.contact.address", reason="Charles asked for it."))
    locked = await firm.locked(submitted)
    async with firm.access(firm.admin) as access:
        content = await statement(access, locked, uuid7())
    (limited,) = content.rights[0].limited
    assert (limited.what, limited.reason, limited.until) == (
        "user.contact.address",
        "legal_duty",
        LATER.isoformat(timespec="seconds"),
    )
    assert "Charles" not in str(content)


async def test_recipient_is_told_to_erase_though_the_organisation_keeps(firm, owner):
    connections = Connections(firm.services, firm.admin)
    await connections.connect("recorder")
    _, _, preview = await _erased(firm, kept("user.contact.email"))
    (told,) = preview.content.integrations
    assert (told.action, told.limited_categories) == ("erase", ("user.contact.email",))
    verbs = [row["verb"] for row in await owner.fetch("select verb from obligation where ended_at is null")]
    assert verbs == ["erase"]


async def test_recipient_of_what_is_kept_there_restricts_and_erases_when_it_ends(firm, owner):
    connections = Connections(firm.services, firm.admin)
    await connections.connect("recorder")
    submitted, right_id, preview = await _erased(firm, kept("user.contact.email", keeps_at_recipients=True))
    assert [item.action for item in preview.content.integrations] == ["restrict"]
    await connections.work()
    await firm.run()
    assert (await firm.right(submitted, ERASURE)).outcome == "limited"
    ended = "select verb, state from obligation where right_id = $1"
    assert [tuple(row) for row in await owner.fetch(ended, right_id)] == [("restrict", "completed")]
    async with firm.access(firm.admin) as access:
        await bring_in_line(access, [firm.member.member_id])
    assert await owner.fetchval("select count(*) from obligation where verb = 'erase'") == 0
    (remainder,) = await _remainders(firm, right_id)
    await _end(firm, remainder)
    await connections.work()
    verbs = {row["verb"] for row in await owner.fetch("select verb from obligation where state = 'completed'")}
    assert "erase" in verbs
    state = "select state from subject_link where member_id = $1"
    assert await owner.fetchval(state, firm.member.member_id) == "erased"


async def test_person_does_not_end_what_is_kept_of_the_own_erasure(firm):
    submitted = await firm.submit(ERASURE, who=firm.admin)
    await firm.approve(submitted, ERASURE, firm.privacy_team, limitations=[kept("user.account")])
    right = await firm.right(submitted, ERASURE)
    async with firm.access(firm.privacy_team) as access:
        preview = await preview_erasure(access, right.id)
    with pytest.raises(SelfDecisionError):
        async with firm.access(firm.admin) as access:
            await commit_erasure(access, right.id, preview.digest)
