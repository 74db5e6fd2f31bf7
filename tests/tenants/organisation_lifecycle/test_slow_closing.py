"""An organisation whose end takes longer: recipients that are away, copies that were asked for, what is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import access_for, make_group, make_member
from tests.limiting import HOLD, LATER, kept, limitation
from tests.requesting import Firm
from tests.tenants.closing import (
    let_leave,
    pass_time,
    state_of,
    tables_with,
    work_off,
)
from tests.tenants.erasure.searching import found_in_tables
from wardship.plugins.api import Outcome, Verb
from wardship.tenants.content.share import create_post
from wardship.tenants.fulfilment.due import do_due_requests, erase_due_remainders
from wardship.tenants.fulfilment.remainders import erase_remainder
from wardship.tenants.organisation_lifecycle.clocks import follow_organisations
from wardship.tenants.requests.erasures import commit_erasure, preview_erasure, waive_cooling_off
from wardship.tenants.requests.records import Handler
from wardship.tenants.requests.states import RightKind, RightState

pytestmark = pytest.mark.anyio


async def test_own_data_goes_at_once_and_recipient_that_is_away_is_asked_until_it_has_erased(
    services, connections, recording, acme, ada, owner
):
    await connections.connect()
    recording.always[Verb.ERASE] = lambda _: Outcome.failed(retry_after_s=60)
    await let_leave(services, acme)
    await pass_time(services)
    await work_off(services)
    assert await state_of(owner, acme) == "closing"
    assert await tables_with(owner, ["Lovelace", "ada@example.org"]) <= {"account", "account_email", "outgoing_mail"}
    assert await owner.fetchval("select count(*) from obligation where sealed is not null") == 2
    recording.always.clear()
    recording.heard.clear()
    await pass_time(services, timedelta(hours=1))
    await work_off(services)
    erased = [item.argument for item in recording.heard if item.verb is Verb.ERASE]
    assert "ada@example.org" in {str(value.value) for subject in erased for value in subject.identifiers}
    assert (await state_of(owner, acme), recording.held) == ("closed", {})
    del ada


async def test_copy_that_was_asked_for_is_waited_for_and_handed_out(services, firm: Firm, owner):
    asked = await firm.submit(RightKind.ACCESS)
    await let_leave(services, firm.organisation)
    await pass_time(services)
    assert await state_of(owner, firm.organisation) == "leaving"
    right = await firm.right(asked, RightKind.ACCESS)
    assert (right.state, right.handler) == (RightState.WITH_PRIVACY_TEAM, Handler.PRIVACY_TEAM)
    await firm.approve(asked, RightKind.ACCESS, firm.privacy_team)
    await do_due_requests(services)
    await follow_organisations(services)
    assert await state_of(owner, firm.organisation) == "leaving", "the copy can still be fetched"
    expires_at = await owner.fetchval("select expires_at from export_file")
    await pass_time(services, expires_at - services.clock.now())
    assert await state_of(owner, firm.organisation) == "closed"


async def test_copy_that_nobody_decides_about_is_waited_for_30_days_at_most(services, firm: Firm, owner):
    await firm.submit(RightKind.ACCESS)
    await let_leave(services, firm.organisation)
    await pass_time(services)
    await pass_time(services, timedelta(days=30) - timedelta(seconds=1))
    assert await state_of(owner, firm.organisation) == "leaving"
    await pass_time(services, timedelta(seconds=1))
    assert await state_of(owner, firm.organisation) == "closed"


async def _kept(firm: Firm, *limitations):
    asked = await firm.submit(RightKind.ERASURE)
    await firm.approve(asked, RightKind.ERASURE, limitations=limitations)
    right_id = (await firm.right(asked, RightKind.ERASURE)).id
    async with firm.access(firm.officer) as access:
        preview = await preview_erasure(access, right_id)
        await commit_erasure(access, right_id, preview.digest)
    async with firm.access(firm.member) as access:
        await waive_cooling_off(access, right_id)
    await firm.run()


async def test_what_a_limitation_keeps_stays_until_its_time_is_over(services, firm: Firm, owner, database):
    colleague = await make_member(database, firm.organisation, name="Charles Babbage")
    group = await make_group(database, firm.organisation, "Team", firm.member, colleague)
    async with access_for(services, colleague) as access:
        about = await create_post(access, group, "Ada Lovelace signed the contract")
        other = await create_post(access, group, "The weather is fine")
    await _kept(firm, kept("user.content"))
    await let_leave(services, firm.organisation)
    await pass_time(services)
    assert await state_of(owner, firm.organisation) == "closing"
    posts = {row["id"] for row in await owner.fetch("select id from post")}
    assert posts == {about.id}, f"not {other.id}"
    assert await owner.fetchval("select body from post") == "Ada Lovelace signed the contract"
    assert "Charles" not in str(await owner.fetch("select * from member"))
    await pass_time(services, LATER - services.clock.now())
    await erase_due_remainders(services)
    await follow_organisations(services)
    assert await state_of(owner, firm.organisation) == "closed"
    assert await found_in_tables(owner, ["signed the contract"]) == []


async def test_privacy_team_decides_when_what_has_no_date_is_erased(services, firm: Firm, owner):
    await _kept(firm, limitation(HOLD, categories=("user.contact",)))
    await let_leave(services, firm.organisation)
    await pass_time(services)
    assert await state_of(owner, firm.organisation) == "closing"
    remainder_id = await owner.fetchval("select id from erasure_remainder")
    async with firm.access(firm.privacy_team) as access:
        await erase_remainder(access, remainder_id, "The case is closed.")
    await follow_organisations(services)
    assert await state_of(owner, firm.organisation) == "closed"
