"""What may be done with integrations."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import strawberry

from wardship.core.errors import InvalidInputError
from wardship.graphql.api.command import command
from wardship.graphql.api.identifiers import parse_id
from wardship.graphql.integrations.inputs import (
    ApproveDeclarationInput,
    CompleteManualTaskInput,
    ConsentPayload,
    GiveConsentInput,
    GrantCategoryInput,
    GrantPayload,
    InstallationInput,
    InstallationPayload,
    InstallIntegrationInput,
    ManualTaskPayload,
    ObjectInput,
    ObjectionPayload,
    SettingInput,
    UpdateInstallationSettingsInput,
    WithdrawConsentInput,
    WithdrawGrantInput,
    WithdrawObjectionInput,
)
from wardship.graphql.integrations.ledger import consent_of, objection_of
from wardship.graphql.integrations.model import grant_of, installation_of
from wardship.graphql.integrations.owed import task_of
from wardship.tenants.access import Access
from wardship.tenants.grants.change import grant_category, withdraw_grant
from wardship.tenants.grants.choices import give_consent, object_to, withdraw_consent, withdraw_objection
from wardship.tenants.grants.granting import Grantable
from wardship.tenants.installation_lifecycle.approval import approve_declaration
from wardship.tenants.installation_lifecycle.install import InstallRequest, install
from wardship.tenants.installation_lifecycle.lifecycle import pause, resume, uninstall, update_settings
from wardship.tenants.obligations.by_hand import complete_manual_task


@strawberry.type
class IntegrationMutations:
    """Installed, changed, taken away; granted, withdrawn; consented and objected to."""

    @command(description="Install an integration whose declaration you have read; its check follows at once.", cost=20)
    @staticmethod
    async def install_integration(access: Access, input: InstallIntegrationInput) -> InstallationPayload:
        """Install an integration."""
        wanted = InstallRequest(
            integration=input.integration,
            declaration_digest=input.declaration_digest,
            holder=input.holder,
            group_id=_optional("Group", input.group_id, "groupId"),
            member_id=_optional("Member", input.member_id, "memberId"),
            settings=_settings(input.settings),
            grants=[Grantable(grant.category, grant.purpose) for grant in input.grants],
        )
        return InstallationPayload(installation=installation_of(await install(access, wanted)))

    @command(description="Fill in the settings anew; what waited for that is tried again.", cost=20)
    @staticmethod
    async def update_installation_settings(
        access: Access,
        input: UpdateInstallationSettingsInput,
    ) -> InstallationPayload:
        """Reconnect an installation."""
        changed = await update_settings(access, _installation(input.installation_id), _settings(input.settings))
        return InstallationPayload(installation=installation_of(changed))

    @command(description="Stop sharing until it is resumed; what the vendor has stays there.")
    @staticmethod
    async def pause_installation(access: Access, input: InstallationInput) -> InstallationPayload:
        """Pause an installation."""
        return InstallationPayload(
            installation=installation_of(await pause(access, _installation(input.installation_id)))
        )

    @command(description="Share again after a pause.")
    @staticmethod
    async def resume_installation(access: Access, input: InstallationInput) -> InstallationPayload:
        """Resume an installation."""
        return InstallationPayload(
            installation=installation_of(await resume(access, _installation(input.installation_id)))
        )

    @command(
        description="Take an integration away: sharing stops at once, then the vendor erases and is probed.", cost=20
    )
    @staticmethod
    async def uninstall_integration(access: Access, input: InstallationInput) -> InstallationPayload:
        """Uninstall an integration."""
        return InstallationPayload(
            installation=installation_of(await uninstall(access, _installation(input.installation_id)))
        )

    @command(description="Accept the wider declaration that waits; what it adds still has to be granted.")
    @staticmethod
    async def approve_declaration(access: Access, input: ApproveDeclarationInput) -> InstallationPayload:
        """Approve a declaration."""
        approved = await approve_declaration(access, _installation(input.installation_id), input.declaration_digest)
        return InstallationPayload(installation=installation_of(approved))

    @command(description="Let an installation receive a declared category for a purpose, from now on.")
    @staticmethod
    async def grant_category(access: Access, input: GrantCategoryInput) -> GrantPayload:
        """Grant a category."""
        wanted = Grantable(input.category, input.purpose)
        return GrantPayload(grant=grant_of(await grant_category(access, _installation(input.installation_id), wanted)))

    @command(description="Withdraw a grant: nothing more is sent under it, and what was sent is taken back.")
    @staticmethod
    async def withdraw_grant(access: Access, input: WithdrawGrantInput) -> InstallationPayload:
        """Withdraw a grant."""
        installation = await withdraw_grant(access, parse_id("Grant", input.grant_id, path=("grantId",)))
        return InstallationPayload(installation=installation_of(installation))

    @command(description="Say that a task is done, and how you know.")
    @staticmethod
    async def complete_manual_task(access: Access, input: CompleteManualTaskInput) -> ManualTaskPayload:
        """Complete a task."""
        task_id = parse_id("ManualTask", input.task_id, path=("taskId",))
        return ManualTaskPayload(task=task_of(await complete_manual_task(access, task_id, input.evidence)))

    @command(description="Object to a purpose, a recipient, both, or to all sharing: it stops at once.")
    @staticmethod
    async def object(access: Access, input: ObjectInput) -> ObjectionPayload:
        """Object."""
        member_id = _optional("Member", input.member_id, "memberId")
        made = await object_to(
            access,
            access.require_member() if member_id is None else member_id,
            purpose=input.purpose,
            installation_id=_optional("Installation", input.installation_id, "installationId"),
        )
        return ObjectionPayload(objection=objection_of(made))

    @command(description="Withdraw an objection of yours.")
    @staticmethod
    async def withdraw_objection(access: Access, input: WithdrawObjectionInput) -> ObjectionPayload:
        """Withdraw an objection."""
        objection_id = parse_id("Objection", input.objection_id, path=("objectionId",))
        return ObjectionPayload(objection=objection_of(await withdraw_objection(access, objection_id)))

    @command(description="Consent to a purpose; nobody can do that for you.")
    @staticmethod
    async def give_consent(access: Access, input: GiveConsentInput) -> ConsentPayload:
        """Consent."""
        given = await give_consent(
            access,
            input.purpose,
            category=input.category,
            installation_id=_optional("Installation", input.installation_id, "installationId"),
        )
        return ConsentPayload(consent=consent_of(given))

    @command(description="Withdraw a consent: nothing more is sent under it, and what was sent is taken back.")
    @staticmethod
    async def withdraw_consent(access: Access, input: WithdrawConsentInput) -> ConsentPayload:
        """Withdraw a consent."""
        consent_id = parse_id("Consent", input.consent_id, path=("consentId",))
        return ConsentPayload(consent=consent_of(await withdraw_consent(access, consent_id)))


def _installation(value: strawberry.ID) -> UUID:
    return parse_id("Installation", value, path=("installationId",))


def _optional(type_name: str, value: strawberry.ID | None, path: str) -> UUID | None:
    return None if value is None else parse_id(type_name, value, path=(path,))


def _settings(filled_in: Sequence[SettingInput]) -> dict[str, object]:
    names = [setting.name for setting in filled_in]
    if twice := {name for name in names if names.count(name) > 1}:
        raise InvalidInputError(f"Fill in each field once: {min(twice)} stands there twice.", path=("settings",))
    return {setting.name: setting.value for setting in filled_in}
