"""The audit chain is listed by who, what, whom and when, and verified where it is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import access_for, make_member, make_organisation
from wardship.core.actor import Role
from wardship.core.errors import PermissionDeniedError
from wardship.tenants.data_access import verification
from wardship.tenants.data_access.audit_filter import AuditFilter
from wardship.tenants.data_access.read import audit_log
from wardship.tenants.data_access.verification import last_verification, verify_chain

pytestmark = pytest.mark.anyio


@pytest.fixture
async def organisation(database):
    return await make_organisation(database, "a")


@pytest.fixture
async def people(database, organisation):
    roles = {"ann": Role.ORG_ADMIN, "bob": Role.ORG_ADMIN, "eve": Role.AUDITOR}
    return {name: await make_member(database, organisation, role, name=name) for name, role in roles.items()}


async def _act(services, who, action, target):
    async with access_for(services, who) as access:
        await access.audit(action, "member", target.member_id)


@pytest.fixture
async def acts(services, clock, people):
    """Four acts, an hour and a half apart."""
    ann, bob, eve = people.values()
    for who, action, target in (
        (ann, "member.removed", eve),
        (bob, "member.removed", ann),
        (bob, "member.restored", ann),
        (ann, "member.removed", bob),
    ):
        await _act(services, who, action, target)
        clock.advance(timedelta(minutes=90))


async def _sequences(services, who, **wanted):
    async with access_for(services, who, read_only=True) as access:
        return [entry.sequence for entry in (await audit_log(access, 10, wanted=AuditFilter(**wanted))).items]


@pytest.mark.usefixtures("acts")
async def test_chain_is_narrowed_by_who_what_and_whom(services, people, owner):
    ann, bob, eve = people.values()
    assert await _sequences(services, eve) == [4, 3, 2, 1]
    assert await _sequences(services, eve, actor_id=bob.member_id) == [3, 2]
    assert await _sequences(services, eve, action="member.removed") == [4, 2, 1]
    assert await _sequences(services, eve, target_id=ann.member_id) == [3, 2]
    assert await _sequences(services, eve, target_id=ann.member_id, action="member.removed") == [2]
    await owner.execute("update member set account_id = null where id = $1", bob.member_id)
    assert await _sequences(services, eve, actor_id=bob.member_id) == [3, 2]


@pytest.mark.usefixtures("acts")
async def test_chain_is_narrowed_by_time(services, clock, people):
    eve, begun = people["eve"], clock.now() - timedelta(hours=6)
    at = [begun + timedelta(minutes=90 * number) for number in range(4)]
    assert await _sequences(services, eve, since=at[1]) == [4, 3, 2]
    assert await _sequences(services, eve, before=at[1]) == [1]
    assert await _sequences(services, eve, since=at[1], before=at[3]) == [3, 2]
    assert await _sequences(services, eve, since=clock.now()) == []
    assert await _sequences(services, eve, before=begun) == []


@pytest.mark.usefixtures("acts")
async def test_verification_is_noted_and_shown_without_another(services, clock, people):
    eve = people["eve"]
    async with access_for(services, eve, read_only=True) as access:
        assert await last_verification(access) is None
    async with access_for(services, eve) as access:
        found = await verify_chain(access)
    assert (found.is_intact, found.verified_to, found.entries) == (True, 4, 4)
    await _act(services, people["ann"], "member.removed", people["bob"])
    async with access_for(services, eve, read_only=True) as access:
        shown = await last_verification(access)
    assert (shown.is_intact, shown.verified_to, shown.entries, shown.at) == (True, 4, 6, clock.now())
    async with access_for(services, eve) as access:
        assert (await verify_chain(access)).verified_to == 6


@pytest.mark.usefixtures("acts")
async def test_verification_goes_on_where_the_last_one_ended(services, people, monkeypatch):
    monkeypatch.setattr(verification, "AT_ONCE", 3)
    seen = []
    for _ in range(3):
        async with access_for(services, people["eve"]) as access:
            seen.append((await verify_chain(access)).verified_to)
    assert seen == [3, 5, 6]
    async with access_for(services, people["eve"]) as access:
        assert (await verify_chain(access, from_start=True)).verified_to == 3


@pytest.mark.parametrize(
    ("tampering", "broken"),
    [
        ("update audit_entry set entry = replace(entry, 'removed', 'renamed') where sequence = 2", 2),
        ("update audit_entry set action = 'member.renamed' where sequence = 3", 3),
        ("update audit_entry set target_id = gen_random_uuid() where sequence = 3", 3),
        ("update audit_entry set actor_id = null where sequence = 1", 1),
        ("update audit_entry set hash = sha256(hash) where sequence = 1", 1),
        ("delete from audit_entry where sequence = 1", 2),
        ("delete from audit_entry where sequence = 3", 4),
        ("delete from audit_entry where sequence = 4", 4),
        ("delete from audit_entry", 1),
        ("update audit_head set hash = sha256(hash)", 4),
    ],
)
@pytest.mark.usefixtures("acts")
async def test_whatever_is_changed_is_found_and_stays_found(services, people, owner, tampering, broken):
    async with owner.transaction():
        await owner.execute(f"set local session_replication_role = replica; {tampering}")
    async with access_for(services, people["eve"]) as access:
        found = await verify_chain(access)
    assert (found.is_intact, found.broken_at, found.verified_to) == (False, broken, broken - 1)
    async with access_for(services, people["eve"]) as access:
        assert not (await verify_chain(access)).is_intact


@pytest.mark.usefixtures("acts")
async def test_who_may_not_read_the_chain_neither_verifies_nor_sees_it(services, database, organisation, owner):
    stranger = await make_member(database, organisation)
    before = await owner.fetchval("select count(*) from audit_entry")
    for ask in (verify_chain, last_verification):
        with pytest.raises(PermissionDeniedError):
            async with access_for(services, stranger) as access:
                await ask(access)
    assert await owner.fetchval("select count(*) from audit_entry") == before


@pytest.mark.usefixtures("acts")
async def test_another_organisations_chain_is_not_looked_at(services, database, people):
    other = await make_organisation(database, "b")
    admin = await make_member(database, other, Role.ORG_ADMIN)
    async with access_for(services, admin) as access:
        assert (await verify_chain(access)).entries == 0
        assert (await audit_log(access, 10, wanted=AuditFilter(actor_id=people["ann"].member_id))).items == []
