"""Previews of acts that can't be undone, in numbers; nothing is changed by them."""

from __future__ import annotations

from uuid import UUID

import strawberry

from wardship.graphql.api.command import command, object_payload
from wardship.graphql.api.identifiers import id_argument
from wardship.graphql.api.types import input_type, object_type
from wardship.graphql.engine import field
from wardship.graphql.installations.mutations import InstallationInput
from wardship.graphql.members.mutations import MemberInput
from wardship.graphql.requests.preview import PreviewedRecipient, PreviewedRetention
from wardship.tenants.access import Access
from wardship.tenants.previews.consequences import (
    RemovalPreview,
    TakingBackPreview,
    preview_grant_withdrawal,
    preview_member_removal,
    preview_uninstall,
)

_DIGEST = "What the act takes to do exactly this, and to be refused (STALE_PREVIEW) once it would do something else."


@input_type
class PreviewGrantWithdrawalInput:
    """A grant that might be withdrawn."""

    grant_id: UUID = id_argument("Grant", "The grant's id.")


@object_type(TakingBackPreview)
class PreviewedTakingBack:
    """What taking an installation, or one of its grants, away would do."""

    digest: str = field(_DIGEST)
    recipient: str = field("Who holds the data.")
    people: int = field("Of how many people it holds data.")
    records: int = field("How many deliveries the ledger has of it.")
    grants: list[str] = field("What is withdrawn: keys of category and purpose.")
    erases: bool = field("Whether all that it holds is taken back; otherwise it gets what is left to it.")
    obligations: int = field("How many obligations follow at once.")
    proof: str = field("The best proof of an erasure that it can give.")
    retention_days: int = field("How long it says it may keep the data at most.")
    stays: list[PreviewedRetention] = field("What stays here, and why.", size=1)


@object_type(RemovalPreview)
class PreviewedRemoval:
    """What ending a membership would do."""

    digest: str = field(_DIGEST)
    roles: int = field("How many roles end, besides that of a member.")
    groups: int = field("How many groups the person leaves.")
    records: int = field("How many posts and files of the person stay in groups.")
    recipients: list[PreviewedRecipient] = field("Who holds data of the person, and is told to erase it.", size=5)
    obligations: int = field("How many obligations follow at once.")
    waits_for_approval: bool = field("Whether a second person has to approve it first.")
    stays: list[PreviewedRetention] = field("What stays, and why.", size=2)


TakingBackPreviewPayload = object_payload("TakingBackPreviewPayload", "preview", PreviewedTakingBack)
RemovalPreviewPayload = object_payload("RemovalPreviewPayload", "preview", PreviewedRemoval)


@strawberry.type
class PreviewMutations:
    """What acts would do."""

    @command(TakingBackPreviewPayload, cost=20)
    async def preview_uninstall(self, access: Access, input: InstallationInput) -> TakingBackPreview:
        """Look at what `uninstallIntegration` would do; nothing is changed."""
        return await preview_uninstall(access, input.installation_id)

    @command(TakingBackPreviewPayload, cost=20)
    async def preview_grant_withdrawal(self, access: Access, input: PreviewGrantWithdrawalInput) -> TakingBackPreview:
        """Look at what `withdrawGrant` would do; nothing is changed."""
        return await preview_grant_withdrawal(access, input.grant_id)

    @command(RemovalPreviewPayload, cost=20)
    async def preview_member_removal(self, access: Access, input: MemberInput) -> RemovalPreview:
        """Look at what `removeMember` would do; nothing is changed."""
        return await preview_member_removal(access, input.member_id)
