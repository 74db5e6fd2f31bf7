"""A vendor registers what it serves itself, and operators let it in: two pages show the same from both sides."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.console.world import World, call, until
from tests.browser.serving import serving
from wardship.app.demo import letters
from wardship.app.demo.letters_server import LettersServer, letters_server

DESK, LETTING_IN = "/console/developers?tab=remote", "/console/vendors"
PROGRAM = """mutation($name: String!) { requestVendorClient(input: { name: $name, integration: "address_book",
    redirectUris: ["https://cards.example/back"] }) { client { id } errors { message } } }"""


@pytest.fixture(scope="module")
def server() -> Iterator[LettersServer]:
    with letters_server() as running:
        yield running


@pytest.fixture(scope="module")
def world(browser: Browser, demonstration_data: Path) -> Iterator[World]:
    with serving(demonstration_data, WARDSHIP_DEVELOPMENT="true") as running:
        world = World(running, None, demonstration_data)
        for role in ("vendor", "operator"):
            world.sign_in(browser, role)
        yield world


@pytest.fixture(autouse=True)
def unlocked(world: World) -> Iterator[None]:
    """Everybody has just shown a second factor, and what a test registered has ended after it."""
    world.unlock()
    yield
    world.execute("update remote_integration set state = 'ended', revision = revision + 1, fetch_at = null")
    world.execute("update vendor_client set state = 'ended'")


def state(world: World, table: str = "remote_integration") -> str:
    return world.value(f"select state from {table} order by created_at desc, id desc limit 1")


def card(page: Page, name: str) -> Locator:
    """What stands there of one that has not ended, after another look."""
    page.reload()
    return page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=name)).last


def register(page: Page, server: LettersServer) -> str:
    """Register the vendor's document, and return the secret that is shown."""
    page.get_by_role("button", name="Register an integration").click()
    page.get_by_label("Address of the document").fill(server.document_url)
    page.get_by_role("button", name="Register it").click()
    secret = page.get_by_role("dialog").locator("code").inner_text()
    page.get_by_role("button", name="I have copied it").click()
    return secret


def press(page: Page, name: str, button: str, confirm: str) -> None:
    """Press a button of a card, and the one of its dialog."""
    card(page, name).get_by_role("button", name=button, exact=True).click()
    page.get_by_role("button", name=confirm, exact=True).click()
    expect(page.get_by_role("alertdialog")).to_have_count(0)


def test_a_vendor_registers_what_it_serves_and_operators_decide(browser: Browser, world: World, server: LettersServer):
    with world.visit(browser, "vendor", DESK) as desk, world.visit(browser, "operator", LETTING_IN) as operator:
        secret = register(desk, server)
        assert secret.startswith("whsec_")
        assert secret not in desk.content()
        until(lambda: state(world) == "requested")
        own = card(desk, "Letters")
        expect(own).to_contain_text("Waits to be let in")
        expect(own).to_contain_text("Briefpost GmbH")
        own.get_by_text("The whole declaration, word for word").click()
        expect(own).to_contain_text(letters._MANIFEST["vendor"]["privacy_contact"])

        asked = card(operator, "Letters")
        expect(asked).to_contain_text("nobody yet")
        expect(asked).to_contain_text(server.document_url)
        expect(asked).to_contain_text(world.value("select address from account_email where address like '%letters%'"))
        press(operator, "Letters", "Let it in: Letters", "Let it in")
        until(lambda: state(world) == "active")
        expect(card(desk, "Letters")).to_contain_text("Organisations can install it.")

        press(operator, "Letters", "Suspend Letters", "Suspend the integration")
        assert state(world) == "suspended"
        expect(card(desk, "Letters")).to_contain_text("suspended it")
        press(operator, "Letters", "Let it in again: Letters", "Let it in")
        assert state(world) == "active"

        card(desk, "Letters").get_by_role("button", name="New secret for Letters").click()
        desk.get_by_role("button", name="Make the secret").click()
        expect(desk.get_by_role("dialog").locator("code")).not_to_have_text(secret)
        desk.get_by_role("button", name="I have copied it").click()
        assert world.value("select count(*) from remote_integration_secret where expires_at is not null") == 1

        press(desk, "Letters", "End Letters", "End the integration")
        assert state(world) == "ended"


def test_what_is_wrong_is_said_and_mended_by_another_look(
    browser: Browser, world: World, server: LettersServer, monkeypatch
):
    monkeypatch.setitem(letters._MANIFEST, "key", "Not a key")
    with world.visit(browser, "vendor", DESK) as desk, world.visit(browser, "operator", LETTING_IN) as operator:
        register(desk, server)
        until(lambda: world.value("select fault from remote_integration where state = 'checking'"))
        expect(card(desk, server.document_url)).to_contain_text("manifest.key")
        expect(card(operator, server.document_url)).to_contain_text("There is nothing to decide yet.")
        assert not card(operator, server.document_url).get_by_role("button", name="Let it in").count()
        monkeypatch.undo()
        world.execute("update remote_integration set looked_at = null")
        card(desk, server.document_url).get_by_role("button", name="checked now").click()
        until(lambda: state(world) == "requested")
        press(operator, "Letters", "Refuse Letters", "Refuse the integration")
        assert state(world) == "ended"
        expect(card(desk, "Letters")).to_contain_text("It has ended for good.")


def test_what_changed_since_it_was_read_is_not_let_in(
    browser: Browser, world: World, server: LettersServer, monkeypatch
):
    with world.visit(browser, "vendor", DESK) as desk, world.visit(browser, "operator", LETTING_IN) as operator:
        register(desk, server)
        until(lambda: state(world) == "requested")
        card(operator, "Letters").get_by_role("button", name="Let it in: Letters").click()
        monkeypatch.setitem(letters._MANIFEST, "name", "Your bank")
        world.execute("update remote_integration set looked_at = null")
        card(desk, "Letters").get_by_role("button", name="Have it checked now: Letters").click()
        until(lambda: world.value("select name from remote_integration where state = 'requested'") == "Your bank")
        operator.get_by_role("button", name="Let it in", exact=True).click()
        expect(operator.get_by_role("alertdialog")).to_contain_text("Close this, and read what it declares now.")
        expect(operator.get_by_role("button", name="Let it in", exact=True)).to_be_disabled()
        assert state(world) == "requested"


def test_programs_are_let_in_suspended_and_refused(browser: Browser, world: World):
    address = f"{LETTING_IN}?tab=clients"
    with world.visit(browser, "vendor", DESK) as desk, world.visit(browser, "operator", address) as operator:
        for name in ("Cards Sync", "Another"):
            call(desk, PROGRAM, organisation="provider", name=name)
        press(operator, "Another", "Refuse Another", "Refuse the program")
        assert state(world, "vendor_client") == "ended"
        expect(card(operator, "Cards Sync")).to_contain_text("https://cards.example/back")
        expect(card(operator, "Cards Sync")).to_contain_text("nobody yet")
        press(operator, "Cards Sync", "Let it in: Cards Sync", "Let it in")
        press(operator, "Cards Sync", "Suspend Cards Sync", "Suspend the program")
        press(operator, "Cards Sync", "Let it in again: Cards Sync", "Let it in")
        assert world.value("select state from vendor_client where name = 'Cards Sync'") == "active"
        operator.goto(f"{world.running.origin}{address}&state=SUSPENDED")
        expect(operator.get_by_text("Programs by which vendors fetch data stand here")).to_be_visible()


def test_the_second_step_is_asked_for_in_place(browser: Browser, world: World, server: LettersServer):
    with world.visit(browser, "vendor", DESK) as desk:
        register(desk, server)
        until(lambda: state(world) == "requested")
    world.lock()
    with world.visit(browser, "operator", LETTING_IN) as operator:
        card(operator, "Letters").get_by_role("button", name="Let it in: Letters").click()
        operator.get_by_role("button", name="Let it in", exact=True).click()
        expect(operator.get_by_role("textbox")).to_be_visible()
        assert state(world) == "requested"
