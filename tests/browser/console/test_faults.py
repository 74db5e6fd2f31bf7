"""What goes wrong at an act: what was typed survives, the reason stands there, nothing is done twice, all ends well."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.console.faults import REQUEST_ID, offline, plant, refused, server_fault, session_over
from tests.browser.console.world import HARBOUR, World, call, world_in

SAID = "Somebody else has changed it since: look again."
OF_THE_OWNER = "{ requests(first: 50) { edges { node { id member { displayName } escalatedAt rights { state } } } } }"


@dataclass(frozen=True)
class Act:
    """One act of a page.

    Attributes:
        operation: the document that it sends.
        address: below the organisation.
        begin: opens its form.
        typed: what is typed, by the label of its field.
        button: sends it.
        done: what the page says then.
        count: how often it was done, as the API sees it.
        role: who does it.
    """

    operation: str
    address: str
    begin: Callable[[Page], None]
    typed: Mapping[str, str]
    button: str
    done: str
    count: Callable[[Page], int]
    role: str = "owner"
    repeated: str = field(default="")


def button(name: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("button", name=name).first.click()


def on_page(page: Page) -> None:
    """The form stands on the page itself."""


def edit_profile(page: Page) -> None:
    page.get_by_role("row", name="Ben Berth").click()
    page.get_by_role("button", name="More acts").click()
    page.get_by_role("menuitem", name="Change the profile").click()


def of_request(name: str, begin: Callable[[Page], None]) -> Callable[[Page], None]:
    def opening(page: Page) -> None:
        page.get_by_role("row", name=name).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Request from {name}")
        begin(page)

    return opening


def nodes(page: Page, selection: str, field: str) -> list[dict[str, Any]]:
    return [
        edge["node"]
        for edge in call(page, f"{{ {field}(first: 50) {{ edges {{ node {{ {selection} }} }} }} }}")[field]["edges"]
    ]


def counted(field: str, name: str, value: str) -> Callable[[Page], int]:
    return lambda page: [node[name] for node in nodes(page, name, field)].count(value)


def escalated(name: str) -> Callable[[Page], int]:
    def count(page: Page) -> int:
        found = nodes(page, "member { displayName } escalatedAt", "requests")
        return sum(node["escalatedAt"] is not None for node in found if node["member"]["displayName"] == name)

    return count


def organisation_named(name: str) -> Callable[[Page], int]:
    return lambda page: int(call(page, "{ organisation { name } }")["organisation"]["name"] == name)


def contact_named(contact: str) -> Callable[[Page], int]:
    document = "{ organisation { settings { grievanceContact } } }"
    return lambda page: int(call(page, document)["organisation"]["settings"]["grievanceContact"] == contact)


ACTS = {
    "invitation": Act(
        "Invite",
        "/members",
        button("Invite"),
        {"E-mail address": "new.person@harbour.example"},
        "Send the invitation",
        "new.person@harbour.example was invited",
        counted("invitations", "email", "new.person@harbour.example"),
    ),
    "group": Act(
        "ConsoleCreateGroup",
        "/groups",
        button("Make a group"),
        {"Name": "Harbour pilots", "What it is for": "Who brings ships in"},
        "Make the group",
        "Harbour pilots",
        counted("groups", "name", "Harbour pilots"),
    ),
    "domain": Act(
        "ConsoleClaimDomain",
        "/domains",
        button("Prove a domain"),
        {"Domain": "pilots.example"},
        "Get the record to place",
        "pilots.example",
        counted("domains", "name", "pilots.example"),
    ),
    "profile": Act(
        "ConsoleUpdateMember",
        "/members",
        edit_profile,
        {"Job title": "Crane driver"},
        "Change",
        "The profile is changed",
        counted("members", "jobTitle", "Crane driver"),
    ),
    "name": Act(
        "ConsoleRenameOrganisation",
        "/settings",
        on_page,
        {"Name of the organisation": "Harbour Pilots"},
        "Rename",
        "The organisation is called Harbour Pilots now.",
        organisation_named("Harbour Pilots"),
    ),
    "contact": Act(
        "ConsoleUpdateOrganisationSettings",
        "/settings",
        on_page,
        {"Whom a person turns to": "privacy@harbour.example"},
        "Save",
        "The contact and the promise were saved.",
        contact_named("privacy@harbour.example"),
    ),
    "refusal": Act(
        "RefuseRight",
        "/requests",
        of_request("Ben Berth", button("Refuse…")),
        {"Why, in words for the person": "We know of nothing."},
        "Refuse",
        "Refused: the privacy team decides next",
        escalated("Ben Berth"),
    ),
    "handing_over": Act(
        "HandOverRequest",
        "/requests",
        of_request("Tom Technical", button("Hand over…")),
        {"Why": "We can't decide it."},
        "Hand over",
        "Handed over: the provider's privacy team decides",
        escalated("Tom Technical"),
    ),
}
"""The acts of several pages that something is typed for."""


@pytest.fixture(scope="module")
def world(demonstration_data: Path, browser: Browser) -> Iterator[World]:
    with world_in(demonstration_data) as world:
        world.sign_in(browser, "owner", prepare=lambda page: world.enrol("owner", page))
        world.sign_in(browser, "member")
        yield world


def form_of(page: Page, act: Act) -> Locator:
    """The form that has the act's button."""
    first = next(iter(act.typed))
    return page.locator("form", has=page.get_by_role("textbox", name=first))


def send(page: Page, act: Act, *, again: bool = False) -> None:
    name = f"Try again: {act.button}" if again else act.button
    form_of(page, act).get_by_role("button", name=name, exact=True).click()


def require_kept(page: Page, act: Act) -> None:
    for label, text in act.typed.items():
        expect(form_of(page, act).get_by_role("textbox", name=label)).to_have_value(text)


@pytest.mark.parametrize("name", ACTS)
def test_act_survives_whatever_goes_wrong_and_is_done_once(browser, world, name):
    act = ACTS[name]
    with world.visit(browser, act.role, f"{HARBOUR}{act.address}") as page:
        planted = plant(page, act.operation, [offline, server_fault, refused("CONFLICT", SAID), session_over])
        page.route("**/auth/sign-in", lambda route: route.fulfill(json={"step": "done", "csrf_token": "t"}))
        act.begin(page)
        for label, text in act.typed.items():
            form_of(page, act).get_by_role("textbox", name=label).fill(text)
        before = act.count(page)
        send(page, act)
        expect(form_of(page, act).get_by_role("alert").last).to_contain_text("could not be reached")
        require_kept(page, act)
        send(page, act, again=True)
        expect(form_of(page, act).get_by_role("alert").last).to_contain_text("on our side")
        expect(form_of(page, act)).to_contain_text(REQUEST_ID)
        require_kept(page, act)
        send(page, act, again=True)
        expect(form_of(page, act)).to_contain_text(SAID)
        require_kept(page, act)
        assert act.count(page) == before == 0
        send(page, act)
        _sign_in_again(page)
        expect(page.locator("#main")).to_contain_text(act.done)
        assert act.count(page) == 1
        assert planted.sent == 5


def _sign_in_again(page: Page) -> None:
    over = page.get_by_role("dialog", name="Sign in again")
    over.get_by_label("E-mail address").fill("olivia@harbour.example")
    over.get_by_label("Password").fill("a password")
    over.get_by_role("button", name="Sign in", exact=True).click()
    expect(over).to_have_count(0)
