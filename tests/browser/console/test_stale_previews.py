"""What would be done is another by now: nothing is done, the page shows what has changed, and asks again."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.console.world import HARBOUR, World, call, command, connect, holders, until, world_in

ELSE = "This would do something else than you saw"
BOOK = "Address book (CardDAV)"
PEOPLE = [f"stranger-{number}@harbour.example" for number in range(30)]
"""So many that the name of the third party has to be typed."""
MEMBERS = "{ members(first: 50) { edges { node { id email state displayName } } } }"
GROUPS = "{ groups(first: 50) { edges { node { id name rule { createdAt } } } } }"
INSTALLATION = "{ installations(first: 1) { edges { node { state grants { category } } } } }"
OWED = "select count(*) from obligation where ended_at is null and verb in ('erase', 'revoke', 'attest')"
RIGHTS = "{ requests(first: 50, isOpen: true) { edges { node { member { email } rights { id scheduledFor } } } } }"


@pytest.fixture(scope="module")
def world(demonstration_data: Path, browser: Browser) -> Iterator[World]:
    with world_in(demonstration_data) as world:
        world.sign_in(browser, "owner", prepare=lambda page: world.enrol("owner", page))
        world.sign_in(browser, "group admin", prepare=ask_for_erasure)
        world.sign_in(browser, "org admin", prepare=lambda page: connect_many(page, world))
        world.unlock()
        yield world


def ask_for_erasure(page: Page) -> None:
    command(page, "submitRequest", rights=[{"kind": "ERASURE"}], country="DE")


def add(page: Page, *addresses: str) -> None:
    command(page, "importMembers", rows=[{"email": address} for address in addresses])


def connect_many(page: Page, world: World) -> None:
    add(page, *PEOPLE)
    connect(page, world.vendor)
    until(lambda: set(PEOPLE) <= holders(page))


def nodes(page: Page, query: str) -> list[dict[str, Any]]:
    ((_, connection),) = call(page, query).items()
    return [edge["node"] for edge in connection["edges"]]


def member(page: Page, name: str) -> dict[str, Any]:
    return next(node for node in nodes(page, MEMBERS) if node["email"] == f"{name}@harbour.example")


def group(page: Page, name: str) -> dict[str, Any]:
    return next(node for node in nodes(page, GROUPS) if node["name"] == name)


def figure(dialog: Locator, label: str) -> Locator:
    return dialog.locator("dl div", has_text=label).locator("dd")


def press_and_be_refused(dialog: Locator, act: str, told: str = ELSE) -> None:
    dialog.get_by_role("button", name=act, exact=True).click()
    expect(dialog).to_contain_text(told)
    expect(dialog.get_by_role("button", name=act, exact=True)).to_be_enabled()


def test_removal(browser, world):
    with world.visit(browser, "org admin") as other, world.visit(browser, "owner", f"{HARBOUR}/members") as page:
        page.get_by_role("row", name="Ben Berth").click()
        page.get_by_role("button", name="More acts").click()
        page.get_by_role("menuitem", name="Remove…").click()
        dialog = page.get_by_role("alertdialog", name="Remove Ben Berth")
        expect(figure(dialog, "Groups that the person leaves")).to_have_text("2")
        ben, dispatch = member(other, "ben"), group(other, "Dispatch")
        command(other, "addGroupMember", groupId=dispatch["id"], memberId=ben["id"])
        press_and_be_refused(dialog, "Remove Ben Berth")
        expect(figure(dialog, "Groups that the person leaves")).to_have_text("3 instead of 2")
        assert member(other, "ben")["state"] == "ACTIVE"
        dialog.get_by_role("button", name="Remove Ben Berth").click()
        expect(page.get_by_text("Ben Berth is removed.")).to_be_visible()
        assert "Ben Berth" not in [node["displayName"] for node in nodes(other, MEMBERS)]
        until(lambda: not world.value(OWED))  # else one person fewer may be counted in the midst of what follows


def refuse_and_ask_again(page: Page, other: Page, act: str, joining: str) -> None:
    """One more person's data goes there between the look and the act."""
    dialog = page.get_by_role("alertdialog")
    people = figure(dialog, "People whose data is held there")
    expect(people).to_have_text(re.compile(r"^\d+$"))
    before = int(people.inner_text())
    dialog.get_by_role("textbox").fill(BOOK)
    add(other, joining)
    until(lambda: joining in holders(other))
    held = nodes(other, INSTALLATION)
    press_and_be_refused(dialog, act)
    expect(people).to_have_text(f"{before + 1} instead of {before}")
    expect(dialog.get_by_role("textbox")).to_have_value(BOOK)
    assert nodes(other, INSTALLATION) == held
    dialog.get_by_role("button", name=act, exact=True).click()


def test_withdrawal_of_a_grant(browser, world):
    with world.visit(browser, "org admin") as other, world.visit(browser, "owner", f"{HARBOUR}/integrations") as page:
        (before,) = nodes(other, INSTALLATION)
        page.get_by_role("button", name="Stop sharing").first.click()
        act = page.get_by_role("alertdialog").get_by_role("button", name="Stop sharing").inner_text()
        refuse_and_ask_again(page, other, act, "late@harbour.example")
        expect(page.get_by_text("and what was sent is being taken back.")).to_be_visible()
        (after,) = nodes(other, INSTALLATION)
        assert len(after["grants"]) == len(before["grants"]) - 1


def test_uninstalling(browser, world):
    with world.visit(browser, "org admin") as other, world.visit(browser, "owner", f"{HARBOUR}/integrations") as page:
        page.get_by_role("button", name=f"More for {BOOK}").click()
        page.get_by_role("menuitem", name="Uninstall …").click()
        refuse_and_ask_again(page, other, f"Uninstall {BOOK}", "later@harbour.example")
        expect(page.get_by_text(f"Nothing more goes to {BOOK}.")).to_be_visible()
        assert [node["state"] for node in nodes(other, INSTALLATION)] != ["ACTIVE"]


def test_rule_of_a_group(browser, world):
    with world.visit(browser, "org admin") as other, world.visit(browser, "owner", f"{HARBOUR}/groups") as page:
        page.get_by_role("row", name="Night crew").click()
        page.get_by_role("tab", name="Rule").click()
        page.get_by_role("button", name="Set a rule…").click()
        page.get_by_role("button", name="What it looks at").click()
        page.get_by_role("option", name="Job title").click()
        values = page.get_by_role("textbox", name="Any of these values")
        values.fill("Systems\nExternal auditor")
        page.get_by_role("button", name="Look what it would do").click()
        dialog = page.get_by_role("alertdialog", name="What the rule would do")
        expect(figure(dialog, "Would come in")).to_have_text("2")
        joining = member(other, "stranger-1")
        command(other, "updateMember", memberId=joining["id"], profile={"jobTitle": "Systems"})
        press_and_be_refused(dialog, "Set the rule", "This rule would do something else now")
        expect(figure(dialog, "Would come in")).to_have_text("3 instead of 2")
        assert group(other, "Night crew")["rule"] is None
        dialog.get_by_role("button", name="Back to the conditions").click()
        expect(values).to_have_value("Systems\nExternal auditor")
        page.get_by_role("button", name="Look what it would do").click()
        dialog.get_by_role("button", name="Set the rule").click()
        expect(page.get_by_text("The rule is set.")).to_be_visible()
        assert group(other, "Night crew")["rule"] is not None


def erasure(page: Page) -> dict[str, Any]:
    (right,) = next(node for node in nodes(page, RIGHTS) if node["member"]["email"] == "gina@harbour.example")["rights"]
    return right


def test_erasure(browser, world):
    with world.visit(browser, "group admin") as gina, world.visit(browser, "owner", f"{HARBOUR}/requests") as page:
        for step in ("approveRight", "previewErasure"):
            command(page, step, rightId=erasure(page)["id"])
        page.get_by_role("row", name="Gina Groups").click()
        later = page.get_by_role("button", name="Texts that appear later and may mean the person")
        later.click()
        page.get_by_role("option", name="Leave them as they are").click()
        command(gina, "createPost", groupId=group(gina, "Night crew")["id"], source="One more before I go.")
        erase = page.get_by_role("button", name="Erase Gina Groups in 14 days")
        erase.click()
        expect(page.get_by_text("What would be erased has changed since this preview")).to_be_visible()
        expect(erase).to_be_disabled()
        assert erasure(page)["scheduledFor"] is None
        page.get_by_role("button", name="Preview again").click()
        expect(page.get_by_text("Posts: 1 before, 2 now")).to_be_visible()
        expect(later).to_contain_text("Leave them as they are")
        erase.click()
        expect(page.get_by_text("Committed: Gina Groups is erased on")).to_be_visible()
        assert erasure(page)["scheduledFor"] is not None
