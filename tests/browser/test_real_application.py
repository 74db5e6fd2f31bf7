"""What a person does after `make run`: open a printed link, come to the explorer, run a ready query."""

import re

from playwright.sync_api import expect

from tests.browser.serving import ROOT, running

__all__ = ["running"]

QUERIES = [
    path
    for path in sorted((ROOT / "graphql" / "console" / "queries").glob("*.graphql"))
    if re.search(r"^query", path.read_text("utf-8"), re.MULTILINE)
]
OF_OTHERS = {
    "domain_disputes",
    "organisations",
    "closing_tasks",
    "staff",
    "privacy_team_queue",
    "held_deletions",
    "person_of_a_request",
    "vendor_clients",
    "remote_integrations",
}
"""Ready queries of the provider's staff and of vendors, and one that needs a request to be about."""
SUBMIT = 'mutation { submitRequest(input: {rights: [{kind: RESTRICTION}], country: "DE"}) { request { id } } }'
ASK = """async (query) => {
  const session = await (await fetch("/auth/session")).json();
  const answer = await fetch("/graphql", {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "X-Wardship-CSRF": session.csrf_token,
      "X-Wardship-Organisation": session.organisation,
    },
    body: JSON.stringify({ query }),
  });
  return answer.json();
}"""


def enter(page, running, role):
    page.goto(running.links[role])
    page.get_by_role("button").click()
    page.wait_for_url("**/console/o/*")


def explore(page, running, role):
    enter(page, running, role)
    page.goto(f"{running.origin}/console/explorer")


def test_link_is_printed_for_every_role(running):
    assert set(running.links) >= {"owner", "org admin", "group admin", "member", "privacy team"}
    assert all(link.startswith(f"{running.origin}/auth/link/") for link in running.links.values())


def test_administrator_comes_from_the_printed_link_to_a_first_query(page, watch, running):
    explore(page, running, "org admin")
    page.get_by_role("button", name="Members with their roles and groups").click()
    expect(page.get_by_role("tab", name="Members", selected=True)).to_be_visible()
    page.get_by_role("button", name="Execute query").click()
    expect(page.locator(".graphiql-response")).to_contain_text('"displayName"')
    expect(page.locator(".graphiql-response")).not_to_contain_text('"errors"')
    assert watch.origins() == {running.origin}
    assert watch.complaints == []


def test_every_ready_query_answers_the_owner_without_errors(page, running):
    enter(page, running, "owner")
    asked = [path for path in QUERIES if path.stem.partition("_")[2] not in OF_OTHERS]
    answers = {path.stem: page.evaluate(ASK, path.read_text("utf-8")) for path in asked}
    assert {name: answer["errors"] for name, answer in answers.items() if "errors" in answer} == {}
    assert all(answer["data"] for answer in answers.values())


def test_link_works_once(page, running):
    enter(page, running, "member")
    page.context.clear_cookies()
    page.goto(running.links["member"])
    expect(page.get_by_role("button", name="Sign in")).to_have_count(0)
    page.goto(f"{running.origin}/console")
    expect(page.get_by_label("E-mail address")).to_be_visible()


def test_explorer_shows_the_progress_of_a_request_as_it_happens(page, watch, running):
    explore(page, running, "group admin")
    request = page.evaluate(ASK, SUBMIT)["data"]["submitRequest"]["request"]["id"]
    page.get_by_role("tab").first.wait_for()
    page.locator(".graphiql-query-editor .view-lines").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(f'subscription Progress {{ requestProgress(id: "{request}") {{ rights {{ state }} }} }}')
    # GraphiQL reads what was typed after a tenth of a second: until then it sends the name of the former operation.
    expect(page.get_by_role("tab", name="Progress", selected=True)).to_be_visible()
    page.get_by_role("button", name="Execute query").click()
    answer = page.locator(".graphiql-response")
    expect(answer).to_contain_text('"WITH_ADMIN"')
    withdraw = f'mutation {{ withdrawRequest(input: {{requestId: "{request}"}}) {{ errors {{ code }} }} }}'
    assert page.evaluate(ASK, withdraw)["data"]["withdrawRequest"]["errors"] == []
    expect(answer).to_contain_text('"WITHDRAWN"')
    expect(page.get_by_role("button", name="Execute query")).to_be_visible()
    assert watch.origins() == {running.origin}
    assert watch.complaints == []
