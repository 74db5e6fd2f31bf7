"""Who may install what, for whom, and on which terms; a refusal changes nothing and sends nothing."""

from __future__ import annotations

import pytest

from tests.builders import access_for, make_group, make_member
from tests.connecting import install_request
from tests.fakes import vendor_plugin
from wardship.core.actor import Role
from wardship.core.errors import InvalidInputError, NotFoundError, PermissionDeniedError
from wardship.core.identifiers import uuid7
from wardship.plugins.api import Holder
from wardship.plugins.host.registry import IntegrationUnavailableError
from wardship.plugins.host.settings import InvalidSettingsError
from wardship.tenants.access import StepUpRequiredError
from wardship.tenants.declarations import StaleDeclarationError
from wardship.tenants.grants.granting import Grantable, UndeclaredGrantError
from wardship.tenants.groups.change import archive_group
from wardship.tenants.installation_lifecycle.install import install
from wardship.tenants.installation_lifecycle.lifecycle import pause, resume
from wardship.tenants.installations.authority import MemberInstallationsNotAllowedError
from wardship.tenants.installations.countries import ForbiddenCountryError
from wardship.tenants.installations.declarations import available_integrations
from wardship.tenants.installations.read import list_installations
from wardship.tenants.members.fields import members_changed
from wardship.tenants.members.profile import update_member
from wardship.tenants.paging import PageRequest


async def nothing_happened(owner, recording) -> bool:
    rows = await owner.fetchval(
        "select (select count(*) from installation) + (select count(*) from integration_grant)"
        " + (select count(*) from obligation) + (select count(*) from audit_entry)"
    )
    return rows == 0 and recording.heard == []


async def refused(services, person, wanted, error, owner, recording):
    with pytest.raises(error):
        async with access_for(services, person) as access:
            await install(access, wanted)
    assert await nothing_happened(owner, recording)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"declaration_digest": "00" * 32}, StaleDeclarationError),
        ({"declaration_digest": "not hexadecimal"}, InvalidInputError),
        ({"grants": [Grantable("user.name", "marketing")]}, UndeclaredGrantError),
        ({"grants": [Grantable("user.payment", "functional.service")]}, UndeclaredGrantError),
        ({"holder": Holder.GROUP}, InvalidInputError),
        ({"group_id": uuid7()}, InvalidInputError),
        ({"holder": Holder.GROUP, "group_id": uuid7()}, NotFoundError),
        ({"holder": Holder.MEMBER, "member_id": uuid7()}, NotFoundError),
        ({"settings": {"surprise": "1"}}, InvalidSettingsError),
    ],
)
async def test_what_does_not_fit_is_refused(changes, error, services, admin, owner, recording):
    await refused(services, admin, install_request(services, **changes), error, owner, recording)


async def test_an_unknown_integration_is_refused(services, admin, owner, recording):
    wanted = install_request(services)
    await refused(
        services,
        admin,
        type(wanted)(integration="absent", declaration_digest=wanted.declaration_digest),
        IntegrationUnavailableError,
        owner,
        recording,
    )


@pytest.mark.parametrize(
    "role", [Role.MEMBER, Role.AUDITOR, Role.PRIVACY_OFFICER, Role.TECHNICAL_CONTACT, Role.BILLING_CONTACT]
)
async def test_only_administrators_install_for_the_organisation(role, services, database, acme, owner, recording):
    person = await make_member(database, acme, role)
    await refused(services, person, install_request(services), PermissionDeniedError, owner, recording)


async def test_a_second_factor_is_needed(services, admin, owner, recording):
    with pytest.raises(StepUpRequiredError):
        async with access_for(services, admin.actor(stepped_up=False)) as access:
            await install(access, install_request(services))
    assert await nothing_happened(owner, recording)


async def test_a_member_installs_for_himself_only_where_the_organisation_allows(
    services, ada, database, acme, owner, recording, connections
):
    own = install_request(services, holder=Holder.MEMBER, member_id=ada.member_id)
    await refused(services, ada, own, MemberInstallationsNotAllowedError, owner, recording)
    await owner.execute("update organisation set settings = '{\"members_may_install\": true}'")
    bob = await make_member(database, acme)
    for_bob = install_request(services, holder=Holder.MEMBER, member_id=bob.member_id)
    await refused(services, ada, for_bob, PermissionDeniedError, owner, recording)

    async with access_for(services, ada) as access:
        installation = await install(access, own)
    await connections.work()
    assert [record.text("first_name") for record in recording.held.values()] == ["Ada"]
    async with access_for(services, ada) as access:
        assert [item.id for item in (await list_installations(access, PageRequest(5))).items] == [installation.id]
    async with access_for(services, bob) as access:
        assert (await list_installations(access, PageRequest(5))).items == []


@pytest.mark.usefixtures("services", "ada")
async def test_an_integration_of_a_group_reaches_its_members_only(connections, recording, database, acme):
    bob = await make_member(database, acme, first_name="Bob")
    group_id = await make_group(database, acme, "Readers", bob)
    await connections.connect(holder=Holder.GROUP, group_id=group_id)

    assert [record.text("first_name") for record in recording.held.values()] == ["Bob"]


@pytest.mark.usefixtures("ada")
async def test_archiving_a_group_takes_back_what_was_shared_for_it(
    services, admin, connections, recording, database, acme, owner
):
    bob = await make_member(database, acme, first_name="Bob")
    group_id = await make_group(database, acme, "Readers", bob)
    installation = await connections.connect(holder=Holder.GROUP, group_id=group_id)
    async with access_for(services, admin) as access:
        await archive_group(access, group_id)
    await connections.work()
    assert recording.held == {}
    assert await owner.fetchval("select state from subject_link") == "erased"

    async with access_for(services, admin) as access:
        await update_member(access, bob.member_id, {"first_name": "Rob"})
        await pause(access, installation.id)
        await resume(access, installation.id)
    await connections.work()
    assert recording.held == {}
    assert (await connections.read(installation.id)).state == "active", "a group that is opened again shares again"

    await owner.execute("update user_group set archived_at = null")
    async with access_for(services, admin) as access:
        await members_changed(access, [bob.member_id], frozenset({"groups"}))
    await connections.work()
    assert [record.text("first_name") for record in recording.held.values()] == ["Rob"]


async def test_a_forbidden_country_is_refused(services, admin, owner, recording):
    await owner.execute('update organisation set settings = \'{"forbidden_countries": ["DE"]}\'')
    await refused(services, admin, install_request(services), ForbiddenCountryError, owner, recording)


@pytest.mark.usefixtures("services", "admin")
async def test_secrets_are_stored_encrypted_and_bound_to_the_installation(owner, vendor, connections):
    settings = {**vendor.public_settings, **vendor.secrets}
    first = await connections.connect(vendor_plugin.KEY, settings=settings)
    assert first.state == "active"
    assert vendor.counts()["subjects"]

    text = await owner.fetchval("select string_agg(p::text, '') from installation_place p")
    assert vendor.secrets["token"] not in text
    assert vendor.secrets["token"].encode().hex() not in text
    other = settings | {"token": "another"}
    second = await connections.install(vendor_plugin.KEY, settings=other, accepts_same_account=True)
    await owner.execute(
        "update installation_place set secrets = (select secrets from installation_place where id = $1) where id = $2",
        first.place_id,
        second.place_id,
    )
    await connections.work()
    swapped = await connections.read(second.id)
    assert (swapped.state, swapped.state_reason) == ("migration_failed", "bad_settings")


async def test_an_administrator_sees_what_is_declared_in_words_and_the_form(services, admin):
    async with access_for(services, admin) as access:
        offered = {item.key: item for item in available_integrations(access)}

    assert {"address_book", "calendar", "recorder", vendor_plugin.KEY} <= set(offered)
    vendor_offer = offered[vendor_plugin.KEY]
    assert "E-mail address" in vendor_offer.words.text
    fields = {field.name: field for field in vendor_offer.fields}
    assert (fields["token"].is_secret, fields["token"].is_required, fields["server_url"].is_secret) == (
        True,
        True,
        False,
    )


@pytest.mark.usefixtures("services", "ada")
async def test_nothing_flows_that_was_not_granted(connections, recording):
    await connections.connect(grants=[Grantable("user.name", "functional.service")])

    assert {"first_name", "last_name"} in recording.received_fields()
    assert not any({"email", "phone"} & fields for fields in recording.received_fields())


@pytest.mark.usefixtures("services", "recording")
async def test_an_installation_is_recorded_in_the_audit(connections, owner, admin):
    installation = await connections.install()

    row = await owner.fetchrow("select entry, actor_id from audit_entry where action = 'installation.installed'")
    assert row["actor_id"] == admin.account_id
    assert installation.declaration_digest.hex() in row["entry"]
