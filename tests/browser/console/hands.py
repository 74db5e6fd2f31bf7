"""Mouse and keys, counted by the page itself: what a test does there can't be left out of the count."""

from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Locator, Page, expect

COUNT = """
globalThis.spent = { clicks: 0, keys: 0, code: 0 };
addEventListener("pointerdown", (event) => { if (event.isTrusted) spent.clicks += 1; }, true);
addEventListener("keydown", (event) => {
  if (!event.isTrusted || ["Control", "Shift", "Alt", "Meta"].includes(event.key)) return;
  spent[event.target.matches?.('[autocomplete="one-time-code"]') ? "code" : "keys"] += 1;
}, true);
"""
"""What is typed into the field of a code, and the Enter after it, is the code: the table says it apart."""


@dataclass(frozen=True)
class Spent:
    """What something took: a key with Ctrl or Shift is one."""

    clicks: int
    keys: int
    code: int


def count(context: BrowserContext) -> None:
    """Let every page of a browser count, from its next load on."""
    context.add_init_script(COUNT)


def spent(page: Page) -> Spent:
    """Return what was spent since the page was loaded; a page that was left for another load has lost its count."""
    return Spent(**page.evaluate("spent"))


def press(page: Page, *keys: str) -> None:
    """Press keys one after the other, as a person does who knows them."""
    for key in keys:
        page.keyboard.press(key)


def go(page: Page, letter: str, heading: str) -> None:
    """Press `g` and a letter, and wait for the page."""
    press(page, "g", letter)
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def give_code(page: Page, field: Locator, code: str) -> None:
    """Type a code where the focus stands already, and confirm it by Enter."""
    expect(field).to_be_focused()
    page.keyboard.type(code)
    page.keyboard.press("Enter")
