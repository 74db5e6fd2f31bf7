"""What a vendor has begun comes back to the connector, and what it asks to wait is honoured as given."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import access_for
from wardship.plugins.api import (
    Continuation,
    Export,
    KnownAs,
    Outcome,
    OutcomeStatus,
    Reason,
    Rejected,
    Retained,
    TemporarilyUnavailable,
    Verb,
)
from wardship.tenants.obligations.for_member import bring_in_line, enqueue_for_member
from wardship.tenants.obligations.read import list_obligations
from wardship.tenants.paging import PageRequest

JOB = "job/ada@example.org/17"
INVOICE = Retained(category="user.financial", reason="an open invoice", legal_basis="tax law")


@pytest.fixture
async def connected(connections, recording, ada):  # noqa: ARG001 - somebody has to be there
    installation = await connections.connect()
    recording.heard.clear()
    return installation


async def owe(services, admin, member, verb: Verb):
    async with access_for(services, admin) as access:
        (obligation_id,) = await enqueue_for_member(access, member.member_id, verb)
    return obligation_id


async def shown(services, admin, obligation_id):
    async with access_for(services, admin) as access:
        return {each.id: each for each in (await list_obligations(access, PageRequest(50))).items}[obligation_id]


def answering(answer):
    def act(_):
        if isinstance(answer, Exception):
            raise answer
        return answer

    return act


async def work_off(connections, services, admin, clock, obligation_id, times: int) -> None:
    for _ in range(times):
        await connections.work()
        owed = await shown(services, admin, obligation_id)
        clock.advance(max(owed.next_at - clock.now(), timedelta()))


@pytest.mark.usefixtures("connected")
@pytest.mark.parametrize("verb", [Verb.ERASE, Verb.EXPORT, Verb.CORRECT, Verb.SHARE])
async def test_what_the_vendor_began_comes_back_at_the_next_call(
    connections, recording, services, admin, ada, clock, verb
):
    begun = Outcome.in_progress(JOB, retry_after_s=600)
    recording.told[verb] = [answering(Export(outcome=begun) if verb is Verb.EXPORT else begun)]
    if verb is Verb.SHARE:
        async with access_for(services, admin) as access:
            await bring_in_line(access, [ada.member_id])
    else:
        await owe(services, admin, ada, verb)
    await connections.work()
    clock.advance(timedelta(seconds=600))
    await connections.work()
    calls = [call for call in recording.heard if call.verb is verb]
    assert [call.continuation for call in calls] == [None, Continuation(external_ref=JOB)]
    assert len({call.obligation_id for call in calls}) == 1


@pytest.mark.usefixtures("connected")
async def test_each_obligation_has_its_own(connections, recording, services, admin, ada):
    recording.told[Verb.EXPORT] = [answering(Export(outcome=Outcome.in_progress(JOB)))]
    await owe(services, admin, ada, Verb.EXPORT)
    await connections.work()
    await owe(services, admin, ada, Verb.CORRECT)
    await connections.work()
    assert [(call.verb, call.continuation) for call in recording.heard] == [(Verb.EXPORT, None), (Verb.CORRECT, None)]


@pytest.mark.usefixtures("connected")
async def test_the_vendors_own_name_for_the_person_comes_with_it(connections, recording, services, admin, ada, clock):
    def begin(share):
        subject_id = share.records[0].subject.id
        return Outcome.in_progress(JOB, known_as=(KnownAs(subject_id=subject_id, name="contact-4711"),))

    recording.told[Verb.SHARE] = [begin]
    async with access_for(services, admin) as access:
        await bring_in_line(access, [ada.member_id])
    await connections.work()
    clock.advance(timedelta(hours=1))
    await connections.work()
    subjects = [call.argument.records[0].subject for call in recording.heard]
    assert [subject.known_as for subject in subjects] == [None, "contact-4711"]


@pytest.mark.usefixtures("connected")
async def test_an_export_names_nobody_whom_it_is_not_about(connections, recording, services, admin, ada, owner):
    known = (KnownAs(subject_id="somebody-else", name="contact-1"),)
    recording.told[Verb.EXPORT] = [answering(Export(outcome=Outcome.in_progress(JOB, known_as=known)))]
    await owe(services, admin, ada, Verb.EXPORT)
    await connections.work()
    assert await owner.fetchval("select count(*) from subject_link where known_as is not null") == 0


@pytest.mark.usefixtures("connected")
async def test_a_completed_continuation_reports_the_whole(connections, recording, services, admin, ada, clock):
    partly = Outcome.in_progress(JOB, records_affected=3).model_copy(update={"retained": (INVOICE,)})
    recording.told[Verb.ERASE] = [answering(partly), answering(Outcome.completed())]
    obligation_id = await owe(services, admin, ada, Verb.ERASE)
    await work_off(connections, services, admin, clock, obligation_id, 2)
    outcome = (await shown(services, admin, obligation_id)).outcome
    assert (outcome.status, outcome.records_affected) == ("completed", 3)
    assert [(each.category, each.reason) for each in outcome.retained] == [("user.financial", "an open invoice")]


@pytest.mark.usefixtures("connected")
async def test_what_the_last_answer_tells_counts(connections, recording, services, admin, ada, clock):
    done = Outcome.completed(5, retained=(INVOICE,))
    recording.told[Verb.ERASE] = [answering(Outcome.in_progress(JOB, records_affected=3)), answering(done)]
    obligation_id = await owe(services, admin, ada, Verb.ERASE)
    await work_off(connections, services, admin, clock, obligation_id, 2)
    outcome = (await shown(services, admin, obligation_id)).outcome
    assert (outcome.records_affected, len(outcome.retained)) == (5, 1)


@pytest.mark.usefixtures("connected")
async def test_an_outage_and_an_answer_without_a_reference_leave_it_and_a_failure_ends_it(
    connections, recording, services, admin, ada, clock
):
    failed = Outcome(status=OutcomeStatus.FAILED, reason=Reason.VENDOR_ERROR)
    told = (Outcome.in_progress(JOB), TemporarilyUnavailable("down"), Outcome.in_progress(), failed)
    recording.told[Verb.EXPORT] = [answering(each) for each in (Export(outcome=told[0]), told[1])]
    recording.told[Verb.EXPORT] += [answering(Export(outcome=each)) for each in told[2:]]
    obligation_id = await owe(services, admin, ada, Verb.EXPORT)
    await work_off(connections, services, admin, clock, obligation_id, 5)
    references = [call.continuation and call.continuation.external_ref for call in recording.heard]
    assert references == [None, JOB, JOB, JOB, None]


@pytest.mark.usefixtures("connected")
async def test_it_is_kept_encrypted(connections, recording, services, admin, ada, owner):
    recording.told[Verb.ERASE] = [answering(Outcome.in_progress(JOB))]
    await owe(services, admin, ada, Verb.ERASE)
    await connections.work()
    kept = await owner.fetchval("select continuation from obligation where continuation is not null")
    assert JOB.encode() not in kept
    assert JOB not in await owner.fetchval("select string_agg(obligation::text, '') from obligation")


@pytest.mark.usefixtures("connected")
@pytest.mark.parametrize("end", [None, Rejected("no"), "fatal"], ids=["completed", "refused", "given up"])
async def test_nothing_is_kept_of_what_has_ended(connections, recording, services, admin, ada, owner, clock, end):
    fatal = Outcome(status=OutcomeStatus.FAILED, reason=Reason.OTHER, external_ref=JOB, fatal=True)
    recording.told[Verb.ERASE] = [answering(Outcome.in_progress(JOB)), answering(fatal if end == "fatal" else end)]
    obligation_id = await owe(services, admin, ada, Verb.ERASE)
    await work_off(connections, services, admin, clock, obligation_id, 2)
    assert (await shown(services, admin, obligation_id)).state == ("completed" if end is None else "manual")
    assert await owner.fetchval("select count(*) from obligation where continuation is not null") == 0


@pytest.mark.usefixtures("connected")
@pytest.mark.parametrize(
    ("asked", "honoured"),
    [(0, 1), (0.25, 1), (1, 1), (7.5, 7.5), (259_200, 259_200), (259_201, 259_200), (1e300, 259_200)],
)
@pytest.mark.parametrize("is_begun", [True, False], ids=["in progress", "unavailable"])
async def test_a_wait_is_honoured_as_given_between_a_second_and_three_days(
    connections, recording, services, admin, ada, clock, asked, honoured, is_begun
):
    answer = Outcome.in_progress(retry_after_s=asked) if is_begun else TemporarilyUnavailable("", retry_after_s=asked)
    recording.told[Verb.ERASE] = [answering(TemporarilyUnavailable("down"))] * 4 + [answering(answer)]
    obligation_id = await owe(services, admin, ada, Verb.ERASE)
    await work_off(connections, services, admin, clock, obligation_id, 4)
    asked_at = clock.now()
    await connections.work()
    assert (await shown(services, admin, obligation_id)).next_at - asked_at == timedelta(seconds=honoured)
