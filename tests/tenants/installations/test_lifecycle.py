"""Paused, resumed, reconnected, uninstalled; and what becomes of an installation whose package changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders import access_for, make_member
from tests.connecting import install_request
from tests.fakes.recorder import RECEIVES, manifest, plan, recorder
from wardship.core.actor import Role
from wardship.core.errors import NotFoundError, PermissionDeniedError
from wardship.plugins.api import Holder, Receives, Rejected, TemporarilyUnavailable, Verb
from wardship.plugins.host import Dispatcher, DispatchLimits, NetworkPolicy, Registry
from wardship.tenants.grants.change import AlreadyGrantedError, InstallationEndedError, grant_category
from wardship.tenants.grants.granting import Grantable, UndeclaredGrantError, grants_of
from wardship.tenants.installations.approval import (
    NothingToApproveError,
    approve_declaration,
    differences,
    pending_declarations,
)
from wardship.tenants.installations.declarations import StaleDeclarationError, declaration_digest
from wardship.tenants.installations.install import install
from wardship.tenants.installations.lifecycle import pause, resume, uninstall
from wardship.tenants.installations.records import find_installations
from wardship.tenants.installations.states import InstallationStateError
from wardship.tenants.installations.upgrades import look_after_installations
from wardship.tenants.members.profile import update_member
from wardship.tenants.members.standing import remove_member
from wardship.tenants.obligations.audience import bring_holders_in_line
from wardship.tenants.obligations.by_hand import complete_manual_task
from wardship.tenants.obligations.for_member import bring_in_line, enqueue_for_member
from wardship.tenants.obligations.manual import list_tasks
from wardship.tenants.paging import PageRequest
from wardship.tenants.services import Services


async def test_a_paused_installation_receives_nothing_and_everything_when_resumed(
    services, connections, recording, ada, database, acme
):
    installation = await connections.connect()
    async with access_for(services, connections.admin) as access:
        await pause(access, installation.id)
    recording.heard.clear()
    await make_member(database, acme, first_name="Late")
    async with access_for(services, connections.admin) as access:
        await bring_in_line(access, [ada.member_id])
    await connections.work()
    assert recording.verbs() == []

    async with access_for(services, connections.admin) as access:
        assert (await resume(access, installation.id)).state == "active"
    await connections.work()
    assert {record.text("first_name") for record in recording.held.values()} == {"Ada", "", "Late"}


@pytest.mark.usefixtures("recording")
async def test_a_correction_waits_for_the_end_of_a_pause(services, connections, ada, owner):
    installation = await connections.connect()
    async with access_for(services, connections.admin) as access:
        await pause(access, installation.id)
        (identifier,) = await enqueue_for_member(access, ada.member_id, Verb.CORRECT)
    await connections.work()
    assert await owner.fetchval("select state from obligation where id = $1", identifier) == "waiting"

    async with access_for(services, connections.admin) as access:
        await resume(access, installation.id)
    await connections.work()
    assert await owner.fetchval("select state from obligation where id = $1", identifier) == "completed"


async def test_an_erasure_reaches_a_paused_installation(services, connections, recording, ada):
    installation = await connections.connect()
    async with access_for(services, connections.admin) as access:
        await pause(access, installation.id)
        await enqueue_for_member(access, ada.member_id, Verb.ERASE)
    await connections.work()

    assert "Ada" not in {record.text("first_name") for record in recording.held.values()}


@pytest.mark.usefixtures("owner")
async def test_a_changed_profile_is_shared_where_it_matters(services, connections, recording, ada):
    await connections.connect()
    recording.heard.clear()
    async with access_for(services, connections.admin) as access:
        await update_member(access, ada.member_id, {"job_title": "Countess"})
    await connections.work()
    assert recording.verbs() == []

    async with access_for(services, connections.admin) as access:
        await update_member(access, ada.member_id, {"last_name": "King"})
    await connections.work()
    assert recording.verbs() == ["share"]
    assert "King" in {record.text("last_name") for record in recording.held.values()}


@pytest.mark.usefixtures("ada")
async def test_uninstalling_stops_sharing_in_the_same_commit(services, connections, recording, owner):
    installation = await connections.install()
    await connections.worker().run_once()
    async with access_for(services, connections.admin) as access:
        await uninstall(access, installation.id)
    await connections.work()

    assert "share" not in recording.verbs()
    assert await owner.fetchval("select count(*) from integration_grant where withdrawn_at is null") == 0
    assert await owner.fetchval("select count(*) from disclosure") == 0


@pytest.mark.usefixtures("ada")
async def test_what_the_plan_leaves_to_a_person_keeps_the_installation_until_it_is_done(services, connections):
    services.integrations.register(recorder("careful", left_to_people="Delete the app password."), "careful")
    installation = await connections.connect("careful")
    async with access_for(services, connections.admin) as access:
        await uninstall(access, installation.id)
    await connections.work()
    assert (await connections.read(installation.id)).state == "revoking"

    async with access_for(services, connections.admin) as access:
        (task,) = (await list_tasks(access, PageRequest(5))).items
        assert task.instructions == "Delete the app password."
        await complete_manual_task(access, task.id, "Deleted.")
    await connections.work()
    assert (await connections.read(installation.id)).state == "removed"


@pytest.mark.usefixtures("ada")
async def test_a_revocation_that_does_not_end_in_time_is_shown_overdue(services, connections, recording, owner):
    installation = await connections.connect()
    recording.always[Verb.REVOKE] = _unavailable
    async with access_for(services, connections.admin) as access:
        await uninstall(access, installation.id)
    for _ in range(26):
        await connections.pass_time(hours=1)

    overdue = await connections.read(installation.id)
    assert overdue.state == "revocation_overdue"
    row = await owner.fetchrow("select state, reminded from obligation where verb = 'revoke'")
    assert (row["state"], row["reminded"]) == ("manual", 100)
    reminders = await owner.fetch(
        "select entry::jsonb -> 'details' ->> 'level' as level from audit_entry"
        " where action = 'obligation.reminded' and entry::jsonb -> 'details' ->> 'verb' = 'revoke' order by sequence"
    )
    assert [row["level"] for row in reminders] == ["50", "80", "100"]


async def test_uninstalling_where_only_people_can_erase_makes_one_task(services, connections, database, acme):
    clumsy = recorder("clumsy", supports={"erase": "manual", "revoke": "manual", "attest": "none"})
    services.integrations.register(clumsy, "clumsy")
    for _ in range(3):
        await make_member(database, acme, first_name="Many")
    installation = await connections.connect("clumsy")
    async with access_for(services, connections.admin) as access:
        await uninstall(access, installation.id)
    await connections.work()
    async with access_for(services, connections.admin) as access:
        (task,) = (await list_tasks(access, PageRequest(5))).items
        await complete_manual_task(access, task.id, "They confirmed by letter.")

    removed = await connections.read(installation.id)
    assert (removed.state, removed.state_reason) == ("removed", "manual")


@pytest.mark.usefixtures("recording", "ada")
async def test_deeds_in_the_wrong_state_are_refused(services, connections):
    installation = await connections.connect()
    async with access_for(services, connections.admin) as access:
        with pytest.raises(InstallationStateError):
            await resume(access, installation.id)
        await uninstall(access, installation.id)
        for deed in (pause, resume, uninstall):
            with pytest.raises(InstallationStateError):
                await deed(access, installation.id)
        with pytest.raises(InstallationEndedError):
            await grant_category(access, installation.id, Grantable("user.name", "functional.service"))


@pytest.mark.usefixtures("recording")
@pytest.mark.parametrize("deed", [pause, resume, uninstall])
async def test_who_may_not_manage_learns_no_more_than_the_role_allows(
    deed, services, connections, database, acme, ada, owner
):
    installation = await connections.connect()
    before = await owner.fetchval("select count(*) from audit_entry")
    auditor = await make_member(database, acme, Role.AUDITOR)
    for person, error in ((auditor, PermissionDeniedError), (ada, NotFoundError)):
        async with access_for(services, person) as access:
            with pytest.raises(error):
                await deed(access, installation.id)
    assert (await connections.read(installation.id)).state == "active"
    assert await owner.fetchval("select count(*) from audit_entry") == before


@pytest.mark.usefixtures("ada")
async def test_grants_are_given_one_by_one(services, connections, recording):
    installation = await connections.connect(grants=[Grantable("user.name", "functional.service")])
    contact = Grantable("user.contact", "essential.service.notifications")
    async with access_for(services, connections.admin) as access:
        with pytest.raises(UndeclaredGrantError):
            await grant_category(access, installation.id, Grantable("user.payment", "functional.service"))
        await grant_category(access, installation.id, contact)
        with pytest.raises(AlreadyGrantedError):
            await grant_category(access, installation.id, contact)
    await connections.work()

    assert "ada@example.org" in {record.text("email") for record in recording.held.values()}


def with_registry(services, *plugins) -> Services:
    """Return the deployment after a restart with other packages."""
    registry = Registry.load(())
    for plugin in plugins:
        registry.register(plugin, plugin.declared.key)
    dispatcher = Dispatcher(registry, services.clock, DispatchLimits(network=NetworkPolicy.development()))
    return replace(services, integrations=registry, dispatcher=dispatcher)


async def test_a_package_that_disappears_leaves_tasks_and_shows(services, connections, recording, ada, owner):
    installation = await connections.connect()
    recording.always[Verb.ERASE] = _unavailable
    async with access_for(services, connections.admin) as access:
        (identifier,) = await enqueue_for_member(access, ada.member_id, Verb.ERASE)
    await connections.work()
    without = with_registry(services)
    await look_after_installations(without)

    gone = await connections.read(installation.id)
    assert (gone.state, gone.state_reason) == ("load_failed", "not_loaded")
    assert await owner.fetchval("select state from obligation where id = $1", identifier) == "manual"
    async with access_for(services, connections.admin) as access:
        (task,) = (await list_tasks(access, PageRequest(5))).items
    assert task.obligation_id == identifier

    await look_after_installations(services)
    await connections.work()
    assert (await connections.read(installation.id)).state == "active"
    without.dispatcher.close()


@pytest.mark.usefixtures("recording")
async def test_what_becomes_due_while_the_package_is_gone_becomes_a_task(services, connections, ada, owner):
    installation = await connections.connect()
    without = with_registry(services)
    lost = replace(connections, services=without)
    async with access_for(services, connections.admin) as access:
        await bring_in_line(access, [ada.member_id])
        await enqueue_for_member(access, ada.member_id, Verb.EXPORT)
    await lost.work()

    states = await owner.fetch(
        "select verb, state, outcome ->> 'code' as code from obligation where outcome ->> 'code' = 'not_loaded'"
    )
    assert {(row["verb"], row["state"]) for row in states} == {("share", "cancelled"), ("export", "manual")}
    assert (await connections.read(installation.id)).state == "load_failed"
    without.dispatcher.close()


@pytest.mark.usefixtures("recording", "owner")
async def test_a_wider_declaration_waits_and_shares_under_the_old_one(services, connections, ada):
    installation = await connections.connect()
    phone = Receives(
        category="user.job_title",
        fields=("job_title",),
        purpose="marketing",
        legal_basis="legitimate_interest",
        retention_days=0,
    )
    wider = recorder(version="2.0", receives=(*RECEIVES, phone))
    upgraded = with_registry(services, wider)
    await look_after_installations(upgraded)
    waiting = await connections.read(installation.id)
    assert (waiting.state, waiting.integration_version, waiting.has_pending_declaration) == (
        "needs_approval",
        "1.0",
        True,
    )
    after = replace(connections, services=upgraded)
    async with access_for(upgraded, connections.admin) as access:
        await bring_in_line(access, [ada.member_id])
        with pytest.raises(UndeclaredGrantError):
            await grant_category(access, installation.id, Grantable("user.job_title", "marketing"))
    await after.work()
    assert wider.received_fields() == [{"first_name", "last_name", "email", "phone"}]

    async with access_for(upgraded, connections.admin) as access:
        pending = (await pending_declarations(access, [installation.id]))[installation.id]
        assert [each.what for each in differences(waiting, *pending)] == ["job_title"]
        with pytest.raises(StaleDeclarationError):
            await approve_declaration(access, installation.id, waiting.declaration_digest.hex())
        approved = await approve_declaration(access, installation.id, declaration_digest(*pending).hex())
        assert (approved.state, approved.integration_version) == ("active", "2.0")
        with pytest.raises(NothingToApproveError):
            await approve_declaration(access, installation.id, declaration_digest(*pending).hex())
        await grant_category(access, installation.id, Grantable("user.job_title", "marketing"))
    upgraded.dispatcher.close()


@pytest.mark.usefixtures("recording", "ada")
async def test_a_narrower_declaration_applies_at_once_and_takes_back(services, connections):
    installation = await connections.connect()
    narrower = recorder(version="2.0", receives=RECEIVES[:1], identifiers=())
    upgraded = with_registry(services, narrower)
    await look_after_installations(upgraded)
    await replace(connections, services=upgraded).work()

    present = await connections.read(installation.id)
    assert (present.state, present.integration_version) == ("active", "2.0")
    async with access_for(upgraded, connections.admin) as access:
        grants = (await grants_of(access, [installation.id]))[installation.id]
    assert [(grant.category, grant.purpose) for grant in grants] == [("user.name", "functional.service")]
    assert {"first_name", "last_name"} in narrower.received_fields()
    assert not any({"email", "phone"} & fields for fields in narrower.received_fields())
    upgraded.dispatcher.close()


def test_the_digest_names_exactly_one_declaration():
    first, second = manifest(), manifest(version="1.1")

    assert declaration_digest(first, plan(first)) == declaration_digest(manifest(), plan(manifest()))
    assert declaration_digest(first, plan(first)) != declaration_digest(second, plan(second))


def _unavailable(_):
    raise TemporarilyUnavailable("down")


def _rejected(_):
    raise Rejected("no")


@pytest.mark.usefixtures("ada")
async def test_a_check_that_is_refused_is_shown_and_nothing_is_shared(services, connections, recording):
    recording.always[Verb.CHECK] = _rejected
    installation = await connections.install()
    await connections.work()

    assert recording.verbs() == ["check"]
    assert (await connections.read(installation.id)).state == "installed"
    async with access_for(services, connections.admin) as access:
        (task,) = (await list_tasks(access, PageRequest(5))).items
    assert task.state == "open"


async def test_a_member_who_leaves_takes_the_own_installations_along(
    services, connections, recording, ada, admin, owner
):
    await owner.execute("update organisation set settings = '{\"members_may_install\": true}'")
    async with access_for(services, ada) as access:
        own = await install(access, install_request(services, holder=Holder.MEMBER, member_id=ada.member_id))
    await connections.work()
    async with access_for(services, admin) as access:
        await remove_member(access, ada.member_id)
    await connections.work()

    assert recording.held == {}
    assert (await connections.read(own.id)).state == "removed"


@pytest.mark.usefixtures("recording", "ada")
async def test_a_pause_outlasts_the_absence_of_the_package(services, connections):
    installation = await connections.connect()
    async with access_for(services, connections.admin) as access:
        await pause(access, installation.id)
    without = with_registry(services)
    await look_after_installations(without)
    await look_after_installations(services)
    await connections.work()

    assert (await connections.read(installation.id)).state == "paused"
    without.dispatcher.close()


@pytest.mark.usefixtures("ada")
async def test_a_done_task_of_a_failed_check_checks_again(services, connections, recording):
    recording.told[Verb.CHECK] = [_rejected]
    installation = await connections.install()
    await connections.work()
    async with access_for(services, connections.admin) as access:
        (task,) = (await list_tasks(access, PageRequest(5))).items
        await complete_manual_task(access, task.id, "The vendor has opened our account.")
    await connections.work()

    assert (await connections.read(installation.id)).state == "active"
    assert len(recording.held) == 2


@pytest.mark.usefixtures("recording", "ada")
async def test_what_a_waiting_upgrade_no_longer_takes_is_not_offered_to_it(services, connections):
    installation = await connections.connect()
    renamed = (
        RECEIVES[0].model_copy(update={"fields": ("first_name",)}),
        RECEIVES[1].model_copy(update={"fields": ("email", "company")}),
    )
    upgraded = with_registry(services, other := recorder(version="2.0", receives=renamed, identifiers=()))
    await look_after_installations(upgraded)
    after = replace(connections, services=upgraded)
    async with access_for(upgraded, connections.admin) as access:
        await bring_holders_in_line(access, await _record(access, installation.id))
    await after.work()

    assert {"first_name", "email"} in other.received_fields()
    assert (await connections.read(installation.id)).state == "needs_approval"
    upgraded.dispatcher.close()


async def _record(access, installation_id):
    return (await find_installations(access, [installation_id]))[installation_id]
