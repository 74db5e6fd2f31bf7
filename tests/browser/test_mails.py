"""The HTML of mails in a real browser: narrow screens, light and dark, nothing loaded."""

import re

import pytest
from playwright.sync_api import Page

from wardship.core.mail.blocks import Address, marked
from wardship.core.mail.parts import html

LINK = str(marked(Address("https://wardship.example/auth/link/" + "aB3_-" * 20)))
SOURCE = f"""\
* {marked("W" * 120)}

{marked("O'Brien <b>&amp;</b>")} of {marked("בית אלפא")}: see {LINK}.

- {marked("x" * 400)}
- `wardship staff add EMAIL`

Confirm this address: {LINK}
"""


def rgb(page: Page, selector: str, what: str) -> tuple[int, ...]:
    value = page.evaluate("([s, w]) => getComputedStyle(document.querySelector(s))[w]", [selector, what])
    return tuple(map(int, re.findall(r"\d+", value)[:3]))


def luminance(colour: tuple[int, ...]) -> float:
    red, green, blue = (c / 3294.6 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: tuple[int, ...], second: tuple[int, ...]) -> float:
    dark, light = sorted([luminance(first), luminance(second)])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("scheme", "ground"), [("light", (255, 255, 255)), ("dark", (18, 18, 18))], ids=["light", "dark"]
)
def test_mail_is_readable_at_320_pixels_in_light_and_dark_and_loads_nothing(page, watch, scheme, ground):
    page.set_viewport_size({"width": 320, "height": 500})
    page.emulate_media(color_scheme=scheme)
    page.set_content(html("A title", SOURCE, [f"Wardship, {LINK}"]))
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert contrast(rgb(page, "p", "color"), ground) > 15
    assert contrast(rgb(page, "p:last-child", "color"), ground) > 4
    button = "p a[style*=inline-block]"
    assert contrast(rgb(page, button, "color"), rgb(page, button, "backgroundColor")) > 4.5
    assert page.locator(button).bounding_box()["height"] >= 44
    assert page.locator("bdi").inner_text() == "בית אלפא"
    assert (watch.requests, watch.complaints) == ([], [])


def test_mail_shows_what_values_hold_as_text(page):
    page.set_content(html("A title", SOURCE, ["Wardship"]))
    assert "O'Brien <b>&amp;</b> of בית אלפא: see https://" in page.locator("p").first.inner_text()
    assert page.locator("b").count() == 0
    assert page.locator("code").inner_text() == "wardship staff add EMAIL"
