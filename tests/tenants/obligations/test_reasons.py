"""Why a call did not do what was asked reaches the administrator in words, and is about what it is about."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import access_for, make_member
from tests.fakes.dav_server import running_dav_server
from wardship.plugins.api import (
    Outcome,
    OutcomeStatus,
    Reason,
    Rejected,
    Retained,
    TemporarilyUnavailable,
    Verb,
)
from wardship.plugins.host.reply import Fault
from wardship.tenants.installations.problems import PROBLEMS, problem_of
from wardship.tenants.obligations.by_hand import complete_manual_task
from wardship.tenants.obligations.for_member import bring_in_line, enqueue_for_member
from wardship.tenants.obligations.read import ObligationRecord, list_obligations
from wardship.tenants.paging import PageRequest
from wardship.tenants.tasks.tasks import list_tasks


async def shown(services, admin, verb: Verb) -> list[ObligationRecord]:
    async with access_for(services, admin) as access:
        return [each for each in (await list_obligations(access, PageRequest(50))).items if each.verb is verb]


async def owe(services, admin, member, verb: Verb):
    async with access_for(services, admin) as access:
        await enqueue_for_member(access, member.member_id, verb)


@pytest.mark.usefixtures("ada")
async def test_a_card_that_is_forbidden_stops_no_other(connections, services, admin, database, acme):
    with running_dav_server("address_book") as dav:
        installation = await connections.connect("address_book", settings=dav.public_settings | dav.secrets)
        dav.refuses, held = "Grace", len(dav.entries)
        people = [await make_member(database, acme, first_name=name) for name in ("Grace", "Edith", "Mary")]
        async with access_for(services, admin) as access:
            await bring_in_line(access, [person.member_id for person in people])
        await connections.work()
        assert len(dav.entries) == held + 2
    after = await connections.read(installation.id)
    assert (after.state_reason == "delivery_failed:rejected") or after.state == "active"
    refused = [each for each in await shown(services, admin, Verb.SHARE) if each.outcome.detail]
    assert [(each.member_id, each.state, each.outcome.code) for each in refused] == [
        (people[0].member_id, "failed", "rejected")
    ]
    assert "need privileges" in refused[0].outcome.detail


@pytest.mark.usefixtures("ada")
async def test_a_pace_harms_nobody_and_is_said(connections, services, admin, clock, database, acme):
    with running_dav_server("address_book") as dav:
        installation = await connections.connect("address_book", settings=dav.public_settings | dav.secrets)
        dav.per_method["PUT"] = 429
        person = await make_member(database, acme, first_name="Grace")
        async with access_for(services, admin) as access:
            await bring_in_line(access, [person.member_id])
        for _ in range(8):
            await connections.work()
            clock.advance(timedelta(seconds=61))
        (owed,) = [each for each in await shown(services, admin, Verb.SHARE) if each.member_id == person.member_id]
        assert (owed.state, owed.failures, owed.outcome.code) == ("pending", 0, "rate_limited")
        assert owed.outcome.detail == "the vendor asks for a slower pace (HTTP 429)"
        assert (await connections.read(installation.id)).state == "active"
        dav.per_method.clear()
        await connections.work()
        (owed,) = [each for each in await shown(services, admin, Verb.SHARE) if each.member_id == person.member_id]
        assert (owed.state, owed.outcome.detail) == ("completed", "")


async def test_a_vendors_reason_is_shown_without_addresses_until_what_was_owed_is_done(
    connections, recording, services, admin, ada, owner
):
    await connections.connect()

    def refuse(_: object) -> Outcome:
        raise Rejected("an invoice is open: ask other@vendor.example, +49 30 901820")

    recording.always[Verb.ERASE] = refuse
    await owe(services, admin, ada, Verb.ERASE)
    await connections.work()
    (owed,) = await shown(services, admin, Verb.ERASE)
    assert owed.outcome.detail == "an invoice is open: ask [cut] [cut]"
    async with access_for(services, admin) as access:
        (task,) = (await list_tasks(access, PageRequest(10))).items
        await complete_manual_task(access, task.id, "done there")
    (owed,) = await shown(services, admin, Verb.ERASE)
    assert (owed.state, owed.outcome.detail) == ("completed", "")
    assert "invoice" not in await owner.fetchval("select string_agg(obligation::text, '') from obligation")


@pytest.mark.parametrize("kind", ["rejected", "unavailable", "denied", "failed", "manual"])
async def test_whatever_the_end_the_vendors_reason_is_shown_without_what_must_not_be(
    connections, recording, services, admin, ada, owner, kind
):
    await connections.connect()
    said = "see /people?mail=ada%40example.org&token=t0ps3cret (Bearer abcdef.123): the archive of Lovelace is locked"
    ends = {
        "rejected": Rejected(said),
        "unavailable": TemporarilyUnavailable(said),
        "denied": Outcome(status=OutcomeStatus.DENIED, reason=Reason.LEGAL_HOLD, detail=said),
        "failed": Outcome(status=OutcomeStatus.FAILED, reason=Reason.VENDOR_ERROR, detail=said),
        "manual": Outcome.manual(said),
    }

    def end(_: object) -> Outcome:
        if isinstance(ends[kind], Exception):
            raise ends[kind]
        return ends[kind]

    recording.always[Verb.CORRECT] = end
    await owe(services, admin, ada, Verb.CORRECT)
    await connections.work()
    (owed,) = await shown(services, admin, Verb.CORRECT)
    assert owed.outcome.detail == (
        "see /people?mail=[cut]&token=[redacted] (Bearer [redacted]): the archive of [cut] is locked"
    )
    kept = await owner.fetchval("select string_agg(obligation::text, '') from obligation")
    assert not [told for told in ("ada%40", "t0ps3cret", "abcdef.123", "Lovelace") if told in kept]


async def test_why_something_stays_names_nobody(connections, recording, services, admin, ada, owner):
    await connections.connect()
    stays = Retained(category="user.financial", reason="invoices of Ada Lovelace", legal_basis="asked by Lovelace")
    recording.told[Verb.CORRECT] = [lambda _: Outcome.completed(1, retained=(stays,))]
    await owe(services, admin, ada, Verb.CORRECT)
    await connections.work()
    (owed,) = await shown(services, admin, Verb.CORRECT)
    assert [(each.reason, each.legal_basis) for each in owed.outcome.retained] == [
        ("invoices of [cut] [cut]", "asked by [cut]")
    ]
    assert "Lovelace" not in await owner.fetchval("select string_agg(obligation::text, '') from obligation")


async def test_a_reason_goes_when_the_next_try_succeeds(connections, recording, services, admin, ada, clock):
    await connections.connect()

    def busy(_: object) -> Outcome:
        raise TemporarilyUnavailable("the mail room is closed")

    recording.told[Verb.ERASE] = [busy]
    await owe(services, admin, ada, Verb.ERASE)
    await connections.work()
    (owed,) = await shown(services, admin, Verb.ERASE)
    assert (owed.state, owed.outcome.detail) == ("pending", "the mail room is closed")
    clock.advance(owed.next_at - clock.now())
    await connections.work()
    (owed,) = await shown(services, admin, Verb.ERASE)
    assert (owed.state, owed.outcome.detail) == ("completed", "")


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault not in {Fault.BREAKER_OPEN, Fault.BUSY}])
def test_every_fault_of_an_installation_has_words(fault):
    assert problem_of(fault.value) == PROBLEMS[fault.value]
    assert problem_of(f"delivery_failed:{fault.value}").endswith(PROBLEMS[fault.value])


@pytest.mark.parametrize("reason", ["", "probed"])
def test_a_state_that_is_no_problem_has_no_words(reason):
    assert problem_of(reason) == ""
