"""What a rule would share is told in numbers before it does, and is what is shared then."""

from __future__ import annotations

import pytest

from tests.builders import access_for, make_group, make_member
from tests.connecting import Connections
from wardship.plugins.api import Holder
from wardship.tenants.egress.new_recipient import recipients_for
from wardship.tenants.grants.choices import object_to
from wardship.tenants.grants.restrictions import RestrictionCause, restrict_member
from wardship.tenants.groups.rules.change import preview_rule, set_rule
from wardship.tenants.groups.rules.records import RuleAttribute, RuleCondition
from wardship.tenants.installation_lifecycle.lifecycle import pause

pytestmark = pytest.mark.anyio

WELDERS = [RuleCondition(RuleAttribute.JOB_TITLE, ("Welder",))]


@pytest.fixture
async def welders(database, acme, owner):
    people = [await make_member(database, acme, name=name) for name in ("Ann", "Bob", "Cleo")]
    await owner.execute("update member set job_title = 'welder' where id = any($1)", [p.member_id for p in people])
    return people


async def _seen(services, admin, group):
    """Return the preview, and of how many people each recipient would be sent data."""
    async with access_for(services, admin) as access:
        preview = await preview_rule(access, group, WELDERS)
        found = await recipients_for(access, group, preview.joining)
    return preview, [(each.installation.manifest.name, each.people) for each in found]


async def test_preview_counts_those_of_whom_data_would_be_sent_and_the_rule_shares_that(
    connections: Connections, database, acme, admin, welders, owner
):
    services, (_, bob, cleo) = connections.services, welders
    group, other = await make_group(database, acme, "Team"), await make_group(database, acme, "Other")
    installation = await connections.connect(holder=Holder.GROUP, group_id=group)
    await connections.connect(holder=Holder.GROUP, group_id=other)
    async with access_for(services, bob) as access:
        await object_to(access, bob.member_id)
    async with access_for(services, admin) as access:
        await restrict_member(access, cleo.member_id, cause=RestrictionCause.REQUESTED)
    preview, counted = await _seen(services, admin, group)
    assert (len(preview.joining), counted) == (3, [("Recorder", 1)])
    assert await owner.fetchval("select count(*) from subject_link") == 0
    async with access_for(services, admin.actor(at=services.clock.now())) as access:
        await set_rule(access, group, WELDERS, preview.fingerprint)
    await connections.work()
    shared = await owner.fetch(
        "select m.display_name from subject_link l join member m on m.id = l.member_id"
        " where l.installation_id = $1 and l.state = 'shared'",
        installation.id,
    )
    assert [row["display_name"] for row in shared] == ["Ann"]


async def test_what_shares_nothing_now_is_not_counted(connections: Connections, database, acme, admin, welders):
    assert len(welders) == 3
    services, group = connections.services, await make_group(database, acme, "Team")
    assert (await _seen(services, admin, group))[1] == []
    installation = await connections.connect(holder=Holder.GROUP, group_id=group)
    assert (await _seen(services, admin, group))[1] == [("Recorder", 3)]
    async with access_for(services, admin) as access:
        await pause(access, installation.id)
    assert (await _seen(services, admin, group))[1] == []
