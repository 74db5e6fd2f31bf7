"""The end of provisioning tokens: ended and revoked ones go after 90 days, and one that lives stays."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import access_for
from wardship.tenants.provisioning.endings import follow_provisioning_tokens
from wardship.tenants.provisioning.tokens import create_provisioning_token, revoke_provisioning_token

pytestmark = pytest.mark.anyio


async def test_token_is_removed_90_days_after_it_ended_or_was_revoked_and_a_living_one_stays(
    services, owner, clock, admin
):
    async with access_for(services, admin) as access:
        await create_provisioning_token(access, "ended", clock.now() + timedelta(days=2))
        revoked = await create_provisioning_token(access, "revoked", clock.now() + timedelta(days=366))
        await create_provisioning_token(access, "living", clock.now() + timedelta(days=366))
        await revoke_provisioning_token(access, revoked.token.id)
    names = "select name from provisioning_token order by name"
    clock.advance(timedelta(days=90) - timedelta(seconds=1))
    await follow_provisioning_tokens(services)
    assert [row["name"] for row in await owner.fetch(names)] == ["ended", "living", "revoked"]
    clock.advance(timedelta(seconds=1))
    await follow_provisioning_tokens(services)
    assert [row["name"] for row in await owner.fetch(names)] == ["ended", "living"]
    clock.advance(timedelta(days=2))
    await follow_provisioning_tokens(services)
    assert [row["name"] for row in await owner.fetch(names)] == ["living"]
