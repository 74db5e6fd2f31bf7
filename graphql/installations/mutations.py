"""What may be done with installations."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import strawberry

from wardship.core.errors import InvalidInputError
from wardship.graphql.api.command import Payload, command, object_field
from wardship.graphql.api.identifiers import parse_id, parse_optional
from wardship.graphql.installations.model import Installation
from wardship.plugins.api import Holder
from wardship.tenants.access import Access
from wardship.tenants.grants.granting import Grantable
from wardship.tenants.installation_lifecycle.approval import approve_declaration
from wardship.tenants.installation_lifecycle.install import InstallRequest, install
from wardship.tenants.installation_lifecycle.lifecycle import pause, resume, uninstall, update_settings
from wardship.tenants.installations.records import InstallationRecord


@strawberry.input(description="One field of the form, filled in.")
class SettingInput:
    """A name and a value."""

    name: str = strawberry.field(description="The field.")
    value: str = strawberry.field(description="What to fill in; numbers and truth values as text.")


@strawberry.input(description="A category for a purpose, as one entry of a declaration has them.")
class CategoryGrantInput:
    """What is granted."""

    category: str = strawberry.field(description="Key of the data category.")
    purpose: str = strawberry.field(description="Key of the purpose.")


@strawberry.input(description="What to install, for whom, and what it may receive.")
class InstallIntegrationInput:
    """Input of ``installIntegration``."""

    integration: str = strawberry.field(description="Key of the integration.")
    declaration_digest: str = strawberry.field(description="Digest of the declaration that you have read and accept.")
    holder: Holder = strawberry.field(default=Holder.ORGANISATION, description="For whom.")
    group_id: strawberry.ID | None = strawberry.field(default=None, description="The group, when it is for a group.")
    member_id: strawberry.ID | None = strawberry.field(default=None, description="The member, when it is for one.")
    settings: list[SettingInput] = strawberry.field(default_factory=list, description="The form, secrets included.")
    grants: list[CategoryGrantInput] = strawberry.field(
        default_factory=list, description="What of the declaration you allow; nothing else ever leaves."
    )


@strawberry.input(description="An installation to act on.")
class InstallationInput:
    """Input of mutations that need nothing but an installation."""

    installation_id: strawberry.ID = strawberry.field(description="The installation's id.")

    @property
    def installation(self) -> UUID:
        """The installation's id."""
        return parse_id("Installation", self.installation_id, path=("installationId",))


@strawberry.input(description="New settings of an installation.")
class UpdateInstallationSettingsInput(InstallationInput):
    """Input of ``updateInstallationSettings``."""

    settings: list[SettingInput] = strawberry.field(description="The whole form again, secrets included.")


@strawberry.input(description="A declaration to accept.")
class ApproveDeclarationInput(InstallationInput):
    """Input of ``approveDeclaration``."""

    declaration_digest: str = strawberry.field(description="Digest of the declaration that you have read and accept.")


@strawberry.type(description="The installation as it is afterwards, or why the call was refused.")
class InstallationPayload(Payload):
    """What mutations of an installation answer with."""

    installation: InstallationRecord | None = object_field(Installation, "The installation as it is now.")


@strawberry.type
class InstallationMutations:
    """Installed, changed, taken away."""

    @command(cost=20)
    @staticmethod
    async def install_integration(access: Access, input: InstallIntegrationInput) -> InstallationPayload:
        """Install an integration whose declaration you have read; its check follows at once."""
        wanted = InstallRequest(
            integration=input.integration,
            declaration_digest=input.declaration_digest,
            holder=input.holder,
            group_id=parse_optional("Group", input.group_id, path=("groupId",)),
            member_id=parse_optional("Member", input.member_id, path=("memberId",)),
            settings=_settings(input.settings),
            grants=[Grantable(grant.category, grant.purpose) for grant in input.grants],
        )
        return InstallationPayload(installation=await install(access, wanted))

    @command(cost=20)
    @staticmethod
    async def update_installation_settings(
        access: Access,
        input: UpdateInstallationSettingsInput,
    ) -> InstallationPayload:
        """Fill in the settings again; what waited for that is tried again."""
        changed = await update_settings(access, input.installation, _settings(input.settings))
        return InstallationPayload(installation=changed)

    @command()
    @staticmethod
    async def pause_installation(access: Access, input: InstallationInput) -> InstallationPayload:
        """Stop sharing until it is resumed; what the vendor has stays there."""
        return InstallationPayload(installation=await pause(access, input.installation))

    @command()
    @staticmethod
    async def resume_installation(access: Access, input: InstallationInput) -> InstallationPayload:
        """Share again after a pause."""
        return InstallationPayload(installation=await resume(access, input.installation))

    @command(cost=20)
    @staticmethod
    async def uninstall_integration(access: Access, input: InstallationInput) -> InstallationPayload:
        """Take an integration away: sharing stops at once, then the vendor erases and is probed."""
        return InstallationPayload(installation=await uninstall(access, input.installation))

    @command()
    @staticmethod
    async def approve_declaration(access: Access, input: ApproveDeclarationInput) -> InstallationPayload:
        """Accept the wider declaration that waits; what it adds still has to be granted."""
        approved = await approve_declaration(access, input.installation, input.declaration_digest)
        return InstallationPayload(installation=approved)


def _settings(filled_in: Sequence[SettingInput]) -> dict[str, object]:
    names = [setting.name for setting in filled_in]
    if twice := {name for name in names if names.count(name) > 1}:
        raise InvalidInputError(f"Fill in each field once: {min(twice)} stands there twice.", path=("settings",))
    return {setting.name: setting.value for setting in filled_in}
