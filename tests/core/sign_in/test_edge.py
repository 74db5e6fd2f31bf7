"""The endpoints as an attacker's page, or a careless client, sees them."""

from __future__ import annotations

import pytest

from tests.edge import make_app
from wardship.core.sign_in.routes import sign_in_router

CHANGING = [
    ("POST", "/auth/second-step", {"code": "123456"}),
    ("POST", "/auth/step-up", {"code": "123456"}),
    ("POST", "/auth/sign-out", {}),
    ("POST", "/auth/enrol-second-factor", {}),
    ("POST", "/auth/enrol-second-factor/confirm", {"code": "123456"}),
    ("POST", "/auth/recovery-codes", {}),
    ("POST", "/auth/password/change", {"new_password": "cobalt-heron-mosaic-quay"}),
    (
        "POST",
        "/auth/tokens",
        {"name": "x", "organisation": "a", "scopes": ["read"], "expires_at": "2027-01-01T00:00:00Z"},
    ),
    ("POST", "/auth/providers/acme/link", {}),
    ("DELETE", "/auth/identities/00000000-0000-7000-8000-000000000000", None),
    ("POST", "/auth/passkeys/options", {}),
    ("POST", "/auth/passkeys", {"name": "x", "credential": {}}),
    ("PATCH", "/auth/passkeys/00000000-0000-7000-8000-000000000000", {"name": "x"}),
    ("DELETE", "/auth/passkeys/00000000-0000-7000-8000-000000000000", None),
    ("DELETE", "/auth/authenticator", None),
    ("POST", "/auth/second-step/passkey/options", {}),
    ("POST", "/auth/second-step/passkey", {"credential": {}}),
    ("POST", "/auth/step-up/passkey", {"credential": {}}),
    ("DELETE", "/auth/sessions", None),
    ("DELETE", "/auth/sessions/00000000-0000-7000-8000-000000000000", None),
    ("DELETE", "/auth/tokens/00000000-0000-7000-8000-000000000000", None),
]


@pytest.mark.parametrize(("method", "path", "body"), CHANGING)
@pytest.mark.usefixtures("ann")
async def test_a_call_without_the_csrf_token_is_refused_and_changes_nothing(browser, owner, method, path, body):
    before = await owner.fetch("select * from session")
    answer = await browser.http.request(method, path, json=body)
    assert (answer.status_code, answer.json()["code"]) == (403, "CSRF_REFUSED")
    assert await owner.fetch("select * from session") == before


@pytest.mark.parametrize(("method", "path", "body"), CHANGING)
@pytest.mark.usefixtures("ann")
async def test_a_call_from_another_site_is_refused(browser, owner, method, path, body):
    before = await owner.fetch("select * from session")
    answer = await browser.send(method, path, json=body, headers={"Origin": "https://evil.example"})
    assert (answer.status_code, answer.json()["code"]) == (403, "ORIGIN_REFUSED")
    assert await owner.fetch("select * from session") == before


async def test_another_site_can_not_sign_a_browser_in(ann, open_browser):
    browser = open_browser()
    body = {"email": ann.email, "password": ann.password}
    answer = await browser.send("POST", "/auth/sign-in", json=body, headers={"Origin": "https://evil.example"})
    assert answer.json()["code"] == "ORIGIN_REFUSED"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
async def test_what_a_form_can_send_is_refused(browser, content_type):
    answer = await browser.send(
        "POST",
        "/auth/sign-in",
        content=b'{"email": "ann@example.org", "password": "x"}',
        headers={"Content-Type": content_type},
    )
    assert (answer.status_code, answer.json()["code"]) == (415, "JSON_REQUIRED")


async def test_a_body_over_sixteen_kibibytes_is_refused(browser):
    answer = await browser.send(
        "POST",
        "/auth/sign-in",
        content=b'{"email": "' + b"a" * 17_000 + b'"}',
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (b"not json", []),
        (b"[]", []),
        (b'{"email": "ann@example.org"}', ["password"]),
        (b'{"email": 7, "password": "hunter2hunter2"}', ["email"]),
        (b'{"email": "ann@example.org", "password": "hunter2hunter2", "is_staff": true}', []),
        (b'{"email": "no address", "password": "hunter2hunter2"}', ["email"]),
    ],
)
async def test_a_wrong_body_is_refused_without_repeating_it(browser, body, path):
    answer = await browser.send("POST", "/auth/sign-in", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 400
    assert answer.json()["code"] in {"INVALID_INPUT", "INVALID_ADDRESS"}
    assert "hunter2" not in answer.text
    if path:
        assert answer.json()["path"] == path


@pytest.mark.usefixtures("ann")
async def test_a_token_does_not_do_where_the_account_itself_is_concerned(browser):
    answer = await browser.send("GET", "/auth/sessions", headers={"Authorization": "Bearer wsp_x"})
    assert answer.json()["code"] == "NOT_AUTHENTICATED"
    assert answer.headers["www-authenticate"] == 'Bearer realm="wardship"'


@pytest.mark.parametrize("path", ["/auth/session", "/auth/sessions"])
async def test_answers_are_kept_out_of_caches_and_frames(browser, path):
    headers = (await browser.get(path)).headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


@pytest.mark.usefixtures("ann")
async def test_a_fault_of_ours_is_logged_and_tells_nothing(browser, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("the secret is hunter2")

    monkeypatch.setattr(type(browser.deployed.database), "directory", broken)
    answer = await browser.get("/auth/session")
    assert (answer.status_code, answer.json()["code"]) == (500, "INTERNAL")
    assert "hunter2" not in answer.text
    assert answer.headers["x-request-id"] in answer.json()["message"]


async def test_each_request_has_an_identifier_of_ours(browser):
    answers = [await browser.send("GET", "/auth/session", headers={"X-Request-Id": "theirs"}) for _ in range(2)]
    identifiers = {answer.headers["x-request-id"] for answer in answers}
    assert len(identifiers) == 2
    assert "theirs" not in identifiers


async def test_the_cookie_is_bound_to_the_host_and_hidden_from_scripts(ann, open_browser):
    answer = await open_browser().post("/auth/sign-in", email=ann.email, password=ann.password)
    assert_cookie(answer.headers["set-cookie"], "wardship", secure=False)


async def test_over_tls_the_cookie_is_secure_and_prefixed(ann, open_browser, deployed, settings):
    secure = type(deployed)(
        settings.model_copy(update={"public_url": "https://wardship.example"}),
        deployed.database,
        deployed.clock,
        deployed.keys,
    )
    browser = open_browser()
    browser.http._transport.app = make_app(secure.settings, sign_in_router(secure))
    answer = await browser.post("/auth/sign-in", email=ann.email, password=ann.password)
    assert_cookie(answer.headers["set-cookie"], "__Host-wardship", secure=True)


def assert_cookie(header: str, name: str, *, secure: bool) -> None:
    value, *attributes = header.split("; ")
    assert value.startswith(f"{name}=")
    names = {attribute.lower() for attribute in attributes}
    assert {"httponly", "path=/", "samesite=lax"} <= names
    assert ("secure" in names) is secure
    assert not any(attribute.startswith("domain=") for attribute in names)
