"""What is told about the provider's staff."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import make_member
from tests.tenants.operating import commanding, register
from tests.tenants.telling.postman import Postman, tells
from wardship.core.actor import StaffRole
from wardship.tenants.appointments.carry_out import carry_out_appointments
from wardship.tenants.appointments.notices import STAFF_CHANGED, STAFF_DID_NOT_COME, STAFF_JOINED, STAFF_LEFT
from wardship.tenants.staff.staff import add_to_staff, remove_from_staff

pytestmark = pytest.mark.anyio
PIA, OTTO = "pia@example.org", "otto@example.org"


@pytest.fixture
async def postman(postman: Postman, services, database, acme) -> Postman:
    """There is an operator, somebody of the privacy team, and a bystander, before anything is told."""
    await make_member(database, acme, name="Bystander")
    for address, role in ((OTTO, StaffRole.OPERATOR), ("tess@example.org", StaffRole.PRIVACY_TEAM)):
        await register(services, address)
        await _add(services, address, role)
    await postman.forget()
    return postman


async def _add(services, address=PIA, role=StaffRole.PRIVACY_TEAM) -> None:
    async with commanding(services) as access:
        await add_to_staff(access, address, role)


async def _remove(services, address=PIA) -> None:
    async with commanding(services) as access:
        await remove_from_staff(access, address)


@tells(STAFF_JOINED)
@tells(STAFF_CHANGED)
@pytest.mark.parametrize("is_awaited", [False, True])
async def test_person_and_operators_are_told_once_of_a_new_role(services, postman: Postman, is_awaited):
    if is_awaited:
        await _add(services)
    await register(services, PIA)
    if is_awaited:
        await carry_out_appointments(services)
        await carry_out_appointments(services)
    else:
        await _add(services)
    await _add(services)
    (mail,) = await postman.mails(STAFF_JOINED)
    assert mail.recipient == PIA
    assert "as privacy team now" in mail.subject
    (mail,) = await postman.mails(STAFF_CHANGED)
    assert (mail.recipient, mail.subject) == (OTTO, "The role privacy team was given among the staff")
    assert PIA not in mail.body


@tells(STAFF_LEFT)
@tells(STAFF_CHANGED)
async def test_person_and_operators_are_told_that_a_role_was_taken(services, postman: Postman):
    await register(services, PIA)
    await _add(services)
    await postman.forget()
    await _remove(services)
    (mail,) = await postman.mails(STAFF_LEFT)
    assert (mail.recipient, "no longer privacy team" in mail.subject) == (PIA, True)
    (mail,) = await postman.mails(STAFF_CHANGED)
    assert (mail.recipient, mail.subject) == (OTTO, "The role privacy team was taken among the staff")


@tells(STAFF_CHANGED)
async def test_operator_who_was_removed_is_not_told_of_the_staff_any_more(services, postman: Postman):
    await register(services, PIA)
    await _add(services, role=StaffRole.OPERATOR)
    await _remove(services)
    assert {mail.recipient for mail in await postman.of(STAFF_CHANGED)} == {OTTO}


@tells(STAFF_DID_NOT_COME)
async def test_operators_are_told_once_that_nobody_came(services, postman: Postman, clock):
    await _add(services)
    await postman.forget()
    clock.advance(timedelta(days=30))
    await carry_out_appointments(services)
    await carry_out_appointments(services)
    (mail,) = await postman.mails(STAFF_DID_NOT_COME)
    assert (mail.recipient, mail.subject) == (OTTO, "Nobody came to be privacy team")
    assert PIA not in mail.body
