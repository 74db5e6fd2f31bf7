"""When somebody was last here."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import make_member, make_organisation
from wardship.core.actor import CredentialKind, StaffRole, system_actor
from wardship.tenants.members.presence import Presence

pytestmark = pytest.mark.anyio


async def test_presence_is_noted_once_an_hour(services, database, owner, clock):
    ann = await make_member(database, await make_organisation(database, "a"))
    presence, seen = Presence(services), []
    for minutes in (0, 59, 1):
        clock.advance(timedelta(minutes=minutes))
        await presence.note(ann.actor())
        seen.append(await owner.fetchval("select last_seen_at from member"))
    start = clock.now() - timedelta(hours=1)
    assert seen == [start, start, clock.now()]
    await Presence(services).note(ann.actor())  # another process, a moment later
    assert await owner.fetchval("select last_seen_at from member") == clock.now()


async def test_programs_strangers_and_the_system_are_not_present(services, database, owner):
    organisation = await make_organisation(database, "a")
    ann = await make_member(database, organisation)
    presence = Presence(services)
    for actor in (
        replace(ann.actor(), credential=CredentialKind.TOKEN),
        replace(ann.actor(), roles=frozenset()),
        replace(ann.actor(), member_id=None, staff_roles=frozenset({StaffRole.PRIVACY_TEAM})),
        system_actor(organisation.id),
    ):
        await presence.note(actor)
    assert await owner.fetchval("select last_seen_at from member") is None
