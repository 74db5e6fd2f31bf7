"""Who is told how a request goes on and ends: decisions of the privacy team, what waits, what was done, the proof."""

from __future__ import annotations

import re
from datetime import timedelta

import asyncpg
import pytest

from tests.connecting import Connections
from tests.fakes.recorder import Recorder
from tests.fixed_clock import FixedClock
from tests.requesting import Firm
from tests.tenants.fulfilment.test_customers import EMAIL, Customer, approve, cleo, commit
from tests.tenants.fulfilment.test_customers import team as officer
from tests.tenants.requests.test_email_correction import NEW, prove
from tests.tenants.telling.postman import Postman, tells
from tests.tenants.telling.staff import deciders
from wardship.core.actor import Actor
from wardship.plugins.api import Outcome, Verb
from wardship.tenants.access import Services
from wardship.tenants.certificates.issue import certificate_of_reference
from wardship.tenants.fulfilment.due import do_due_requests
from wardship.tenants.members.membership import deactivate_member, reactivate_member
from wardship.tenants.organisations.update import update_settings
from wardship.tenants.requests.erasures import cancel_erasure
from wardship.tenants.requests.notices import (
    CERTIFICATE_ISSUED,
    CLOSED,
    DECIDED,
    ERASURE_DONE,
    EXPORT_READY,
    FULFILMENT_WAITS,
    PARTLY_DONE,
    PRIVACY_TEAM_DECIDED,
    RIGHT_DONE,
    TO_COMMIT,
    WITHDRAWN,
)
from wardship.tenants.requests.states import RightKind, RightState
from wardship.tenants.requests.submit import RequestedRight, submit_request
from wardship.tenants.requests.withdraw import withdraw_request

__all__ = ["cleo", "officer"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("elsewhere", "team")]
ACCESS, ERASURE, DEACTIVATION = RightKind.ACCESS, RightKind.ERASURE, RightKind.DEACTIVATION
DAY = timedelta(days=1)


async def test_refusal_and_denial_name_whom_the_organisation_lets_people_turn_to_now(firm: Firm, postman: Postman):
    submitted = await firm.submit(ACCESS, ERASURE)
    await postman.forget()
    await firm.refuse(submitted, ACCESS)
    async with firm.access(firm.owner) as access:
        await update_settings(access, {"grievance_contact": "Gus <gus@example.org>"})
    await firm.deny(submitted, ACCESS)
    await firm.approve(submitted, ERASURE)
    mails = {mail.subject.partition(": ")[2]: mail.body for mail in await postman.mails(DECIDED)}
    assert len(mails) == 3
    named = {subject for subject, body in mails.items() if "if you do not agree: Gus <gus@example.org>" in body}
    assert named == {"Access refused by the administrator, now with the privacy team", "Access denied"}


@tells(PRIVACY_TEAM_DECIDED)
async def test_those_who_decide_are_told_what_the_privacy_team_decided(firm: Firm, postman: Postman):
    submitted = await firm.submit(ACCESS, ERASURE)
    await firm.refuse(submitted, ACCESS)
    await firm.deny(submitted, ACCESS)
    mails = await postman.mails(PRIVACY_TEAM_DECIDED)
    assert sorted(mail.recipient for mail in mails) == deciders(firm)
    assert all("The privacy team has denied a right" in mail.subject for mail in mails)
    assert all("No." not in mail.body and "Ada" not in mail.body for mail in mails), "the reason is behind the link"


@tells(TO_COMMIT)
async def test_the_others_who_decide_are_told_that_an_erasure_waits_to_be_committed(firm: Firm, postman: Postman):
    submitted = await firm.submit(ERASURE)
    await firm.approve(submitted, ERASURE, firm.admin)
    mails = await postman.mails(TO_COMMIT)
    assert sorted(mail.recipient for mail in mails) == sorted([firm.owner.email, firm.officer.email])
    assert all("Ada" not in mail.body for mail in mails)


async def test_privacy_team_is_told_that_an_erasure_it_approved_waits_to_be_committed(
    firm: Firm, postman: Postman, team: list[str]
):
    submitted = await firm.submit(ERASURE, who=firm.owner)
    await firm.approve(submitted, ERASURE, firm.privacy_team)
    assert await postman.readers(TO_COMMIT) == team


@tells(WITHDRAWN)
@pytest.mark.parametrize("kind", [ACCESS, ERASURE])
async def test_those_who_decide_are_told_that_the_person_takes_a_request_back(
    firm: Firm, postman: Postman, kind: RightKind
):
    submitted = await (firm.scheduled() if kind is ERASURE else firm.submit(kind))
    right = await firm.right(submitted, kind)
    async with firm.access(firm.member) as access:
        if kind is ERASURE:
            await cancel_erasure(access, right.id)
        else:
            await withdraw_request(access, submitted.request.id)
    mails = await postman.mails(WITHDRAWN)
    assert sorted(mail.recipient for mail in mails) == deciders(firm)
    assert all(f"The person took it back: {kind}" in mail.body for mail in mails)
    assert await postman.mails(CLOSED) == []


async def test_privacy_team_is_told_of_what_is_taken_back_from_it_and_nobody_of_what_was_never_shown(
    firm: Firm, postman: Postman, team: list[str]
):
    submitted = await firm.submit(ACCESS, who=firm.owner)
    async with firm.access(firm.owner) as access:
        await withdraw_request(access, submitted.request.id)
    async with firm.access(firm.member, stepped_up=False) as access:
        unproven = await submit_request(access, [RequestedRight(ACCESS)])
        await withdraw_request(access, unproven.request.id)
    assert await postman.readers(WITHDRAWN) == team


async def test_who_is_back_and_those_who_decide_are_told_that_the_erasure_is_not_done(
    firm: Firm, postman: Postman, clock: FixedClock
):
    async with firm.access(firm.admin) as access:
        await deactivate_member(access, firm.member.member_id)
    for _ in range(90):
        clock.advance(DAY)
        await firm.run()
    async with firm.access(firm.admin) as access:
        await reactivate_member(access, firm.member.member_id)
    for _ in range(2):
        await firm.run()
    (mail,) = await postman.mails(CLOSED)
    assert (mail.recipient, "your data is not erased" in mail.body) == (firm.member.email, True)
    assert await postman.readers(WITHDRAWN) == deciders(firm)


@tells(FULFILMENT_WAITS)
async def test_those_with_whom_it_is_are_told_once_that_an_approved_right_waits(
    firm: Firm, postman: Postman, clock: FixedClock, team: list[str]
):
    submitted = await firm.submit(DEACTIVATION, who=firm.owner)
    await firm.approve(submitted, DEACTIVATION, firm.privacy_team)
    for _ in range(3):
        await firm.run()
        clock.advance(DAY)
    mails = await postman.mails(FULFILMENT_WAITS)
    assert sorted(mail.recipient for mail in mails) == team
    assert all("Nobody else could administer the organisation" in mail.body for mail in mails)


@tells(RIGHT_DONE)
@tells(CERTIFICATE_ISSUED)
async def test_person_is_told_what_was_done_and_next_morning_of_the_proof(firm: Firm, postman: Postman):
    async with firm.access(firm.member) as access:
        wanted = RequestedRight(RightKind.CORRECTION, {"fields": {"last_name": "King"}})
        submitted = await submit_request(access, [wanted])
    await firm.approve(submitted, RightKind.CORRECTION)
    for _ in range(2):
        await firm.run()
    (done,) = await postman.mails(RIGHT_DONE)
    assert done.recipient == firm.member.email
    assert done.subject == "Your request about your data was carried out: Correction"
    assert "Your data was corrected as it was agreed" in done.body
    assert "King" not in done.body
    (issued,) = await postman.mails(CERTIFICATE_ISSUED)
    assert issued.recipient == firm.member.email
    assert "Your request of 2026-11-21" in issued.body
    assert "wardship certificate verify FILE --keys KEYS" in issued.body
    assert submitted.reference not in issued.body, "it is told once"
    assert await postman.mails(PARTLY_DONE) == []
    async with firm.services.database.directory(read_only=True) as transaction:
        assert await certificate_of_reference(transaction, submitted.reference)


@pytest.mark.parametrize("kind", [RightKind.RESTRICTION, DEACTIVATION, RightKind.OBJECTION])
async def test_each_right_that_is_done_is_told_in_its_own_words(firm: Firm, postman: Postman, kind: RightKind):
    details = {"purpose": "marketing"} if kind is RightKind.OBJECTION else {}
    async with firm.access(firm.member) as access:
        submitted = await submit_request(access, [RequestedRight(kind, details)])
    await firm.approve(submitted, kind)
    await firm.run()
    (mail,) = await postman.mails(RIGHT_DONE)
    assert mail.recipient == firm.member.email
    assert mail.subject.endswith(kind.capitalize())


async def test_copy_that_is_ready_is_told_as_such_alone(firm: Firm, postman: Postman):
    submitted = await firm.submit(ACCESS)
    await firm.approve(submitted, ACCESS)
    await firm.run()
    assert await postman.readers(EXPORT_READY) == [firm.member.email]
    assert await postman.mails(RIGHT_DONE) == []


@tells(PARTLY_DONE)
async def test_what_a_recipient_did_not_do_is_told_to_the_person_by_name_and_to_those_who_decide_by_number(
    firm: Firm, postman: Postman, recording: Recorder, clock: FixedClock, owner: asyncpg.Connection
):
    connections = Connections(firm.services, firm.admin)
    await connections.connect("recorder")
    submitted = await firm.submit(ACCESS)
    await firm.approve(submitted, ACCESS)
    recording.always[Verb.EXPORT] = lambda _: Outcome(status="denied", reason="legal_hold")
    await firm.run()
    (early,) = await postman.mails(EXPORT_READY)
    assert "handed nothing out" not in early.body
    await connections.work()
    failed = """update obligation set state = 'failed', ended_at = $1,
        outcome = '{"status": "denied", "code": "legal_hold"}' where verb = 'export'"""
    await owner.execute(failed, clock.now())
    await firm.run()
    _, mail = await postman.mails(EXPORT_READY)
    assert mail.recipient == firm.member.email
    assert "handed nothing out, or not all: Recorder Ltd." in mail.body
    mails = await postman.mails(PARTLY_DONE)
    assert sorted(mail.recipient for mail in mails) == deciders(firm)
    assert all("at one recipient" in mail.body for mail in mails)


async def test_address_that_could_not_be_corrected_is_told(firm: Firm, postman: Postman, owner: asyncpg.Connection):
    await prove(owner, firm.member)
    async with firm.access(firm.member) as access:
        wanted = RequestedRight(RightKind.CORRECTION, {"fields": {"email": NEW}})
        submitted = await submit_request(access, [wanted])
    await firm.approve(submitted, RightKind.CORRECTION)
    await owner.execute("delete from account_email where address = $1", NEW)
    await firm.run()
    (mail,) = await postman.mails(RIGHT_DONE)
    assert "An address was not corrected" in mail.body
    assert NEW not in mail.body
    assert await postman.readers(PARTLY_DONE) == deciders(firm)


@tells(ERASURE_DONE)
async def test_last_letter_reaches_the_address_that_was_erased_and_its_reference_opens_the_proof(
    firm: Firm, postman: Postman, clock: FixedClock, owner: asyncpg.Connection
):
    submitted = await firm.scheduled()
    await postman.forget()
    clock.advance(timedelta(days=14))
    await firm.run()
    assert (await firm.states(submitted))[ERASURE] is RightState.FULFILLED
    assert await owner.fetchval("select count(*) from account_email where address = $1", firm.member.email) == 0
    (mail,) = await postman.mails(ERASURE_DONE)
    assert (mail.recipient, mail.subject) == (firm.member.email, f"Your data at {firm.organisation.name} was erased")
    assert "erased on 2026-12-05" in mail.body
    assert submitted.reference not in mail.body
    assert [item.recipient for item in await postman.everything() if item.recipient == firm.member.email] == [
        firm.member.email
    ], "no other mail follows"
    assert await owner.fetchval("select count(*) from outgoing_mail") == 0, "the address goes once it is sent"
    assert await owner.fetchval("select count(*) from notice where member_id = $1", firm.member.member_id) == 0
    async with firm.services.database.directory(read_only=True) as transaction:
        assert await certificate_of_reference(transaction, submitted.reference)


async def test_last_letter_says_how_many_recipients_were_told_to_erase_and_that_the_proof_follows(
    firm: Firm, postman: Postman, clock: FixedClock, recording: Recorder
):
    connections = Connections(firm.services, firm.admin)
    await connections.connect("recorder")
    await firm.scheduled()
    clock.advance(timedelta(days=14))
    await firm.run()
    (mail,) = await postman.mails(ERASURE_DONE)
    assert "and one recipient that had received it was told to erase it too." in mail.body
    assert "The signed proof is issued as soon as all have answered." in mail.body
    assert recording.held, "it has not answered yet"
    assert await postman.mails(CERTIFICATE_ISSUED) == []


async def test_erasure_that_fails_writes_no_letter(
    firm: Firm, postman: Postman, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
):
    submitted = await firm.scheduled()
    await postman.forget()
    clock.advance(timedelta(days=14))

    async def fail(*_arguments, **_values):
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr("wardship.tenants.fulfilment.carry_out.close_right", fail)
        await firm.run()
    assert await postman.everything() == []
    assert (await firm.states(submitted))[ERASURE] is RightState.SCHEDULED
    await firm.run()
    assert [mail.recipient for mail in await postman.mails(ERASURE_DONE)] == [firm.member.email]


async def test_who_is_erased_by_the_provider_is_written_to_as_well(
    services: Services, cleo: Customer, officer: Actor, postman: Postman, clock: FixedClock
):
    submitted = await cleo.ask(ERASURE)
    await approve(services, submitted, officer)
    await commit(services, submitted, officer)
    clock.advance(timedelta(days=14))
    await do_due_requests(services)
    assert await postman.readers(ERASURE_DONE) == [EMAIL]


async def test_who_is_erased_before_a_notice_is_mailed_leaves_nothing_of_it(
    firm: Firm, postman: Postman, clock: FixedClock, owner: asyncpg.Connection
):
    await firm.scheduled()
    async with firm.access(firm.member) as access:
        other = await submit_request(access, [RequestedRight(RightKind.RESTRICTION)])
    await firm.approve(other, RightKind.RESTRICTION, reason="Ada Lovelace may have it.")
    clock.advance(timedelta(days=14))
    await firm.run()
    mails = await postman.everything()
    assert [mail.subject for mail in mails if mail.recipient == firm.member.email] == [
        f"Your data at {firm.organisation.name} was erased"
    ]
    told = "select details::text as told from notice union all select details::text from account_notice"
    rows = await owner.fetch(told)
    assert all(not re.search("Ada|Lovelace|countess", row["told"]) for row in rows)
