"""What goes wrong between a page and the server: what was typed survives, and nothing is done twice."""

import json

import pytest
from playwright.sync_api import Route, expect

from tests.browser.console.conftest import HARBOUR

MEMBERS = f"{HARBOUR}/members"
ADDRESS = "somebody@harbour.example"
STEP_UP = {
    "code": "STEP_UP_REQUIRED",
    "message": "Show your second factor again.",
    "path": [],
    "__typename": "StepUpRequiredError",
}


def operation(route: Route) -> str:
    return json.loads(route.request.post_data or "{}").get("operationName", "")


def sent(console, name):
    """How often an operation was sent."""
    bodies = [json.loads(request.post_data or "{}") for request in console.requests()]
    return [body.get("operationName") for body in bodies].count(name)


def intercept(console, name, *answers):
    """Answer an operation in turn by these; then let it through."""
    waiting = list(answers)

    def handle(route: Route) -> None:
        if operation(route) == name and waiting:
            waiting.pop(0)(route)
        else:
            route.continue_()

    console.context.route("**/graphql", handle)


def fault(route: Route) -> None:
    route.fulfill(status=500, body="oops", headers={"X-Request-Id": "request-77"})


def offline(route: Route) -> None:
    route.abort("internetdisconnected")


def step_up(route: Route) -> None:
    payload = {"inviteMember": {"invitation": None, "errors": [STEP_UP], "__typename": "InvitationPayload"}}
    route.fulfill(json={"data": payload}, content_type="application/graphql-response+json")


def unauthenticated(route: Route) -> None:
    refusal = {"errors": [{"message": "Sign in.", "extensions": {"code": "NOT_AUTHENTICATED"}}]}
    route.fulfill(status=401, json=refusal, content_type="application/graphql-response+json")


def invite(page):
    page.keyboard.press("i")
    page.get_by_role("textbox", name="E-mail address").fill(ADDRESS)
    page.get_by_role("button", name="Send the invitation").click()


@pytest.mark.parametrize(("answer", "words"), [(fault, "on our side"), (offline, "could not be reached")])
def test_list_that_fails_says_why_and_is_asked_again_by_hand(visit, answer, words):
    console = visit()
    intercept(console, "MemberList", answer)
    page = console.open(MEMBERS)
    expect(page.get_by_role("alert")).to_contain_text(words)
    expect(page.get_by_role("heading", level=1)).to_have_text("Members")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("rowheader").first).to_be_visible()


def test_fault_tells_the_id_of_the_request(visit):
    console = visit()
    intercept(console, "MemberList", fault)
    expect(console.open(MEMBERS).get_by_role("alert")).to_contain_text("request-77")


@pytest.mark.parametrize("answer", [fault, offline])
def test_act_that_fails_keeps_what_was_typed_and_is_sent_again_by_hand_alone(visit, answer):
    console = visit()
    intercept(console, "Invite", answer, answer)
    page = console.open(MEMBERS)
    invite(page)
    again = page.get_by_role("button", name="Try again: Send the invitation")
    expect(again).to_be_visible()
    expect(page.get_by_role("textbox", name="E-mail address")).to_have_value(ADDRESS)
    assert sent(console, "Invite") == 1
    again.click()
    expect(again).to_be_enabled()
    assert sent(console, "Invite") == 2


def test_second_step_is_asked_in_place_and_the_same_is_sent_once_more(visit):
    console = visit()
    intercept(console, "Invite", step_up, step_up)
    console.context.route("**/auth/step-up", lambda route: route.fulfill(json={"step": "done", "csrf_token": "t"}))
    page = console.open(MEMBERS)
    invite(page)
    page.get_by_role("textbox", name="Code from your authenticator").fill("123456")
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_role("alert")).to_contain_text("Show your second factor again.")
    expect(page.get_by_role("textbox", name="E-mail address")).to_have_value(ADDRESS)
    assert sent(console, "Invite") == 2


def test_second_step_that_is_not_shown_leaves_everything_as_it_was(visit):
    console = visit()
    intercept(console, "Invite", step_up)
    page = console.open(MEMBERS)
    invite(page)
    page.get_by_role("dialog", name="Show that it is you").get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("textbox", name="E-mail address")).to_have_value(ADDRESS)
    assert sent(console, "Invite") == 1


def test_end_of_the_session_asks_to_sign_in_over_the_page_and_goes_on(visit):
    console = visit()
    intercept(console, "Invite", unauthenticated)
    page = console.open(MEMBERS)
    console.context.route("**/auth/sign-in", lambda route: route.fulfill(json={"step": "done", "csrf_token": "t"}))
    page.keyboard.press("i")
    address = "after.the.end@harbour.example"
    page.get_by_role("textbox", name="E-mail address").fill(address)
    page.get_by_role("button", name="Send the invitation").click()
    over = page.get_by_role("dialog", name="Sign in again")
    over.get_by_label("E-mail address").fill("olivia@harbour.example")
    over.get_by_label("Password").fill("a password")
    over.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator("#main [role=status]")).to_contain_text(address)
    assert sent(console, "Invite") == 2
