"""The token endpoint: who gets tokens for what, and who gets none."""

from __future__ import annotations

import base64
import hashlib
import logging
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from tests.tenants.vendor_access.desk import CALLBACK, make_client
from wardship.tenants.vendor_access.tokens import ACCESS_LIFE, CODE_LIFE, REFRESH_LIFE

pytestmark = pytest.mark.anyio
ACTIONS = "select entry::jsonb ->> 'action' as action from audit_entry"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def basic(text: bytes) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(text).decode()}"}


async def test_code_is_redeemed_for_tokens_that_no_cache_keeps(desk):
    answer = await desk.redeem(await desk.code())
    token = answer.json()
    assert (token["token_type"], token["scope"]) == ("Bearer", "members.read")
    assert token["expires_in"] == ACCESS_LIFE.total_seconds()
    assert (token["access_token"][:4], token["refresh_token"][:4]) == ("wsv_", "wsr_")
    assert (answer.headers["cache-control"], answer.headers["pragma"]) == ("no-store", "no-cache")
    assert (await desk.fetch(token["access_token"])).status_code == 200


async def test_secrets_codes_and_tokens_are_kept_as_hashes_alone(desk, owner):
    code = await desk.code()
    token = (await desk.redeem(code)).json()
    tables = ("vendor_client", "vendor_client_secret", "vendor_grant", "vendor_code", "vendor_token", "audit_entry")
    kept = [str(row["text"]) for name in tables for row in await owner.fetch(f"select t::text as text from {name} t")]
    for text in (code, desk.secret, token["access_token"], token["refresh_token"]):
        assert not any(text in row or text[4:] in row for row in kept)
        assert any(hashlib.sha256(text.encode()).hexdigest() in row for row in kept)


async def test_no_log_line_holds_a_secret_a_code_or_a_token(desk, caplog):
    logging.getLogger("authlib").setLevel(logging.NOTSET)
    with caplog.at_level(logging.DEBUG):
        code = await desk.code()
        token = (await desk.redeem(code)).json()
        again = (await desk.refresh(token["refresh_token"])).json()
    for text in (
        code,
        desk.secret,
        desk.verifier,
        *(t[k] for t in (token, again) for k in ("access_token", "refresh_token")),
    ):
        assert text not in caplog.text


async def test_client_may_prove_itself_by_the_form(desk):
    answer = await desk.redeem(await desk.code(), auth=None, client_secret=desk.secret)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_verifier": None}, "invalid_request"),
        ({"code_verifier": "x" * 43}, "invalid_grant"),
        ({"code_verifier": "short"}, "invalid_request"),
        ({"code_verifier": "\u00e4" * 43}, "invalid_request"),
        ({"redirect_uri": None}, "invalid_grant"),
        ({"redirect_uri": "https://evil.example/"}, "invalid_grant"),
        ({"redirect_uri": CALLBACK + "&more=1"}, "invalid_grant"),
        ({"code": "wsc_unknown"}, "invalid_grant"),
        ({"code": None}, "invalid_request"),
        ({"grant_type": None}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "implicit"}, "unsupported_grant_type"),
        ({"client_id": "somebody else"}, "invalid_client"),
        ({"client_secret": "a second way"}, "invalid_request"),
    ],
)
async def test_redemption_that_can_not_be_is_refused_and_leaves_the_code(desk, changes, error):
    code = await desk.code()
    answer = await desk.redeem(**({"code": code} | changes))
    assert answer.json()["error"] == error
    assert answer.status_code in {400, 401}
    assert await desk.rows("vendor_token") == 0
    assert (await desk.redeem(code)).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        basic(b"no colon"),
        basic(b"\xff\xfe:\xff"),
        basic(b":"),
        {"Authorization": "Basic "},
        {"Authorization": "Basic"},
        {"Authorization": "Basic ????"},
        {"Authorization": "Bearer wsv_x"},
    ],
)
async def test_header_that_proves_nothing_is_refused(desk, headers):
    form = {"grant_type": "authorization_code", "code": await desk.code(), "redirect_uri": CALLBACK}
    answer = await desk.post("/oauth/token", form | {"code_verifier": desk.verifier}, auth=None, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert "Basic" in answer.headers["www-authenticate"]
    assert await desk.rows("vendor_token") == 0


@pytest.mark.parametrize("auth", [None, "wrong", "other"])
async def test_who_does_not_prove_to_be_the_client_gets_nothing(desk, auth):
    code = await desk.code()
    other = await make_client(desk.services, desk.vendor_id, name="Another")
    wrong = {
        None: None,
        "wrong": (str(desk.client.id), "wss_wrong"),
        "other": (str(desk.client.id), other.secret),
    }[auth]
    answer = await desk.redeem(code, auth=wrong)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert await desk.rows("vendor_token") == 0


async def test_code_of_another_client_gets_nothing_and_stays_good(desk):
    code = await desk.code()
    other = await make_client(desk.services, desk.vendor_id, name="Another")
    theirs = (str(other.client.id), other.secret)
    answer = await desk.redeem(code, auth=theirs, client_id=None)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert (await desk.redeem(code)).status_code == 200


async def test_parameters_of_the_address_count_for_nothing(desk):
    form = {"grant_type": "authorization_code", "redirect_uri": CALLBACK, "code_verifier": desk.verifier}
    query = urlencode({"code": await desk.code(), "client_secret": desk.secret, "client_id": str(desk.client.id)})
    answer = await desk.post(f"/oauth/token?{query}", form)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_parameter_that_is_there_twice_is_refused(desk):
    code = await desk.code()
    pairs = [("grant_type", "authorization_code"), ("code", code), ("code", code), ("redirect_uri", CALLBACK)]
    body = urlencode([*pairs, ("code_verifier", desk.verifier)])
    async with desk.http(auth=(str(desk.client.id), desk.secret)) as http:
        answer = await http.post("/oauth/token", content=body, headers=FORM)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("body", [b"\xff=\xff", b"a&b&&c", b"x=1&" * 100, b"{}", b""])
async def test_body_that_is_no_form_is_refused(desk, body):
    async with desk.http(auth=(str(desk.client.id), desk.secret)) as http:
        answer = await http.post("/oauth/token", content=body, headers=FORM)
        as_json = await http.post("/oauth/token", json={"grant_type": "client_credentials"})
        too_long = await http.post("/oauth/token", content=b"a=" + b"x" * 20_000, headers=FORM)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert (as_json.status_code, as_json.json()["error"]) == (400, "invalid_request")
    assert too_long.status_code == 413


async def test_code_ends_after_a_minute(desk):
    code = await desk.code()
    desk.services.clock.advance(CODE_LIFE)
    assert (await desk.redeem(code)).json()["error"] == "invalid_grant"


async def test_access_token_ends_after_ten_minutes_and_is_refused_within_the_second(desk):
    token = await desk.tokens()
    desk.services.clock.advance(ACCESS_LIFE - timedelta(seconds=1))
    assert (await desk.fetch(token["access_token"])).status_code == 200
    desk.services.clock.advance(timedelta(seconds=1))
    answer = await desk.fetch(token["access_token"])
    assert (answer.status_code, answer.json()["code"]) == (401, "INVALID_TOKEN")
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    assert (await desk.introspect(token["access_token"])) == {"active": False}


async def test_refresh_token_gives_others_and_works_once(desk):
    first = await desk.tokens()
    second = (await desk.refresh(first["refresh_token"])).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert (await desk.fetch(second["access_token"])).status_code == 200
    assert (await desk.refresh(second["refresh_token"])).status_code == 200


async def test_refresh_token_that_nobody_uses_ends_after_thirty_days(desk):
    token = await desk.tokens()
    desk.services.clock.advance(REFRESH_LIFE)
    assert (await desk.refresh(token["refresh_token"])).json()["error"] == "invalid_grant"


async def test_refresh_token_shown_twice_ends_the_family_and_is_in_the_audit(desk, owner):
    first = await desk.tokens()
    second = (await desk.refresh(first["refresh_token"])).json()
    assert (await desk.refresh(first["refresh_token"])).json()["error"] == "invalid_grant"
    assert (await desk.fetch(second["access_token"])).status_code == 401
    assert (await desk.refresh(second["refresh_token"])).json()["error"] == "invalid_grant"
    actions = [
        row["action"] for row in await owner.fetch("select entry::jsonb ->> 'action' as action from audit_entry")
    ]
    assert actions.count("vendor_grant.shown_twice") == 1


async def test_code_shown_twice_ends_the_tokens_that_came_of_it_and_no_others(desk):
    other = await desk.tokens()
    code = await desk.code()
    token = (await desk.redeem(code)).json()
    assert (await desk.redeem(code)).json()["error"] == "invalid_grant"
    assert (await desk.fetch(token["access_token"])).status_code == 401
    assert (await desk.refresh(token["refresh_token"])).json()["error"] == "invalid_grant"
    assert (await desk.fetch(other["access_token"])).status_code == 200


async def test_code_shown_twice_by_who_is_not_its_client_ends_nothing(desk):
    code = await desk.code()
    token = (await desk.redeem(code)).json()
    other = await make_client(desk.services, desk.vendor_id, name="Another")
    for auth in (None, (str(other.client.id), other.secret), (str(desk.client.id), "wss_wrong")):
        assert (await desk.redeem(code, auth=auth, client_id=None)).status_code in {400, 401}
    assert (await desk.fetch(token["access_token"])).status_code == 200


async def test_refresh_token_of_another_client_gets_nothing(desk):
    token = await desk.tokens()
    other = await make_client(desk.services, desk.vendor_id, name="Another")
    theirs = (str(other.client.id), other.secret)
    answer = await desk.refresh(token["refresh_token"], auth=theirs, client_id="")
    assert answer.json()["error"] == "invalid_grant"
    assert (await desk.refresh(token["refresh_token"])).status_code == 200


async def test_access_token_is_no_refresh_token_and_the_other_way_round(desk):
    token = await desk.tokens()
    assert (await desk.refresh(token["access_token"])).json()["error"] == "invalid_grant"
    assert (await desk.fetch(token["refresh_token"])).status_code == 401


async def test_refresh_never_widens_what_was_granted(desk):
    token = await desk.tokens()
    assert (await desk.refresh(token["refresh_token"], scope="members.write")).json()["error"] == "invalid_scope"


async def test_public_client_gets_tokens_by_its_verifier_alone(public):
    code = await public.code()
    assert (await public.redeem(code, code_verifier="x" * 43)).json()["error"] == "invalid_grant"
    token = (await public.redeem(code)).json()
    assert (await public.fetch(token["access_token"])).status_code == 200
    assert (await public.refresh(token["refresh_token"])).status_code == 200


async def test_public_client_can_not_act_for_itself(public):
    await public.tokens()
    form = {"grant_type": "client_credentials", "client_id": str(public.client.id)}
    answer = await public.post("/oauth/token", form | {"installation": str(public.installation_id)})
    assert answer.json()["error"] == "invalid_client"


async def test_confidential_client_can_not_pass_as_public(desk):
    answer = await desk.redeem(await desk.code(), auth=None)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_client_credentials_open_what_somebody_has_consented_to_alone(desk):
    form = {"grant_type": "client_credentials", "installation": str(desk.installation_id)}
    before = await desk.post("/oauth/token", form)
    assert (before.status_code, before.json()["error"]) == (400, "invalid_grant")
    await desk.code()
    token = (await desk.post("/oauth/token", form)).json()
    assert "refresh_token" not in token
    assert (await desk.fetch(token["access_token"])).status_code == 200


@pytest.mark.parametrize("installation", [None, "", "nonsense", "00000000-0000-0000-0000-000000000000"])
async def test_client_credentials_name_an_installation_that_the_client_was_let_into(desk, installation):
    await desk.code()
    form = {"grant_type": "client_credentials"} | ({} if installation is None else {"installation": installation})
    answer = await desk.post("/oauth/token", form)
    assert answer.json()["error"] == ("invalid_grant" if installation else "invalid_request")
    assert await desk.rows("vendor_token") == 0
