"""Daily tasks from the first page, by mouse and by keys alone, within what each may take."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.console.hands import COUNT, give_code, go, press, spent
from tests.browser.console.world import HARBOUR, World, call, command, connect, until, world_in

OPEN = "{ requests(first: 50, isOpen: true, orderBy: DUE) { edges { node { id acknowledgedAt member { displayName }"
RIGHTS = f"{OPEN} rights {{ id kind state scheduledFor }} }} }} }} }}"
STRANGERS = [f"stranger-{number}@harbour.example" for number in range(18)]


@pytest.fixture(scope="module")
def world(demonstration_data: Path, browser: Browser) -> Iterator[World]:
    with world_in(demonstration_data) as world:
        world.sign_in(browser, "owner", prepare=lambda page: world.enrol("owner", page))
        world.sign_in(browser, "org admin", prepare=lambda page: connect(page, world.vendor))
        world.sign_in(browser, "group admin")
        world.sign_in(browser, "member")
        world.sign_in(browser, "privacy team")
        yield world


@contextmanager
def at_home(browser: Browser, world: World, role: str, address: str = HARBOUR) -> Iterator[Page]:
    """Let somebody begin on the first page, whose second step is too long ago."""
    world.lock()
    with world.visit(browser, role, address, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.add_init_script(COUNT)
        page.goto(page.url)
        expect(page.get_by_role("navigation", name="Pages").get_by_role("link").first).to_be_visible()
        yield page


def open_requests(page: Page) -> dict[str, dict]:
    return {edge["node"]["member"]["displayName"]: edge["node"] for edge in call(page, RIGHTS)["requests"]["edges"]}


def code_field(page: Page):
    return page.get_by_role("dialog", name="Show that it is you").get_by_role("textbox")


def show_code(page: Page, world: World) -> None:
    give_code(page, code_field(page), world.codes["owner"].pop())
    expect(code_field(page)).to_have_count(0)


def test_member_is_found_by_mouse(browser, world):
    with at_home(browser, world, "owner") as page:
        page.get_by_role("link", name="Members").click()
        page.get_by_role("row", name="Mia Member").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Mia Member")
        assert (spent(page).clicks, spent(page).keys) == (2, 0)


def test_member_is_found_by_keys(browser, world):
    with at_home(browser, world, "owner") as page:
        press(page, "Control+k", *"mia ")
        expect(page.get_by_role("menuitem", name="Mia Member")).to_be_visible()
        press(page, "Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Mia Member")
        assert (spent(page).clicks, spent(page).keys) == (0, 1 + 4 + 1)


def test_request_that_is_due_next_is_acknowledged_and_approved_by_mouse(browser, world):
    with at_home(browser, world, "owner") as page:
        page.get_by_role("link", name="Request of Ben Berth").click()
        page.get_by_role("button", name="Acknowledge").click()
        expect(page.get_by_text("Acknowledged: the person is told")).to_be_visible()
        page.get_by_role("button", name="Approve", exact=True).first.click()
        show_code(page, world)
        expect(page.get_by_text("Approved. Next, preview what would be erased.")).to_be_visible()
        assert (spent(page).clicks, spent(page).keys) == (3, 0)
        assert _is_dealt_with(open_requests(page)["Ben Berth"])


def test_request_that_is_due_next_is_acknowledged_and_approved_by_keys(browser, world):
    with at_home(browser, world, "owner") as page:
        before = open_requests(page)
        expect(page.get_by_role("heading", name="What waits for you")).to_be_visible()
        press(page, "n")
        expect(page.get_by_role("heading", level=1)).to_have_text("Request from Tom Technical")
        press(page, "a")
        expect(page.get_by_text("Acknowledged: the person is told")).to_be_visible()
        press(page, "y", "Enter")
        show_code(page, world)
        expect(page.get_by_text("Approved: it is being carried out")).to_be_visible()
        assert (spent(page).clicks, spent(page).keys) == (0, 4)
        assert not _is_dealt_with(before["Tom Technical"])
        until(lambda: "Tom Technical" not in open_requests(page))


def _is_dealt_with(request: dict) -> bool:
    return request["acknowledgedAt"] is not None and any(right["state"] == "APPROVED" for right in request["rights"])


DUE_NEXT = """
update data_request set (due_at, acknowledge_by, decide_by) = (select soon, soon, soon
    from (values (now() + interval '2 hours')) soonest (soon))
    where ended_at is null and member_id = (select id from member where email = 'gina@harbour.example')
"""


@pytest.fixture
def erasure_due_next(browser: Browser, world: World) -> Iterator[None]:
    """Gina has asked to be erased, and is answered before all others; at the end she takes it back."""
    world.unlock()
    with world.visit(browser, "group admin") as page:
        command(page, "submitRequest", rights=[{"kind": "ERASURE"}], country="DE")
    world.execute(DUE_NEXT)
    yield
    with world.visit(browser, "group admin") as page:
        _withdraw_all(page)


def is_committed(page: Page) -> bool:
    (right,) = open_requests(page)["Gina Groups"]["rights"]
    return right["scheduledFor"] is not None


@pytest.mark.usefixtures("erasure_due_next")
def test_erasure_is_previewed_and_committed_by_mouse(browser, world):
    with at_home(browser, world, "owner") as page:
        page.get_by_role("link", name="Request of Gina Groups").click()
        page.get_by_role("button", name="Approve", exact=True).click()
        show_code(page, world)
        page.get_by_role("button", name="Preview the erasure").click()
        page.get_by_role("button", name="Erase Gina Groups in 14 days").click()
        expect(page.get_by_text("Committed: Gina Groups is erased on")).to_be_visible()
        assert (spent(page).clicks, spent(page).keys) == (4, 0)
        assert is_committed(page)


@pytest.mark.usefixtures("erasure_due_next")
def test_erasure_is_previewed_and_committed_by_keys(browser, world):
    with at_home(browser, world, "owner") as page:
        expect(page.get_by_role("heading", name="What waits for you")).to_be_visible()
        press(page, "n")
        expect(page.get_by_role("heading", level=1)).to_have_text("Request from Gina Groups")
        press(page, "y", "Enter")
        show_code(page, world)
        expect(page.get_by_role("button", name="Preview the erasure")).to_be_visible()
        press(page, "p")
        expect(page.get_by_role("button", name="Erase Gina Groups in 14 days")).to_be_enabled()
        press(page, "e", "Enter")
        expect(page.get_by_text("Committed: Gina Groups is erased on")).to_be_visible()
        assert (spent(page).clicks, spent(page).keys) == (0, 6)
        assert is_committed(page)


def test_one_category_is_shared_no_more_by_mouse(browser, world):
    with at_home(browser, world, "owner") as page:
        page.get_by_role("link", name="Third parties").click()
        stop = page.get_by_role("button", name="Stop sharing").first
        label = stop.get_attribute("aria-label")
        stop.click()
        page.get_by_role("alertdialog").get_by_role("button", name="Stop sharing").click()
        expect(page.get_by_text("and what was sent is being taken back.")).to_be_visible()
        assert (spent(page).clicks, spent(page).keys) == (3, 0)
        expect(page.get_by_role("button", name=label)).to_have_count(0)


def test_one_category_is_shared_no_more_by_keys(browser, world):
    with at_home(browser, world, "owner") as page:
        go(page, "i", "Third parties")
        expect(page.get_by_role("button", name="Stop sharing").first).to_be_visible()
        press(page, "j", "ArrowRight", "Enter")
        expect(page.get_by_role("alertdialog").get_by_role("button", name="Cancel")).to_be_focused()
        expect(page.get_by_role("alertdialog").get_by_role("button", name="Stop sharing")).to_be_enabled()
        press(page, "Shift+Tab", "Enter")
        expect(page.get_by_text("and what was sent is being taken back.")).to_be_visible()
        assert spent(page).clicks == 0
        assert spent(page).keys <= 9


def test_who_received_the_address_is_told_by_mouse(browser, world):
    with at_home(browser, world, "member") as page:
        page.get_by_role("link", name="My data").click()
        page.get_by_role("radio", name="E-mail address").click()
        expect(page.get_by_text("“E-mail address” was sent to: Address book (CardDAV).")).to_be_visible()
        assert (spent(page).clicks, spent(page).keys) == (2, 0)
        assert page.url.endswith(f"{HARBOUR}/me?data=email")
        page.reload()
        expect(page.get_by_text("“E-mail address” was sent to: Address book (CardDAV).")).to_be_visible()


def test_who_received_the_address_is_told_by_keys(browser, world):
    with at_home(browser, world, "member") as page:
        go(page, "y", "My data")
        expect(page.get_by_role("radio", name="E-mail address")).to_be_visible()
        press(page, "e")
        expect(page.get_by_text("“E-mail address” was sent to: Address book (CardDAV).")).to_be_visible()
        assert (spent(page).clicks, spent(page).keys) == (0, 3)


def _prove(page: Page, world: World, before: str | None) -> None:
    code = until(lambda: (found := world.mailed_code()) != before and found)
    give_code(page, page.get_by_label("Code from the mail"), code)
    expect(page.get_by_role("heading", name="Your request is on its way")).to_be_visible()


def test_copy_is_asked_for_by_mouse(browser, world):
    with at_home(browser, world, "member") as page:
        before = world.mailed_code()
        page.get_by_role("link", name="My data").click()
        page.get_by_role("link", name="Ask for a copy or more").click()
        expect(page.get_by_text("Answered by")).to_be_visible()
        page.get_by_role("button", name="Send").click()
        _prove(page, world, before)
        assert (spent(page).clicks, spent(page).keys) == (3, 0)
        _withdraw_all(page)


def test_copy_is_asked_for_by_keys(browser, world):
    with at_home(browser, world, "member") as page:
        before = world.mailed_code()
        go(page, "y", "My data")
        expect(page.get_by_role("link", name="Ask for a copy or more")).to_be_visible()
        press(page, "q")
        expect(page.get_by_text("Answered by")).to_be_visible()
        press(page, "Tab")
        page.keyboard.down("Enter")  # held as long as a person holds a key, which may be longer than the answer takes
        expect(page.get_by_label("Code from the mail")).to_be_focused()
        page.keyboard.up("Enter")
        _prove(page, world, before)
        assert spent(page).clicks == 0
        assert spent(page).keys <= 10
        _withdraw_all(page)


def _withdraw_all(page: Page) -> None:
    mine = call(page, "{ myRequests(first: 50) { edges { node { id endedAt } } } }")["myRequests"]["edges"]
    for request in [edge["node"] for edge in mine if edge["node"]["endedAt"] is None]:
        command(page, "withdrawRequest", requestId=request["id"])


def test_privacy_team_goes_from_one_organisation_to_the_next_by_mouse(browser, world):
    with at_home(browser, world, "privacy team", "/console/privacy") as page:
        rows = page.get_by_role("grid", name="Requests with the privacy team").get_by_role("row")
        rows.nth(1).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Request from")
        first = page.url
        page.get_by_role("button", name="Next request").click()
        expect(page).not_to_have_url(first)
        expect(page.get_by_role("heading", level=1)).to_contain_text("Request from")
        assert (spent(page).clicks, spent(page).keys) == (2, 0)
        assert {_organisation_of(first), _organisation_of(page.url)} == {"harbour", "orchard"}


def test_privacy_team_goes_from_one_organisation_to_the_next_by_keys(browser, world):
    with at_home(browser, world, "privacy team", "/console/privacy") as page:
        expect(page.get_by_role("row")).to_have_count(3)
        press(page, "j", "Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Request from")
        first = page.url
        press(page, "]")
        expect(page).not_to_have_url(first)
        expect(page.get_by_role("heading", level=1)).to_contain_text("Request from")
        assert (spent(page).clicks, spent(page).keys) == (0, 3)
        assert {_organisation_of(first), _organisation_of(page.url)} == {"harbour", "orchard"}


def _organisation_of(address: str) -> str:
    return address.split("/console/o/")[1].split("/", maxsplit=1)[0]


@pytest.mark.parametrize("way", ["mouse", "keys"])
def test_filtered_list_is_shared_by_one_act(browser, world, way):
    with at_home(browser, world, "owner", f"{HARBOUR}/members?role=AUDITOR") as page:
        expect(page.get_by_role("rowheader")).to_have_text(["Auda Auditor"])
        if way == "mouse":
            page.get_by_role("button", name="Copy link").click()
        else:
            press(page, "s")
        expect(page.get_by_text("The link to these rows is copied.")).to_be_visible()
        assert (spent(page).clicks, spent(page).keys) == ((1, 0) if way == "mouse" else (0, 1))
        shared = page.evaluate("navigator.clipboard.readText()")
    with world.visit(browser, "org admin", shared.removeprefix(world.running.origin)) as page:
        expect(page.get_by_role("rowheader")).to_have_text(["Auda Auditor"])


@pytest.fixture(scope="module")
def crowd(browser: Browser, world: World) -> None:
    """Twenty-five people, of whom the owner can't deactivate three: herself, and two who are so already."""
    world.unlock()
    with world.visit(browser, "owner") as page:
        people = [{"email": address} for address in STRANGERS]
        rows = command(page, "importMembers", "rows { memberId }", rows=people)["rows"]
        command(page, "deactivateMembers", memberIds=[row["memberId"] for row in rows[:2]])


def deactivated(page: Page) -> int:
    states = call(page, "{ members(first: 50) { edges { node { state } } } }")["members"]["edges"]
    return [edge["node"]["state"] for edge in states].count("DEACTIVATED")


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize("way", ["mouse", "keys"])
def test_twenty_five_are_deactivated_and_the_three_refused_say_why(browser, world, way):
    with at_home(browser, world, "owner") as page:
        if way == "mouse":
            page.get_by_role("link", name="Members").click()
            page.get_by_role("columnheader").get_by_role("checkbox").click(force=True)
            expect(page.get_by_text("25 selected")).to_be_visible()
            page.get_by_role("button", name="Deactivate").click()
        else:
            go(page, "m", "Members")
            expect(page.get_by_role("rowheader")).to_have_count(25)
            press(page, "j", "Control+a")
            expect(page.get_by_text("25 selected")).to_be_visible()
            press(page, "d")
        show_code(page, world)
        expect(page.get_by_role("alert").filter(has_text="Done for 22 people.")).to_contain_text("For 3 it was refused")
        refused = page.get_by_role("row", selected=True)
        expect(refused).to_have_count(3)
        assert spent(page).clicks <= (5 if way == "mouse" else 0)
        assert spent(page).keys <= (0 if way == "mouse" else 12)
        assert deactivated(page) == 24
        reasons = {row.get_by_role("rowheader").inner_text() for row in refused.all()}
        assert all("\n" in reason for reason in reasons), reasons
        page.get_by_role("button", name="Undo").click()
        until(lambda: deactivated(page) == 2)
