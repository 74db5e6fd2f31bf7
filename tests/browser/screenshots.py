"""Writes docs/images from the demonstration data: `python -m tests.browser.screenshots`, by `make screenshots`."""

from __future__ import annotations

import base64
import tempfile
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import ARGUMENTS, browser_settings
from tests.browser.console.calling import call, connect_address_book
from tests.browser.console.looking import LOOKING
from tests.browser.console.test_me import SENT, until
from tests.browser.serving import ROOT, Running, serving
from wardship.app.demo.radicale_server import RadicaleServer, radicale_server

IMAGES: Final = ROOT / "docs" / "images"
HARBOUR: Final = "/console/o/harbour"
WINDOW: Final = {"width": 1280, "height": 800}
QUALITY: Final = 70
HOLDERS: Final = 5
"""As many members of the demonstration are at least in the address book before anything is shown."""
PAGES: Final = {
    "home": ("org admin", ""),
    "members": ("org admin", "/members"),
    "request": ("org admin", "/requests"),
    "third-parties": ("org admin", "/integrations"),
    "data-map": ("org admin", "/map"),
    "my-data": ("member", "/me"),
}
"""Who looks at which page; of requests at the first one of the list."""


def main() -> None:
    """Take the screenshots, light and dark."""
    IMAGES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        radicale_server(Path(folder, "vendor")) as vendor,
        serving(Path(folder, "data")) as running,
        sync_playwright() as playwright,
    ):
        settings = browser_settings()
        browser = playwright.chromium.launch(executable_path=settings["executable"], args=ARGUMENTS)
        states = {role: _signed_in(browser, running, role, vendor) for role in ("org admin", "member")}
        for name, (role, address) in PAGES.items():
            for scheme in ("light", "dark"):
                context = browser.new_context(storage_state=states[role], viewport=WINDOW, color_scheme=scheme)
                _take(context.new_page(), f"{running.origin}{HARBOUR}{address}", IMAGES / f"{name}-{scheme}.webp")
                context.close()
        browser.close()


def _signed_in(browser: Browser, running: Running, role: str, vendor: RadicaleServer) -> Any:
    context = browser.new_context()
    page = context.new_page()
    page.goto(running.links[role])
    page.get_by_role("button").click()
    page.wait_for_url("**/console/o/*")
    if role == "org admin":
        connect_address_book(page, vendor)
        until(lambda: _number_of_holders(page) >= HOLDERS)
    state = context.storage_state()
    context.close()
    return state


def _number_of_holders(admin: Page) -> int:
    return sum(bool(edge["node"]["holdings"]["edges"]) for edge in call(admin, SENT)["members"]["edges"])


def _take(page: Page, address: str, path: Path) -> None:
    page.goto(address)
    _settle(page)
    if address.endswith("/requests"):
        page.locator("[data-href]").first.click()
        page.wait_for_url("**/requests/*")
        _settle(page)
    taken = page.context.new_cdp_session(page).send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    path.write_bytes(base64.b64decode(taken["data"]))


def _settle(page: Page) -> None:
    page.wait_for_function(f"() => {LOOKING}.isSettled()")


if __name__ == "__main__":
    main()
