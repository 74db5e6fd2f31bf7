"""What is told about invitations."""

from __future__ import annotations

import re

import pytest

from tests.builders import Organisation, Person, access_for, make_member, make_organisation
from tests.tenants.operating import register
from tests.tenants.telling.postman import Postman, tells
from wardship.core.actor import Role
from wardship.tenants.invitations.accept import InvitationEndedError, accept_invitation
from wardship.tenants.invitations.invite import invite_member
from wardship.tenants.invitations.notices import INVITATION, INVITATION_ACCEPTED, INVITATION_REFUSED
from wardship.tenants.invitations.refused import follow_refused_invitations

pytestmark = pytest.mark.anyio
ANN = "ann@example.org"


@pytest.fixture
async def alpha(database) -> Organisation:
    return await make_organisation(database, "alpha", name='Alpha "O’Hara" \u05d0\u05dc\u05e4\u05d0')


@pytest.fixture
async def adam(database, alpha) -> Person:
    """Who invites; another administrator and a bystander are there too."""
    await make_member(database, alpha, name="Bystander")
    await make_member(database, alpha, Role.ORG_ADMIN, name="Alva", email="alva@example.org")
    return await make_member(database, alpha, Role.ORG_ADMIN, name="Adam", email="adam@example.org")


async def _invite(services, adam: Person) -> None:
    async with access_for(services, adam) as access:
        await invite_member(access, ANN)


async def _token(postman: Postman) -> str:
    (mail,) = await postman.mails(INVITATION)
    return re.findall(r"/invitations/([\w-]+)", mail.body)[-1]


@tells(INVITATION)
async def test_invited_address_is_mailed_the_link(services, alpha, adam, postman: Postman):
    await _invite(services, adam)
    (mail,) = await postman.mails(INVITATION)
    assert (mail.recipient, mail.subject) == (ANN, f"Invitation to {alpha.name}")
    assert "/invitations/" in mail.body
    assert "2026-11-28" in mail.body, "until when it is open"


@tells(INVITATION_ACCEPTED)
async def test_those_who_invite_are_told_once_that_it_was_accepted(services, adam, postman: Postman):
    account = await register(services, ANN)
    await _invite(services, adam)
    token = await _token(postman)
    await accept_invitation(services, account, token, request_id="test")
    with pytest.raises(InvitationEndedError):
        await accept_invitation(services, account, token, request_id="test")
    mails = await postman.mails(INVITATION_ACCEPTED)
    assert sorted(mail.recipient for mail in mails) == ["adam@example.org", "alva@example.org"]
    assert all(ANN not in mail.body for mail in mails)


@tells(INVITATION_REFUSED)
async def test_who_invited_is_told_that_the_letter_did_not_arrive(services, adam, postman: Postman):
    await _invite(services, adam)
    postman.inbox.recipient_refusal = "550 no such mailbox"
    await postman.send()
    postman.inbox.recipient_refusal = None
    await follow_refused_invitations(services)
    await follow_refused_invitations(services)
    (mail,) = await postman.mails(INVITATION_REFUSED)
    assert mail.recipient == "adam@example.org"
    assert ANN not in mail.body
