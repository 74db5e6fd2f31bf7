"""What can't be undone is shown in numbers first, and done as it was shown or refused with what has changed."""

from __future__ import annotations

import pytest

from tests.builders import access_for, make_group, make_member, make_organisation
from tests.connecting import Connections
from tests.fakes.recorder import recorder
from wardship.core.actor import Role
from wardship.core.errors import NotFoundError, PermissionDeniedError
from wardship.plugins.host.registry import Registry
from wardship.tenants.approvals.limit import ALWAYS, HeldForApprovalError
from wardship.tenants.members.membership import StateConflictError, remove_member
from wardship.tenants.members.ranks import NotBelowYouError, YourselfError
from wardship.tenants.previews.acts import (
    remove_member_as_previewed,
    uninstall_as_previewed,
    withdraw_grant_as_previewed,
)
from wardship.tenants.previews.consequences import (
    preview_grant_withdrawal,
    preview_member_removal,
    preview_uninstall,
)
from wardship.tenants.requests.erasures import StalePreviewError

pytestmark = pytest.mark.anyio
OPEN = "select count(*) from obligation where ended_at is null"


@pytest.fixture
def integrations():
    registry = Registry.load()
    registry.register(recorder(), "recorder")
    return registry


@pytest.fixture
async def place(services, database):
    organisation = await make_organisation(database)
    olga = await make_member(database, organisation, Role.ORG_OWNER, name="Olga", email="olga@a.example")
    people = [await make_member(database, organisation, name=name, first_name=name) for name in ("Ann", "Bob")]
    return organisation, olga, people, await Connections(services, olga).connect()


async def test_uninstalling_does_what_was_previewed(services, place, owner):
    _, olga, _, installation = place
    async with access_for(services, olga) as access:
        preview = await preview_uninstall(access, installation.id)
    assert await owner.fetchval("select state from installation where id = $1", installation.id) == "active"
    assert (preview.people, preview.records, preview.erases) == (3, 3, True)
    assert len(preview.grants) == await owner.fetchval("select count(*) from integration_grant")
    assert (preview.proof != "", len(preview.stays)) == (True, 1)
    before = await owner.fetchval(OPEN)
    async with access_for(services, olga) as access:
        await uninstall_as_previewed(access, installation.id, preview.digest)
    assert await owner.fetchval(OPEN) - before == preview.obligations


async def test_withdrawing_one_grant_and_the_last_does_what_was_previewed(services, place, owner):
    _, olga, _, _ = place
    grants = [row["id"] for row in await owner.fetch("select id from integration_grant order by id")]
    for number, grant_id in enumerate(grants, 1):
        async with access_for(services, olga) as access:
            preview = await preview_grant_withdrawal(access, grant_id)
        assert (preview.erases, len(preview.grants)) == (number == len(grants), 1)
        await owner.execute("delete from obligation where ended_at is null")
        async with access_for(services, olga) as access:
            await withdraw_grant_as_previewed(access, grant_id, preview.digest)
        assert await owner.fetchval(OPEN) == preview.obligations


async def test_removing_a_member_does_what_was_previewed(services, database, place, owner):
    organisation, olga, (ann, _), _ = place
    await make_group(database, organisation, "Team", ann)
    async with access_for(services, olga) as access:
        preview = await preview_member_removal(access, ann.member_id)
    assert (preview.roles, preview.groups, preview.records, preview.waits_for_approval) == (0, 1, 0, False)
    assert [item.name for item in preview.recipients] == ["Recorder"]
    await owner.execute("delete from obligation where ended_at is null")
    async with access_for(services, olga) as access:
        await remove_member_as_previewed(access, ann.member_id, preview.digest)
    assert await owner.fetchval(OPEN) == preview.obligations == 1


async def test_stale_preview_is_refused_with_what_has_changed_and_changes_nothing(services, database, place, owner):
    organisation, olga, (ann, bob), installation = place
    async with access_for(services, olga) as access:
        removal = await preview_member_removal(access, ann.member_id)
        uninstall = await preview_uninstall(access, installation.id)
    await make_group(database, organisation, "Team", ann)
    await owner.execute("update subject_link set state = 'erased' where member_id = $1", bob.member_id)
    state = await owner.fetchval("select count(*) from audit_entry")
    for act, key, digest, changed in (
        (remove_member_as_previewed, ann.member_id, removal.digest, "(groups)"),
        (uninstall_as_previewed, installation.id, uninstall.digest, "(people, obligations)"),
        (uninstall_as_previewed, installation.id, "nonsense", "(everything)"),
        (uninstall_as_previewed, installation.id, "\u00e4" * len(uninstall.digest), "(recipient, people"),
    ):
        with pytest.raises(StalePreviewError) as refused:
            async with access_for(services, olga) as access:
                await act(access, key, digest)
        assert changed in refused.value.message
    assert await owner.fetchval("select count(*) from audit_entry") == state
    assert await owner.fetchval("select state from member where id = $1", ann.member_id) == "active"


async def test_preview_is_refused_as_the_act_would_be(services, database, place, owner):
    organisation, olga, (ann, bob), installation = place
    adam = await make_member(database, organisation, Role.ORG_ADMIN)
    await owner.execute("update member set state = 'removed' where id = $1", bob.member_id)
    stranger = await make_member(database, await make_organisation(database), Role.ORG_OWNER)
    for who, member, error in (
        (olga, olga, YourselfError),
        (olga, bob, StateConflictError),
        (adam, olga, NotBelowYouError),
        (ann, olga, NotFoundError),
        (stranger, ann, NotFoundError),
    ):
        with pytest.raises(error):
            async with access_for(services, who) as access:
                await preview_member_removal(access, member.member_id)
    for who, error in ((ann, NotFoundError), (stranger, NotFoundError)):
        with pytest.raises(error):
            async with access_for(services, who) as access:
                await preview_uninstall(access, installation.id)
    auditor = await make_member(database, organisation, Role.AUDITOR)
    with pytest.raises(PermissionDeniedError):
        async with access_for(services, auditor) as access:
            await preview_uninstall(access, installation.id)


async def test_preview_tells_that_a_removal_would_wait(services, database, place):
    organisation, olga, (ann, _), _ = place
    others = [await make_member(database, organisation) for _ in range(ALWAYS)]
    async with access_for(services, olga) as access:
        for person in others:
            assert not (await preview_member_removal(access, ann.member_id)).waits_for_approval
            await remove_member(access, person.member_id)
        preview = await preview_member_removal(access, ann.member_id)
        assert preview.waits_for_approval
        with pytest.raises(HeldForApprovalError):
            await remove_member_as_previewed(access, ann.member_id, preview.digest)
