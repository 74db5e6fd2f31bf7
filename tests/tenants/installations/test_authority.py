"""Who may change an installation: who manages integrations, and for the own one an active member."""

from __future__ import annotations

import pytest

from tests.builders import access_for
from wardship.core.errors import PermissionDeniedError
from wardship.plugins.api import Holder
from wardship.tenants.grants.change import grant_category
from wardship.tenants.grants.granting import Grantable
from wardship.tenants.installation_lifecycle.lifecycle import resume, update_settings


@pytest.mark.parametrize(
    "command",
    [
        lambda access, key: grant_category(access, key, Grantable("user.contact.email", "essential")),
        lambda access, key: update_settings(access, key, {}),
        resume,
    ],
    ids=["grant", "reconnect", "resume"],
)
async def test_who_is_suspended_or_has_left_shares_nothing_more_by_the_own_installation(
    services, connections, ada, owner, command
):
    installation = await connections.connect(holder=Holder.MEMBER, member_id=ada.member_id)
    await owner.execute("update member set state = 'deactivated' where id = $1", ada.member_id)
    before = await owner.fetchval("select count(*) from audit_entry")
    with pytest.raises(PermissionDeniedError, match="active member"):
        async with access_for(services, ada.actor(roles=frozenset())) as access:
            await command(access, installation.id)
    assert await owner.fetchval("select state from installation") == "active"
    assert await owner.fetchval("select count(*) from audit_entry") == before
