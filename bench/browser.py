"""The Chromium that consoles are measured with, on a network and a processor that are slowed alike for all."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from bench.place import ROOT

_RECORD: Final = ROOT / "build" / "browser.json"
_ARGUMENTS: Final = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
# What the browser's own tools call “Fast 4G”, and a phone's processor.
FAST_4G: Final = {"offline": False, "latency": 165.0, "downloadThroughput": 1_012_500, "uploadThroughput": 168_750}
SLOWER: Final = 4
PATIENCE_MS: Final = 120_000


@contextmanager
def launched() -> Iterator[Browser]:
    """Start the browser that the preparation found or unpacked."""
    found: dict[str, Any] = {"executable": shutil.which("chromium"), "environment": {}}
    settings = json.loads(_RECORD.read_text()) if _RECORD.is_file() else found
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        environment = {**settings["environment"], "HOME": home}
        browser = playwright.chromium.launch(
            executable_path=settings["executable"], args=_ARGUMENTS, env=environment, timeout=PATIENCE_MS
        )
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Visit:
    """A page, and what came over the network for it."""

    page: Page
    session: CDPSession
    sizes: list[float] = field(default_factory=list)

    def received(self) -> float:
        """Return the bytes that were received so far, headers among them."""
        return sum(self.sizes)


@contextmanager
def slowed(browser: Browser, *, script: str = "", state: Any = None) -> Iterator[Visit]:  # noqa: ANN401 - Playwright's own type is no public one
    """Open a page of a browser without a cache, on the slowed network and processor.

    Args:
        browser: the browser.
        script: runs in each document before its own scripts.
        state: whose browser it is, as Playwright keeps it.
    """
    context = browser.new_context(viewport={"width": 1400, "height": 900}, storage_state=state, locale="en-US")
    context.set_default_timeout(PATIENCE_MS)
    if script:
        context.add_init_script(script)
    page = context.new_page()
    session = context.new_cdp_session(page)
    visit = Visit(page, session)
    session.on("Network.loadingFinished", lambda event: visit.sizes.append(event["encodedDataLength"]))
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", FAST_4G)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    try:
        yield visit
    finally:
        context.close()
