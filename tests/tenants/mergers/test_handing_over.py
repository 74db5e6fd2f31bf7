"""An organisation that another legal entity takes over: said by the owner alone, and what is shared looked at again."""

from __future__ import annotations

import pytest

from tests.builders import make_member
from tests.connecting import Connections
from wardship.core.actor import Role
from wardship.core.errors import PermissionDeniedError
from wardship.tenants.access import StepUpRequiredError
from wardship.tenants.installation_lifecycle.holding import HELD
from wardship.tenants.organisations.update import update_settings

pytestmark = pytest.mark.anyio
BEFORE, AFTER = {"legal_entity": "Harbour Logistics Ltd"}, {"legal_entity": "Ørsted & Søn A/S"}


async def _set(merging, values, who=None, *, stepped_up=True):
    async with merging.access(who or merging.hanna, stepped_up=stepped_up) as access:
        return (await update_settings(access, values)).settings.legal_entity


async def test_another_controller_holds_what_was_approved_before_and_nothing_leaves(merging, recording):
    installation = await Connections(merging.services, merging.hanna, merging.clock.now()).connect()
    assert await _set(merging, BEFORE) == "Harbour Logistics Ltd"
    sql = "select state, state_reason from installation where id = $1"
    assert tuple(await merging.owner.fetchrow(sql, installation.id)) == ("active", ""), "named for the first time"
    recording.heard.clear()
    assert await _set(merging, AFTER) == "Ørsted & Søn A/S"
    assert tuple(await merging.owner.fetchrow(sql, installation.id)) == ("paused", HELD)
    await Connections(merging.services, merging.hanna, merging.clock.now()).work()
    assert recording.verbs() == []


async def test_the_owner_alone_says_who_it_is_with_a_fresh_second_factor(merging, owner):
    admin = await make_member(merging.services.database, merging.harbour, Role.ORG_ADMIN)
    with pytest.raises(PermissionDeniedError):
        await _set(merging, BEFORE, admin)
    with pytest.raises(StepUpRequiredError):
        await _set(merging, BEFORE, stepped_up=False)
    assert await owner.fetchval("select settings from organisation where slug = 'harbour'") == "{}"
    assert await owner.fetchval("select count(*) from notice where kind = 'organisation_handed_over'") == 0
