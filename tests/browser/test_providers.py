"""A provider of the deployment in a real browser: an independent OpenID provider, and the real application."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import Running, await_listening, free_port, serving
from tests.browser.test_passkeys import add_passkey, device, enter

__all__ = ["device"]

NEWCOMER = {"sub": "nora", "email": "nora@elsewhere.example", "email_verified": True}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider in a process of its own, which knows one person by name."""
    port = free_port()
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "oidc_provider_mock",
        "--port",
        str(port),
        "--require-nonce",
        "true",
    ]
    with subprocess.Popen([*command, "--user-claims", json.dumps(NEWCOMER)]) as provider:  # noqa: S603 - our own command
        try:
            await_listening(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            provider.terminate()


@pytest.fixture(scope="module")
def running(issuer: str, demonstration_data: Path) -> Iterator[Running]:
    provider = {"key": "mock", "name": "Mock ID", "issuer": issuer, "client_id": "wardship", "client_secret": "s"}
    settings = {"WARDSHIP_DEVELOPMENT": "true", "WARDSHIP_SIGN_IN_PROVIDERS": json.dumps([provider])}
    with serving(demonstration_data, **settings) as running:
        yield running


def authorize(page: Page, subject: str) -> None:
    page.get_by_placeholder("sub").fill(subject)
    page.get_by_role("button", name="Authorize").click()


@pytest.mark.usefixtures("device")
def test_person_links_a_provider_and_begins_there_with_the_second_step_here(page, running):
    enter(page, running.links["owner"])
    add_passkey(page, running.origin, "Phone")
    page.get_by_role("button", name="Link Mock ID").click()
    page.get_by_role("link", name="Go to Mock ID").click()
    authorize(page, "olivia-there")
    page.wait_for_url("**/auth/security")
    expect(page.get_by_role("heading", name="Mock ID")).to_be_visible()
    page.context.clear_cookies()
    page.goto(f"{running.origin}/console")
    page.get_by_role("button", name="Sign in with Mock ID").click()
    authorize(page, "olivia-there")
    page.wait_for_url("**/auth/second-factor")
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("button", name="Show my passkey").click()
    page.wait_for_url("**/console/o/*")
    session = page.evaluate("async () => (await fetch('/auth/sessions')).json()")
    assert {item["method"] for item in session if item["is_current"]} == {"provider:mock"}


def test_newcomer_is_told_how_an_account_is_made_and_has_none_yet(page, running):
    page.goto(f"{running.origin}/console")
    page.get_by_role("button", name="Sign in with Mock ID").click()
    page.get_by_role("button", name="nora").click()
    expect(page.get_by_role("heading")).to_have_text("Mock ID opens no account here yet")
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("heading")).to_have_text("Look into your mailbox")
    page.goto(f"{running.origin}/console")
    expect(page.get_by_label("E-mail address")).to_be_visible()


def test_person_who_declines_at_the_provider_is_not_signed_in(page, running):
    page.goto(f"{running.origin}/console")
    page.get_by_role("button", name="Sign in with Mock ID").click()
    page.get_by_role("button", name="Deny").click()
    expect(page.get_by_role("heading")).to_have_text("You are not signed in")
    page.get_by_role("link", name="Sign in").click()
    expect(page.get_by_label("E-mail address")).to_be_visible()
