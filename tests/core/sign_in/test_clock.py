"""Codes of an authenticator when a clock is wrong."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest


async def _first_step(browser, human):
    answer = await browser.post("/auth/sign-in", email=human.email, password=human.password)
    assert answer.json()["step"] == "totp"


def _code_at(human, clock, away=timedelta(0)) -> str:
    return pyotp.TOTP(human.secret).at(clock.now() + away)


async def test_clock_put_back_after_a_sign_in_is_told_and_a_recovery_code_works(ann, open_browser, clock):
    await ann.sign_in(open_browser())
    clock.advance(-timedelta(hours=1))
    browser = open_browser()
    await _first_step(browser, ann)
    refused = await browser.post("/auth/second-step", code=_code_at(ann, clock))
    assert (refused.status_code, refused.json()["code"]) == (401, "LATER_CODE_USED")
    assert "about 60 minutes" in refused.json()["message"]
    assert "recovery code" in refused.json()["message"]
    assert (await browser.post("/auth/second-step", code=ann.recovery_codes[0])).json()["step"] == "done"


async def test_codes_work_again_when_the_clock_has_caught_up_and_none_works_twice(ann, open_browser, clock):
    used = ann.code()
    browser = open_browser()
    await _first_step(browser, ann)
    assert (await browser.post("/auth/second-step", code=used)).status_code == 200
    clock.advance(-timedelta(hours=1))
    clock.advance(timedelta(hours=1))
    again = open_browser()
    await _first_step(again, ann)
    assert (await again.post("/auth/second-step", code=used)).json()["code"] == "WRONG_CODE"
    clock.advance(timedelta(seconds=30))
    assert (await again.post("/auth/second-step", code=_code_at(ann, clock))).status_code == 200


async def test_another_authenticator_set_up_after_a_recovery_code_works_at_once(ann, open_browser, clock):
    clock.advance(-timedelta(hours=1))
    browser = open_browser()
    await _first_step(browser, ann)
    await browser.post("/auth/second-step", code=ann.recovery_codes[0])
    ann.secret = (await browser.post("/auth/enrol-second-factor")).json()["secret"]
    assert (await browser.post("/auth/enrol-second-factor/confirm", code=_code_at(ann, clock))).status_code == 200
    clock.advance(timedelta(seconds=30))
    assert (await browser.post("/auth/step-up", code=_code_at(ann, clock))).status_code == 200


async def test_authenticator_whose_clock_is_behind_is_told(ann, open_browser, clock):
    browser = open_browser()
    await _first_step(browser, ann)
    refused = await browser.post("/auth/second-step", code=_code_at(ann, clock, -timedelta(minutes=61)))
    assert (refused.status_code, refused.json()["code"]) == (401, "CLOCK_BEHIND")
    assert "about 61 minutes ago" in refused.json()["message"]


@pytest.mark.parametrize("away", [timedelta(minutes=2), timedelta(hours=1), -timedelta(hours=3)])
async def test_guess_learns_nothing_of_codes_to_come(ann, open_browser, clock, away):
    browser = open_browser()
    await _first_step(browser, ann)
    # By chance a code is one of the last two hours too, of which the owner of the secret may be told.
    codes = (_code_at(ann, clock, away + each * timedelta(seconds=30)) for each in range(8))
    passed = {_code_at(ann, clock, -each * timedelta(seconds=30)) for each in range(241)}
    refused = await browser.post("/auth/second-step", code=next(code for code in codes if code not in passed))
    assert (refused.status_code, refused.json()["code"]) == (401, "WRONG_CODE")
