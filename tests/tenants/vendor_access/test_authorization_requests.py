"""Requests for consent that can't be: told to the client where it is known, and to nobody else (RFC 9700)."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from tests.tenants.vendor_access.desk import CALLBACK, STATE, landed

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/callback",
        "https://vendor.example/callback",
        "https://vendor.example/callback?kept=1&more=1",
        "https://vendor.example/callback/?kept=1",
        "https://vendor.example/CALLBACK?kept=1",
        "https://VENDOR.example/callback?kept=1",
        "http://vendor.example/callback?kept=1",
        "https://vendor.example:443/callback?kept=1",
        "https://vendor.example/../callback?kept=1",
        "https://vendor.example@evil.example/callback?kept=1",
        "https://vendor.example\\@evil.example/callback?kept=1",
        'https://vendor.example/"callback?kept=1',
        "https://vendor.example/callback?kept=1#code",
        "https://vendor.exampl\u0435/callback?kept=1",
        "javascript:alert(1)",
        "//evil.example",
        "",
        None,
    ],
)
async def test_address_that_is_not_registered_letter_by_letter_gets_nobody(desk, address):
    answer = await desk.ask(redirect_uri=address)
    assert (answer.status_code, answer.headers.get("location")) == (400, None)
    assert "refresh" not in answer.text


async def test_two_addresses_to_come_back_to_get_nobody(desk):
    query = urlencode([*desk.parameters().items(), ("redirect_uri", "https://evil.example/")])
    answer = await desk.ask(query)
    assert (answer.status_code, answer.headers.get("location")) == (400, None)


@pytest.mark.parametrize("client_id", ["", "nobody", "00000000-0000-0000-0000-000000000000", "\x00", "x" * 3000])
async def test_unknown_client_gets_nobody(desk, client_id):
    answer = await desk.ask(client_id=client_id)
    assert (answer.status_code, answer.headers.get("location")) == (400, None)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "s256"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": "x" * 44}, "invalid_request"),
        ({"code_challenge": "\u00e4" * 43}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code token"}, "unsupported_response_type"),
        ({"response_type": 'co"de'}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"response_mode": "form_post"}, "invalid_request"),
        ({"scope": "members.write"}, "invalid_scope"),
        ({"scope": "members.read openid"}, "invalid_scope"),
    ],
)
async def test_request_that_can_not_be_is_told_to_the_client_with_state_and_issuer(desk, changes, error):
    answer = await desk.ask(**changes)
    back = landed(answer)
    assert answer.status_code == 303
    assert (back["error"], back["state"], back["iss"]) == (error, STATE, desk.origin)
    assert "code" not in back
    assert await desk.rows("vendor_code") == 0


async def test_parameter_that_is_there_twice_is_told_to_the_client(desk):
    for name in ("state", "code_challenge", "code_challenge_method", "scope"):
        parameters = desk.parameters()
        answer = await desk.ask(urlencode([*parameters.items(), (name, parameters[name])]))
        assert landed(answer)["error"] == "invalid_request"


async def test_refusal_by_the_form_is_the_same_as_by_the_page(desk):
    """A request that was changed after the page was shown is judged again."""
    query = urlencode(desk.parameters())
    token = (await desk.ask(query)).text.split('name="csrf_token" value="')[1].split('"')[0]
    sent = {"csrf_token": token, "act": "allow"}
    plain = urlencode(desk.parameters(code_challenge_method="plain"))
    elsewhere = urlencode(desk.parameters(redirect_uri="https://evil.example/"))
    assert landed(await desk.browse("POST", f"/oauth/authorize?{plain}", data=sent))["error"] == "invalid_request"
    assert (await desk.browse("POST", f"/oauth/authorize?{elsewhere}", data=sent)).status_code == 400
    assert (await desk.rows("vendor_grant"), await desk.rows("vendor_code")) == (0, 0)


async def test_state_comes_back_as_it_was_sent(desk):
    for state in ("x", "a b&c=d%20", "\u00e4\u2028<script>", "s" * 1000):
        assert landed(await desk.press(state=state))["state"] == state


async def test_request_without_state_is_answered_without(desk):
    assert "state" not in landed(await desk.press(state=None))


async def test_request_that_is_too_long_is_refused(desk):
    answer = await desk.ask(state="s" * 5000)
    assert (answer.status_code, answer.headers.get("location")) == (400, None)


async def test_code_goes_to_the_registered_address_alone(desk):
    assert (await desk.press()).text.count(CALLBACK.replace("&", "&amp;")) >= 1
