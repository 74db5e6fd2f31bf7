"""Organisations: made, changed, passed on."""

from __future__ import annotations

import asyncio
from contextvars import copy_context
from datetime import timedelta

import pytest

from tests.builders import access_for, make_member, make_organisation
from wardship.core.actor import Role, system_actor
from wardship.core.errors import InvalidInputError, NotFoundError, PermissionDeniedError
from wardship.core.identifiers import uuid7
from wardship.tenants.access import StepUpRequiredError
from wardship.tenants.members.insert import NewMember
from wardship.tenants.organisations.create import SlugTakenError, create_organisation
from wardship.tenants.organisations.read import own_organisation
from wardship.tenants.organisations.settings import OrganisationSettings
from wardship.tenants.organisations.transfer import (
    TransferOpenError,
    accept_ownership,
    cancel_ownership_offer,
    decline_ownership,
    offer_ownership,
    open_transfer,
)
from wardship.tenants.organisations.update import rename_organisation, update_settings

pytestmark = pytest.mark.anyio


@pytest.fixture
async def place(database):
    organisation = await make_organisation(database, "a")
    olga = await make_member(database, organisation, Role.ORG_OWNER, name="Olga")
    adam = await make_member(database, organisation, Role.ORG_ADMIN, name="Adam")
    ann = await make_member(database, organisation, name="Ann")
    return organisation, olga, adam, ann


async def _do(services, person, action, *arguments, **more):
    async with access_for(services, person) as access:
        return await action(access, *arguments, **more)


async def _owners(owner):
    rows = await owner.fetch("select member_id from role_assignment where role = 'org_owner'")
    return [row["member_id"] for row in rows]


async def test_organisation_is_made_with_its_owner(services, database, owner):
    first = await make_member(database, await make_organisation(database, "first"), name="Olga")
    organisation_id = uuid7()
    person = NewMember("Olga", "olga@example.org", first.account_id)
    async with access_for(services, system_actor(organisation_id), directory=True) as access:
        made = await create_organisation(access, slug="second", name="Second", owner=person)
    assert (made.id, made.slug, made.name, made.state) == (organisation_id, "second", "Second", "active")
    assert await _owners(owner) == [person.id]
    with pytest.raises(SlugTakenError):
        async with access_for(services, system_actor(uuid7()), directory=True) as access:
            await create_organisation(access, slug="second", name="Third", owner=NewMember("O", "", first.account_id))
    with pytest.raises(InvalidInputError):
        async with access_for(services, system_actor(uuid7()), directory=True) as access:
            await create_organisation(access, slug="Not A Slug", name="x", owner=NewMember("O", "", first.account_id))
    assert await owner.fetchval("select count(*) from organisation where kind = 'customer'") == 2


async def test_nobody_but_the_deployment_creates_organisations(services, place):
    _, olga, *_ = place
    with pytest.raises(PermissionDeniedError):
        await _do(services, olga, create_organisation, slug="x", name="x", owner=NewMember("O", "", uuid7()))


async def test_settings_are_kept_in_one_form(services, place):
    _, olga, adam, ann = place
    wanted = {"members_may_install": True, "forbidden_countries": ("us", "CN", "US")}
    changed = await _do(services, adam, update_settings, wanted)
    assert changed.settings == OrganisationSettings(members_may_install=True, forbidden_countries=("CN", "US"))
    for codes in (("USA",), ("1A",), ("",)):
        with pytest.raises(InvalidInputError):
            await _do(services, olga, update_settings, {"forbidden_countries": codes})
    for days in (-1, 91):
        with pytest.raises(InvalidInputError, match="1 to 90 days"):
            await _do(services, olga, update_settings, {"dpdp_days": days})
    with pytest.raises(InvalidInputError):
        await _do(services, olga, update_settings, {"colour": "red"})
    with pytest.raises(PermissionDeniedError):
        await _do(services, ann, update_settings, {"forbidden_countries": ()})
    assert (await _do(services, ann, own_organisation)).settings == changed.settings


async def test_change_of_one_setting_leaves_the_others(services, place, owner):
    _, olga, adam, _ = place
    everything = {"members_may_install": True, "forbidden_countries": ("CN",), "grievance_contact": "Gus"}
    await _do(services, adam, update_settings, everything)
    outside = copy_context()  # the task has no transaction
    async with access_for(services, olga) as access:
        await update_settings(access, {"grievance_contact": "Gil"})
        setting = _do(services, adam, update_settings, {"members_may_install": False})
        other = asyncio.create_task(setting, context=outside)
        while not await owner.fetchval("select exists (select from pg_locks where not granted)"):
            assert not other.done()
    changed = await other
    assert changed.settings == OrganisationSettings(forbidden_countries=("CN",), grievance_contact="Gil")
    assert (await _do(services, olga, update_settings, {"forbidden_countries": []})).settings.forbidden_countries == ()
    await _do(services, olga, update_settings, {})
    noted = "select count(*) from audit_entry where action = 'organisation.settings_updated'"
    assert await owner.fetchval(noted) == 4


async def test_admin_renames(services, place):
    _, _, adam, ann = place
    assert (await _do(services, adam, rename_organisation, "New")).name == "New"
    with pytest.raises(PermissionDeniedError):
        await _do(services, ann, rename_organisation, "Mine")


async def test_ownership_passes_when_accepted_with_a_fresh_second_factor(services, owner, clock, place):
    _, olga, _, ann = place
    offer = await _do(services, olga, offer_ownership, ann.member_id)
    assert (await _do(services, ann, open_transfer)).to_member_id == ann.member_id
    assert await _owners(owner) == [olga.member_id]
    clock.advance(timedelta(minutes=11))
    with pytest.raises(StepUpRequiredError):
        await _do(services, ann, accept_ownership, offer.id)
    async with access_for(services, ann.actor(at=clock.now())) as access:
        await accept_ownership(access, offer.id)
    assert await _owners(owner) == [ann.member_id]
    held = await owner.fetch("select role from role_assignment where member_id = $1 order by role", olga.member_id)
    assert [row["role"] for row in held] == ["member", "org_admin"]


async def test_offer_is_for_one_person_once(services, owner, place):
    _, olga, adam, ann = place
    offer = await _do(services, olga, offer_ownership, ann.member_id)
    with pytest.raises(TransferOpenError):
        await _do(services, olga, offer_ownership, adam.member_id)
    assert await _do(services, adam, open_transfer) is None
    for action in (accept_ownership, decline_ownership, cancel_ownership_offer):
        with pytest.raises(NotFoundError):
            await _do(services, adam, action, offer.id)
    await _do(services, ann, decline_ownership, offer.id)
    with pytest.raises(NotFoundError):
        await _do(services, ann, accept_ownership, offer.id)
    second = await _do(services, olga, offer_ownership, adam.member_id)
    await _do(services, olga, cancel_ownership_offer, second.id)
    with pytest.raises(NotFoundError):
        await _do(services, adam, accept_ownership, second.id)
    assert await _owners(owner) == [olga.member_id]


async def test_offer_ends_after_a_week(services, clock, place):
    _, olga, _, ann = place
    offer = await _do(services, olga, offer_ownership, ann.member_id)
    clock.advance(timedelta(days=8))
    with pytest.raises(NotFoundError):
        async with access_for(services, ann.actor(at=clock.now())) as access:
            await accept_ownership(access, offer.id)
    async with access_for(services, olga.actor(at=clock.now())) as access:
        assert await open_transfer(access) is None
        await offer_ownership(access, ann.member_id)


async def test_only_the_owner_offers_and_only_to_another_active_member(services, owner, place):
    _, olga, adam, ann = place
    with pytest.raises(PermissionDeniedError):
        await _do(services, adam, offer_ownership, ann.member_id)
    with pytest.raises(InvalidInputError):
        await _do(services, olga, offer_ownership, olga.member_id)
    await owner.execute("update member set state = 'deactivated' where id = $1", ann.member_id)
    with pytest.raises(InvalidInputError):
        await _do(services, olga, offer_ownership, ann.member_id)
    await owner.execute("update member set account_id = null where id = $1", adam.member_id)
    with pytest.raises(InvalidInputError):
        await _do(services, olga, offer_ownership, adam.member_id)
    assert await owner.fetchval("select count(*) from ownership_transfer") == 0
