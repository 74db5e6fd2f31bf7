"""What members are told about their membership, their roles, and ownership."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.builders import Person, access_for, make_member
from tests.tenants.operating import commanding, register
from tests.tenants.telling.postman import Postman, tells
from wardship.core.actor import Role
from wardship.core.errors import ConflictError, InvalidInputError
from wardship.tenants.appointments.carry_out import carry_out_appointments
from wardship.tenants.invitations.accept import InvitationEndedError, accept_invitation
from wardship.tenants.invitations.invite import invite_member
from wardship.tenants.invitations.notices import INVITATION
from wardship.tenants.members.add import ImportRow, import_members
from wardship.tenants.members.membership import deactivate_member, reactivate_member, remove_member, restore_member
from wardship.tenants.members.notices import JOINED, MEMBERSHIP_BACK, PROFILE_CHANGED, ROLE_GIVEN, ROLE_TAKEN
from wardship.tenants.members.profile import update_member
from wardship.tenants.members.roles import assign_role, withdraw_role
from wardship.tenants.organisation_lifecycle.found import found_organisation
from wardship.tenants.organisations.notices import (
    OWNERSHIP_ACCEPTED,
    OWNERSHIP_DECLINED,
    OWNERSHIP_OFFER_OVER,
    OWNERSHIP_OFFERED,
)
from wardship.tenants.organisations.transfer import (
    accept_ownership,
    cancel_ownership_offer,
    decline_ownership,
    offer_ownership,
)

pytestmark = pytest.mark.anyio
ANN = "ann.new@example.org"


@pytest.fixture
async def olga(database, acme) -> Person:
    """The owner; somebody who is told nothing is there too."""
    await make_member(database, acme, name="Bystander", email="bystander@example.org")
    return await make_member(database, acme, Role.ORG_OWNER, name="Olga", email="olga@example.org")


async def _do(services, who: Person, act, *arguments, **more):
    async with access_for(services, who) as access:
        return await act(access, *arguments, **more)


@tells(MEMBERSHIP_BACK)
@pytest.mark.usefixtures("olga")
@pytest.mark.parametrize(("end", "back"), [(deactivate_member, reactivate_member), (remove_member, restore_member)])
async def test_member_is_told_that_the_membership_is_back(services, admin, ada, postman, end, back):
    await _do(services, admin, end, ada.member_id)
    await _do(services, admin, back, ada.member_id)
    (mail,) = await postman.mails(MEMBERSHIP_BACK)
    assert (mail.recipient, mail.subject) == (ada.email, "You are a member of Acme again")


@tells(JOINED)
@pytest.mark.usefixtures("olga")
async def test_who_joins_by_an_invitation_is_told_once_what_it_is_and_who_sees_what(services, admin, postman: Postman):
    account = await register(services, ANN)
    await _do(services, admin, invite_member, ANN, roles=[Role.AUDITOR])
    (letter,) = await postman.of(INVITATION)
    token = re.findall(r"/invitations/([\w-]+)", letter.body)[-1]
    await accept_invitation(services, account, token, request_id="test")
    with pytest.raises(InvitationEndedError):
        await accept_invitation(services, account, token, request_id="test")
    (mail,) = await postman.mails(JOINED)
    assert (mail.recipient, mail.subject) == (ANN, "You are a member of Acme now")
    assert "as auditor" in mail.body
    assert "Its administrators see your name" in mail.body
    assert "object to a recipient" in mail.body


@tells(JOINED)
async def test_owner_who_was_waited_for_is_told_that_it_is_the_persons(services, postman: Postman):
    async with commanding(services) as access:
        await found_organisation(access, slug="harbour", name="Harbour", owner_email=ANN)
    await register(services, ANN)
    await carry_out_appointments(services)
    await carry_out_appointments(services)
    (mail,) = await postman.mails(JOINED)
    assert mail.recipient == ANN
    assert "You belong to Harbour now, as owner." in mail.body


@tells(JOINED)
async def test_who_is_imported_is_told_when_joining_with_an_account_and_not_before(services, admin, postman: Postman):
    account = await register(services, ANN)
    await _do(services, admin, import_members, [ImportRow(ANN), ImportRow("other@example.org")])
    assert await postman.of(JOINED) == []
    assert postman.inbox.messages == [], "nothing goes to an address that nobody has proven here"
    await _do(services, admin, invite_member, ANN)
    token = re.findall(r"/invitations/([\w-]+)", (await postman.of(INVITATION))[0].body)[-1]
    await accept_invitation(services, account, token, request_id="test")
    assert await postman.readers(JOINED) == [ANN]


@tells(ROLE_GIVEN)
@tells(ROLE_TAKEN)
@pytest.mark.usefixtures("olga")
async def test_member_is_told_of_each_role_that_is_given_or_taken(services, admin, ada, postman: Postman):
    for role in (Role.AUDITOR, Role.TECHNICAL_CONTACT):
        await _do(services, admin, assign_role, ada.member_id, role)
    with pytest.raises(ConflictError):
        await _do(services, admin, assign_role, ada.member_id, Role.AUDITOR)
    await _do(services, admin, withdraw_role, ada.member_id, Role.AUDITOR)
    given = await postman.mails(ROLE_GIVEN)
    assert [mail.recipient for mail in given] == [ada.email] * 2
    assert sorted(mail.subject for mail in given) == [
        "You are auditor of Acme now",
        "You are technical contact of Acme now",
    ]
    (taken,) = await postman.mails(ROLE_TAKEN)
    assert (taken.recipient, taken.subject) == (ada.email, "You are no longer auditor of Acme")


async def test_who_is_removed_is_not_mailed_in_the_morning_what_holds_for_members_alone(
    services, admin, ada, clock, postman: Postman
):
    await _do(services, admin, assign_role, ada.member_id, Role.AUDITOR)
    await _do(services, admin, update_member, ada.member_id, {"job_title": "Mate"})
    await postman.send()
    await _do(services, admin, remove_member, ada.member_id)
    clock.advance(timedelta(days=1))
    mails = [mail.subject for mail in await postman.everything() if mail.recipient == ada.email]
    assert mails == ["Your membership in Acme was ended"]


@tells(PROFILE_CHANGED)
async def test_member_is_told_what_somebody_else_changed_in_the_profile_and_not_to_what(
    services, admin, ada, postman: Postman
):
    await _do(services, admin, update_member, ada.member_id, {"job_title": "Mate", "phone": "+49 30 901820"})
    await _do(services, ada, update_member, ada.member_id, {"company": "Harbour"})
    with pytest.raises(InvalidInputError):
        await _do(services, admin, update_member, ada.member_id, {"phone": "none"})
    await _do(services, admin, update_member, ada.member_id, {})
    (mail,) = await postman.mails(PROFILE_CHANGED)
    assert (mail.recipient, mail.subject) == (ada.email, "Your profile in Acme was changed")
    assert "job title, phone" in mail.body
    assert "901820" not in mail.body


@tells(OWNERSHIP_OFFERED)
async def test_who_is_offered_ownership_is_told_until_when(services, olga, ada, postman: Postman):
    await _do(services, olga, offer_ownership, ada.member_id)
    with pytest.raises(ConflictError):
        await _do(services, olga, offer_ownership, ada.member_id)
    (mail,) = await postman.mails(OWNERSHIP_OFFERED)
    assert (mail.recipient, mail.subject) == (ada.email, "Acme is offered to you")
    assert "until 2026-11-28" in mail.body


@tells(OWNERSHIP_ACCEPTED)
async def test_former_owner_is_told_that_another_owns_it(services, olga, ada, postman: Postman):
    offer = await _do(services, olga, offer_ownership, ada.member_id)
    await _do(services, ada, accept_ownership, offer.id)
    assert await postman.readers(OWNERSHIP_ACCEPTED) == [olga.email]


@tells(OWNERSHIP_DECLINED)
async def test_owner_is_told_that_the_offer_was_declined(services, olga, ada, postman: Postman):
    offer = await _do(services, olga, offer_ownership, ada.member_id)
    await _do(services, ada, decline_ownership, offer.id)
    assert await postman.readers(OWNERSHIP_DECLINED) == [olga.email]


@tells(OWNERSHIP_OFFER_OVER)
async def test_who_was_offered_it_is_told_that_the_offer_was_taken_back(services, olga, ada, postman: Postman):
    offer = await _do(services, olga, offer_ownership, ada.member_id)
    await _do(services, olga, cancel_ownership_offer, offer.id)
    (mail,) = await postman.mails(OWNERSHIP_OFFER_OVER)
    assert mail.recipient == ada.email
    assert "it was taken back" in mail.body


@tells(OWNERSHIP_OFFER_OVER)
async def test_owner_is_told_that_the_offer_ended_with_the_others_membership(services, olga, ada, postman: Postman):
    await _do(services, olga, offer_ownership, ada.member_id)
    await _do(services, olga, remove_member, ada.member_id)
    (mail,) = await postman.mails(OWNERSHIP_OFFER_OVER)
    assert mail.recipient == olga.email
    assert "does not belong to it any more" in mail.body
