"""The audit of an organisation that became part of another is read, exported and verified there, and nowhere else."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from tests.builders import make_member, make_organisation
from tests.edge import make_app
from wardship.app.downloads import download_router
from wardship.core.actor import Role
from wardship.core.audit.verify import verify_export
from wardship.core.errors import NotFoundError, PermissionDeniedError
from wardship.core.tokens.tokens import TokenRequest, create_token
from wardship.tenants.data_access.read import audit_log, own_changes
from wardship.tenants.members.roles import assign_role

pytestmark = pytest.mark.anyio


async def test_who_reads_the_chain_of_the_one_reads_that_of_the_other(merging, database):
    merger_id = await merging.merge()
    auda = await make_member(database, merging.harbour, Role.AUDITOR)
    async with merging.access(auda) as access:
        former = await audit_log(access, 50, merger_id=merger_id)
        own = await audit_log(access, 50)
    assert [entry.action for entry in former.items] == [
        "merger.merged",
        "merger.merging",
        "merger.announced",
        "merger.offered",
    ]
    assert "organisation.joined" in {entry.action for entry in own.items}
    with pytest.raises(PermissionDeniedError):
        async with merging.access(await make_member(database, merging.harbour)) as access:
            await audit_log(access, 50, merger_id=merger_id)


async def test_nobody_else_reads_it_and_nobody_before_it_has_happened(merging, database):
    merger = await merging.announce()
    with pytest.raises(NotFoundError):
        async with merging.access(merging.hanna) as access:
            await audit_log(access, 50, merger_id=merger.id)
    await merging.begin()
    await merging.finish()
    stranger = await make_member(database, await make_organisation(database, "strange"), Role.ORG_OWNER)
    with pytest.raises(NotFoundError):
        async with merging.access(stranger) as access:
            await audit_log(access, 50, merger_id=merger.id)


async def test_it_is_read_by_way_of_a_third_that_both_have_joined(merging, database):
    first = await merging.merge()
    meadow = await make_organisation(database, "meadow")
    mia = await make_member(database, meadow, Role.ORG_OWNER)
    second = await merging.offer(merging.hanna, into="meadow")
    await merging.accept(second.id, mia)
    await merging.begin()
    await merging.finish()
    assert await merging.state(second.id) == "merged"
    async with merging.access(mia) as access:
        of_orchard = await audit_log(access, 50, merger_id=first)
        of_harbour = await audit_log(access, 50, merger_id=second.id)
    assert "organisation.joined" not in {entry.action for entry in of_orchard.items}
    assert "organisation.joined" in {entry.action for entry in of_harbour.items}


async def test_person_sees_what_was_done_to_the_membership_that_became_one_with_another(merging, database):
    ann = await make_member(database, merging.orchard, name="Ann", email="ann@example.net")
    here = await make_member(database, merging.harbour, account_id=ann.account_id, email="ann@example.org")
    async with merging.access(merging.oscar) as access:
        await assign_role(access, ann.member_id, Role.AUDITOR)
    merger_id = await merging.merge()
    async with merging.access(here) as access:
        changes = await own_changes(access, 10, merger_id=merger_id)
        assert await own_changes(access, 10) != changes
    assert [entry.target.id for entry in changes.items] == [ann.member_id]


async def test_person_sees_it_by_way_of_a_third_that_both_have_joined(merging, database):
    ann = await make_member(database, merging.orchard, name="Ann", email="ann@example.net")
    await make_member(database, merging.harbour, account_id=ann.account_id, email="ann@example.org")
    meadow = await make_organisation(database, "meadow")
    mia = await make_member(database, meadow, Role.ORG_OWNER)
    here = await make_member(database, meadow, account_id=ann.account_id, email="ann@example.com")
    async with merging.access(merging.oscar) as access:
        await assign_role(access, ann.member_id, Role.AUDITOR)
    first = await merging.merge()
    second = await merging.offer(merging.hanna, into="meadow")
    await merging.accept(second.id, mia)
    await merging.begin()
    await merging.finish()
    async with merging.access(here) as access:
        changes = await own_changes(access, 10, merger_id=first)
    async with merging.access(mia) as access:
        assert (await own_changes(access, 10, merger_id=first)).items == []
    assert [entry.target.id for entry in changes.items] == [ann.member_id]


async def test_its_export_verifies(merging):
    merger_id = await merging.merge()
    services, at = merging.services, merging.clock.now()
    async with services.database.tenant(merging.harbour.id, directory=True) as transaction:
        wanted = TokenRequest("export", ["read"], at + timedelta(days=1))
        _, text = await create_token(transaction, merging.hanna.account_id, merging.harbour.id, wanted, at=at)
    app = make_app(services.settings, download_router(services))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=services.settings.public_url) as http:
        http.headers["Authorization"] = f"Bearer {text}"
        answer = await http.get(f"/audit/export?merger={merger_id}")
        other = await http.get(f"/audit/export?merger={merging.harbour.id}")
    assert answer.status_code == 200
    assert verify_export(answer.content.splitlines()).organisation == str(merging.orchard.id)
    assert other.status_code == 404
