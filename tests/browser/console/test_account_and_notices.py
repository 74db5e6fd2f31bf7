"""What the account keeps for every browser, where notices lead, and where the privacy team comes in."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.console.conftest import HARBOUR, visiting
from tests.browser.serving import Running

NOTICES = """async (slug) => {
  const session = await (await fetch("/auth/session")).json();
  const headers = {"Content-Type": "application/json", "X-Wardship-CSRF": session.csrf_token,
    "X-Wardship-Organisation": slug};
  const query = "{ viewer { notices(first: 100) { edges { node { kind url } } } } }";
  const answer = await (await fetch("/graphql", {method: "POST", headers, body: JSON.stringify({query})})).json();
  return answer.data.viewer.notices.edges.map(({ node }) => [node.kind, node.url]);
}"""
LOOKS = "() => [document.documentElement.lang, document.documentElement.dataset.theme]"
GERMAN = ("Konto von", "Wie das System", "English")


def elsewhere(state: Any) -> Any:
    """Return the same session in a browser that has kept nothing."""
    return {"cookies": state["cookies"], "origins": []}


def choose(page: Page, account: str, name: str) -> None:
    page.get_by_role("button", name=account).click()
    with page.expect_response(lambda response: response.url.endswith("/graphql")):
        page.get_by_role("menuitemradio", name=name).click()


def test_language_and_appearance_go_with_the_account_to_every_browser(browser: Browser, running: Running, states: Any):
    with visiting(browser, running, states["member"]) as here:
        page = here.open(HARBOUR)
        choose(page, "Account of", "Dark")
        choose(page, "Account of", "Deutsch")
        page.wait_for_function("document.documentElement.lang === 'de'")
    with visiting(browser, running, elsewhere(states["member"])) as there:
        page = there.open(HARBOUR)
        assert page.evaluate(LOOKS) == ["de", "dark"]
        account, system, english = GERMAN
        choose(page, account, system)
        choose(page, account, english)
        page.wait_for_function("document.documentElement.lang === 'en'")
    with visiting(browser, running, states["member"]) as here:
        assert here.open(HARBOUR).evaluate(LOOKS) == ["en", "system"]


@pytest.mark.parametrize("role", ["owner", "org admin"])
def test_every_notice_leads_its_reader_to_a_page(browser: Browser, running: Running, states: Any, role: str):
    with visiting(browser, running, states[role]) as console:
        console.open(f"{HARBOUR}/notices")
        told = dict(console.page.evaluate(NOTICES, "harbour"))
        assert told
        for kind, url in told.items():
            page = console.open(url.removeprefix(running.origin))
            assert not page.title().startswith("There is no such page"), (kind, url)


def test_privacy_team_comes_to_its_queue(browser: Browser, running: Running):
    page = browser.new_context().new_page()
    page.goto(running.links["privacy team"])
    page.get_by_role("button").click()
    page.wait_for_url("**/console/privacy")
    expect(page.get_by_role("heading", level=1)).to_have_text("Privacy team")
    page.context.close()
