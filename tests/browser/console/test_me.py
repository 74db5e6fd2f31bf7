"""Members' own pages, used as a member uses them: a third party has their data, and an administrator decides."""

import asyncio
import email
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE_MS
from tests.browser.console.calling import call, connect_address_book
from tests.browser.serving import Running, serving
from wardship.app.demo.radicale_server import radicale_server
from wardship.core.database.embedded import ROLE_SUPERUSER

HARBOUR = "/console/o/harbour"
SENT = "{ members(first: 50) { edges { node { email holdings { edges { node { since } } } } } } }"
RIGHTS = "{ requests(first: 50, isOpen: true) { edges { node { rights { id state } } } } }"
APPROVE = """mutation($input: ApproveRightInput!) { approveRight(input: $input) { errors { message } } }"""
OBJECTIONS = "{ myObjections { withdrawnAt } }"


@pytest.fixture(scope="module")
def world(demonstration_data: Path) -> Iterator[tuple[Running, Any, Any]]:
    with radicale_server(demonstration_data.with_name("vendor")) as vendor, serving(demonstration_data) as running:
        yield running, vendor, demonstration_data


@pytest.fixture(scope="module")
def states(browser: Browser, world: tuple[Running, Any, Any]) -> dict[str, Any]:
    """The member, to whose data an address book is connected; the administrator; and somebody of no organisation."""
    running, vendor, _ = world
    expect.set_options(timeout=PATIENCE_MS)
    found = {}
    for role in ("org admin", "member", "lena of no organisation"):
        context = browser.new_context()
        page = context.new_page()
        page.goto(running.links[role])
        page.get_by_role("button").click()
        page.wait_for_url("**/console" if role.endswith("organisation") else f"**{HARBOUR}")
        if role == "org admin":
            _connect(page, vendor)
        found[role] = context.storage_state()
        context.close()
    return found


def _connect(admin: Page, vendor: Any) -> None:
    connect_address_book(admin, vendor)
    until(lambda: _has_received(admin, "mia@harbour.example"))


def _has_received(admin: Page, address: str) -> bool:
    people = [edge["node"] for edge in call(admin, SENT)["members"]["edges"]]
    return any(person["email"] == address and person["holdings"]["edges"] for person in people)


def until(look: Any) -> Any:
    """Ask again until it holds: the worker of a real server is waited for."""
    for _ in range(200):
        if found := look():
            return found
        time.sleep(0.1)  # a real worker does it: there is nothing else to wait for
    pytest.fail("it did not happen")


@contextmanager
def visiting(browser: Browser, world: Any, state: Any, **options: Any) -> Iterator[Page]:
    context = browser.new_context(storage_state=state, viewport={"width": 1400, "height": 900}, **options)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(f"{world[0].origin}{HARBOUR}")
    yield page
    context.close()


@pytest.fixture
def member(browser: Browser, world: Any, states: dict[str, Any]) -> Iterator[Page]:
    with visiting(browser, world, states["member"]) as page:
        yield page


@pytest.fixture
def admin(browser: Browser, world: Any, states: dict[str, Any]) -> Iterator[Page]:
    with visiting(browser, world, states["org admin"]) as page:
        yield page


def test_two_clicks_tell_who_received_the_address(member):
    member.get_by_role("link", name="My data").click()
    member.get_by_role("radio", name="E-mail address").or_(member.get_by_role("button", name="E-mail address")).click()
    expect(member.get_by_text("“E-mail address” was sent to: Address book (CardDAV).")).to_be_visible()
    assert member.url.endswith(f"{HARBOUR}/me?data=email")
    member.reload()
    expect(member.get_by_text("“E-mail address” was sent to: Address book (CardDAV).")).to_be_visible()


def test_objection_is_made_at_once_and_taken_back_in_the_page(member):
    member.get_by_role("link", name="My data").click()
    member.get_by_role("button", name="Object to Address book").click()
    expect(member.get_by_text("You objected on")).to_be_visible()
    assert [item["withdrawnAt"] for item in call(member, OBJECTIONS)["myObjections"]] == [None]
    member.get_by_role("button", name="Undo").click()
    expect(member.get_by_role("button", name="Object to Address book")).to_be_visible()
    assert [item["withdrawnAt"] is None for item in call(member, OBJECTIONS)["myObjections"]] == [False]


def _forget_second_factor(data: Any) -> None:
    sockets = Path((data / "postgres" / "runtime").read_text().strip()) / "socket"

    async def forget() -> None:
        connection = await asyncpg.connect(host=str(sockets), user=ROLE_SUPERUSER, database="wardship")
        await connection.execute("update session set stepped_up_at = null")
        await connection.close()

    with ThreadPoolExecutor() as threads:  # this one has Playwright's loop
        threads.submit(lambda: asyncio.run(forget())).result()


def _show_changed_one(sheet: Page, text: str) -> None:
    header, payload, signature = text.split(".")
    other = payload[:30] + ("A" if payload[30] != "A" else "B") + payload[31:]
    sheet.get_by_label("Or paste its text").fill(f"{header}.{other}.{signature}")
    expect(sheet.get_by_text("the certificate was changed since it was signed")).to_be_visible()
    expect(sheet.get_by_text("The certificate is genuine")).to_be_hidden()


def test_copy_is_asked_for_by_four_clicks_and_the_mailed_code(member, world):
    _forget_second_factor(world[2])
    member.get_by_role("link", name="My data").click()
    member.get_by_role("link", name="Ask for a copy or more").click()
    expect(member.get_by_text("Answered by")).to_be_visible()
    member.get_by_role("button", name="Send").click()
    expect(member.get_by_role("heading", name="One more step: show that it is you")).to_be_visible()
    code = until(lambda: _mailed_code(world[2]))
    member.get_by_label("Code from the mail").fill("00000000")
    member.get_by_role("button", name="Confirm").click()
    expect(member.get_by_text("This code is wrong or too old. 9 more may be tried.")).to_be_visible()
    member.get_by_label("Code from the mail").fill(code)
    member.get_by_role("button", name="Confirm").click()
    expect(member.get_by_role("heading", name="Your request is on its way")).to_be_visible()


def _mailed_code(data: Any) -> str | None:
    for path in data.rglob("*.eml"):
        message = email.message_from_bytes(path.read_bytes())
        for part in message.walk():
            if part.get_content_type() == "text/plain":
                found = re.search(r"\b\d{8}\b", part.get_payload(decode=True).decode())
                if found:
                    return found[0]
    return None


def test_person_of_no_organisation_has_pages_about_the_account(browser, world, states):
    with visiting(browser, world, states["lena of no organisation"]) as page:
        page.goto(f"{world[0].origin}/console")
        page.get_by_role("link", name="Your own pages").click()
        expect(page.get_by_text("You have not asked anything yet.")).to_be_visible()
        page.get_by_role("link", name="Ask for a copy or more").click()
        expect(page.get_by_text("A copy of my data")).to_be_visible()
        expect(page.get_by_text("Keep my data, but stop using it")).to_be_hidden()
        page.get_by_role("link", name="Choices").click()
        page.get_by_role("tab", name="Account and leaving").click()
        expect(page.get_by_role("button", name="Close the account")).to_be_visible()
        expect(page.get_by_role("tab", name="Uses of my data")).to_be_hidden()
        expect(page.get_by_role("link", name="My data")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_the_sign_in_follow_the_colours_of_the_system(browser, world, scheme):
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{world[0].origin}/auth/lost-factor")
    ground, ink = (
        page.locator("main").evaluate(f"(main) => getComputedStyle(main).{name}")
        for name in ("backgroundColor", "color")
    )
    assert (_brightness(ground) < _brightness(ink)) == (scheme == "dark")
    context.close()


def _brightness(colour: str) -> int:
    return sum(int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(","))
