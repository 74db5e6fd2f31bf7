"""What somebody may do about himself or herself in which state of the membership: the table of `docs/requests.md`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from tests.builders import access_for, make_group, make_member
from wardship.core.errors import PermissionDeniedError
from wardship.plugins.api import Holder
from wardship.tenants.access import Access
from wardship.tenants.content.bin import deleted_posts
from wardship.tenants.content.own import own_content
from wardship.tenants.content.share import create_post
from wardship.tenants.data_access.read import own_changes, own_data_access
from wardship.tenants.egress.ledger import list_disclosures
from wardship.tenants.egress.recipients import my_recipients
from wardship.tenants.grants.choices import (
    consents_of,
    give_consent,
    object_to,
    objections_of,
    withdraw_consent,
    withdraw_objection,
)
from wardship.tenants.grants.restrictions import restrictions_of
from wardship.tenants.installation_lifecycle.lifecycle import pause, resume, uninstall
from wardship.tenants.installations.declarations import available_integrations
from wardship.tenants.installations.read import list_installations
from wardship.tenants.members.membership import deactivate_member, remove_member
from wardship.tenants.members.profile import update_own_profile
from wardship.tenants.obligations.read import list_obligations
from wardship.tenants.paging import PageRequest
from wardship.tenants.requests.states import RightKind
from wardship.tenants.requests.submit import RequestedRight, submit_request
from wardship.tenants.tasks.tasks import list_tasks

PURPOSE, PAGE = "marketing.communications.email", PageRequest(5)
STATES = {"active": None, "deactivated": deactivate_member, "removed": remove_member}

Act = Callable[[Access, "Place"], Awaitable[object]]


class Place:
    """A member with a consent, an objection and an own installation."""

    def __init__(self, who, group, consent, objection, installation) -> None:
        self.who, self.group, self.consent, self.objection, self.installation = (
            who,
            group,
            consent,
            objection,
            installation,
        )


@pytest.fixture
async def place(services, database, acme, connections, ada):
    bob = await make_member(database, acme)
    group = await make_group(database, acme, "Team", ada, bob)
    installation = await connections.connect("recorder", holder=Holder.MEMBER, member_id=ada.member_id)
    async with access_for(services, ada) as access:
        consent = await give_consent(access, PURPOSE)
        objection = await object_to(access, ada.member_id, purpose="analytics")
    return Place(ada, group, consent.id, objection.id, installation.id)


async def _available(access: Access, _place: Place) -> object:
    return available_integrations(access)


ALWAYS: dict[str, Act] = {
    "see recipients": lambda access, _: my_recipients(access, PAGE),
    "see disclosures": lambda access, place: list_disclosures(access, PAGE, member_id=place.who.member_id),
    "see consents": lambda access, place: consents_of(access, [place.who.member_id]),
    "see objections": lambda access, place: objections_of(access, [place.who.member_id]),
    "see who looked": lambda access, _: own_data_access(access, PAGE),
    "see what was changed": lambda access, _: own_changes(access, 5),
    "see restrictions": lambda access, place: restrictions_of(access, [place.who.member_id]),
    "withdraw a consent": lambda access, place: withdraw_consent(access, place.consent),
    "object": lambda access, place: object_to(access, place.who.member_id, purpose="marketing"),
    "take an objection back": lambda access, place: withdraw_objection(access, place.objection),
    "ask for a right": lambda access, _: submit_request(access, [RequestedRight(RightKind.ACCESS)]),
    "see own installations": lambda access, _: list_installations(access, PAGE),
    "see what is owed there": lambda access, _: list_obligations(access, PAGE),
    "see the tasks there": lambda access, _: list_tasks(access, PAGE),
}
TAKEN_BACK: dict[str, Act] = {
    "pause an own installation": lambda access, place: pause(access, place.installation),
    "uninstall an own installation": lambda access, place: uninstall(access, place.installation),
}
"""As long as it is there: with a removal it has been ended."""

ACTIVE_ONLY: dict[str, Act] = {
    "give a consent": lambda access, _: give_consent(access, "marketing.advertising"),
    "look for integrations": _available,
    "resume an own installation": lambda access, place: resume(access, place.installation),
    "change the profile": lambda access, _: update_own_profile(access, {"title": "Countess"}),
    "share content": lambda access, place: create_post(access, place.group, "Hello"),
    "find content": lambda access, _: own_content(access, PAGE),
    "look into the bin": lambda access, _: deleted_posts(access, PAGE),
}


async def _end(services, admin, place, state) -> Access:
    if STATES[state] is not None:
        async with access_for(services, admin) as access:
            await STATES[state](access, place.who.member_id)
    return access_for(services, place.who if state == "active" else place.who.actor(roles=frozenset()))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("act", ALWAYS)
async def test_whoever_s_data_is_held_may(services, admin, place, state, act):
    async with await _end(services, admin, place, state) as access:
        await ALWAYS[act](access, place)


@pytest.mark.parametrize("state", ["active", "deactivated"])
@pytest.mark.parametrize("act", TAKEN_BACK)
async def test_who_is_suspended_takes_back(services, admin, place, state, act):
    async with await _end(services, admin, place, state) as access:
        await TAKEN_BACK[act](access, place)


@pytest.mark.parametrize(
    ("act", "state"),
    [(act, "deactivated") for act in ACTIVE_ONLY]
    + [(act, "removed") for act in ACTIVE_ONLY if "installation" not in act],  # it was ended with the membership
)
async def test_only_an_active_member_may(services, admin, place, state, act, owner):
    reach = await _end(services, admin, place, state)
    before = await owner.fetchval("select count(*) from audit_entry")
    with pytest.raises(PermissionDeniedError):
        async with reach as access:
            await ACTIVE_ONLY[act](access, place)
    assert await owner.fetchval("select count(*) from audit_entry") == before
