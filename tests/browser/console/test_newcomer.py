"""A new administrator, from the letter to a certificate of erasure, by what the pages say and nothing else."""

import email
import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE_MS
from tests.browser.console.world import until
from tests.browser.serving import PROGRAM, Running, serving
from wardship.app.demo.dns_server import Resolvers, serving_resolvers
from wardship.app.demo.radicale_server import RadicaleServer, radicale_server

DOMAIN = "orchard-foods.com"
NINA, IVO = f"nina@{DOMAIN}", f"ivo@{DOMAIN}"
PASSWORD = "seven crates of quinces by the door"
SECRET = re.compile(r"\b[A-Z2-7]{32}\b")


@dataclass
class Deployment:
    """The application, which nobody of Orchard Foods has seen yet, the DNS, and a server that speaks CardDAV."""

    running: Running
    data: Path
    resolvers: Resolvers
    vendor: RadicaleServer
    codes: dict[str, list[str]] = field(default_factory=dict)

    def wardship(self, *arguments: str) -> str:
        """Type a command as the operator."""
        place = {"WARDSHIP_DATA_DIR": str(self.data), "WARDSHIP_PUBLIC_URL": self.running.origin}
        command = [PROGRAM, *arguments]
        return subprocess.run(command, env=os.environ | place, capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own program

    def link_mailed_to(self, address: str, path: str) -> str:
        """Return the link below a path in the newest letter to an address that has one."""
        return until(lambda: self._link(address, path))

    def _link(self, address: str, path: str) -> str | None:
        letters = sorted(self.data.rglob("*.eml"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
        for letter in (email.message_from_bytes(file.read_bytes()) for file in letters):
            texts = [part for part in letter.walk() if part.get_content_type() == "text/plain"]
            found = re.search(rf"http://\S+{path}\S+", texts[0].get_payload(decode=True).decode())
            if letter["To"] == address and found:
                return found[0]
        return None


@pytest.fixture(scope="module")
def deployment(demonstration_data: Path) -> Iterator[Deployment]:
    with (
        serving_resolvers() as resolvers,
        radicale_server(demonstration_data.with_name("vendor")) as vendor,
        serving(demonstration_data, WARDSHIP_DNS_SERVERS=json.dumps(resolvers.servers)) as running,
    ):
        yield Deployment(running, demonstration_data, resolvers, vendor)


@contextmanager
def somebody(browser: Browser) -> Iterator[Page]:
    """Open a browser that was never here."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, accept_downloads=True)
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    yield context.new_page()
    context.close()


def register(page: Page, link: str, name: str) -> list[str]:
    """Go through the pages that a letter leads to: name, password, authenticator; return the recovery codes."""
    page.goto(link)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button").click()
    page.get_by_role("button", name="Show the code to scan").click()
    expect(page.get_by_role("textbox")).to_be_visible()
    secret = SECRET.search(page.locator("main").inner_text())[0]
    page.get_by_role("textbox").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Keep your recovery codes")
    codes = page.locator("code").all_inner_texts()
    page.get_by_role("link", name="Go on").click()
    return codes


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def main(page: Page):
    return page.locator("#main")


def invite(nina: Page) -> None:
    nina.get_by_role("link", name="Members").click()
    nina.get_by_role("button", name="Invite").click()
    nina.get_by_role("dialog").get_by_label("E-mail address").fill(IVO)
    nina.get_by_role("button", name="Send the invitation").click()
    expect(main(nina).get_by_text(f"{IVO} was invited")).to_be_visible()


def accept(ivo: Page, deployment: Deployment) -> None:
    """Register an address that was invited, and come back to the invitation by signing in."""
    invitation = deployment.link_mailed_to(IVO, "/invitations/")
    ivo.goto(invitation)
    ivo.get_by_role("link", name="Register the address").click()
    ivo.get_by_label("E-mail address").fill(IVO)
    ivo.get_by_role("button").click()
    expect(ivo.get_by_text("A mail is on its way to this address.")).to_be_visible()
    deployment.codes[IVO] = register(ivo, deployment.link_mailed_to(IVO, "/auth/link/"), "Ivo Iversen")
    expect(ivo.get_by_text("You belong to no organisation here.")).to_be_visible()
    ivo.get_by_role("button", name="Sign out").click()
    expect(ivo.get_by_label("E-mail address")).to_be_visible()

    ivo.goto(invitation)
    ivo.get_by_role("link", name="Sign in").click()
    ivo.get_by_label("E-mail address").fill(IVO)
    ivo.get_by_label("Password").fill(PASSWORD)
    ivo.get_by_role("button", name="Sign in", exact=True).click()
    ivo.get_by_label("Code from your authenticator").fill(deployment.codes[IVO].pop())
    ivo.get_by_role("button", name="Confirm").click()
    ivo.get_by_role("button", name="Accept").click()
    ivo.get_by_role("link", name="Go on").click()
    heading(ivo, "Orchard Foods")
    expect(main(ivo).get_by_role("link", name="See who has it")).to_be_visible()


def prove_domain(nina: Page, resolvers: Resolvers) -> None:
    nina.get_by_role("link", name="Home").click()
    nina.get_by_role("link", name="Prove your domain").click()
    nina.get_by_role("button", name="Prove a domain").first.click()
    nina.get_by_role("dialog").get_by_label("Domain", exact=True).fill(DOMAIN)
    nina.get_by_role("button", name="Get the record to place").click()
    heading(nina, DOMAIN)
    expect(main(nina).get_by_text("Waits for its record")).to_be_visible()
    name, value = main(nina).locator("code").all_inner_texts()
    resolvers.records[name] = value
    nina.get_by_role("button", name="Look for the record now").click()
    expect(main(nina).get_by_text("Proven", exact=True)).to_be_visible()


def install(nina: Page, vendor: RadicaleServer) -> None:
    """Connect the address book with all that it declares."""
    nina.get_by_role("link", name="Home").click()
    nina.get_by_role("link", name="Connect a third party").click()
    heading(nina, "Third parties")
    nina.get_by_role("link", name="Connect a third party").first.click()
    nina.get_by_role("link", name="Look at Address book").click()
    nina.get_by_role("button", name="Tick all").click()
    nina.get_by_label("Address of the collection").fill(vendor.create("addressbook", "members"))
    nina.get_by_label("User name").fill(vendor.username)
    nina.get_by_label("App password").fill(vendor.password)
    nina.get_by_label("Country of the server").fill("DE")
    nina.get_by_role("button", name="Accept and connect").click()
    expect(main(nina).get_by_text("Works", exact=True)).to_be_visible()


def held(vendor: RadicaleServer) -> str:
    """Return all that the third party holds."""
    return "".join(vendor.resources().values())


def ask_for_erasure(ivo: Page) -> None:
    ivo.get_by_role("link", name="Ask for a copy, a correction or a deletion").click()
    ivo.get_by_text("A copy of my data", exact=True).click()
    ivo.get_by_text("Delete my data", exact=True).click()
    ivo.get_by_role("button", name="Send").click()
    heading(ivo, "Your request is on its way")


def answer(nina: Page) -> None:
    """Acknowledge, approve, preview and commit, from the first page on."""
    nina.get_by_role("link", name="Home").click()
    nina.get_by_role("link", name="Request of Ivo Iversen").click()
    nina.get_by_role("button", name="Acknowledge").click()
    expect(main(nina).get_by_text("Acknowledged: the person is told")).to_be_visible()
    nina.get_by_role("button", name="Approve", exact=True).click()
    nina.get_by_role("button", name="Preview the erasure").click()
    nina.get_by_role("button", name="Erase Ivo Iversen in 14 days").click()
    expect(main(nina).get_by_text("Committed: Ivo Iversen is erased on")).to_be_visible()


def waive(ivo: Page) -> None:
    ivo.get_by_role("link", name="My requests").click()
    ivo.get_by_role("row", name="Deletion").click()
    ivo.get_by_role("button", name="I don't want to wait").click()
    ivo.get_by_role("button", name="Delete my data now").click()
    expect(main(ivo).get_by_text("It is being deleted now.")).to_be_visible()
    expect(ivo.get_by_role("button", name="I don't want to wait")).to_have_count(0)


def test_new_administrator_comes_from_the_letter_to_a_certificate(deployment, browser, tmp_path):
    deployment.wardship("organisation", "create", "--slug", "orchard-foods", "--name", "Orchard Foods", "--owner", NINA)
    with somebody(browser) as nina, somebody(browser) as ivo:
        register(nina, deployment.link_mailed_to(NINA, "/auth/link/"), "Nina Newton")
        heading(nina, "Orchard Foods")
        expect(main(nina).get_by_text("6 steps are left.")).to_be_visible()
        invite(nina)
        accept(ivo, deployment)
        prove_domain(nina, deployment.resolvers)
        install(nina, deployment.vendor)
        until(lambda: IVO in held(deployment.vendor))
        ask_for_erasure(ivo)
        answer(nina)
        waive(ivo)

        expect(main(nina).get_by_role("heading", name="Certificate")).to_be_visible()
        assert IVO not in held(deployment.vendor)
        with nina.expect_download() as begun:
            nina.get_by_role("button", name="Download the certificate").click()
        file = tmp_path / "certificate.json"
        begun.value.save_as(file)
        nina.goto(f"{deployment.running.origin}/console/certificate")
        nina.locator("input[type=file]").set_input_files(file)
        expect(main(nina).get_by_text("genuine", exact=False).first).to_be_visible()
