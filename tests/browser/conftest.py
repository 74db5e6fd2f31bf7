"""A real browser, and a watch over what its pages load and violate."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from tests.browser.serving import demonstration_data

__all__ = ["demonstration_data"]

RECORD = Path(__file__).parents[2] / "build" / "browser.json"
PATIENCE_MS = 20_000
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page lives for seconds here: to compile it for speed, and to collect often, costs more than it saves.
    "--js-flags=--no-opt --no-maglev --min-semi-space-size=32",
]
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`violation: ${event.effectiveDirective} ${event.blockedURI}`));
"""


def browser_settings() -> dict[str, Any]:
    """Where `make test` found or unpacked a Chromium; else the machine's own."""
    if RECORD.is_file():
        return json.loads(RECORD.read_text())
    found = shutil.which("chromium")
    if found is None:
        pytest.fail("no browser was prepared: run `make test`, or `python3 -m tools.prepare test` once")
    return {"executable": found, "environment": {}}


# For a module only: while it lives, this thread has a running loop, and no asynchronous test could run in it.
@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    settings = browser_settings()
    home = {"HOME": str(tmp_path_factory.mktemp("home"))}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=settings["executable"], args=ARGUMENTS, env={**settings["environment"], **home}
        )
        yield browser
        browser.close()


@dataclass
class Watch:
    """What a page did that a test may want to deny."""

    requests: list[Request] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def origins(self) -> set[str]:
        """The scheme and host of every request, besides data: which is inside the page."""
        urls = [request.url for request in self.requests]
        return {"/".join(url.split("/", 3)[:3]) for url in urls if not url.startswith("data:")}


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def page(browser: Browser, watch: Watch) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    context.add_init_script(REPORT_VIOLATIONS)
    context.on("request", lambda request: watch.requests.append(request))  # noqa: PLW0108 - Playwright marks its listeners, which a built-in method forbids
    context.on("weberror", lambda error: watch.complaints.append(str(error.error)))
    context.on("console", lambda message: watch.complaints.append(message.text) if message.type == "error" else None)
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    yield context.new_page()
    context.close()
