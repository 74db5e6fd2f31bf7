"""Acts of several pages, each with all that a test needs to do it in whatever goes wrong on the way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.console.world import call


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
        again: what is said to who does it once more, not knowing that it was done; empty where that changes nothing.
    """

    operation: str
    address: str
    begin: Callable[[Page], None]
    typed: Mapping[str, str]
    button: str
    done: str
    count: Callable[[Page], int]
    role: str = "owner"
    again: str = ""


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


def corrections(page: Page) -> int:
    """How many corrections the person asks for."""
    found = [right["kind"] for node in nodes(page, "rights { kind }", "myRequests") for right in node["rights"]]
    return found.count("CORRECTION")


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
        again="An invitation to this address is open",
    ),
    "group": Act(
        "ConsoleCreateGroup",
        "/groups",
        button("Make a group"),
        {"Name": "Harbour pilots", "What it is for": "Who brings ships in"},
        "Make the group",
        "Harbour pilots",
        counted("groups", "name", "Harbour pilots"),
        again="Another group has this name",
    ),
    "domain": Act(
        "ConsoleClaimDomain",
        "/domains",
        button("Prove a domain"),
        {"Domain": "pilots.example"},
        "Get the record to place",
        "pilots.example",
        counted("domains", "name", "pilots.example"),
        again="has claimed this domain already",
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
    "token": Act(
        "ConsoleCreateProvisioningToken",
        "/provisioning",
        button("Make a token"),
        {"Name": "Harbour directory"},
        "Make the token",
        "Give this token to your directory",
        counted("provisioningTokens", "name", "Harbour directory"),
        again="A token of this name is in use",
    ),
    "correction": Act(
        "Ask",
        "/me/ask?kind=CORRECTION",
        on_page,
        {"Right value": "Mia M. Member"},
        "Send",
        "on its way",
        corrections,
        role="member",
        again="An open request already asks for correction",
    ),
    "handing_over": Act(
        "HandOverRequest",
        "/requests",
        of_request("Tom Technical", button("Hand over…")),
        {"Why": "We can't decide it."},
        "Hand over",
        "Handed over: the provider's privacy team decides",
        escalated("Tom Technical"),
        again="The privacy team has to decide this",
    ),
}
"""The acts of several pages that something is typed for."""


def form_of(page: Page, act: Act) -> Locator:
    """The form that has the act's button."""
    first = next(iter(act.typed))
    return page.locator("form", has=page.get_by_role("textbox", name=first))


def send(page: Page, act: Act, *, again: bool = False) -> None:
    name = f"Try again: {act.button}" if again else act.button
    form_of(page, act).get_by_role("button", name=name, exact=True).click()


def begin(page: Page, act: Act) -> None:
    """Open the form, and type."""
    act.begin(page)
    for label, text in act.typed.items():
        form_of(page, act).get_by_role("textbox", name=label).fill(text)


def require_kept(page: Page, act: Act) -> None:
    for label, text in act.typed.items():
        expect(form_of(page, act).get_by_role("textbox", name=label)).to_have_value(text)
