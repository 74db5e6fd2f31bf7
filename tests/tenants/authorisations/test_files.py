"""No file that is handed out holds what opens a vendor, or opens this deployment to one."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from urllib.parse import quote

import httpx
import pytest

from tests.builders import Person, make_member
from tests.edge import make_app
from tests.fakes.oauth_vendor import LetIn, OAuthVendor
from tests.fakes.recorder import Recorder, recorder
from tests.requesting import Firm
from tests.tenants.authorisations.desk import Desk
from tests.tenants.vendor_access import desk as vendors
from wardship.app.application import routes
from wardship.core.actor import Role
from wardship.graphql.server.tables import TABLES
from wardship.tenants.requests.states import RightKind


def forms(secret: str) -> set[str]:
    """The ways in which it may stand in a file."""
    encoded = base64.b64encode(secret.encode()).decode().rstrip("=")
    return {secret, quote(secret, safe=""), secret.encode().hex(), encoded, json.dumps(secret)[1:-1]}


def found_in(content: bytes, secrets: list[str]) -> list[str]:
    return [secret for secret in secrets if any(form.encode() in content for form in forms(secret))]


@pytest.fixture
def recording() -> Recorder:
    """An integration whose vendor fetches: its client gets tokens from us."""
    return recorder(receives=vendors.FETCHED)


@pytest.fixture
def plugin(oauth_vendor: OAuthVendor) -> LetIn:
    """An integration of a vendor that hands our token out with what it holds."""
    return oauth_vendor.integration(supports={"export": "sync"})


@pytest.fixture
async def firm(services, acme, admin, ada, database) -> Firm:
    other = await make_member(database, acme, Role.ORG_ADMIN, name="Anton Admin")
    return Firm(services, acme, admin, other, other, ada)


@pytest.fixture
async def secrets(desk: Desk, firm: Firm) -> list[str]:
    """All that opens something after both have let each other in, and been renewed."""
    await desk.connect()
    fetching = await desk.connections.connect("recorder")
    vendor_id = await vendors.make_vendor(desk.services)
    issued = await vendors.make_client(desk.services, vendor_id)
    there = vendors.Desk(desk.services, desk.owner, firm.owner, vendor_id, issued.client, issued.secret, fetching.id)
    await there.sign_in(firm.owner)
    code = await there.code()
    given = (await there.redeem(code)).json()
    assert (await there.fetch(given["access_token"])).status_code == 200
    again = (await there.refresh(given["refresh_token"])).json()
    tokens = [each[name] for each in (given, again) for name in ("access_token", "refresh_token")]
    ours = [*desk.vendor.access, *desk.vendor.refresh, desk.vendor.client_secret]
    return [*ours, *tokens, code, there.verifier, issued.secret]


@pytest.fixture
async def browser(desk: Desk, secrets):  # noqa: ARG001 - what follows comes after
    """A browser at all that this deployment serves."""
    app = make_app(desk.services.settings, *routes(desk.services))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url=desk.services.settings.public_url
    ) as http:
        yield http


async def copy_of(desk: Desk, firm: Firm, browser: httpx.AsyncClient, person: Person) -> dict[str, bytes]:
    """Ask for a copy, let it be made with what the vendors hand out, and download it."""
    submitted = await firm.submit(RightKind.ACCESS, who=person)
    await firm.approve(submitted, RightKind.ACCESS, who=firm.admin if person == firm.member else firm.privacy_team)
    await firm.run()
    await desk.connections.work()
    await firm.run()
    await desk.sign_in(person)
    await desk.owner.execute("update session set stepped_up_at = $1", desk.services.clock.now())
    file_id = await desk.owner.fetchval("select id from export_file order by created_at desc, id desc limit 1")
    browser.cookies.set("wardship", desk.cookie)
    answer = await browser.get(f"/exports/{file_id}")
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


async def test_copy_of_a_person_holds_no_token_though_the_vendor_hands_it_out(desk, firm, browser, secrets):
    parts = await copy_of(desk, firm, browser, firm.member)
    assert json.loads(parts["recipients/let_in.json"])["rows"][0]["value"] == "ada@example.org by [cut]"
    assert {name: found_in(content, secrets) for name, content in parts.items()} == {name: [] for name in parts}


async def test_copy_of_who_has_connected_both_holds_no_secret(desk, firm, browser, secrets):
    parts = await copy_of(desk, firm, browser, firm.owner)
    assert b"Olga Owner" in parts["data.json"]
    assert {name: found_in(content, secrets) for name, content in parts.items()} == {name: [] for name in parts}


@pytest.mark.parametrize("path", ["/audit/export", *(f"/tables/{name}" for name in TABLES)])
async def test_what_an_organisation_hands_out_holds_no_secret(desk, browser, secrets, path):
    await desk.sign_in(desk.admin)
    await desk.owner.execute("update session set stepped_up_at = $1", desk.services.clock.now())
    browser.cookies.set("wardship", desk.cookie)
    answer = await browser.get(path)
    assert answer.status_code == 200, answer.text
    assert found_in(answer.content, secrets) == []
