"""Inputs and payloads of what may be done with integrations."""

from __future__ import annotations

import strawberry

from wardship.graphql.api.command import Payload
from wardship.graphql.engine import field
from wardship.graphql.integrations.ledger import Consent, Objection
from wardship.graphql.integrations.model import Grant, Installation
from wardship.graphql.integrations.owed import ManualTask
from wardship.plugins.api import Holder


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
    """Input of the deeds that need nothing but an installation."""

    installation_id: strawberry.ID = strawberry.field(description="Which.")


@strawberry.input(description="New settings of an installation.")
class UpdateInstallationSettingsInput:
    """Input of ``updateInstallationSettings``."""

    installation_id: strawberry.ID = strawberry.field(description="Which.")
    settings: list[SettingInput] = strawberry.field(description="The whole form anew, secrets included.")


@strawberry.input(description="A declaration to accept.")
class ApproveDeclarationInput:
    """Input of ``approveDeclaration``."""

    installation_id: strawberry.ID = strawberry.field(description="Which installation.")
    declaration_digest: str = strawberry.field(description="Digest of the declaration that you have read and accept.")


@strawberry.input(description="A category to grant.")
class GrantCategoryInput:
    """Input of ``grantCategory``."""

    installation_id: strawberry.ID = strawberry.field(description="Which installation.")
    category: str = strawberry.field(description="Key of the data category.")
    purpose: str = strawberry.field(description="Key of the purpose.")


@strawberry.input(description="A grant to withdraw.")
class WithdrawGrantInput:
    """Input of ``withdrawGrant``."""

    grant_id: strawberry.ID = strawberry.field(description="Which.")


@strawberry.input(description="A task that is done.")
class CompleteManualTaskInput:
    """Input of ``completeManualTask``."""

    task_id: strawberry.ID = strawberry.field(description="Which.")
    evidence: str = strawberry.field(description="What was done and how you know.")


@strawberry.input(description="What to object to; with neither purpose nor installation, to all sharing.")
class ObjectInput:
    """Input of ``object``."""

    member_id: strawberry.ID | None = strawberry.field(
        default=None, description="The member; yourself when left out. Whoever manages integrations may note others'."
    )
    purpose: str = strawberry.field(default="", description="Key of the purpose; empty for any.")
    installation_id: strawberry.ID | None = strawberry.field(
        default=None, description="The recipient; any when left out."
    )


@strawberry.input(description="An objection to withdraw.")
class WithdrawObjectionInput:
    """Input of ``withdrawObjection``."""

    objection_id: strawberry.ID = strawberry.field(description="Which of yours.")


@strawberry.input(description="What to consent to.")
class GiveConsentInput:
    """Input of ``giveConsent``."""

    purpose: str = strawberry.field(description="Key of the purpose.")
    category: str = strawberry.field(
        default="", description="Key of the category; needed for those that are specially protected."
    )
    installation_id: strawberry.ID | None = strawberry.field(
        default=None, description="The recipient; any when left out."
    )


@strawberry.input(description="A consent to withdraw.")
class WithdrawConsentInput:
    """Input of ``withdrawConsent``."""

    consent_id: strawberry.ID = strawberry.field(description="Which.")


@strawberry.type(description="The installation after the deed, or why it was refused.")
class InstallationPayload(Payload):
    """What deeds on an installation answer with."""

    installation: Installation | None = field(cost=1, description="The installation as it is now.", default=None)


@strawberry.type(description="The grant after the deed, or why it was refused.")
class GrantPayload(Payload):
    """What granting answers with."""

    grant: Grant | None = field(cost=1, description="The grant as it is now.", default=None)


@strawberry.type(description="The task after the deed, or why it was refused.")
class ManualTaskPayload(Payload):
    """What completing a task answers with."""

    task: ManualTask | None = field(cost=1, description="The task as it is now.", default=None)


@strawberry.type(description="The objection after the deed, or why it was refused.")
class ObjectionPayload(Payload):
    """What deeds on an objection answer with."""

    objection: Objection | None = field(cost=1, description="The objection as it is now.", default=None)


@strawberry.type(description="The consent after the deed, or why it was refused.")
class ConsentPayload(Payload):
    """What deeds on a consent answer with."""

    consent: Consent | None = field(cost=1, description="The consent as it is now.", default=None)
