"""An account's own log: what happened to it, for its owner."""

from __future__ import annotations

from datetime import timedelta

import pytest

from wardship.core.accounts.events import (
    DESCRIPTIONS,
    KEPT,
    EventKind,
    Origin,
    record_account_event,
    sweep_account_events,
)

NEW = "cobalt-heron-mosaic-quay"


async def _kinds(browser, **page) -> list[str]:
    answer = await browser.send("GET", "/auth/activity", params=page)
    assert answer.status_code == 200, answer.text
    return [event["kind"] for event in answer.json()["events"]]


async def test_owner_reads_what_happened_to_the_account(browser, ann, open_browser):
    other = open_browser()
    await ann.sign_in(other)
    await browser.post("/auth/step-up", code=ann.code())
    await browser.post("/auth/recovery-codes")
    await browser.post("/auth/password/change", current_password=ann.password, new_password=NEW)
    await browser.send("DELETE", "/auth/sessions")
    assert await _kinds(browser) == [
        "other_sessions_ended",
        "password_changed",
        "recovery_codes_renewed",
        "stepped_up",
        "signed_in",
        "signed_in",
        "second_factor_set_up",
        "registered",
    ]
    (event, *_) = (await browser.get("/auth/activity")).json()["events"]
    assert (event["network"], event["organisation"]) == ("203.0.113.0/24", "")


async def test_refused_code_is_written_although_its_transaction_is_undone(browser, ann, open_browser):
    thief = open_browser("198.51.100.4")
    await thief.post("/auth/sign-in", email=ann.email, password=ann.password)
    assert (await thief.post("/auth/second-step", code="000000")).status_code == 401
    await thief.post("/auth/password/forgot", email=ann.email)
    assert (await _kinds(browser))[0] == "code_refused"
    (event, *_) = (await browser.get("/auth/activity")).json()["events"]
    assert event["network"] == "198.51.100.0/24"


async def test_sign_in_from_a_new_device_is_told_and_from_a_known_one_is_not(ann, open_browser, deployed):
    await ann.sign_in(open_browser())
    assert "new device" not in " ".join(subject for subject, _ in await deployed.mails(ann.email))
    stranger = open_browser("198.51.100.4", **{"User-Agent": "Another/1.0"})
    await ann.sign_in(stranger)
    assert (await deployed.mails(ann.email))[-1][0] == "You signed in from a new device at Wardship"
    told = len(await deployed.mails(ann.email))
    await ann.sign_in(open_browser("198.51.100.4", **{"User-Agent": "Another/1.0"}))
    assert len(await deployed.mails(ann.email)) == told
    assert (await _kinds(stranger))[:2] == ["signed_in", "signed_in_from_new_device"]


async def test_log_is_paged(browser, ann, deployed, owner):
    account_id = await owner.fetchval("select id from account")
    async with deployed.database.directory() as transaction:
        for _ in range(5):
            await record_account_event(transaction, account_id, EventKind.STEPPED_UP, Origin(at=deployed.clock.now()))
    first = (await browser.send("GET", "/auth/activity", params={"first": 3})).json()
    second = (await browser.send("GET", "/auth/activity", params={"first": 3, "before": first["before"]})).json()
    rest = (await browser.send("GET", "/auth/activity", params={"first": 100, "before": second["before"]})).json()
    ids = [event["id"] for page in (first, second, rest) for event in page["events"]]
    assert len(ids) == len(set(ids)) == await owner.fetchval("select count(*) from account_event")
    assert rest["before"] is None
    assert ann.email


@pytest.mark.parametrize("first", ["0", "101", "many"])
async def test_page_has_bounds(browser, ann, first):
    refused = await browser.send("GET", "/auth/activity", params={"first": first})
    assert (refused.status_code, refused.json()["code"]) == (400, "INVALID_INPUT"), ann.email


async def test_nobody_reads_anothers_log(browser, ann, open_browser, enrol):
    other = open_browser("198.51.100.4")
    await enrol(other, "bob@example.org", "Bob")
    await browser.post("/auth/step-up", code=ann.code())
    assert "stepped_up" not in await _kinds(other)
    assert (await open_browser().get("/auth/activity")).status_code == 401


async def test_event_goes_after_a_year(browser, ann, deployed, owner):
    assert await _kinds(browser), ann.email
    deployed.clock.advance(KEPT)
    await sweep_account_events(deployed)
    assert await owner.fetchval("select count(*) from account_event") == 0


async def test_time_zone_is_set_by_its_owner(browser, ann, owner):
    done = await browser.post("/auth/time-zone", time_zone="Europe/Berlin")
    assert (done.status_code, done.json()) == (200, {"time_zone": "Europe/Berlin"}), ann.email
    refused = await browser.post("/auth/time-zone", time_zone="Berlin")
    assert (refused.status_code, refused.json()["code"]) == (400, "INVALID_TIME_ZONE")
    assert await owner.fetchval("select time_zone from account") == "Europe/Berlin"


def test_every_kind_is_described():
    assert set(DESCRIPTIONS) == set(EventKind)
    assert timedelta(days=366) == KEPT
