"""Where a third party's own calls come in, what it may send, and what it sent of somebody, on pages of the console."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.console.places import SENDS
from tests.browser.console.world import HARBOUR, World, call, connect, world_in

FIRST = (
    "{ installations(first: 1) { edges { node { id } } }"
    ' members(first: 1, where: {search: "Mia"}) { edges { node { id } } } }'
)
SENT = "What third parties sent"


@pytest.fixture(scope="module")
def world(browser: Browser, demonstration_data: Path) -> Iterator[World]:
    with world_in(demonstration_data) as world:
        world.sign_in(browser, "org admin", prepare=lambda page: connect(page, world.vendor))
        world.sign_in(browser, "member")
        world.execute(SENDS)
        yield world


def ids(page: Page) -> tuple[str, str]:
    found = call(page, FIRST)
    return found["installations"]["edges"][0]["node"]["id"], found["members"]["edges"][0]["node"]["id"]


def test_the_address_for_calls_is_on_the_settings_of_the_integration(browser: Browser, world: World):
    with world.visit(browser, "org admin") as page:
        installation, _ = ids(page)
        page.goto(f"{world.running.origin}{HARBOUR}/integrations/{installation}?tab=places")
        expect(page.get_by_role("heading", name="Where its own calls come in")).to_be_visible()
        expect(page.get_by_text("/inbound")).to_be_visible()
        expect(page.get_by_role("button", name="Copy: Address for its calls")).to_be_visible()


def test_what_an_integration_may_send_is_allowed_and_stopped_on_its_page(browser: Browser, world: World):
    with world.visit(browser, "org admin") as page:
        world.unlock()
        installation, _ = ids(page)
        page.goto(f"{world.running.origin}{HARBOUR}/integrations/{installation}")
        table = page.get_by_role("table", name="may send here")
        expect(table.get_by_text("Not allowed")).to_be_visible()
        table.get_by_role("button", name="Allow usage").click()
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_text("apart from their profiles")).to_be_visible()
        dialog.get_by_role("button", name="Allow usage").click()
        expect(table.get_by_role("button", name="Stop sharing usage")).to_be_visible()
        granted = "select count(*) from integration_grant where category = 'user.behavior' and withdrawn_at is null"
        assert world.value(granted) == 1


def test_what_was_sent_is_shown_to_the_person_and_on_the_members_page(browser: Browser, world: World):
    with world.visit(browser, "member", f"{HARBOUR}/me?tab=held") as page:
        section = page.get_by_role("region", name=SENT).or_(page.get_by_role("grid", name=SENT)).first
        expect(section.get_by_text("+49 30 901820")).to_be_visible()
        expect(page.get_by_text("proposed correction", exact=True)).to_be_visible()
        expect(page.get_by_text("Cards Ltd")).to_be_visible()
    with world.visit(browser, "org admin") as page:
        _, member = ids(page)
        page.goto(f"{world.running.origin}{HARBOUR}/members/{member}?tab=holdings")
        expect(page.get_by_text("+49 30 901820")).to_be_visible()
        expect(page.get_by_text("Cards Ltd")).to_be_visible()


def test_a_proposed_correction_is_taken_over_and_what_was_sent_is_deleted(browser: Browser, world: World):
    with world.visit(browser, "member", f"{HARBOUR}/me?tab=held") as page:
        page.get_by_role("button", name="Take over: Telephone number").click()
        expect(page.get_by_text("Taken over into the profile: Telephone number.")).to_be_visible()
        expect(page.get_by_text("proposed correction", exact=True)).to_have_count(0)
        expect(page.get_by_text("+49 30 901820")).to_be_visible()  # in the profile
        assert world.value("select phone from member where email = 'mia@harbour.example'") == "+49 30 901820"
        world.execute(SENDS)
        page.reload()
        page.get_by_role("button", name="Delete: Telephone number").click()
        page.get_by_role("alertdialog").get_by_role("button", name="Delete", exact=True).click()
        expect(page.get_by_text("Deleted: Telephone number.")).to_be_visible()
        assert world.value("select count(*) from received_datum") == 0


def test_an_administrator_takes_a_proposed_correction_over(browser: Browser, world: World):
    world.execute(SENDS)
    world.execute("update member set phone = '' where email = 'mia@harbour.example'")
    with world.visit(browser, "org admin") as page:
        _, member = ids(page)
        page.goto(f"{world.running.origin}{HARBOUR}/members/{member}?tab=holdings")
        expect(page.get_by_role("button", name="Delete: Telephone number")).to_have_count(0)
        page.get_by_role("button", name="Take over: Telephone number").click()
        expect(page.get_by_text("Taken over into the profile: Telephone number.")).to_be_visible()
        assert world.value("select phone from member where email = 'mia@harbour.example'") == "+49 30 901820"
