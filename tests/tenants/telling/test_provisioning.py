"""What people are told of provisioning."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import access_for, make_member, system_access
from tests.fixed_clock import FixedClock
from tests.requesting import Firm
from tests.tenants.scim.directory import Directory, make_directory
from tests.tenants.telling.postman import Postman, tells
from wardship.core.actor import Role
from wardship.tenants.members.membership import deactivate_member
from wardship.tenants.members.notices import MEMBERSHIP_BACK, PROFILE_CHANGED
from wardship.tenants.provisioning.endings import follow_provisioning_tokens
from wardship.tenants.provisioning.notices import (
    PROVISIONING_TOKEN_ENDED,
    PROVISIONING_TOKEN_ENDS,
    PROVISIONING_TOKEN_MADE,
    PROVISIONING_TOKEN_OUTLASTS,
    PROVISIONING_TOKEN_REVOKED,
)
from wardship.tenants.provisioning.tokens import create_provisioning_token, revoke_provisioning_token
from wardship.tenants.requests.notices import MEMBERSHIP_ENDED

pytestmark = pytest.mark.anyio


@pytest.fixture
async def directory(firm: Firm) -> Directory:
    return await make_directory(firm.services, firm.organisation)


@tells(PROVISIONING_TOKEN_MADE)
async def test_owner_and_administrators_are_told_of_a_provisioning_token_but_who_made_it(firm: Firm, postman: Postman):
    await make_member(firm.services.database, firm.organisation, Role.AUDITOR)
    async with access_for(firm.services, firm.admin) as access:
        issued = await create_provisioning_token(access, 'Entra "main" & Söhne')
    (mail,) = await postman.mails(PROVISIONING_TOKEN_MADE)
    assert mail.recipient == firm.owner.email
    assert 'Entra "main" & Söhne' in mail.body
    assert issued.text not in mail.body


async def test_all_who_administer_are_told_where_the_operator_made_it(firm: Firm, postman: Postman):
    async with system_access(firm.services, firm.organisation) as access:
        await create_provisioning_token(access, "command line")
    mails = await postman.mails(PROVISIONING_TOKEN_MADE)
    assert sorted(mail.recipient for mail in mails) == sorted([firm.owner.email, firm.admin.email])


@tells(PROVISIONING_TOKEN_REVOKED)
async def test_owner_and_administrators_are_told_of_a_revoked_provisioning_token_but_who_did_it(
    firm: Firm, postman: Postman
):
    async with access_for(firm.services, firm.admin) as access:
        issued = await create_provisioning_token(access, "Entra & Söhne")
    async with access_for(firm.services, firm.owner) as access:
        await revoke_provisioning_token(access, issued.token.id)
    (mail,) = await postman.mails(PROVISIONING_TOKEN_REVOKED)
    assert mail.recipient == firm.admin.email
    assert "Entra & Söhne" in mail.body


@tells(PROVISIONING_TOKEN_ENDS)
async def test_all_who_administer_are_reminded_14_days_before_a_provisioning_token_ends(
    firm: Firm, postman: Postman, clock: FixedClock
):
    async with access_for(firm.services, firm.admin) as access:
        await create_provisioning_token(access, "Okta")
    clock.advance(timedelta(days=166) - timedelta(seconds=1))
    await follow_provisioning_tokens(firm.services)
    assert await postman.mails(PROVISIONING_TOKEN_ENDS) == []
    clock.advance(timedelta(seconds=1))
    await follow_provisioning_tokens(firm.services)
    await follow_provisioning_tokens(firm.services)
    mails = await postman.mails(PROVISIONING_TOKEN_ENDS)
    assert sorted(mail.recipient for mail in mails) == sorted([firm.owner.email, firm.admin.email])


@tells(PROVISIONING_TOKEN_ENDED)
async def test_all_who_administer_are_told_once_that_a_provisioning_token_has_ended(
    firm: Firm, postman: Postman, clock: FixedClock
):
    async with access_for(firm.services, firm.admin) as access:
        await create_provisioning_token(access, "Okta", clock.now() + timedelta(days=3))
    await follow_provisioning_tokens(firm.services)
    assert await postman.mails(PROVISIONING_TOKEN_ENDED) == []
    clock.advance(timedelta(days=3))
    await follow_provisioning_tokens(firm.services)
    clock.advance(timedelta(days=1))
    await follow_provisioning_tokens(firm.services)
    mails = await postman.mails(PROVISIONING_TOKEN_ENDED)
    assert sorted(mail.recipient for mail in mails) == sorted([firm.owner.email, firm.admin.email])
    assert await postman.mails(PROVISIONING_TOKEN_ENDS) == []


@tells(PROVISIONING_TOKEN_OUTLASTS)
async def test_those_who_are_left_are_told_that_a_provisioning_token_outlasts_who_made_it(firm: Firm, postman: Postman):
    async with access_for(firm.services, firm.admin) as access:
        await create_provisioning_token(access, "Okta")
    await follow_provisioning_tokens(firm.services)
    assert await postman.mails(PROVISIONING_TOKEN_OUTLASTS) == []
    async with access_for(firm.services, firm.owner) as access:
        await deactivate_member(access, firm.admin.member_id)
    await follow_provisioning_tokens(firm.services)
    await follow_provisioning_tokens(firm.services)
    (mail,) = await postman.mails(PROVISIONING_TOKEN_OUTLASTS)
    assert mail.recipient == firm.owner.email


async def test_person_is_told_that_the_directory_changed_the_profile(
    firm: Firm, directory: Directory, postman: Postman
):
    change = {"op": "replace", "value": {"title": "Analyst", "name": {"familyName": "King"}}}
    await directory.patch(f"/Users/{firm.member.member_id}", change)
    (mail,) = await postman.mails(PROFILE_CHANGED)
    assert mail.recipient == firm.member.email
    assert "The directory of" in mail.body
    assert "job title, last name" in mail.body
    assert "Analyst" not in mail.body


async def test_person_is_told_that_the_directory_deactivated_and_brought_back(
    firm: Firm, directory: Directory, postman: Postman
):
    path = f"/Users/{firm.member.member_id}"
    await directory.patch(path, {"op": "replace", "path": "active", "value": False})
    (mail,) = await postman.mails(MEMBERSHIP_ENDED)
    assert mail.recipient == firm.member.email
    assert "by its directory" in mail.body
    await directory.patch(path, {"op": "replace", "path": "active", "value": True})
    (back,) = await postman.mails(MEMBERSHIP_BACK)
    assert "The directory of" in back.body
