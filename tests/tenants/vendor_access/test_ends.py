"""Whatever ends what a token stands for ends the token at the same moment: nothing is carried over, all is asked."""

from __future__ import annotations

import pytest

from tests.builders import access_for
from tests.tenants.operating import operating
from tests.tenants.vendor_access.desk import make_client, vendor_actor
from wardship.tenants.installation_lifecycle.lifecycle import pause, resume, uninstall
from wardship.tenants.vendor_access.forgetting import KEPT_FOR, forget_vendor_tokens
from wardship.tenants.vendor_access.granting import vendor_grants_of, withdraw_vendor_grant
from wardship.tenants.vendor_access.tokens import REFRESH_LIFE
from wardship.tenants.vendor_clients.change import (
    approve_vendor_client,
    end_vendor_client,
    rotate_vendor_client_secret,
    suspend_vendor_client,
)

pytestmark = pytest.mark.anyio


async def _opens(desk, token) -> tuple[bool, bool, bool]:
    """Whether an access token fetches, is told to be active, and its family can be refreshed at all."""
    fetched = (await desk.fetch(token["access_token"])).status_code == 200
    told = (await desk.introspect(token["access_token"])).get("active", False)
    opens = await desk.owner.fetchval(
        "select f.opens from vendor_token t, find_vendor_token(t.token_hash) f where t.kind = 'refresh'"
        " and t.used_at is null order by t.created_at desc limit 1"
    )
    return fetched, told, opens


async def _withdraw(desk):
    async with access_for(desk.services, desk.admin) as access:
        (grant,) = (await vendor_grants_of(access, [desk.installation_id]))[desk.installation_id]
        await withdraw_vendor_grant(access, grant.id)


async def _pause(desk):
    async with access_for(desk.services, desk.admin) as access:
        await pause(access, desk.installation_id)


async def _uninstall(desk):
    async with access_for(desk.services, desk.admin) as access:
        await uninstall(access, desk.installation_id)


async def _suspend_client(desk):
    async with operating(desk.services) as access:
        await suspend_vendor_client(access, desk.client.id)


async def _end_client(desk):
    async with access_for(desk.services, vendor_actor(desk.services, desk.vendor_id)) as access:
        await end_vendor_client(access, desk.client.id)


def _by(statement):
    async def end(desk):
        await desk.owner.execute(statement)

    return end


ENDS = {
    "withdrawn": _withdraw,
    "paused": _pause,
    "uninstalled": _uninstall,
    "client suspended": _suspend_client,
    "client ended": _end_client,
    "vendor no longer known": _by("delete from staff where role = 'vendor'"),
    "vendor's account erased": _by(
        "update account set state = 'erased' where id in (select account_id from vendor_client)"
    ),
    "organisation suspended": _by("update organisation set suspended_at = now() where slug = 'acme'"),
    "organisation leaving": _by(
        "update organisation set state = 'leaving', state_until = now() + interval '1 day' where slug = 'acme'"
    ),
    "degraded beyond use": _by("update installation set state = 'load_failed'"),
}


@pytest.mark.parametrize("cause", ENDS)
async def test_every_end_ends_tokens_codes_and_client_credentials_at_once(desk, cause):
    token, code = await desk.tokens(), await desk.code()
    assert await _opens(desk, token) == (True, True, True)
    await ENDS[cause](desk)
    assert await _opens(desk, token) == (False, False, False)
    assert (await desk.redeem(code)).status_code in {400, 401}
    assert (await desk.refresh(token["refresh_token"])).status_code in {400, 401}
    form = {"grant_type": "client_credentials", "installation": str(desk.installation_id)}
    assert (await desk.post("/oauth/token", form)).status_code in {400, 401}


async def test_pause_ends_nothing_for_good(desk):
    token = await desk.tokens()
    await _pause(desk)
    async with access_for(desk.services, desk.admin) as access:
        await resume(access, desk.installation_id)
    assert (await desk.fetch(token["access_token"])).status_code == 200


async def test_suspended_client_is_let_in_again_with_its_tokens(desk):
    token = await desk.tokens()
    await _suspend_client(desk)
    async with operating(desk.services) as access:
        await approve_vendor_client(access, desk.client.id)
    assert (await desk.fetch(token["access_token"])).status_code == 200


async def test_withdrawn_grant_stays_ended_when_somebody_consents_again(desk):
    before = await desk.tokens()
    await _withdraw(desk)
    after = await desk.tokens()
    assert (await desk.fetch(before["access_token"])).status_code == 401
    assert (await desk.fetch(after["access_token"])).status_code == 200


async def test_uninstalling_ends_the_grant_for_good(desk, owner):
    await desk.tokens()
    await _uninstall(desk)
    row = await owner.fetchrow("select ended_at, ended_by, end_cause from vendor_grant")
    assert tuple(row) == (desk.services.clock.now(), desk.admin.member_id, "uninstalled")


async def test_client_gives_a_refresh_token_back_with_its_family(desk):
    token = await desk.tokens()
    answer = await desk.post("/oauth/revoke", {"token": token["refresh_token"]})
    assert answer.status_code == 200
    assert await _opens(desk, token) == (False, False, False)


async def test_client_gives_an_access_token_back_alone(desk):
    token = await desk.tokens()
    hint = {"token_type_hint": "refresh_token"}  # a wrong hint changes nothing
    assert (await desk.post("/oauth/revoke", {"token": token["access_token"]} | hint)).status_code == 200
    assert (await desk.fetch(token["access_token"])).status_code == 401
    assert (await desk.refresh(token["refresh_token"])).status_code == 200


async def test_giving_back_what_is_unknown_is_no_fault(desk):
    for text in ("wsv_unknown", "nonsense", "\x00"):
        assert (await desk.post("/oauth/revoke", {"token": text})).status_code == 200
    assert (await desk.post("/oauth/revoke", {})).json()["error"] == "invalid_request"


async def test_nobody_gives_back_or_asks_about_the_token_of_another_client(desk):
    token = await desk.tokens()
    other = await make_client(desk.services, desk.vendor_id, name="Another")
    theirs = (str(other.client.id), other.secret)
    await desk.post("/oauth/revoke", {"token": token["refresh_token"]}, auth=theirs)
    assert await desk.introspect(token["access_token"], auth=theirs) == {"active": False}
    for path in ("/oauth/revoke", "/oauth/introspect"):
        assert (await desk.post(path, {"token": token["access_token"]}, auth=None)).status_code == 401
    assert await _opens(desk, token) == (True, True, True)


async def test_introspection_tells_what_a_living_token_is(desk):
    token = await desk.tokens()
    told = await desk.introspect(token["access_token"])
    now = int(desk.services.clock.now().timestamp())
    assert told == {
        "active": True,
        "scope": "members.read",
        "client_id": str(desk.client.id),
        "token_type": "Bearer",
        "exp": now + 600,
        "iat": now,
        "sub": str(desk.installation_id),
        "aud": f"{desk.origin}/vendor/v1",
        "iss": desk.origin,
    }


async def test_both_secrets_work_for_a_day_after_a_rotation(desk):
    old = (str(desk.client.id), desk.secret)
    actor = vendor_actor(desk.services, desk.vendor_id)
    async with access_for(desk.services, actor) as access:
        issued = await rotate_vendor_client_secret(access, desk.client.id)
    new = (str(desk.client.id), issued.secret)
    for auth in (old, new):
        assert (await desk.redeem(await desk.code(), auth=auth)).status_code == 200
    desk.services.clock.advance(KEPT_FOR / 30)
    await desk.sign_in(desk.admin)
    assert (await desk.redeem(await desk.code(), auth=old)).status_code == 401
    assert (await desk.redeem(await desk.code(), auth=new)).status_code == 200


async def test_leaked_secret_is_ended_at_once(desk):
    actor = vendor_actor(desk.services, desk.vendor_id)
    async with access_for(desk.services, actor) as access:
        await rotate_vendor_client_secret(access, desk.client.id, ends_old_at_once=True)
    assert (await desk.redeem(await desk.code())).status_code == 401


async def test_codes_and_tokens_are_forgotten_a_month_after_their_end(desk):
    await desk.tokens()
    desk.services.clock.advance(REFRESH_LIFE)
    await forget_vendor_tokens(desk.services)
    assert await desk.rows("vendor_token") == 2
    desk.services.clock.advance(KEPT_FOR * 2)
    await forget_vendor_tokens(desk.services)
    counts = [await desk.rows(name) for name in ("vendor_code", "vendor_token", "vendor_token_family", "vendor_grant")]
    assert counts == [0, 0, 0, 1]
