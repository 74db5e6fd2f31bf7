"""What holds for every page of the console: they are found by links, and a new one needs no line here."""

import json
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.browser.console.conftest import HARBOUR, declared_pages, linked_pages
from tests.browser.console.looking import (
    axe_findings,
    keyboard_faults,
    look,
    plain_texts,
    sideways,
    sideways_in_large_text,
    small_targets,
    wrong_title,
)

PSEUDO = "?lang=ar-XB"
NOT_THERE = "There is no such page"
NOT_IN_THE_DEMONSTRATION = {"integrations/$id", "sign-in/$id"}
"""Pages of objects that the demonstration's organisation does not have: their own tests make one."""


def without_rows(value: Any) -> Any:
    """An answer of the API with no row in any list."""
    if isinstance(value, list):
        return [without_rows(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {key: [] if key == "edges" else without_rows(one) for key, one in value.items()}


def answer_nothing(_route: Route) -> None:
    """Leave a request waiting."""


def answer_fault(route: Route) -> None:
    route.fulfill(status=500, body="{}", content_type="application/json", headers={"X-Request-Id": "request-1"})


def answer_empty(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=json.dumps(without_rows(answer.json())))


STATES = {"loading": answer_nothing, "failed": answer_fault, "empty": answer_empty}


def faults_by_page(addresses, visit, find, suffix="", state=None, **options):
    """What is wrong on each page; empty where nothing is."""
    console = visit(**options)
    if state:
        console.context.route("**/graphql", STATES[state])
    found = {}
    for pattern, address in addresses.items():
        if state == "loading":
            console.page.goto(f"{console.origin}{address}{suffix}")
            console.page.locator("#main h1, #main [role=status]").first.wait_for()
        else:
            console.open(address + suffix)
        if faults := find(console.page):
            found[pattern] = faults
    return found


def test_links_lead_to_every_page_of_which_the_demonstration_has_an_object(addresses):
    assert declared_pages() - set(addresses) == NOT_IN_THE_DEMONSTRATION


@pytest.mark.parametrize(("scheme", "suffix"), [("light", ""), ("dark", ""), ("light", PSEUDO), ("dark", PSEUDO)])
def test_no_page_has_an_axe_finding(addresses, visit, scheme, suffix):
    assert faults_by_page(addresses, visit, axe_findings, suffix, color_scheme=scheme) == {}


@pytest.mark.parametrize("state", STATES)
def test_no_state_has_an_axe_finding(addresses, visit, state):
    assert faults_by_page(addresses, visit, axe_findings, state=state) == {}


def test_planted_faults_are_found(visit):
    page = visit().open(f"{HARBOUR}/members")
    assert [axe_findings(page), small_targets(page), sideways(page)] == [[], [], []]
    look(page, "plantFaults")
    assert any(finding.startswith("image-alt") for finding in axe_findings(page))
    assert len(small_targets(page)) == 1
    assert sideways(page) != []
    assert any("no ring" in fault for fault in keyboard_faults(page))


def test_every_page_is_gone_through_by_keyboard(addresses, visit):
    assert faults_by_page(addresses, visit, keyboard_faults) == {}


def test_targets_are_large_enough(addresses, visit):
    assert faults_by_page(addresses, visit, small_targets) == {}


@pytest.mark.parametrize("suffix", ["", PSEUDO])
def test_narrow_pages_do_not_scroll_sideways(addresses, visit, suffix):
    narrow = {"width": 320, "height": 700}
    assert faults_by_page(addresses, visit, sideways, suffix, viewport=narrow) == {}


def test_text_of_twice_the_size_fits(addresses, visit):
    window = {"width": 640, "height": 700}
    assert faults_by_page(addresses, visit, sideways_in_large_text, viewport=window) == {}


def test_pseudo_locale_leaves_nothing_untranslated(addresses, visit):
    assert faults_by_page(addresses, visit, plain_texts, PSEUDO) == {}


def test_one_request_leads_to_the_first_rows(addresses, visit):
    console = visit()
    asked = {}
    for pattern, address in addresses.items():
        before = console.asked()
        console.open(address)
        asked[pattern] = console.asked() - before
    assert asked == dict.fromkeys(addresses, 1)


def test_pages_violate_no_policy_and_ask_nobody_else(addresses, visit):
    console = visit()
    for address in addresses.values():
        console.open(address)
    assert console.watch.complaints == []
    assert console.watch.origins() == {console.origin}


def test_titles_name_each_page(addresses, visit):
    assert faults_by_page(addresses, visit, wrong_title) == {}


@pytest.mark.parametrize("role", ["org admin", "group admin", "member"])
def test_page_to_which_nothing_leads_somebody_reads_like_an_unknown_one(addresses, visit, role):
    console = visit(role)
    own = linked_pages(console)
    for pattern in set(addresses) - set(own):
        page = console.open(addresses[pattern])
        expect(page.get_by_role("heading", level=1), pattern).to_have_text(NOT_THERE)


def test_unknown_address_says_so(visit):
    page = visit().open(f"{HARBOUR}/no-such-page")
    expect(page.get_by_role("heading", level=1)).to_have_text(NOT_THERE)


def test_organisation_of_others_reads_like_an_unknown_page(visit):
    page = visit().open("/console/o/orchard/members")
    expect(page.get_by_role("heading", level=1)).to_have_text(NOT_THERE)
