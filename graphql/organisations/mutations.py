"""What may be done to the organisation."""

from __future__ import annotations

from uuid import UUID

import strawberry

from wardship.graphql.api.command import command, object_payload
from wardship.graphql.api.identifiers import id_argument
from wardship.graphql.api.types import input_type
from wardship.graphql.engine import field
from wardship.graphql.organisations.model import Organisation, OwnershipTransfer
from wardship.tenants.access import Access
from wardship.tenants.organisation_lifecycle.changes import close_own_organisation, reopen_own_organisation
from wardship.tenants.organisations.read import OrganisationRecord
from wardship.tenants.organisations.settings import SETTINGS
from wardship.tenants.organisations.transfer import (
    TransferRecord,
    accept_ownership,
    cancel_ownership_offer,
    decline_ownership,
    offer_ownership,
)
from wardship.tenants.organisations.update import rename_organisation, update_settings


@input_type
class RenameOrganisationInput:
    """A new name for the organisation."""

    name: str = field("The new name.")


@input_type
class UpdateOrganisationSettingsInput:
    """Settings of the organisation that change; what is not given, or null, stays as it is."""

    members_may_install: bool | None = field("Whether members install integrations for themselves.", default=None)
    forbidden_countries: list[str] | None = field(
        "ISO 3166 codes of countries to which no integration may carry data; an empty list forbids none.", default=None
    )
    grievance_contact: str | None = field("Whom a person turns to; an empty text removes it.", default=None)
    legal_entity: str | None = field(
        "Who is the controller of its data; for owners, with step-up. Another than before is told to everybody, and"
        " integrations for everybody are paused until they are approved again.",
        default=None,
    )
    dpdp_days: int | None = field(
        "Days, at most the law's own, in which requests under the DPDP Act of India are promised to be answered; it"
        " counts for those that are asked from now on. 0 promises nothing.",
        default=None,
    )

    def given(self) -> dict[str, object]:
        """Return the settings that were given."""
        return {name: value for name in SETTINGS if (value := getattr(self, name)) is not None}


@input_type
class OfferOwnershipInput:
    """To whom ownership is offered."""

    member_id: UUID = id_argument("Member", "Another active member with an account.")


@input_type
class OwnershipOfferInput:
    """An offer of ownership."""

    transfer_id: UUID = id_argument("OwnershipTransfer", "The offer's id.")


@input_type
class CloseMyOrganisationInput:
    """The organisation that you own, which is to be closed."""

    slug: str = field("Its short name, typed to say that this one is meant.")
    reason: str = field("Why, in a line that its people read; no personal data.", default="")


@input_type
class ReopenMyOrganisationInput:
    """The organisation that you own, which is to stay."""

    slug: str = field("Its short name, typed to say that this one is meant.")


OrganisationPayload = object_payload("OrganisationPayload", "organisation", Organisation)
OwnershipTransferPayload = object_payload("OwnershipTransferPayload", "transfer", OwnershipTransfer)


@strawberry.type
class OrganisationMutations:
    """Name, settings and owner."""

    @command(OrganisationPayload)
    async def rename_organisation(self, access: Access, input: RenameOrganisationInput) -> OrganisationRecord:
        """Change the organisation's name."""
        return await rename_organisation(access, input.name)

    @command(OrganisationPayload)
    async def update_organisation_settings(
        self, access: Access, input: UpdateOrganisationSettingsInput
    ) -> OrganisationRecord:
        """Change settings of the organisation; those that are not given stay as they are."""
        return await update_settings(access, input.given())

    @command(OrganisationPayload)
    async def close_my_organisation(self, access: Access, input: CloseMyOrganisationInput) -> OrganisationRecord:
        """Let your organisation leave: after 48 hours everything of it is erased; for its owner, with step-up."""
        return await close_own_organisation(access, input.slug, input.reason)

    @command(OrganisationPayload)
    async def reopen_my_organisation(self, access: Access, input: ReopenMyOrganisationInput) -> OrganisationRecord:
        """Keep your organisation that is leaving, within its 48 hours; for its owner, with step-up."""
        return await reopen_own_organisation(access, input.slug)

    @command(OwnershipTransferPayload)
    async def offer_ownership(self, access: Access, input: OfferOwnershipInput) -> TransferRecord:
        """Offer ownership to another member, who has a week to accept; needs step-up."""
        return await offer_ownership(access, input.member_id)

    @command(OwnershipTransferPayload)
    async def accept_ownership(self, access: Access, input: OwnershipOfferInput) -> TransferRecord:
        """Become the owner, as was offered; needs a second factor shown in the last ten minutes."""
        return await accept_ownership(access, input.transfer_id)

    @command(OwnershipTransferPayload)
    async def decline_ownership(self, access: Access, input: OwnershipOfferInput) -> TransferRecord:
        """Refuse the ownership that was offered to you."""
        return await decline_ownership(access, input.transfer_id)

    @command(OwnershipTransferPayload)
    async def cancel_ownership_offer(self, access: Access, input: OwnershipOfferInput) -> TransferRecord:
        """Take back your offer of ownership."""
        return await cancel_ownership_offer(access, input.transfer_id)
