"""A certificate on paper: one page, from which it can be read back and verified by whoever has the keys."""

import io
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.browser.console.world import World, call, command, connect, until, world_in
from tests.browser.serving import PROGRAM

A4_POINTS = (595, 842)
KEYS = "/.well-known/wardship-certificate-keys.json"
OF_GROUP_ADMIN = (
    """{ requests(first: 50, orderBy: SUBMITTED) { edges { node { id member { email } rights { id kind } } } } }"""
)
CERTIFIED = "query($id: ID!) { request(id: $id) { certificate } }"
OWED = "update request_right set scheduled_for = now() - interval '1 minute' where state = 'scheduled'"
COMPACT = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+$")


@pytest.fixture(scope="module")
def world(demonstration_data: Path, browser: Browser) -> Iterator[World]:
    with world_in(demonstration_data) as world:
        world.sign_in(browser, "owner", prepare=lambda page: world.enrol("owner", page))
        world.sign_in(browser, "org admin", prepare=lambda page: connect(page, world.vendor, "gina@harbour.example"))
        world.sign_in(browser, "group admin", prepare=_ask)
        yield world


def _ask(page: Page) -> None:
    command(page, "submitRequest", rights=[{"kind": "ERASURE"}], country="DE")


@pytest.fixture(scope="module")
def certificate(browser: Browser, world: World) -> str:
    """What was certified once somebody's data was erased here and at the third party, which proves it."""
    world.unlock()
    with world.visit(browser, "owner") as page:
        nodes = [edge["node"] for edge in call(page, OF_GROUP_ADMIN)["requests"]["edges"]]
        (request,) = [node for node in nodes if (node["member"] or {}).get("email") == "gina@harbour.example"]
        (right,) = request["rights"]
        command(page, "approveRight", rightId=right["id"])
        digest = command(page, "previewErasure", "preview { digest }", rightId=right["id"])["preview"]["digest"]
        command(page, "commitErasure", rightId=right["id"], digest=digest)
        world.execute(OWED)
        return until(lambda: call(page, CERTIFIED, id=request["id"])["request"]["certificate"])


@pytest.fixture(scope="module")
def sheet(browser: Browser, world: World, certificate: str) -> PdfReader:
    """The page as a printer gets it."""
    with world.visit(browser, "owner", f"/console/certificate#{certificate}") as page:
        expect(page.get_by_text("The certificate is genuine")).to_be_visible()
        return PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))


def test_certificate_is_printed_on_one_page_of_a4(sheet):
    assert len(sheet.pages) == 1
    box = sheet.pages[0].mediabox
    assert (round(box.width), round(box.height)) == A4_POINTS


def test_text_on_paper_is_the_certificate_and_verifies(sheet, certificate, world, browser, tmp_path):
    (read,) = COMPACT.findall("".join(sheet.pages[0].extract_text().split()))
    assert read == certificate
    with world.visit(browser, "owner") as page:
        (tmp_path / "keys.json").write_text(page.request.get(f"{world.running.origin}{KEYS}").text())
    (tmp_path / "certificate.jws").write_text(read)
    command_line = [PROGRAM, "certificate", "verify", "certificate.jws", "--keys", "keys.json"]
    verified = subprocess.run(command_line, cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    assert "The certificate is genuine" in verified.stdout, verified.stderr
    assert "Every grade in it follows from the exchanges that it holds." in verified.stdout
    assert verified.returncode == 0
