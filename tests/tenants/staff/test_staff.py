"""The provider's own people: appointed once the address is proven, and never the last operator taken away."""

from __future__ import annotations

import pytest

from tests.tenants.operating import commanding, operating, operator, register
from wardship.core.accounts.tombstones import ErasedAccountError, suppress
from wardship.core.actor import StaffRole
from wardship.core.errors import NotFoundError, PermissionDeniedError
from wardship.tenants.access import StepUpRequiredError
from wardship.tenants.appointments.carry_out import carry_out_appointments
from wardship.tenants.staff.staff import LastOperatorError, add_to_staff, list_staff, remove_from_staff

pytestmark = pytest.mark.anyio
PIA = "pia@example.org"
_OPERATOR, _TEAM = StaffRole.OPERATOR, StaffRole.PRIVACY_TEAM


async def _add(services, email=PIA, role=_TEAM, access=None):
    async with access or commanding(services) as opened:
        return await add_to_staff(opened, email, role)


async def _remove(services, email=PIA, roles=(), access=None):
    async with access or commanding(services) as opened:
        return await remove_from_staff(opened, email, roles)


async def _staff(owner):
    rows = await owner.fetch(
        "select e.address, s.role from staff s join account_email e on e.account_id = s.account_id order by 1, 2"
    )
    return [tuple(row) for row in rows]


async def test_account_that_has_proven_the_address_joins_at_once_and_once(services, owner):
    await register(services, PIA)
    assert (await _add(services)).is_new
    assert not (await _add(services)).is_new
    assert await _staff(owner) == [(PIA, "privacy_team")]


async def test_nobody_joins_before_the_address_is_proven(services, owner):
    added = await _add(services)
    assert added.awaited is not None
    assert added.awaited.link is not None
    assert await _staff(owner) == []
    await register(services, PIA)
    assert await carry_out_appointments(services) == 1
    assert await _staff(owner) == [(PIA, "privacy_team")]


async def test_appointment_that_nobody_came_for_is_over_after_a_month(services, owner, clock):
    added = await _add(services)
    clock.advance(added.awaited.until - clock.now())
    await register(services, PIA)
    assert await carry_out_appointments(services) == 0
    assert await owner.fetchval("select count(*) from appointment") == 0
    assert await _staff(owner) == []


async def test_erased_address_is_refused(services, keys):
    async with services.database.directory() as transaction:
        await suppress(transaction, keys, {"email": [PIA]}, organisation_id=None, at=services.clock.now())
    with pytest.raises(ErasedAccountError):
        await _add(services)


async def test_role_is_taken_and_so_is_what_was_waited_for(services, owner):
    await register(services, PIA)
    await _add(services)
    await _add(services, role=_OPERATOR)
    assert await _remove(services, roles=[_TEAM]) == [_TEAM]
    assert await _staff(owner) == [(PIA, "operator")]
    await _add(services, "later@example.org")
    assert await _remove(services, "later@example.org") == [_TEAM]
    await register(services, "later@example.org")
    assert await carry_out_appointments(services) == 0
    with pytest.raises(NotFoundError):
        await _remove(services, "nobody@example.org")


async def test_last_operator_is_taken_away_by_the_command_line_alone(services, owner):
    await register(services, PIA)
    await _add(services, role=_OPERATOR)
    with pytest.raises(LastOperatorError):
        await _remove(services, access=operating(services))
    assert await _staff(owner) == [(PIA, "operator")]
    await register(services, "olga@example.org")
    await _add(services, "olga@example.org", _OPERATOR)
    assert await _remove(services, access=operating(services)) == [_OPERATOR]
    assert await _remove(services, "olga@example.org") == [_OPERATOR]
    assert await _staff(owner) == []


async def test_operators_alone_manage_the_staff_and_with_a_fresh_second_factor(services, owner):
    with pytest.raises(PermissionDeniedError):
        await _add(services, access=operating(services, operator(services, role=_TEAM)))
    with pytest.raises(StepUpRequiredError):
        await _add(services, access=operating(services, operator(services, stepped_up=False)))
    with pytest.raises(StepUpRequiredError):
        await _remove(services, access=operating(services, operator(services, stepped_up=False)))
    assert await owner.fetchval("select count(*) from outgoing_mail") == 0


async def test_list_tells_who_is_there_and_who_is_waited_for(services):
    await register(services, PIA, name="Pia")
    await _add(services)
    await _add(services, "later@example.org", _OPERATOR)
    async with operating(services) as access:
        found = [
            (item.role, item.address, item.display_name, item.awaited_until is None)
            for item in await list_staff(access)
        ]
    assert found == [(_OPERATOR, "later@example.org", "", False), (_TEAM, PIA, "Pia", True)]


async def test_changes_of_the_staff_stand_in_the_chain_of_the_provider(services, owner):
    await register(services, PIA)
    await _add(services)
    await _remove(services)
    rows = await owner.fetch(
        "select e.action from audit_entry e join organisation o on o.id = e.organisation_id and o.kind = 'provider'"
        " order by e.sequence"
    )
    assert [row["action"] for row in rows] == ["staff.added", "staff.removed"]
