"""What is looked for on each page, beside axe: each function returns what is wrong, in words."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.browser.serving import ROOT

AXE = (ROOT / "graphql" / "console" / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
LOOKING = Path(__file__).with_suffix(".js").read_text("utf-8").rstrip().removesuffix(";")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SMALL_PX = 24
MOST_TABS = 120


def look(page: Page, name: str, argument: object = None) -> Any:
    """Call one of the functions of `looking.js` in the page."""
    return page.evaluate(f"(argument) => {LOOKING}.{name}(argument)", argument)


def axe_findings(page: Page) -> list[str]:
    """Every violation that axe finds."""
    page.evaluate(AXE)
    return look(page, "axe", TAGS)


def small_targets(page: Page) -> list[str]:
    """What is to be hit, and is lower or narrower than 24 px."""
    return look(page, "smallTargets", SMALL_PX)


def sideways(page: Page) -> list[str]:
    """Whether the page has to be moved sideways to be read."""
    return look(page, "sideways")


def sideways_in_large_text(page: Page) -> list[str]:
    """The same where texts have twice the size."""
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    return sideways(page)


def plain_texts(page: Page) -> list[str]:
    """Texts of the console that are plain English, though another language was asked for."""
    return look(page, "plainTexts")


def wrong_title(page: Page) -> list[str]:
    """Whether the tab is called otherwise than the page."""
    heading = page.locator("h1")
    return [] if heading.count() == 1 and page.title().startswith(heading.inner_text()) else [page.title()]


def keyboard_faults(page: Page) -> list[str]:
    """What is wrong while one goes through the page by Tab: no ring, something over it, or no end."""
    page.evaluate("document.activeElement?.blur()")
    faults: list[str] = []
    for count in range(MOST_TABS):
        page.keyboard.press("Tab")
        focused = look(page, "focused")
        if focused is None:
            return faults if count else ["nothing can be reached by Tab"]
        faults += [] if focused["isShown"] else [f"no ring around {focused['name']}"]
        faults += [f"something covers {focused['name']}"] if focused["isCovered"] else []
    return [*faults, f"after {MOST_TABS} times Tab the page has no end"]
