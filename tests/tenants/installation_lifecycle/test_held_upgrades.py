"""An upgrade that takes more is held: nothing of it crosses before exactly that is approved."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest

from tests.builders import access_for, make_member
from tests.fakes.recorder import RECEIVES, Recorder, plan, recorder, records_in
from tests.tenants.installation_lifecycle.conftest import with_registry
from wardship.core.errors import ConflictError
from wardship.plugins.api import Identifier, LegalBasis, Receives
from wardship.tenants.declarations import StaleDeclarationError, declaration_digest
from wardship.tenants.grants.change import grant_category, withdraw_grant
from wardship.tenants.grants.granting import Grantable, UndeclaredGrantError, grants_of
from wardship.tenants.installation_lifecycle.approval import (
    NothingToApproveError,
    approve_declaration,
    differences,
    pending_declarations,
)
from wardship.tenants.installation_lifecycle.lifecycle import uninstall
from wardship.tenants.installation_lifecycle.upgrades import look_after_installations
from wardship.tenants.obligations.enqueue import share_with_audience

ROUNDS = 20
NAME, CONTACT = RECEIVES
MORE_CONTACT = CONTACT.model_copy(update={"fields": ("email", "phone", "company")})
JOB = Receives(
    category="user.job_title",
    fields=("job_title",),
    purpose="marketing",
    legal_basis=LegalBasis.LEGITIMATE_INTEREST,
    retention_days=0,
)
SALES = NAME.model_copy(update={"purpose": "sales"})

pytestmark = pytest.mark.usefixtures("countess")


@pytest.fixture
async def countess(database, acme):
    """Somebody of whom everything is there that an upgrade might take."""
    return await make_member(
        database,
        acme,
        first_name="Ada",
        last_name="King",
        phone="+44 20 7946 0958",
        company="Analytical Engines",
        job_title="Countess",
    )


def version(number: str, **changes: Any) -> Recorder:
    return recorder(version=number, **changes)


async def share_all(connections, installation_id) -> None:
    installation = await connections.read(installation_id)
    async with access_for(connections.services, connections.admin) as access:
        await share_with_audience(access, installation)
    await connections.work()


def last_records(plugin: Recorder) -> list[tuple[Any, ...]]:
    """Return what was handed over of each person, without the order in which it came."""
    records = [record for call in plugin.heard for record in records_in(call)]
    return sorted(
        (
            tuple(sorted((field.name, field.category, field.purposes, str(field.value)) for field in record.fields)),
            tuple(sorted((each.type, each.value) for each in record.subject.identifiers)),
        )
        for record in records
    )


async def waiting(connections, installation_id):
    """Return the digest of the declaration that waits; None where none does."""
    async with access_for(connections.services, connections.admin) as access:
        found = (await pending_declarations(access, [installation_id])).get(installation_id)
    return found and declaration_digest(*found).hex()


async def approve(connections, installation_id, digest):
    async with access_for(connections.services, connections.admin) as access:
        return await approve_declaration(access, installation_id, digest)


async def stored(owner) -> list[Any]:
    return [
        await owner.fetch("select * from installation order by id"),
        await owner.fetch("select * from integration_grant order by id"),
        await owner.fetchval("select count(*) from obligation"),
        await owner.fetchval("select count(*) from audit_entry"),
    ]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"receives": (NAME, MORE_CONTACT)}, {"company"}),
        ({"receives": (NAME, CONTACT, JOB)}, {"job_title"}),
        ({"receives": (NAME, CONTACT, SALES)}, {"first_name", "last_name"}),
        ({"identifiers": (Identifier(type="email"), Identifier(type="phone"))}, None),
        ({"receives": (NAME.model_copy(update={"retention_days": 400}), CONTACT)}, {"first_name", "last_name"}),
    ],
    ids=["field of a granted entry", "entry", "purpose", "identifier", "retention"],
)
async def test_what_is_wider_does_not_cross_and_the_rest_goes_on(restart, recording, changes, named):
    recording.declared = recording.declared.model_copy(update={"contract": 2})
    before = await restart(recording)
    installation = await before.connect()
    first = last_records(recording)
    after = await restart(wider := version("2.0", contract=2, **changes))
    await share_all(after, installation.id)

    present = await after.read(installation.id)
    assert (present.state, present.integration_version) == ("needs_approval", "1.0")
    assert last_records(wider) == first
    async with access_for(after.services, after.admin) as access:
        found = differences(present, *(await pending_declarations(access, [installation.id]))[installation.id])
        with pytest.raises(UndeclaredGrantError):
            await grant_category(access, installation.id, Grantable("user.job_title", "marketing"))
    assert found
    assert max(Counter(map(repr, found)).values()) == 1
    for name in named or ():
        assert any(name in repr(each) for each in found)


async def test_only_one_of_two_who_approve_at_once_does(restart, connections, recording, owner):
    installation = await connections.connect()
    del recording
    for number in range(ROUNDS):
        await restart(version(f"2.{number}.0"))
        after = await restart(version(f"2.{number}.1", receives=(NAME, CONTACT, JOB)))
        digest, barrier = await waiting(after, installation.id), asyncio.Barrier(2)
        before = await owner.fetchval(
            "select count(*) from audit_entry where action = 'installation.declaration_approved'"
        )

        async def once(after=after, digest=digest, barrier=barrier):
            async with access_for(after.services, after.admin) as access:
                await barrier.wait()
                return await approve_declaration(access, installation.id, digest)

        ends = await asyncio.gather(once(), once(), return_exceptions=True)
        assert sorted(type(end).__name__ for end in ends) == ["InstallationRecord", "NothingToApproveError"]
        approved = await owner.fetchval(
            "select count(*) from audit_entry where action = 'installation.declaration_approved'"
        )
        assert approved == before + 1


async def test_a_grant_withdrawn_while_an_upgrade_is_approved_and_shared_wins(restart, connections, recording, owner):
    installation = await connections.connect()
    pair = Grantable(CONTACT.category, CONTACT.purpose)
    plugin = recording
    for number in range(ROUNDS):
        narrow = await restart(plugin := version(f"2.{number}.0"))
        async with access_for(narrow.services, narrow.admin) as access:
            if number:
                await grant_category(access, installation.id, pair)
            granted = (await grants_of(access, [installation.id]))[installation.id]
        (grant,) = [each for each in granted if each.category == pair.category]
        after = await restart(plugin := version(f"2.{number}.1", receives=(NAME, MORE_CONTACT)))
        digest, barrier = await waiting(after, installation.id), asyncio.Barrier(3)

        async def approving(after=after, digest=digest, barrier=barrier):
            async with access_for(after.services, after.admin) as access:
                await barrier.wait()
                await approve_declaration(access, installation.id, digest)

        async def withdrawing(after=after, grant=grant, barrier=barrier):
            async with access_for(after.services, after.admin) as access:
                await barrier.wait()
                await withdraw_grant(access, grant.id)

        async def working(after=after, barrier=barrier):
            await barrier.wait()
            await after.work()

        await asyncio.gather(approving(), withdrawing(), working())
        await after.work()

        assert (await after.read(installation.id)).integration_version == f"2.{number}.1"
        assert await owner.fetchval("select withdrawn_at is not null from integration_grant where id = $1", grant.id)
        assert {frozenset(field.name for field in record.fields) for record in plugin.held.values()} <= {
            frozenset({"first_name", "last_name"}),
            frozenset({"first_name"}),
        }


async def test_approval_of_what_has_changed_meanwhile_is_refused_and_changes_nothing(
    restart, connections, recording, owner
):
    installation = await connections.connect()
    del recording
    await restart(version("2.0", receives=(NAME, CONTACT, JOB)))
    read = await waiting(connections, installation.id)
    after = await restart(version("3.0", receives=(NAME, MORE_CONTACT, JOB)))
    before = await stored(owner)
    with pytest.raises(StaleDeclarationError):
        await approve(after, installation.id, read)
    assert await stored(owner) == before


async def test_a_plan_that_became_weaker_meanwhile_is_what_is_approved_or_nothing(
    restart, connections, recording, owner
):
    installation = await connections.connect()
    wider = {"receives": (NAME, CONTACT, JOB)}
    await restart(second := version("2.0", **wider))
    read = await waiting(connections, installation.id)
    third = version("2.0", **wider)
    third.plan = plan(third.declared, left_to_people="Send them a letter.")
    after = await restart(third)
    before = await stored(owner)
    with pytest.raises(StaleDeclarationError):
        await approve(after, installation.id, read)
    assert await stored(owner) == before
    await approve(after, installation.id, declaration_digest(third.declared, third.plan).hex())
    assert (await after.read(installation.id)).plan == third.plan != second.plan != recording.declared


async def test_an_approval_that_meets_another_upgrade_never_approves_that(restart, connections, recording, owner):
    installation = await connections.connect()
    del recording
    for number in range(ROUNDS):
        await restart(version(f"{number}.0"))
        two = await restart(version(f"{number}.2", receives=(NAME, CONTACT, JOB)))
        digest, barrier = await waiting(two, installation.id), asyncio.Barrier(2)
        three = with_registry(connections, version(f"{number}.3", receives=(NAME, MORE_CONTACT, JOB)))

        async def approving(two=two, digest=digest, barrier=barrier):
            async with access_for(two.services, two.admin) as access:
                await barrier.wait()
                await approve_declaration(access, installation.id, digest)

        async def upgrading(three=three, barrier=barrier):
            await barrier.wait()
            await look_after_installations(three.services)

        first, second = await asyncio.gather(approving(), upgrading(), return_exceptions=True)
        assert second is None
        assert first is None or isinstance(first, StaleDeclarationError)
        present = await connections.read(installation.id)
        assert present.integration_version == (f"{number}.0" if first else f"{number}.2")
        assert present.state == "needs_approval"
        assert (
            await waiting(three, installation.id)
            == declaration_digest(*three.services.integrations.require("recorder").declaration).hex()
        )
        three.services.dispatcher.close()
    assert await owner.fetchval("select count(*) from integration_grant where withdrawn_at is null") == 2


async def test_the_way_back_before_approval_leaves_nothing_to_approve(restart, connections, recording, owner):
    installation = await connections.connect()
    await restart(version("2.0", receives=(NAME, CONTACT, JOB)))
    read = await waiting(connections, installation.id)
    back = await restart(recording)

    present = await back.read(installation.id)
    assert (present.state, present.has_pending_declaration) == ("active", False)
    before = await stored(owner)
    with pytest.raises(NothingToApproveError):
        await approve(back, installation.id, read)
    assert await stored(owner) == before


async def test_the_way_back_after_approval_narrows_at_once_and_the_next_way_forth_is_held_again(
    restart, connections, recording
):
    installation = await connections.connect()
    wide = await restart(second := version("2.0", receives=(NAME, MORE_CONTACT, JOB)))
    await approve(wide, installation.id, await waiting(wide, installation.id))
    async with access_for(wide.services, wide.admin) as access:
        await grant_category(access, installation.id, Grantable(JOB.category, JOB.purpose))
    await wide.work()
    back = await restart(recording)
    await back.work()

    present = await back.read(installation.id)
    assert (present.state, present.integration_version, present.has_pending_declaration) == ("active", "1.0", False)
    async with access_for(back.services, back.admin) as access:
        left = (await grants_of(access, [installation.id]))[installation.id]
    assert {grant.category for grant in left} == {NAME.category, CONTACT.category}
    forth = await restart(second)
    assert (await forth.read(installation.id)).state == "needs_approval"
    async with access_for(forth.services, forth.admin) as access:
        with pytest.raises(UndeclaredGrantError):
            await grant_category(access, installation.id, Grantable(JOB.category, JOB.purpose))


async def test_what_waits_for_approval_can_not_be_approved_while_it_is_taken_away(
    restart, connections, recording, owner
):
    installation = await connections.connect()
    del recording
    after = await restart(version("2.0", receives=(NAME, CONTACT, JOB)))
    read = await waiting(after, installation.id)
    async with access_for(after.services, after.admin) as access:
        await uninstall(access, installation.id)
    before = await stored(owner)
    with pytest.raises(ConflictError):
        await approve(after, installation.id, read)
    assert await stored(owner) == before
