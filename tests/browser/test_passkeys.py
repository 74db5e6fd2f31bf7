"""Passkeys in a real browser with its virtual authenticator, against the real application."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.serving import running

__all__ = ["running"]

PASSWORD = "violet-otter-canyon-lamp"
SEND = """async ([path, body]) => {
  const session = await (await fetch("/auth/session")).json();
  const headers = { "Content-Type": "application/json", "X-Wardship-CSRF": session.csrf_token };
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: answer.status, ...(await answer.json()) };
}"""
SIGN = """async (options) => {
  try {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
    return (await navigator.credentials.get({ publicKey })).toJSON();
  } catch (error) {
    return { error: error.name };
  }
}"""


@dataclass
class Device:
    """The browser's authenticator, which answers by itself."""

    cdp: CDPSession
    id: str

    def send(self, command: str, **arguments: Any) -> Any:
        return self.cdp.send(f"WebAuthn.{command}", {"authenticatorId": self.id, **arguments})


@pytest.fixture
def device(page: Page) -> Device:
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return Device(cdp, made["authenticatorId"])


def await_console(page: Page) -> None:
    """Wait until the first page has what it asked for: whoever signs out before is refused, which a browser logs."""
    page.wait_for_url("**/console/o/*")
    expect(page.get_by_role("heading", level=1)).to_have_text("Harbour Logistics")


def enter(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("button").click()
    await_console(page)


def add_passkey(page: Page, origin: str, name: str) -> None:
    """Make a passkey on the pages, and keep the recovery codes that come with the first one."""
    page.goto(f"{origin}/auth/security")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_label("Call it").fill(name)
    page.get_by_role("button", name="Make the passkey").click()
    page.get_by_role("heading", name="Keep your recovery codes").wait_for()
    expect(page.get_by_role("listitem")).to_have_count(10)
    page.get_by_role("link", name="Go on").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def send(page: Page, path: str, **body: Any) -> dict[str, Any]:
    return page.evaluate(SEND, [path, body])


def sign(page: Page) -> dict[str, Any]:
    """Ask for what a passkey alone signs, and let the device sign it."""
    return page.evaluate(SIGN, send(page, "/auth/sign-in/passkey/options")["options"])


def test_passkey_is_made_on_a_page_and_opens_the_account_alone(page, watch, device, running):
    enter(page, running.links["owner"])
    add_passkey(page, running.origin, "Olivias Telefon ☎")
    (credential,) = device.send("getCredentials")["credentials"]
    assert (credential["rpId"], credential["isResidentCredential"]) == ("localhost", True)
    page.context.clear_cookies()
    page.goto(f"{running.origin}/console")
    page.get_by_role("button", name="Use a passkey").click()
    await_console(page)
    page.goto(f"{running.origin}/auth/security")
    expect(page.get_by_text("Last used on")).to_be_visible()
    assert watch.origins() == {running.origin}
    assert watch.complaints == []


@pytest.mark.usefixtures("device")
def test_passkey_is_the_second_step_after_the_password_and_the_step_up(page, watch, running):
    enter(page, running.links["org admin"])
    add_passkey(page, running.origin, "Adam's laptop")
    page.goto(f"{running.origin}/console")  # the other pages may ask the server for nothing by script
    await_console(page)
    changed = send(page, "/auth/password/change", new_password=PASSWORD)
    assert changed["status"] == 200, changed
    page.context.clear_cookies()
    page.goto(f"{running.origin}/console")
    page.get_by_label("E-mail address").fill("adam@harbour.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_label("Code from your authenticator")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    await_console(page)
    page.goto(f"{running.origin}/auth/second-factor")
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("button", name="Show my passkey").click()
    page.wait_for_url("**/auth/security")
    expect(page.get_by_role("button", name="Rename")).to_be_visible()
    assert watch.complaints == []


def test_what_must_not_open_an_account_does_not(page, device, running):
    """One person, because each of these leaves the passkey as it was: the last act shows that it still works."""
    enter(page, running.links["group admin"])
    add_passkey(page, running.origin, "Gina's key")
    page.context.clear_cookies()
    page.goto(f"{running.origin}/console")

    # Its owner was not verified, and the signature is another's.
    for bits in ({"isBadUV": True}, {"isBogusSignature": True}):
        device.send("setResponseOverrideBits", **bits)
        refused = send(page, "/auth/sign-in/passkey", credential=sign(page))
        assert (refused["status"], refused["code"]) == (401, "PASSKEY_REFUSED"), bits
    device.send("setResponseOverrideBits")

    # A page of another host of this machine: the browser signs nothing there, or what it signs is refused.
    options = send(page, "/auth/sign-in/passkey/options")["options"]
    page.goto(running.origin.replace("localhost", "elsewhere.localhost") + "/auth/registration")
    signed = page.evaluate(SIGN, options)
    page.goto(f"{running.origin}/console")
    assert "error" in signed or send(page, "/auth/sign-in/passkey", credential=signed)["code"] == "PASSKEY_REFUSED"

    # Cancelled: nobody touches the device, and the person is told what to do.
    device.send("setUserVerified", isUserVerified=False)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert")).to_have_text("No passkey was used: try again, or choose another way.")
    device.send("setUserVerified", isUserVerified=True)

    # Right once, and then never again.
    signed = sign(page)
    assert send(page, "/auth/sign-in/passkey", credential=signed)["step"] == "done"
    assert send(page, "/auth/sign-in/passkey", credential=signed)["code"] == "PASSKEY_REFUSED"


def test_removed_passkey_opens_nothing_though_the_device_still_has_it(page, device, running):
    enter(page, running.links["member"])
    add_passkey(page, running.origin, "Old phone")
    page.goto(f"{running.origin}/auth/security")
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("alert")).to_contain_text("your only second factor")
    (first,) = device.send("getCredentials")["credentials"]
    device.send("removeCredential", credentialId=first["credentialId"])
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_label("Call it").fill("New phone")
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url("**/auth/security")
    (second,) = device.send("getCredentials")["credentials"]
    new_phone = page.locator("form").filter(has=page.get_by_role("heading", name="New phone"))
    new_phone.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("heading", name="New phone")).to_have_count(0)
    assert [item["credentialId"] for item in device.send("getCredentials")["credentials"]] == [second["credentialId"]]
    page.context.clear_cookies()
    page.goto(f"{running.origin}/console")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("not accepted here")
    expect(page.get_by_label("E-mail address")).to_be_visible()


def test_pages_say_what_to_do_where_scripts_do_not_run(browser, running):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(running.links["privacy team"])
    page.get_by_role("button").click()
    page.goto(f"{running.origin}/auth/enrol")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("Passkeys need scripts")).to_be_visible()
    page.get_by_role("link", name="Choose another way").click()
    page.get_by_role("button", name="Show the code to scan").click()
    expect(page.get_by_text("Or type this into your authenticator")).to_be_visible()
    context.close()
