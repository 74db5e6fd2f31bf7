"""What in texts may be the person is decided by people before an erasure, and never silently left or rewritten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import make_group, make_member
from tests.mails import subjects as told_subjects
from tests.mails import told
from tests.tenants.erasure.searching import found_in_tables
from wardship.core.errors import InvalidInputError
from wardship.tenants.access import StepUpRequiredError
from wardship.tenants.content.share import create_post, edit_post
from wardship.tenants.erasure.finds import UndecidedFindsError
from wardship.tenants.matching.rules import Rule
from wardship.tenants.requests.authority import SelfDecisionError
from wardship.tenants.requests.decide import escalate_request
from wardship.tenants.requests.erasures import (
    StalePreviewError,
    cancel_erasure,
    commit_erasure,
    preview_erasure,
    waive_cooling_off,
)
from wardship.tenants.requests.finds import decide_erasure_finds, read_erasure_finds
from wardship.tenants.requests.next_steps import NextStep, StepEffect, next_steps
from wardship.tenants.requests.states import RightKind, RightState, WrongStateError

ERASURE = RightKind.ERASURE


@pytest.fixture
async def group(firm, owner):
    """A person called Will, of whom texts are not sure, and a colleague who writes them."""
    await owner.execute(
        "update member set display_name = 'Will', first_name = '', last_name = '', username = '' where id = $1",
        firm.member.member_id,
    )
    firm.colleague = await make_member(firm.services.database, firm.organisation, name="Charles Babbage")
    return await make_group(firm.services.database, firm.organisation, "Team", firm.member, firm.colleague)


async def _write(firm, group, text):
    async with firm.access(firm.colleague) as access:
        return (await create_post(access, group, text)).id


async def _previewed(firm):
    submitted = await firm.submit(ERASURE)
    await firm.approve(submitted, ERASURE)
    right = await firm.right(submitted, ERASURE)
    return submitted, right.id, await _preview(firm, right.id)


async def _preview(firm, right_id):
    async with firm.access(firm.officer) as access:
        return await preview_erasure(access, right_id)


async def _read(firm, right_id, **options):
    async with firm.access(firm.officer) as access:
        return await read_erasure_finds(access, right_id, **({"first": 100} | options))


async def _decide(firm, right_id, **decided):
    async with firm.access(firm.officer) as access:
        return await decide_erasure_finds(access, right_id, **decided)


async def _commit(firm, right_id, digest=None, **options):
    async with firm.access(firm.officer) as access:
        await commit_erasure(access, right_id, digest or (await preview_erasure(access, right_id)).digest, **options)


async def _body(owner, post_id):
    return await owner.fetchval("select body from post where id = $1", post_id)


async def test_find_is_shown_in_its_text_with_the_rule_in_words_and_the_look_is_recorded(firm, owner, group):
    post = await _write(firm, group, f"{'x' * 100} yesterday Will said so {'y' * 100}")
    _, right_id, preview = await _previewed(firm)
    assert (preview.content.listed, preview.content.undecided) == (1, 1)
    (shown,) = (await _read(firm, right_id)).finds
    assert (shown.find.table_name, shown.find.item_id, shown.find.column_name) == ("post", post, "body")
    assert shown.excerpt.found == "Will"
    assert shown.excerpt.before.endswith("x yesterday ")
    assert len(shown.excerpt.before) <= 80
    assert shown.find.rule_words == shown.find.rule.words
    seen = "select count(*) from data_access_person where member_id = $1"
    assert await owner.fetchval(seen, firm.member.member_id) == 1


async def test_nothing_of_the_passage_is_kept(firm, owner, group):
    await _write(firm, group, "The secret word is mimosa, Will said.")
    await _previewed(firm)
    assert await owner.fetchval("select count(*) from erasure_find") == 1
    assert "erasure_find" not in " ".join(await found_in_tables(owner, ["mimosa", "Will said"]))
    assert "preview" not in " ".join(await found_in_tables(owner, ["mimosa"]))


async def test_commit_is_refused_while_something_is_undecided(firm, group):
    await _write(firm, group, "Ask Will about it.")
    submitted, right_id, preview = await _previewed(firm)
    with pytest.raises(UndecidedFindsError) as refusal:
        await _commit(firm, right_id, preview.digest)
    assert (refusal.value.code, refusal.value.message[:2]) == ("UNDECIDED_FINDS", "1 ")
    assert (await firm.right(submitted, ERASURE)).state is RightState.PREVIEWED


async def test_each_find_is_decided_by_itself(firm, owner, clock, group):
    person = await _write(firm, group, "Yesterday Will said so.")
    word = await _write(firm, group, "In the end Will Rogers said so.")
    submitted, right_id, _ = await _previewed(firm)
    found = {item.find.item_id: item.find.id for item in (await _read(firm, right_id)).finds}
    done = await _decide(firm, right_id, finds={found[person]: True})
    assert done.undecided == len(found) - 1
    assert (await _decide(firm, right_id, others=False)).undecided == 0
    await _commit(firm, right_id)
    clock.advance(timedelta(days=14))
    await firm.run()
    assert (await firm.states(submitted))[ERASURE] is RightState.FULFILLED
    assert await _body(owner, person) == f"Yesterday {firm.member.pseudonym} said so."
    assert await _body(owner, word) == "In the end Will Rogers said so."


async def test_finds_are_decided_by_rule(firm, owner, clock, group):
    first, second = (
        await _write(firm, group, "Yesterday Will said so."),
        await _write(firm, group, "Today Will said so."),
    )
    _, right_id, _ = await _previewed(firm)
    rules = {item.find.rule for item in (await _read(firm, right_id)).finds}
    assert (await _decide(firm, right_id, rules=dict.fromkeys(rules, True))).undecided == 0
    await _commit(firm, right_id)
    clock.advance(timedelta(days=14))
    await firm.run()
    assert await _body(owner, first) == f"Yesterday {firm.member.pseudonym} said so."
    assert await _body(owner, second) == f"Today {firm.member.pseudonym} said so."


async def test_decision_makes_the_preview_stale(firm, group):
    await _write(firm, group, "Ask Will about it.")
    _, right_id, preview = await _previewed(firm)
    await _decide(firm, right_id, others=True)
    with pytest.raises(StalePreviewError):
        await _commit(firm, right_id, preview.digest)
    assert (await _preview(firm, right_id)).digest != preview.digest


async def test_passage_that_was_edited_is_a_new_find(firm, group):
    post = await _write(firm, group, "Ask Will about it.")
    _, right_id, _ = await _previewed(firm)
    await _decide(firm, right_id, finds={item.find.id: True for item in (await _read(firm, right_id)).finds})
    assert (await _preview(firm, right_id)).content.undecided == 0
    async with firm.access(firm.colleague) as access:
        await edit_post(access, post, "Ask Will about her.")
    assert (await _preview(firm, right_id)).content.undecided == 1
    assert len((await _read(firm, right_id, is_undecided=True)).finds) == 1


async def test_many_finds_come_in_pages(firm, group):
    for number in range(4):
        await _write(firm, group, f"Number {number}: Will said so.")
    _, right_id, _ = await _previewed(firm)
    first = await _read(firm, right_id, first=3)
    second = await _read(firm, right_id, first=3, after=first.last)
    assert (len(first.finds), len(second.finds), second.last) == (3, 1, None)
    assert len({item.find.id for item in (*first.finds, *second.finds)}) == 4


async def test_word_that_is_everywhere_is_one_question(firm, owner, clock, group):
    posts = [await _write(firm, group, f"Will you come, number {number}?") for number in range(30)]
    _, right_id, preview = await _previewed(firm)
    (shown,) = (await _read(firm, right_id)).finds
    assert (preview.content.undecided, shown.find.is_group, shown.find.count) == (1, True, 30)
    assert shown.excerpt.found == "Will"
    await _decide(firm, right_id, finds={shown.find.id: False})
    await _commit(firm, right_id)
    later = await _write(firm, group, "Will they come?")
    clock.advance(timedelta(days=14))
    await firm.run()
    assert {await _body(owner, post) for post in posts} == {f"Will you come, number {number}?" for number in range(30)}
    assert await _body(owner, later) == "Will they come?"


async def test_what_appears_later_is_decided_by_the_rule_of_the_commit(firm, owner, clock, group):
    submitted, right_id, _ = await _previewed(firm)
    await _commit(firm, right_id, later_finds=True)
    post = await _write(firm, group, "Yesterday Will said so.")
    clock.advance(timedelta(days=14))
    await firm.run()
    assert (await firm.states(submitted))[ERASURE] is RightState.FULFILLED
    assert await _body(owner, post) == f"Yesterday {firm.member.pseudonym} said so."


async def _waiting(firm, clock, group):
    submitted, right_id, _ = await _previewed(firm)
    await _commit(firm, right_id)
    post = await _write(firm, group, "Yesterday Will said so.")
    clock.advance(timedelta(days=14))
    await firm.run()
    return submitted, right_id, post


async def test_erasure_waits_for_a_decision_on_what_appeared_later_and_goes_on_with_it(firm, owner, clock, group):
    submitted, right_id, post = await _waiting(firm, clock, group)
    right = await firm.right(submitted, ERASURE)
    assert (right.state, right.scheduled_for) == (RightState.SCHEDULED, clock.now() + timedelta(days=7))
    assert await owner.fetchval("select state from member where id = $1", firm.member.member_id) == "active"
    assert await _body(owner, post) == "Yesterday Will said so."
    assert await owner.fetchval("select count(*) from audit_entry where action = 'member.erased'") == 0
    subjects = await told_subjects(firm.services, owner)
    assert subjects.count("An erasure waits for your decision") == 2
    await firm.run()
    assert subjects.count("An erasure waits for your decision") == 2
    (shown,) = (await _read(firm, right_id)).finds
    await _decide(firm, right_id, finds={shown.find.id: False})
    await firm.run()
    assert (await firm.states(submitted))[ERASURE] is RightState.FULFILLED
    assert await _body(owner, post) == "Yesterday Will said so."
    assert await owner.fetchval("select count(*) from erasure_find") == 0


async def test_privacy_team_is_told_of_what_waits_for_its_decision(firm, owner, clock, group):
    account = "insert into account (id, created_at, display_name) values ($1, now(), 'Priya Privacy')"
    await owner.execute(account, firm.privacy_team.account_id)
    address = "insert into account_email (id, created_at, account_id, address, is_primary, verified_at)"
    await owner.execute(
        address + " values (gen_random_uuid(), now(), $1, 'priya@provider.example', true, now())",
        firm.privacy_team.account_id,
    )
    await owner.execute(
        "insert into staff (id, created_at, account_id, role) values (gen_random_uuid(), now(), $1, 'privacy_team')",
        firm.privacy_team.account_id,
    )
    submitted = await firm.submit(ERASURE)
    async with firm.access(firm.admin) as access:
        await escalate_request(access, submitted.request.id, "It is for you.")
    await firm.approve(submitted, ERASURE, firm.privacy_team)
    await firm.commit(submitted, firm.privacy_team)
    await _write(firm, group, "Yesterday Will said so.")
    clock.advance(timedelta(days=14))
    await firm.run()
    waits = [mail for mail in await told(firm.services, owner) if mail.subject == "An erasure waits for your decision"]
    assert [mail.recipient for mail in waits] == ["priya@provider.example"]


async def test_waiting_ends_by_the_clock_which_decides_and_says_so(firm, owner, clock, group):
    submitted, _, post = await _waiting(firm, clock, group)
    locked = await firm.locked(submitted)
    (said, _) = next_steps(locked.request, locked.rights)
    assert said == NextStep(clock.now() + timedelta(days=7), StepEffect.FINDS_ARE_DECIDED, locked.rights[0].id)
    clock.advance(timedelta(days=7) - timedelta(seconds=1))
    await firm.run()
    assert (await firm.states(submitted))[ERASURE] is RightState.SCHEDULED
    clock.advance(timedelta(seconds=1))
    await firm.run()
    assert (await firm.states(submitted))[ERASURE] is RightState.FULFILLED
    assert await _body(owner, post) == f"Yesterday {firm.member.pseudonym} said so."
    entry = await owner.fetchval("select entry from audit_entry where action = 'member.erased'")
    assert "finds_decided_by_clock" in entry


async def test_waiting_erasure_is_called_off(firm, clock, group):
    submitted, right_id, _ = await _waiting(firm, clock, group)
    async with firm.access(firm.member) as access:
        await cancel_erasure(access, right_id)
    clock.advance(timedelta(days=30))
    await firm.run()
    assert (await firm.states(submitted))[ERASURE] is RightState.WITHDRAWN


async def test_erasure_that_was_called_off_cools_off_again_whole_and_asks_again(firm, owner, clock, group):
    submitted, right_id, _ = await _previewed(firm)
    await _commit(firm, right_id, later_finds=True)
    await _call_off(firm, right_id)
    await _commit(firm, right_id)
    clock.advance(timedelta(days=14))
    post = await _write(firm, group, "Yesterday Will said so.")
    await firm.run()
    right = await firm.right(submitted, ERASURE)
    assert right.waits_until == clock.now() + timedelta(days=7)
    assert await _body(owner, post) == "Yesterday Will said so."

    await _call_off(firm, right_id)
    assert (await firm.right(submitted, ERASURE)).waits_until is None
    await _preview(firm, right_id)
    await _decide(firm, right_id, others=False)
    await _commit(firm, right_id)
    await _decide(firm, right_id)
    await firm.run()
    right = await firm.right(submitted, ERASURE)
    assert (right.state, right.scheduled_for) == (RightState.SCHEDULED, clock.now() + timedelta(days=14))


async def _call_off(firm, right_id):
    async with firm.access(firm.admin) as access:
        await cancel_erasure(access, right_id, "A contract is still open.")


async def test_waiving_does_not_skip_the_decision(firm, clock, group):
    submitted, right_id, _ = await _waiting(firm, clock, group)
    async with firm.access(firm.member) as access:
        await waive_cooling_off(access, right_id)
    await firm.run()
    right = await firm.right(submitted, ERASURE)
    assert (right.state, right.scheduled_for) == (RightState.SCHEDULED, clock.now() + timedelta(days=7))


async def test_what_is_committed_stays_decided(firm, group):
    await _write(firm, group, "Ask Will about it.")
    _, right_id, _ = await _previewed(firm)
    (shown,) = (await _read(firm, right_id)).finds
    await _decide(firm, right_id, finds={shown.find.id: True}, others=False)
    await _commit(firm, right_id)
    with pytest.raises(InvalidInputError):
        await _decide(firm, right_id, finds={shown.find.id: False})
    with pytest.raises(InvalidInputError):
        await _decide(firm, right_id, others=True)
    with pytest.raises(StepUpRequiredError):
        async with firm.access(firm.officer, stepped_up=False) as access:
            await decide_erasure_finds(access, right_id, others=False)


async def test_only_deciders_see_and_decide_finds(firm, owner, group):
    await _write(firm, group, "Ask Will about it.")
    submitted = await firm.submit(ERASURE)
    right = await firm.right(submitted, ERASURE)
    with pytest.raises(WrongStateError):
        await _read(firm, right.id)
    await firm.approve(submitted, ERASURE)
    await _preview(firm, right.id)
    with pytest.raises(SelfDecisionError):
        async with firm.access(firm.member) as access:
            await read_erasure_finds(access, right.id, first=10)
    with pytest.raises(SelfDecisionError):
        async with firm.access(firm.member) as access:
            await decide_erasure_finds(access, right.id, others=True)
    assert await owner.fetchval("select count(*) from erasure_find where is_rewritten is not null") == 0


def test_every_rule_has_words():
    assert all(rule.words for rule in Rule)
