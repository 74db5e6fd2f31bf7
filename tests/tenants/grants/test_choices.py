"""Consent, objection and restriction act on what flows from the moment they are in force."""

from __future__ import annotations

import pytest

from tests.builders import access_for, make_member
from tests.fakes.recorder import recorder
from wardship.core.actor import Role
from wardship.core.errors import InvalidInputError, NotFoundError, PermissionDeniedError
from wardship.plugins.api import Receives
from wardship.tenants.grants.choices import (
    ChoiceMadeError,
    consents_of,
    give_consent,
    object_to,
    objections_of,
    withdraw_consent,
    withdraw_objection,
)
from wardship.tenants.grants.restrictions import RestrictionCause, lift_restrictions, restrict_member

MARKETING = "marketing.communications.email"


@pytest.fixture
async def newsletter(services, connections, ada):  # noqa: ARG001 - somebody has to be there
    """An integration whose only data needs consent."""
    plugin = recorder(
        "newsletter",
        receives=(
            Receives(
                category="user.contact.email",
                fields=("email",),
                purpose=MARKETING,
                legal_basis="consent",
                retention_days=0,
            ),
        ),
    )
    services.integrations.register(plugin, "newsletter")
    await connections.connect("newsletter")
    assert plugin.held == {}
    return plugin


async def test_what_needs_consent_flows_with_it_and_is_taken_back_without(newsletter, services, connections, ada):
    async with access_for(services, ada) as access:
        consent = await give_consent(access, MARKETING)
    await connections.work()
    assert [record.text("email") for record in newsletter.held.values()] == ["ada@example.org"]

    async with access_for(services, ada) as access:
        await withdraw_consent(access, consent.id)
    await connections.work()
    assert newsletter.held == {}
    assert newsletter.verbs()[-2:] == ["erase", "attest"]


@pytest.mark.usefixtures("recording")
async def test_consent_to_one_recipient_reaches_no_other(newsletter, services, connections, ada):
    installation = await connections.connect()
    async with access_for(services, ada) as access:
        await give_consent(access, MARKETING, installation_id=installation.id)
    await connections.work()

    assert newsletter.held == {}


@pytest.mark.usefixtures("ada")
async def test_nobody_consents_for_another(newsletter, services, connections, admin):
    async with access_for(services, admin) as access:
        await give_consent(access, MARKETING)
    await connections.work()

    assert [record.text("email") for record in newsletter.held.values()] == [admin.email]


async def test_an_objection_to_a_purpose_covers_those_below_it(newsletter, services, connections, ada):
    async with access_for(services, ada) as access:
        await give_consent(access, MARKETING)
    await connections.work()
    async with access_for(services, ada) as access:
        objection = await object_to(access, ada.member_id, purpose="marketing")
    await connections.work()
    assert newsletter.held == {}

    async with access_for(services, ada) as access:
        await withdraw_objection(access, objection.id)
    await connections.work()
    assert len(newsletter.held) == 1


async def test_an_objection_to_one_recipient_leaves_the_others(services, connections, recording, ada):
    services.integrations.register(other := recorder("other"), "other")
    first = await connections.connect()
    await connections.connect("other")
    async with access_for(services, ada) as access:
        await object_to(access, ada.member_id, installation_id=first.id)
    await connections.work()

    assert "Ada" not in {record.text("first_name") for record in recording.held.values()}
    assert "Ada" in {record.text("first_name") for record in other.held.values()}


@pytest.mark.usefixtures("recording")
async def test_an_administrator_may_note_an_objection_but_a_member_only_an_own_one(
    services, connections, ada, admin, database, acme
):
    await connections.connect()
    bob = await make_member(database, acme)
    async with access_for(services, admin) as access:
        await object_to(access, ada.member_id, purpose="functional.service")
    async with access_for(services, bob) as access:
        with pytest.raises(NotFoundError):
            await object_to(access, ada.member_id)
    auditor = await make_member(database, acme, Role.AUDITOR)
    async with access_for(services, auditor) as access:
        with pytest.raises(PermissionDeniedError):
            await object_to(access, ada.member_id)
        assert len((await objections_of(access, [ada.member_id]))[ada.member_id]) == 1


@pytest.mark.usefixtures("recording")
async def test_choices_are_made_once_and_named_rightly(services, ada, admin):
    async with access_for(services, ada) as access:
        consent = await give_consent(access, MARKETING)
        with pytest.raises(ChoiceMadeError):
            await give_consent(access, MARKETING)
        with pytest.raises(InvalidInputError):
            await give_consent(access, "world.domination")
        with pytest.raises(InvalidInputError):
            await give_consent(access, MARKETING, category="user.soul")
    async with access_for(services, admin) as access:
        with pytest.raises(NotFoundError):
            await withdraw_objection(access, consent.id)
        assert (await consents_of(access, [ada.member_id]))[ada.member_id][0].purpose == MARKETING
        await withdraw_consent(access, consent.id)
    async with access_for(services, ada) as access:
        with pytest.raises(ChoiceMadeError):
            await withdraw_consent(access, consent.id)


async def test_a_restriction_stops_sharing_and_tells_the_vendor_and_its_lift_restores(
    services, connections, recording, ada, admin, owner
):
    await connections.connect()
    async with access_for(services, admin) as access:
        owed = await restrict_member(access, ada.member_id, cause=RestrictionCause.REQUESTED)
        assert await restrict_member(access, ada.member_id, cause=RestrictionCause.REQUESTED) == []
    await connections.work()
    assert len(owed) == 1
    assert recording.verbs()[-1] == "restrict"
    assert "Ada" not in {record.text("first_name") for record in recording.held.values()}
    assert await owner.fetchval("select state from subject_link where member_id = $1", ada.member_id) == "restricted"

    async with access_for(services, admin) as access:
        await lift_restrictions(access, ada.member_id, reason="settled")
    assert await owner.fetchval("select count(*) from restriction where lifted_at is null") == 0
    await connections.work()
    lifted = recording.heard[-1].argument
    assert (lifted.active, lifted.record.text("first_name")) == (False, "Ada")
    assert await owner.fetchval("select state from subject_link where member_id = $1", ada.member_id) == "shared"
    states = await owner.fetch("select state from disclosure where member_id = $1", ada.member_id)
    assert [row["state"] for row in states] == ["delivered", "delivered"]


async def test_a_restricted_category_leaves_the_record(services, connections, recording, ada, admin):
    await connections.connect()
    async with access_for(services, admin) as access:
        await restrict_member(access, ada.member_id, cause=RestrictionCause.DISPUTED, category="user.contact")
    await connections.work()

    record = next(record for record in recording.held.values() if record.text("first_name") == "Ada")
    assert {field.name for field in record.fields} == {"first_name", "last_name"}
    assert record.subject.identifiers == ()


async def test_a_restriction_lasts_while_another_cause_holds(services, connections, recording, ada, admin):
    await connections.connect()
    async with access_for(services, admin) as access:
        await restrict_member(access, ada.member_id, cause=RestrictionCause.REQUESTED)
        await restrict_member(access, ada.member_id, cause=RestrictionCause.LATE)
        await lift_restrictions(access, ada.member_id, reason="done", causes=[RestrictionCause.LATE])
    await connections.work()

    assert "Ada" not in {record.text("first_name") for record in recording.held.values()}
