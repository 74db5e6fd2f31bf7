"""The list of members, and through it what the shell does: addresses, keys, palette, looks, refusals."""

import pytest
from playwright.sync_api import expect

from tests.browser.console.conftest import HARBOUR

MEMBERS = f"{HARBOUR}/members"
LOOKS = """async () => {
  const session = await (await fetch("/auth/session")).json();
  const answer = await fetch("/graphql", {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "X-Wardship-CSRF": session.csrf_token,
      "X-Wardship-Organisation": "harbour",
    },
    body: JSON.stringify({ query: "{ viewer { dataAccesses(first: 100) { edges { node { __typename } } } } }" }),
  });
  return (await answer.json()).data.viewer.dataAccesses.edges.length;
}"""


def names(page):
    return [row.get_by_role("rowheader").inner_text() for row in page.get_by_role("row").all()[1:]]


def test_filters_stand_in_the_address_and_show_another_administrator_the_same_rows(visit):
    owner = visit()
    page = owner.open(MEMBERS)
    page.get_by_role("button", name="Role").click()
    page.get_by_role("option", name="Auditor").click()
    page.wait_for_url("**/members?role=AUDITOR")
    expect(page.get_by_role("rowheader")).to_have_text(["Auda Auditor"])
    other = visit("org admin").open(page.url.removeprefix(owner.origin))
    assert names(other) == ["Auda Auditor"]


def test_back_returns_to_the_rows_before(visit):
    page = visit().open(MEMBERS)
    before = names(page)
    page.get_by_role("searchbox").fill("Mia")
    page.wait_for_url("**/members?q=Mia")
    expect(page.get_by_role("rowheader")).to_have_text(["Mia Member"])
    page.go_back()
    expect(page.get_by_role("rowheader")).to_have_text(before)
    expect(page.get_by_role("searchbox")).to_have_value("")


def test_wrong_words_in_the_address_are_left_out(visit):
    page = visit().open(f"{MEMBERS}?state=NONSENSE&role=%00&order=sideways")
    assert len(names(page)) == 7


def test_rows_are_walked_and_opened_by_keys(visit):
    page = visit().open(MEMBERS)
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("[role=row]:focus")).to_contain_text("Auda Auditor")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("**/members/*")
    first = page.url
    page.keyboard.press("]")
    expect(page).not_to_have_url(first)


def test_single_keys_can_be_turned_off(visit):
    page = visit().open(MEMBERS)
    page.get_by_role("button", name="Account of").click()
    page.get_by_role("menuitemcheckbox", name="Single-letter keys").click()
    page.keyboard.press("Escape")
    page.keyboard.press("i")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_keys_do_nothing_while_one_types(visit):
    page = visit().open(MEMBERS)
    page.keyboard.press("/")
    page.keyboard.type("i?")
    expect(page.get_by_role("searchbox")).to_have_value("i?")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_palette_leads_to_a_person_by_name_and_to_what_an_id_stands_for(visit):
    page = visit().open(HARBOUR)
    page.keyboard.press("Control+k")
    page.keyboard.type("Mia")
    expect(page.get_by_role("menuitem", name="Mia Member")).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{MEMBERS}/*")


def test_nothing_but_a_look_is_recorded_as_a_look(visit):
    mia, owner = visit("member"), visit()
    mia.open(HARBOUR)
    page = owner.open(HARBOUR)
    before = mia.page.evaluate(LOOKS)
    page.keyboard.press("Control+k")
    page.keyboard.type("Mia")
    expect(page.get_by_role("menuitem", name="Mia Member")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Members").hover()
    page.evaluate("for (const what of ['blur', 'focus', 'online']) window.dispatchEvent(new Event(what))")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(500)
    assert mia.page.evaluate(LOOKS) == before
    asked = owner.asked()
    page.get_by_role("link", name="Members").click()
    expect(page.get_by_role("rowheader").first).to_be_visible()
    assert owner.asked() == asked + 1
    assert mia.page.evaluate(LOOKS) == before + 1


def test_invitation_is_sent_and_said_in_the_page(visit):
    page = visit().open(MEMBERS)
    page.keyboard.press("i")
    page.get_by_role("textbox", name="E-mail address").fill("new.person@harbour.example")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.locator("#main [role=status]")).to_contain_text("new.person@harbour.example was invited")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_refusal_stands_at_its_field_and_what_was_typed_stays(visit):
    page = visit().open(MEMBERS)
    page.keyboard.press("i")
    field = page.get_by_role("textbox", name="E-mail address")
    field.fill("mia@harbour.example")
    page.get_by_role("button", name="Send the invitation").click()
    expect(field).to_have_attribute("aria-invalid", "true")
    assert field.input_value() == "mia@harbour.example"
    described = field.get_attribute("aria-describedby").split()
    assert page.locator(f"[id='{described[-1]}']").inner_text() != ""


def test_who_may_not_invite_has_no_button_and_no_key(visit):
    page = visit("member").open(MEMBERS)
    expect(page.get_by_role("button", name="Invite")).to_have_count(0)
    page.keyboard.press("i")
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize(("locale", "heading"), [("en-GB", "Members"), ("de-AT", "Mitglieder"), ("fr-FR", "Members")])
def test_language_is_the_browsers_where_the_console_has_it(visit, locale, heading):
    console = visit(locale=locale)
    page = console.open(MEMBERS)
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    language = page.evaluate("document.documentElement.lang")
    assert language == locale[:2] or heading == "Members"


def test_strings_of_one_language_alone_are_loaded(visit):
    console = visit(locale="de-DE")
    console.open(MEMBERS)
    loaded = {request.url.rpartition("/")[2][:3] for request in console.watch.requests if "/assets/" in request.url}
    assert "de-" in loaded
    assert "en-" not in loaded


def test_nothing_personal_is_kept_in_the_browser(visit):
    console = visit()
    page = console.open(f"{MEMBERS}?q=Mia")
    kept = page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])")
    assert "harbour.example" not in kept
    assert "Mia" not in kept
