"""An organisation for an address: its owner is whoever proves it, and nobody before."""

from __future__ import annotations

import asyncio
import re
from contextvars import copy_context
from datetime import timedelta

import pytest

from tests.mails import waiting_mails
from tests.tenants.operating import commanding, enrol, operating, operator, register
from wardship.core.accounts.tombstones import ErasedAccountError, suppress
from wardship.core.actor import StaffRole
from wardship.core.errors import InvalidInputError, PermissionDeniedError
from wardship.core.http.credentials import Client
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.registration import register as register_address
from wardship.core.sign_in.throttle import TooManyAttemptsError
from wardship.tenants.access import StepUpRequiredError
from wardship.tenants.appointments.carry_out import carry_out_appointments
from wardship.tenants.organisation_lifecycle.changes import (
    close_organisation,
    reopen_organisation,
    suspend_organisation,
)
from wardship.tenants.organisation_lifecycle.clocks import follow_organisations
from wardship.tenants.organisation_lifecycle.found import Founded, found_organisation
from wardship.tenants.organisation_lifecycle.managed import list_organisations
from wardship.tenants.organisations.create import SlugTakenError
from wardship.tenants.organisations.states import OrganisationState, OrganisationStateError
from wardship.tenants.paging import PageRequest
from wardship.tenants.staff.staff import add_to_staff

pytestmark = pytest.mark.anyio
ADA = "ada@example.org"
_S = OrganisationState


async def _found(services, *, slug="harbour", name="Harbour Logistics", owner=ADA, access=None) -> Founded:
    async with access or commanding(services) as opened:
        return await found_organisation(opened, slug=slug, name=name, owner_email=owner)


async def _owner_of(owner, slug="harbour"):
    return await owner.fetchval(
        "select m.account_id from organisation o join role_assignment r on r.organisation_id = o.id"
        " and r.role = 'org_owner' join member m on m.organisation_id = o.id and m.id = r.member_id where o.slug = $1",
        slug,
    )


async def test_account_that_has_proven_the_address_owns_it_at_once(services, owner):
    ada = await register(services, ADA)
    founded = await _found(services)
    assert (founded.organisation.state, founded.awaited, founded.is_new) == (_S.ACTIVE, None, True)
    assert await _owner_of(owner) == ada


async def test_nobody_is_in_it_before_the_address_is_proven(services, owner):
    founded = await _found(services)
    assert (founded.organisation.state, founded.organisation.awaited) == (_S.AWAITING_OWNER, ADA)
    assert await owner.fetchval("select count(*) from member") == 0
    [mail] = await waiting_mails(services)
    assert mail.recipient == ADA
    assert founded.awaited is not None
    assert founded.awaited.link in mail.body
    assert await carry_out_appointments(services) == 0


async def test_whoever_proves_the_address_and_sets_up_a_second_factor_owns_it(services, owner):
    await _found(services)
    ada = await register(services, ADA, name="Ada Lovelace", has_second_factor=False)
    assert await carry_out_appointments(services) == 0, "the address is proven, the second factor is missing"
    await enrol(services, ada)
    assert await carry_out_appointments(services) == 1
    assert await _owner_of(owner) == ada
    row = await owner.fetchrow("select state, state_until from organisation where slug = 'harbour'")
    assert tuple(row) == ("active", None)
    assert await owner.fetchval("select display_name from member") == "Ada Lovelace"
    assert await owner.fetchval("select count(*) from appointment") == 0
    assert await carry_out_appointments(services) == 0


async def test_account_of_another_address_gets_nothing(services, owner):
    await _found(services)
    await register(services, "eve@example.org")
    assert await carry_out_appointments(services) == 0
    assert await _owner_of(owner) is None


async def test_account_without_a_second_factor_is_asked_to_set_one_up(services):
    await register(services, ADA, has_second_factor=False)
    founded = await _found(services)
    assert founded.awaited is not None
    assert founded.awaited.link is None
    [mail] = await waiting_mails(services)
    assert "/auth/link/" not in mail.body
    assert "set one up" in mail.body


async def test_asked_again_it_writes_again_and_nothing_else_changes(services):
    first = await _found(services)
    services.clock.advance(timedelta(days=20))
    second = await _found(services)
    assert (first.organisation.id, second.is_new) == (second.organisation.id, False)
    links = [re.search(r"\S+/auth/link/\S+", mail.body)[0] for mail in await waiting_mails(services)]
    assert len(set(links)) == 2
    assert second.organisation.state_until == services.clock.now() + timedelta(days=30)
    services.clock.advance(timedelta(days=29))
    await register(services, ADA)
    assert await carry_out_appointments(services) == 1
    done = await _found(services)
    assert (done.organisation.state, done.is_new, done.awaited) == (_S.ACTIVE, False, None)


async def test_letters_to_sub_addresses_of_one_mailbox_are_limited_together(services):
    for number in range(5):
        async with commanding(services) as access:
            await add_to_staff(access, f"ada+{number}@example.org", StaffRole.OPERATOR)
    with pytest.raises(TooManyAttemptsError):
        async with commanding(services) as access:
            await add_to_staff(access, "ada+5@example.org", StaffRole.OPERATOR)
    assert len(await waiting_mails(services)) == 5


async def test_letters_to_one_address_are_limited(services):
    for _ in range(5):
        await _found(services)
    with pytest.raises(TooManyAttemptsError):
        await _found(services)
    assert len(await waiting_mails(services)) == 5


async def test_stranger_who_registers_with_the_address_keeps_nobody_from_being_appointed(services):
    stranger = Call(services, Client("198.51.100.1"))
    for _ in range(5):
        await register_address(stranger, ADA)
    with pytest.raises(TooManyAttemptsError):
        await register_address(stranger, ADA)
    assert (await _found(services)).awaited.address == ADA
    async with commanding(services) as access:
        added = await add_to_staff(access, ADA, StaffRole.OPERATOR)
    assert added.awaited.address == ADA


@pytest.mark.parametrize("other", [{"name": "Another"}, {"owner": "bob@example.org"}])
async def test_short_name_of_another_is_refused_and_nobody_is_written_to(services, owner, other):
    await _found(services)
    with pytest.raises(SlugTakenError):
        await _found(services, **other)
    assert len(await waiting_mails(services)) == 1
    assert await owner.fetchval("select name from organisation where slug = 'harbour'") == "Harbour Logistics"


async def test_short_name_of_the_provider_is_refused(services, owner):
    slug = await owner.fetchval("select slug from organisation where kind = 'provider'")
    with pytest.raises(SlugTakenError):
        await _found(services, slug=slug)


async def test_two_that_ask_for_the_same_at_once_make_one(services, owner):
    tasks = [asyncio.create_task(_found(services), context=copy_context()) for _ in range(4)]
    founded = await asyncio.gather(*tasks)
    assert len({item.organisation.id for item in founded}) == 1
    assert sorted(item.is_new for item in founded) == [False, False, False, True]
    assert await owner.fetchval("select count(*) from appointment") == 1


async def test_erased_address_is_refused_until_its_owner_registers_again(services, owner, keys):
    async with services.database.directory() as transaction:
        await suppress(transaction, keys, {"email": [ADA]}, organisation_id=None, at=services.clock.now())
    with pytest.raises(ErasedAccountError, match="registers again"):
        await _found(services)
    assert await owner.fetchval("select count(*) from organisation where kind = 'customer'") == 0
    assert await waiting_mails(services) == []


@pytest.mark.parametrize("name", ["Müller & Söhne", "港湾物流", "شركة الميناء", "Ξένια", "หจก. ท่าเรือ"])
async def test_name_is_of_any_script(services, name):
    assert (await _found(services, name=name)).organisation.name == name


@pytest.mark.parametrize("wrong", [{"slug": "Harbour"}, {"slug": ""}, {"name": " "}, {"owner": "ada"}])
async def test_what_cannot_be_accepted_is_refused_and_nothing_is_made(services, owner, wrong):
    with pytest.raises(InvalidInputError):
        await _found(services, **wrong)
    assert await owner.fetchval("select count(*) from organisation where kind = 'customer'") == 0


async def test_owner_who_never_comes_lets_go_of_the_short_name(services, owner):
    founded = await _found(services)
    services.clock.advance(timedelta(days=30))
    await follow_organisations(services)
    row = await owner.fetchrow("select slug, state, name from organisation where id = $1", founded.organisation.id)
    assert row["state"] == "closed"
    assert "harbour" not in row["slug"].lower() + row["name"].lower()
    assert await owner.fetchval("select count(*) from appointment") == 0
    await register(services, ADA)
    assert await carry_out_appointments(services) == 0
    assert (await _found(services, name="Another")).is_new


async def test_offer_to_a_wrong_address_is_taken_back_and_made_anew(services, owner):
    await _found(services, owner="adda@example.org")
    async with commanding(services) as access:
        closed = await close_organisation(access, "harbour")
    assert closed.state is _S.CLOSED
    ada = await register(services, ADA)
    await _found(services)
    assert await _owner_of(owner) == ada
    await register(services, "adda@example.org")
    assert await carry_out_appointments(services) == 0


async def test_operator_may_and_is_audited_at_both(services, owner):
    founded = await _found(services, access=operating(services))
    rows = await owner.fetch(
        "select o.kind from audit_entry e join organisation o on o.id = e.organisation_id"
        " where e.action = 'organisation.created' order by o.kind"
    )
    assert [row["kind"] for row in rows] == ["customer", "provider"]
    assert founded.is_new


async def test_only_operators_may_and_with_a_fresh_second_factor(services, owner):
    with pytest.raises(StepUpRequiredError):
        await _found(services, access=operating(services, operator(services, stepped_up=False)))
    with pytest.raises(PermissionDeniedError):
        await _found(services, access=operating(services, operator(services, role=StaffRole.PRIVACY_TEAM)))
    assert await owner.fetchval("select count(*) from organisation where kind = 'customer'") == 0


async def test_list_is_paged_and_filtered_by_state(services):
    await register(services, ADA)
    for number in range(3):
        services.clock.advance(timedelta(seconds=1))
        await _found(services, slug=f"of-ada-{number}")
    await _found(services, slug="of-bob", owner="bob@example.org")
    async with commanding(services) as access:
        page = await list_organisations(access, PageRequest(2))
        assert ([item.slug for item in page.items], page.has_next) == (["of-ada-0", "of-ada-1"], True)
        last = page.items[-1]
        page = await list_organisations(access, PageRequest(2, (last.created_at, last.id)))
        assert ([item.slug for item in page.items], page.has_next) == (["of-ada-2", "of-bob"], False)
        page = await list_organisations(access, PageRequest(5), states=[_S.AWAITING_OWNER])
        assert [item.awaited for item in page.items] == ["bob@example.org"]


async def test_organisation_that_awaits_its_owner_can_neither_be_suspended_nor_kept(services):
    await _found(services)
    for act in (suspend_organisation, reopen_organisation):
        with pytest.raises(OrganisationStateError):
            async with commanding(services) as access:
                await act(access, "harbour")
