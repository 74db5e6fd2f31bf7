"""What may be done with installations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import strawberry

from wardship.core.errors import InvalidInputError
from wardship.graphql.api.command import Payload, command, object_payload
from wardship.graphql.api.identifiers import id_argument, optional_id
from wardship.graphql.api.types import input_type, object_type
from wardship.graphql.engine import field
from wardship.graphql.installations.model import Installation
from wardship.plugins.api import Holder
from wardship.tenants.access import Access
from wardship.tenants.grants.granting import Grantable
from wardship.tenants.installation_lifecycle.approval import approve_declaration
from wardship.tenants.installation_lifecycle.connecting import begin_connecting, disconnect
from wardship.tenants.installation_lifecycle.install import InstallRequest, install
from wardship.tenants.installation_lifecycle.lifecycle import pause, resume, update_settings
from wardship.tenants.installation_lifecycle.rotating import rotate_secret
from wardship.tenants.installations.records import InstallationRecord
from wardship.tenants.previews.acts import uninstall_as_previewed


@input_type
class SettingInput:
    """One field of the form, filled in."""

    name: str = field("The field.")
    value: str = field("What to fill in; numbers and truth values as text.")


@input_type
class CategoryGrantInput:
    """A category for a purpose, as one entry of a declaration has them."""

    category: str = field("Key of the data category.")
    purpose: str = field("Key of the purpose.")


@input_type
class InstallIntegrationInput:
    """What to install, for whom, and what it may receive."""

    integration: str = field("Key of the integration.")
    declaration_digest: str = field("Digest of the declaration that you have read and accept.")
    holder: Holder = field("For whom.", default=Holder.ORGANISATION)
    group_id: UUID | None = optional_id("Group", "The group, when it is for a group.")
    member_id: UUID | None = optional_id("Member", "The member, when it is for one.")
    settings: list[SettingInput] = field("The form, secrets included.", default_factory=list)
    grants: list[CategoryGrantInput] = field(
        "What of the declaration you allow; nothing else ever leaves.", default_factory=list
    )
    accepts_same_account: bool = field(
        "Whether it may use the account at the vendor that another installation uses.", default=False
    )


@input_type
class InstallationInput:
    """An installation to act on."""

    installation_id: UUID = id_argument("Installation", "The installation's id.")


@input_type
class UninstallIntegrationInput(InstallationInput):
    """An installation to take away."""

    digest: str | None = field(
        "That of the preview that you looked at: it is refused once it would do something else.", default=None
    )


@input_type
class ChangedSettingInput:
    """One field of the form, filled in again."""

    name: str = field("The field.")
    value: str | None = field("What to fill in; null empties it, and its default holds.", default=None)


@input_type
class UpdateInstallationSettingsInput(InstallationInput):
    """Settings of an installation that change."""

    settings: list[ChangedSettingInput] = field(
        "The fields that change; the others stay as they are, secrets too, unless the data goes to another place now."
    )
    accepts_same_account: bool = field(
        "Whether it may use the account at the vendor that another installation uses.", default=False
    )


@input_type
class RotateSecretInput(InstallationInput):
    """One secret that takes the place of another."""

    name: str = field("The field of the form.")
    value: str = field("The new secret.")
    keep_old_for_hours: int = field("How long the old one is used beside it, at most 168 hours.", default=24)


@input_type
class ApproveDeclarationInput(InstallationInput):
    """A declaration to accept."""

    declaration_digest: str = field("Digest of the declaration that you have read and accept.")


InstallationPayload = object_payload("InstallationPayload", "installation", Installation)


@object_type()
class ConnectInstallationPayload(Payload):
    """Where your browser goes to connect it, or why the call was refused."""

    address: str | None = field(
        "The vendor's page on which you let this deployment in: it leads your browser back within ten minutes.",
        default=None,
    )


@strawberry.type
class InstallationMutations:
    """Installed, changed, taken away."""

    @command(InstallationPayload, cost=20)
    async def install_integration(self, access: Access, input: InstallIntegrationInput) -> InstallationRecord:
        """Install an integration whose declaration you have read; its check follows at once."""
        wanted = InstallRequest(
            integration=input.integration,
            declaration_digest=input.declaration_digest,
            holder=input.holder,
            group_id=input.group_id,
            member_id=input.member_id,
            settings=_settings(input.settings),
            grants=[Grantable(grant.category, grant.purpose) for grant in input.grants],
            accepts_same_account=input.accepts_same_account,
        )
        return await install(access, wanted)

    @command(InstallationPayload, cost=20)
    async def update_installation_settings(
        self, access: Access, input: UpdateInstallationSettingsInput
    ) -> InstallationRecord:
        """Change settings; what waited for that is tried again."""
        return await update_settings(
            access,
            input.installation_id,
            _settings(input.settings),
            accepts_same_account=input.accepts_same_account,
        )

    @command(InstallationPayload, cost=20)
    async def rotate_secret(self, access: Access, input: RotateSecretInput) -> InstallationRecord:
        """Replace one secret by a new one, and use the old one beside it for a while."""
        overlap = timedelta(hours=input.keep_old_for_hours)
        return await rotate_secret(access, input.installation_id, input.name, input.value, overlap)

    @command(cost=20)
    async def connect_installation(self, access: Access, input: InstallationInput) -> ConnectInstallationPayload:
        """Begin to let this deployment in at a vendor that demands OAuth 2.0; it is connected when you come back."""
        return ConnectInstallationPayload(address=await begin_connecting(access, input.installation_id))

    @command(InstallationPayload, cost=20)
    async def disconnect_installation(self, access: Access, input: InstallationInput) -> InstallationRecord:
        """Stop sharing, and end this deployment's access at the vendor; what is held there stays there."""
        return await disconnect(access, input.installation_id)

    @command(InstallationPayload)
    async def pause_installation(self, access: Access, input: InstallationInput) -> InstallationRecord:
        """Stop sharing until it is resumed; what the vendor has stays there."""
        return await pause(access, input.installation_id)

    @command(InstallationPayload)
    async def resume_installation(self, access: Access, input: InstallationInput) -> InstallationRecord:
        """Share again after a pause."""
        return await resume(access, input.installation_id)

    @command(InstallationPayload, cost=20)
    async def uninstall_integration(self, access: Access, input: UninstallIntegrationInput) -> InstallationRecord:
        """Take an integration away: sharing stops at once, then the vendor erases and is probed."""
        return await uninstall_as_previewed(access, input.installation_id, input.digest)

    @command(InstallationPayload)
    async def approve_declaration(self, access: Access, input: ApproveDeclarationInput) -> InstallationRecord:
        """Accept the wider declaration that waits; what it adds still has to be granted."""
        return await approve_declaration(access, input.installation_id, input.declaration_digest)


def _settings(filled_in: Sequence[SettingInput | ChangedSettingInput]) -> dict[str, object]:
    names = [setting.name for setting in filled_in]
    if twice := {name for name in names if names.count(name) > 1}:
        raise InvalidInputError(f"Fill in each field once: {min(twice)} stands there twice.", path=("settings",))
    return {setting.name: setting.value for setting in filled_in}
