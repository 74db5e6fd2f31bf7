"""What an administrator does with people and groups: invites, imports, removes, restores, fills by a rule."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.console.world import HARBOUR, World, call, world_in

FILE = """Name,E-mail address,Job title
Ole Ox,ole@harbour.example,Crane driver
Mia Again,mia@harbour.example,Pilot
,no address,
"""
PEOPLE = "{ members(first: 50) { edges { node { id email displayName jobTitle state } } } }"
VIEWS = "{ savedViews { name address isShared } }"


@pytest.fixture(scope="module")
def world(demonstration_data: Path, browser: Browser) -> Iterator[World]:
    with world_in(demonstration_data) as world:
        world.sign_in(browser, "owner")
        world.sign_in(browser, "org admin")
        yield world


@pytest.fixture
def owner(browser: Browser, world: World) -> Iterator[Page]:
    with world.visit(browser, "owner") as page:
        yield page


def to(page: Page, world: World, address: str) -> None:
    page.goto(f"{world.running.origin}{HARBOUR}{address}")


def person(page: Page, address: str) -> dict[str, Any]:
    nodes = [edge["node"] for edge in call(page, PEOPLE)["members"]["edges"]]
    return next((node for node in nodes if node["email"] == address), {})


def test_invitation_is_sent_corrected_and_revoked(owner, world):
    to(owner, world, "/invitations")
    owner.get_by_role("button", name="Invite").first.click()
    owner.get_by_role("textbox", name="E-mail address").fill("new@harbour.exmaple")
    owner.get_by_role("button", name="Send the invitation").click()
    row = owner.get_by_role("row", name="new@harbour.exmaple")
    row.get_by_role("button", name="Acts on").click()
    owner.get_by_role("menuitem", name="Correct the address").click()
    owner.get_by_role("textbox", name="Right address").fill("new@harbour.example")
    owner.get_by_role("button", name="Invite the right address").click()
    expect(owner.get_by_role("rowheader")).to_have_text(["new@harbour.example"])
    owner.get_by_role("row", name="new@harbour.example").get_by_role("button", name="Acts on").click()
    owner.get_by_role("menuitem", name="Revoke").click()
    expect(owner.get_by_text("is revoked: its link leads nowhere")).to_be_visible()
    nodes = call(owner, "{ invitations(first: 9) { edges { node { email state } } } }")["invitations"]["edges"]
    assert {edge["node"]["email"]: edge["node"]["state"] for edge in nodes} == {
        "new@harbour.exmaple": "REVOKED",
        "new@harbour.example": "REVOKED",
    }


def test_file_is_imported_and_who_is_refused_is_handed_back_with_the_reason(owner, world, tmp_path):
    to(owner, world, "/members/import")
    file = tmp_path / "people.csv"
    file.write_text(FILE, "utf-8")
    with owner.expect_file_chooser() as choosing:
        owner.get_by_role("button", name="Choose a file").click()
    choosing.value.set_files(file)
    owner.get_by_role("button", name="Import 3 people").click()
    expect(owner.get_by_text("1 person was imported. 2 people were refused.")).to_be_visible()
    refused = owner.get_by_role("grid", name="Who was refused, and why").get_by_role("row")
    expect(refused).to_have_count(3)
    expect(refused.nth(1)).to_contain_text("mia@harbour.example")
    with owner.expect_download() as begun:
        owner.get_by_role("button", name="Save the refused ones as a file").click()
    begun.value.save_as(tmp_path / "refused.csv")
    saved = (tmp_path / "refused.csv").read_text("utf-8-sig")
    assert "ole@harbour.example" not in saved
    assert "mia@harbour.example" in saved
    assert person(owner, "ole@harbour.example")["jobTitle"] == "Crane driver"


def test_person_is_removed_as_previewed_and_restored(owner, world):
    to(owner, world, "/members?q=Mia")
    owner.get_by_role("row", name="Mia Member").click()
    owner.get_by_role("button", name="More acts").click()
    owner.get_by_role("menuitem", name="Remove…").click()
    dialog = owner.get_by_role("alertdialog")
    expect(dialog).to_contain_text("Groups that the person leaves2")
    expect(dialog).to_contain_text("Posts and files that stay in groups1")
    dialog.get_by_role("button", name="Remove Mia Member").click()
    expect(owner.get_by_text("Until the grace period ends, the membership can be restored here.")).to_be_visible()
    assert person(owner, "mia@harbour.example") == {}
    owner.get_by_role("button", name="Restore").click()
    expect(owner.get_by_text("is a member again, without the former groups and roles.")).to_be_visible()
    assert person(owner, "mia@harbour.example")["state"] == "ACTIVE"


def test_second_factor_of_a_member_is_asked_for_on_the_page_of_the_member(owner, world):
    to(owner, world, "/members?q=Tom")
    owner.get_by_role("row", name="Tom Technical").click()
    owner.get_by_role("button", name="More acts").click()
    owner.get_by_role("menuitem", name="Ask for a new second factor").click()
    expect(owner.get_by_text("another administrator has to approve it")).to_be_visible()
    to(owner, world, "/recoveries")
    expect(owner.get_by_role("heading", name="Tom Technical")).to_be_visible()


def test_rule_of_a_group_is_looked_at_before_it_is_set(owner, world):
    to(owner, world, "/groups")
    owner.get_by_role("row", name="Dispatch").click()
    owner.get_by_role("tab", name="Rule").click()
    owner.get_by_role("button", name="Set a rule…").click()
    owner.get_by_role("button", name="What it looks at").click()
    owner.get_by_role("option", name="Job title").click()
    owner.get_by_role("textbox", name="Any of these values").fill("Dispatcher")
    owner.get_by_role("button", name="Look what it would do").click()
    expect(owner.get_by_role("alertdialog")).to_contain_text("Would be taken out")
    owner.get_by_role("button", name="Set the rule").click()
    expect(owner.get_by_text("The rule is set.")).to_be_visible()


def test_view_is_kept_shared_and_found_by_another(owner, world, browser):
    to(owner, world, "/members?role=AUDITOR")
    owner.get_by_role("button", name="Views").click()
    owner.get_by_role("menuitem", name="Keep this view…").click()
    owner.get_by_role("textbox", name="Name").fill("Auditors")
    owner.get_by_role("button", name="Keep it").click()
    expect(owner.get_by_text("The view Auditors is kept.")).to_be_visible()
    owner.get_by_role("button", name="Views").click()
    owner.get_by_role("menuitem", name="Change or remove a view…").click()
    owner.get_by_role("dialog").get_by_role("button", name="View").click()
    owner.get_by_role("option", name="Auditors").click()
    owner.get_by_role("textbox", name="Name").fill("All auditors")
    owner.get_by_text("Everybody in the organisation finds it").click()
    owner.get_by_role("button", name="Change the view").click()
    expect(owner.get_by_text("The view is changed.")).to_be_visible()
    assert call(owner, VIEWS)["savedViews"] == [{"name": "All auditors", "address": "role=AUDITOR", "isShared": True}]
    with world.visit(browser, "org admin", f"{HARBOUR}/members") as page:
        page.get_by_role("button", name="Views").click()
        page.get_by_role("menuitem", name="All auditors").click()
        expect(page.get_by_role("rowheader")).to_have_text(["Auda Auditor"])
