"""What a person does after `make run`: open a printed link, come to the explorer, run a ready query."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(sys.executable).with_name("wardship")
QUERIES = [
    path
    for path in sorted((ROOT / "graphql" / "console" / "queries").glob("*.graphql"))
    if re.search(r"^query", path.read_text("utf-8"), re.MULTILINE)
]
OF_OTHERS = {"organisations", "closing_tasks", "staff", "privacy_team_queue", "held_deletions", "person_of_a_request"}
"""Ready queries of the provider's staff, and one that needs a request to be about."""
STOPS_WITHIN_S = 20
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


@dataclass
class Running:
    """The application, and the sign-in links that it printed, by role."""

    origin: str
    links: dict[str, str]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def printed_links(output: Iterator[str]) -> dict[str, str]:
    """Read what the server prints until it says that it serves."""
    links = {}
    for line in output:
        found = re.search(r"^\s*(?P<role>[a-z ]+?):?\s+(?P<link>http\S+/auth/link/\S+)", line)
        if found:
            links[found["role"]] = found["link"]
        if "Ctrl-C" in line:
            return links
    pytest.fail("the server ended before it served")


def await_listening(port: int) -> None:
    for _ in range(200):
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)  # a real process starts: there is nothing else to wait for
    pytest.fail("the server said that it serves, and does not listen")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    port = free_port()
    others = {name: value for name, value in os.environ.items() if not name.startswith("WARDSHIP_")}
    server = subprocess.Popen(  # noqa: S603 - our own program
        [PROGRAM, "serve", "--demo", "--port", str(port)],
        cwd=ROOT,
        env={**others, "WARDSHIP_DATA_DIR": str(tmp_path_factory.mktemp("data"))},
        stdout=subprocess.PIPE,
        text=True,
    )
    with server:
        try:
            links = printed_links(server.stdout)
            await_listening(port)
            yield Running(f"http://localhost:{port}", links)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(STOPS_WITHIN_S)


def test_link_is_printed_for_every_role(running):
    assert set(running.links) >= {"owner", "org admin", "group admin", "member", "privacy team"}
    assert all(link.startswith(f"{running.origin}/auth/link/") for link in running.links.values())


def test_administrator_comes_from_the_printed_link_to_a_first_query(page, watch, running):
    page.goto(running.links["org admin"])
    page.get_by_role("button").click()
    page.wait_for_url("**/console/explorer")
    page.get_by_role("button", name="Members with their roles and groups").click()
    expect(page.get_by_role("tab", name="Members", selected=True)).to_be_visible()
    page.get_by_role("button", name="Execute query").click()
    expect(page.locator(".graphiql-response")).to_contain_text('"displayName"')
    expect(page.locator(".graphiql-response")).not_to_contain_text('"errors"')
    assert watch.origins() == {running.origin}
    assert watch.complaints == []


def test_every_ready_query_answers_the_owner_without_errors(page, running):
    page.goto(running.links["owner"])
    page.get_by_role("button").click()
    page.wait_for_url("**/console/explorer")
    asked = [path for path in QUERIES if path.stem.partition("_")[2] not in OF_OTHERS]
    answers = {path.stem: page.evaluate(ASK, path.read_text("utf-8")) for path in asked}
    assert {name: answer["errors"] for name, answer in answers.items() if "errors" in answer} == {}
    assert all(answer["data"] for answer in answers.values())


def test_link_works_once(page, running):
    page.goto(running.links["member"])
    page.get_by_role("button").click()
    page.wait_for_url("**/console/explorer")
    page.context.clear_cookies()
    page.goto(running.links["member"])
    expect(page.get_by_role("button", name="Sign in")).to_have_count(0)
    page.goto(f"{running.origin}/console")
    expect(page.get_by_label("E-mail address")).to_be_visible()


def test_explorer_shows_the_progress_of_a_request_as_it_happens(page, watch, running):
    page.goto(running.links["group admin"])
    page.get_by_role("button").click()
    page.wait_for_url("**/console/explorer")
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
