"""The console and the explorer in a real browser, against a small server that refuses what the real one refuses."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Error, Locator, Page, expect

from tests.browser.small_site import ACCOUNT, CODE, PASSWORD, RECOVERY_CODES, SECRET, Site, running_site
from wardship.graphql.console import built_console

SHORTEST = 1024


@pytest.fixture
def site() -> Iterator[Site]:
    with running_site() as site:
        yield site


def run_query(page: Page, selection: str) -> None:
    page.get_by_label("Operation Editor").locator(".monaco-editor").first.click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")  # else the editor puts the first bracket around what is selected
    page.keyboard.type(f"query Asked {selection}")  # as a person does: the editor closes brackets as one types
    page.keyboard.press("Escape")  # closes the list of suggestions
    expect(page.get_by_role("tab", name="Asked", selected=True)).to_be_visible()  # the editor has understood it
    page.keyboard.press("Control+Enter")


def response(page: Page) -> Locator:
    return page.locator(".graphiql-response")


def test_explorer_runs_a_query_and_loads_nothing_from_elsewhere(page, watch, site):
    page.goto(f"{site.origin}/console/explorer")
    run_query(page, '{ member(email: "grace@example.org") { name } }')
    expect(response(page)).to_contain_text("Grace Hopper")
    assert watch.origins() == {site.origin}
    assert watch.complaints == []
    assert any("graphql.worker" in request.url for request in watch.requests)


def test_pages_load_their_assets_in_brotli(page, site):
    encodings = {}
    page.on("response", lambda answer: encodings.update({answer.url: answer.headers.get("content-encoding")}))
    page.goto(f"{site.origin}/console")
    expect(page.get_by_text("Signed in as Ada Lovelace.")).to_be_visible()
    assets = built_console() / "assets"
    names = {url.rpartition("/")[2]: coding for url, coding in encodings.items() if url.endswith(".js")}
    # Of the shortest nothing is saved, and they are not compressed.
    assert {coding for name, coding in names.items() if (assets / name).stat().st_size >= SHORTEST} == {"br"}


def test_page_of_the_application_makes_no_markup_out_of_texts(page, watch, site):
    page.goto(f"{site.origin}/console")
    expect(page.get_by_text("Signed in as Ada Lovelace.")).to_be_visible()
    assert watch.complaints == []
    with pytest.raises(Error, match="TrustedHTML"):
        page.evaluate("() => { document.body.innerHTML = '<b>typed</b>'; }")
    with pytest.raises(Error, match="Policy"):
        page.evaluate("() => trustedTypes.createPolicy('any', { createHTML: (text) => text })")
    assert page.locator("b").count() == 0


def test_style_of_the_page_needs_its_nonce(page, site):
    page.goto(f"{site.origin}/console")
    expect(page.get_by_text("Signed in as Ada Lovelace.")).to_be_visible()
    page.evaluate(
        """() => { const style = document.createElement("style");
        style.textContent = "body { outline: 3px solid red; }"; document.head.append(style); }"""
    )
    assert page.evaluate("getComputedStyle(document.body).outlineStyle") == "none"


def test_explorer_knows_the_schema(page, watch, site):
    page.goto(f"{site.origin}/console/explorer")
    page.get_by_role("button", name="Show Documentation Explorer").click()
    page.get_by_role("link", name="Query").click()
    expect(page.get_by_role("link", name="member", exact=True)).to_be_visible()
    assert watch.complaints == []


def test_explorer_asks_on_behalf_of_the_chosen_organisation(page, site):
    page.goto(f"{site.origin}/console/explorer")
    run_query(page, "{ organisation }")
    expect(response(page)).to_contain_text("north")
    page.get_by_label("Organisation").select_option("South Ltd")
    page.get_by_role("button", name="Execute query").click()
    expect(response(page)).to_contain_text("south")
    page.reload()
    expect(page.get_by_label("Organisation")).to_have_value("south")
    assert site.organisations_asked == ["north", "south"]


def test_explorer_opens_a_ready_query_in_a_tab(page, site):
    page.goto(f"{site.origin}/console/explorer")
    page.get_by_role("button", name="Who I am, and what I may do").click()
    expect(page.get_by_label("Operation Editor")).to_contain_text("query WhoAmI")
    expect(page.get_by_role("tab", name="WhoAmI", selected=True)).to_be_visible()


def test_explorer_asks_again_with_a_renewed_token(page, site):
    page.goto(f"{site.origin}/console/explorer")
    expect(page.get_by_label("Operation Editor").locator(".monaco-editor").first).to_be_visible()
    site.token = "token-renewed"
    run_query(page, "{ organisation }")
    expect(response(page)).to_contain_text("north")
    assert site.refused == 1


def test_explorer_keeps_what_was_typed_for_this_tab_only(page, site):
    page.goto(f"{site.origin}/console/explorer")
    run_query(page, '{ member(email: "grace@example.org") { name } }')
    expect(response(page)).to_contain_text("Grace Hopper")
    assert page.evaluate("localStorage.length") == 0
    assert "grace@example.org" in page.evaluate("JSON.stringify(sessionStorage)")


def test_explorer_sends_whoever_is_not_signed_in_to_the_console(page, site):
    site.stage = None
    page.goto(f"{site.origin}/console/explorer")
    expect(page.get_by_text("You are not signed in.")).to_be_visible()
    page.get_by_role("link", name="Sign in").click()
    page.wait_for_url("**/console#explorer")
    assert site.organisations_asked == []


def test_console_signs_in_with_both_steps_and_goes_on_to_the_explorer(page, watch, site):
    site.stage = None
    page.goto(f"{site.origin}/console#explorer")
    page.get_by_label("E-mail address").fill(ACCOUNT["email"])
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("Code from your authenticator").fill(CODE)
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/explorer")
    expect(page.get_by_text(ACCOUNT["name"])).to_be_visible()
    assert watch.origins() == {site.origin}
    assert watch.complaints == []
    assert site.refused == 0


def test_console_goes_on_with_a_sign_in_that_was_left_half_done(page, site):
    site.stage = "second_step"
    page.goto(f"{site.origin}/console")
    page.get_by_label("Code from your authenticator").fill("000000")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("alert")).to_have_text("The code is wrong.")
    page.get_by_label("Code from your authenticator").fill(CODE)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("Signed in as Ada Lovelace.")).to_be_visible()


def test_console_sets_up_a_second_factor(page, watch, site):
    site.stage, site.has_second_factor = None, False
    page.goto(f"{site.origin}/console")
    page.get_by_label("E-mail address").fill(ACCOUNT["email"])
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text(SECRET)).to_be_visible()
    picture = page.get_by_alt_text("QR code")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    page.get_by_label("Code that the authenticator shows").fill(CODE)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("listitem")).to_have_text(RECOVERY_CODES)
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_text("Signed in as Ada Lovelace.")).to_be_visible()
    assert watch.complaints == []


@pytest.mark.parametrize("has_second_factor", [True, False], ids=["code", "enrolment"])
def test_console_leads_to_a_choice_that_is_due_before_anything_else(page, site, has_second_factor):
    site.stage, site.has_to_choose, site.has_second_factor = None, True, has_second_factor
    page.goto(f"{site.origin}/console#explorer")
    page.get_by_label("E-mail address").fill(ACCOUNT["email"])
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("Code").first.fill(CODE)
    page.keyboard.press("Enter")
    if not has_second_factor:
        page.get_by_role("button", name="I have kept them").click()
    page.wait_for_url("**/auth/choice")
    assert site.organisations_asked == []


def test_privacy_team_comes_to_its_queue(page, site):
    site.is_privacy_team = True
    page.goto(f"{site.origin}/console")
    page.wait_for_url("**/console/privacy")


def test_privacy_team_names_any_organisation(page, site):
    site.is_privacy_team = True
    page.goto(f"{site.origin}/console/explorer")
    page.get_by_label("Organisation").fill("east")
    run_query(page, "{ organisation }")
    expect(response(page)).to_contain_text("east")
    assert site.organisations_asked == ["east"]


def test_who_belongs_to_one_organisation_goes_straight_there(page, site):
    site.organisations = [{"slug": "north", "name": "North Ltd"}]
    page.goto(f"{site.origin}/console")
    page.wait_for_url("**/console/o/north")


def test_page_that_was_wanted_is_not_lost_by_a_sign_in_over_other_pages(page, site):
    site.stage = None
    page.goto(f"{site.origin}/console/o/north/requests/aB-_9?q=Ada")
    expect(page.get_by_label("E-mail address")).to_be_visible()
    site.stage = "complete"  # by a provider, which leads back without a word of it
    page.goto(f"{site.origin}/console")
    page.wait_for_url("**/console/o/north/requests/aB-_9")
    assert page.evaluate("sessionStorage.getItem('wardship.wanted')") is None


def test_who_belongs_to_several_organisations_chooses_one(page, site):
    page.goto(f"{site.origin}/console")
    page.get_by_role("link", name="South Ltd").click()
    page.wait_for_url("**/console/o/south")


def test_sign_in_speaks_german(page, site):
    site.stage = None
    page.goto(f"{site.origin}/console?lang=de")
    expect(page.get_by_role("button", name="Anmelden", exact=True)).to_be_visible()
    expect(page.get_by_label("E-Mail-Adresse")).to_be_visible()


def test_console_says_why_a_sign_in_was_refused(page, site):
    site.stage = None
    page.goto(f"{site.origin}/console")
    page.get_by_label("E-mail address").fill(ACCOUNT["email"])
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text("The address or the password is wrong.")
    assert site.stage is None


def test_console_signs_out_and_forgets_what_was_typed(page, site):
    page.goto(f"{site.origin}/console")
    page.evaluate("sessionStorage.setItem('graphiql:query', 'grace@example.org')")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("E-mail address")).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0
    assert site.stage is None


def test_who_came_by_an_organisations_provider_is_signed_out_there_too(page, site):
    site.is_by_provider = True
    page.route("**/provider/logout", lambda route: route.fulfill(body="Signed out at the provider"))
    page.goto(f"{site.origin}/console")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/provider/logout")
    assert site.stage is None


def test_sign_in_page_leads_on_who_does_not_begin_with_a_password(page, site):
    site.stage = None
    page.goto(f"{site.origin}/console")
    expect(page.get_by_role("link", name="Mail me a link instead")).to_be_visible()
    links = [link.get_attribute("href") for link in page.get_by_role("link").all()]
    assert links == ["/auth/by-mail", "/auth/way", "/auth/forgotten", "/auth/registration"]


def test_console_refuses_to_be_framed(page, site):
    page.route("**/frame", lambda route: route.fulfill(body=f'<iframe src="{site.origin}/console"></iframe>'))
    page.goto(f"{site.origin}/frame")
    assert page.frames[1].locator("form").count() == 0
    assert "chrome-error" in page.frames[1].url
