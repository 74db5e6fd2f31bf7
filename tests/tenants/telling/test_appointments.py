"""The letters to who is to own an organisation, or to join the staff."""

from __future__ import annotations

import pytest

from tests.tenants.operating import commanding, register
from tests.tenants.telling.postman import Postman, tells
from wardship.core.actor import StaffRole
from wardship.core.notice_kind import NoticeKind
from wardship.tenants.access import Services
from wardship.tenants.appointments.letters import OWNER_REGISTERS, OWNER_SIGNS_IN, STAFF_REGISTERS, STAFF_SIGNS_IN
from wardship.tenants.organisation_lifecycle.found import found_organisation
from wardship.tenants.staff.staff import add_to_staff

pytestmark = pytest.mark.anyio
ADA = "ada@example.org"
NAME = "Harbour “& Sons”"


async def _found(services: Services) -> None:
    async with commanding(services) as access:
        await found_organisation(access, slug="harbour", name=NAME, owner_email=ADA)


async def _appoint(services: Services) -> None:
    async with commanding(services) as access:
        await add_to_staff(access, ADA, StaffRole.PRIVACY_TEAM)


async def _only_mail(postman: Postman, kind: NoticeKind):
    (mail,) = await postman.mails(kind)
    assert len(postman.inbox.messages) == 1, "nobody else is written to"
    return mail


@tells(OWNER_REGISTERS)
async def test_owner_without_an_account_is_mailed_the_link_that_registers(services, postman: Postman):
    await _found(services)
    mail = await _only_mail(postman, OWNER_REGISTERS)
    assert (mail.recipient, mail.subject) == (ADA, f"You are to own {NAME} at Wardship")
    assert "/auth/link/" in mail.body


@tells(OWNER_SIGNS_IN)
async def test_owner_without_a_second_factor_is_told_to_set_one_up(services, postman: Postman):
    await register(services, ADA, has_second_factor=False)
    await _found(services)
    mail = await _only_mail(postman, OWNER_SIGNS_IN)
    assert mail.recipient == ADA
    assert "/auth/link/" not in mail.body
    assert "set one up until 2026-12-21" in mail.body


@tells(STAFF_REGISTERS)
async def test_staff_without_an_account_is_mailed_the_link_that_registers(services, postman: Postman):
    await _appoint(services)
    mail = await _only_mail(postman, STAFF_REGISTERS)
    assert mail.recipient == ADA
    assert "as privacy team" in mail.body
    assert "/auth/link/" in mail.body


@tells(STAFF_SIGNS_IN)
async def test_staff_without_a_second_factor_is_told_to_set_one_up(services, postman: Postman):
    await register(services, ADA, has_second_factor=False)
    await _appoint(services)
    mail = await _only_mail(postman, STAFF_SIGNS_IN)
    assert mail.recipient == ADA
    assert "/auth/link/" not in mail.body
