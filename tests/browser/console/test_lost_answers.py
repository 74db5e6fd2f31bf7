"""An answer that is lost after the act: the page can't know that it was done, and who does it again does it once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.console.acts import ACTS, begin, form_of, require_kept, send
from tests.browser.console.faults import lost_answer, plant
from tests.browser.console.world import HARBOUR, World, world_in

TOLD = {"refusal"}
"""The page that watches is told that it was done: it takes the form away."""


@pytest.fixture(scope="module")
def world(demonstration_data: Path, browser: Browser) -> Iterator[World]:
    with world_in(demonstration_data) as world:
        world.sign_in(browser, "owner", prepare=lambda page: world.enrol("owner", page))
        world.sign_in(browser, "member")
        yield world


@pytest.mark.parametrize("name", sorted(set(ACTS) - TOLD))
def test_act_whose_answer_is_lost_is_done_once_though_it_is_sent_again(browser, world, name):
    act = ACTS[name]
    with world.visit(browser, act.role, f"{HARBOUR}{act.address}") as page:
        planted = plant(page, act.operation, [lost_answer])
        begin(page, act)
        send(page, act)
        expect(form_of(page, act).get_by_role("alert").last).to_contain_text("whether this was done can't be told")
        require_kept(page, act)
        assert act.count(page) == 1
        send(page, act, again=True)
        if act.again:
            expect(form_of(page, act)).to_contain_text(act.again)
            require_kept(page, act)
        else:
            expect(page.locator("body")).to_contain_text(act.done)
        assert act.count(page) == 1
        assert planted.sent == 2


@pytest.mark.parametrize("name", sorted(TOLD))
def test_act_whose_answer_is_lost_is_told_where_the_page_watches(browser, world, name):
    act = ACTS[name]
    with world.visit(browser, act.role, f"{HARBOUR}{act.address}") as page:
        planted = plant(page, act.operation, [lost_answer])
        begin(page, act)
        send(page, act)
        expect(form_of(page, act)).to_have_count(0)
        assert act.count(page) == planted.sent == 1
