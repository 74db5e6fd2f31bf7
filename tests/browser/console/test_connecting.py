"""An administrator connects a third party that asks for it: led there and back in a real browser, and no further."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.console.world import HARBOUR, World, call, connect
from tests.browser.serving import serving
from tests.fakes.oauth_vendor import OAuthVendor, open_vendor
from wardship.app.demo.radicale_server import radicale_server
from wardship.core.clock import SystemClock

FIRST = "{ installations(first: 1) { edges { node { id } } } }"
CLIENT = {"integration": "address_book", "client_id": "wardship", "client_secret": "s3cret/with+signs"}


@contextmanager
def served_vendor() -> Iterator[OAuthVendor]:
    """Serve a vendor's authorization server on a thread of its own: this one has Playwright's loop."""
    begun, made = threading.Event(), []
    loop, ended = asyncio.new_event_loop(), asyncio.Event()

    async def serve() -> None:
        async with open_vendor(SystemClock()) as vendor:
            made.append(vendor)
            begun.set()
            await ended.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    begun.wait()
    yield made[0]
    loop.call_soon_threadsafe(ended.set)
    thread.join()
    loop.close()


@pytest.fixture(scope="module")
def vendor() -> Iterator[OAuthVendor]:
    with served_vendor() as vendor:
        yield vendor


@pytest.fixture(scope="module")
def world(browser: Browser, demonstration_data: Path, vendor: OAuthVendor) -> Iterator[World]:
    settings = {"WARDSHIP_DEVELOPMENT": "true", "WARDSHIP_OAUTH_CLIENTS": json.dumps([CLIENT])}
    with (
        radicale_server(demonstration_data.with_name("vendor")) as radicale,
        serving(demonstration_data, **settings) as running,
    ):
        world = World(running, radicale, demonstration_data)
        world.sign_in(browser, "org admin", prepare=lambda page: connect(page, world.vendor))
        declared = vendor.declared().model_dump_json()
        world.execute(f"update installation set manifest = jsonb_set(manifest, '{{oauth}}', '{declared}')")
        yield world


@contextmanager
def its_page(browser: Browser, world: World) -> Iterator[Page]:
    with world.visit(browser, "org admin") as page:
        world.unlock()
        installation = call(page, FIRST)["installations"]["edges"][0]["node"]["id"]
        page.goto(f"{world.running.origin}{HARBOUR}/integrations/{installation}")
        yield page


def test_who_says_no_there_is_told_so_and_finds_the_way_back(browser: Browser, world: World, vendor: OAuthVendor):
    vendor.leads_back = {"code": None, "error": "access_denied"}
    with its_page(browser, world) as page:
        expect(page.get_by_text("Not connected")).to_be_visible()
        page.get_by_role("button", name="Connect", exact=True).click()
        expect(page.get_by_role("heading", name="It is not connected")).to_be_visible()
        expect(page.get_by_role("alert")).to_contain_text("you or the vendor said no")
        page.get_by_role("link", name="Back to the integration").click()
        expect(page.get_by_text("Not connected")).to_be_visible()
    vendor.leads_back = {}
    assert world.value("select count(*) from place_authorisation") == 0


def test_it_is_connected_by_a_way_there_and_back_and_disconnected(browser: Browser, world: World, vendor: OAuthVendor):
    with its_page(browser, world) as page:
        page.get_by_role("button", name="Connect", exact=True).click()
        page.wait_for_url(f"**{HARBOUR}/integrations/*")
        expect(page.get_by_text("Connected", exact=True).first).to_be_visible()
        expect(page.get_by_role("button", name="Connect again")).to_be_visible()
        assert vendor.count("/token") == 1
        assert world.value("select string_agg(state, ',') from place_authorisation") == "connected"

        page.get_by_role("button", name="Disconnect …").click()
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_text("What it holds stays there")).to_be_visible()
        dialog.get_by_role("button", name="Disconnect it").click()
        expect(page.get_by_text("Being disconnected")).to_be_visible()
        expect(page.get_by_role("button", name="Connect", exact=True)).to_have_count(0)
        assert world.value("select state from installation where state <> 'removed'") == "paused"
