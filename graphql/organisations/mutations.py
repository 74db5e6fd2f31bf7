"""What may be done to the organisation."""

from __future__ import annotations

from uuid import UUID

import strawberry

from wardship.graphql.api.command import Payload, command, object_field
from wardship.graphql.api.identifiers import parse_id
from wardship.graphql.organisations.model import Organisation, OwnershipTransfer
from wardship.tenants.access import Access
from wardship.tenants.organisations.read import OrganisationRecord
from wardship.tenants.organisations.settings import OrganisationSettings
from wardship.tenants.organisations.transfer import (
    TransferRecord,
    accept_ownership,
    cancel_ownership_offer,
    decline_ownership,
    offer_ownership,
)
from wardship.tenants.organisations.update import rename_organisation, update_settings


@strawberry.input(description="A new name for the organisation.")
class RenameOrganisationInput:
    """Input of ``renameOrganisation``."""

    name: str = strawberry.field(description="The new name.")


@strawberry.input(description="The organisation's settings, all of them.")
class UpdateOrganisationSettingsInput:
    """Input of ``updateOrganisationSettings``."""

    members_may_install: bool = strawberry.field(
        default=False, description="Whether members install integrations for themselves."
    )
    forbidden_countries: list[str] = strawberry.field(
        default_factory=list, description="ISO 3166 codes of countries to which no integration may carry data."
    )
    grievance_contact: str = strawberry.field(default="", description="Whom a person turns to.")


@strawberry.input(description="To whom ownership is offered.")
class OfferOwnershipInput:
    """Input of ``offerOwnership``."""

    member_id: strawberry.ID = strawberry.field(description="Another active member with an account.")


@strawberry.input(description="An offer of ownership.")
class OwnershipOfferInput:
    """Input of what is done with an offer."""

    transfer_id: strawberry.ID = strawberry.field(description="The offer's id.")

    def parsed(self) -> UUID:
        """Return the offer's id."""
        return parse_id("OwnershipTransfer", self.transfer_id, path=("transferId",))


@strawberry.type(description="The organisation as it is afterwards, or why the call was refused.")
class OrganisationPayload(Payload):
    """What mutations of the organisation answer with."""

    organisation: OrganisationRecord | None = object_field(Organisation, "The organisation as it is now.")


@strawberry.type(description="The offer as it is afterwards, or why the call was refused.")
class OwnershipTransferPayload(Payload):
    """What mutations of an offer answer with."""

    transfer: TransferRecord | None = object_field(OwnershipTransfer, "The offer as it is now.")


@strawberry.type
class OrganisationMutations:
    """Name, settings and owner."""

    @command()
    @staticmethod
    async def rename_organisation(access: Access, input: RenameOrganisationInput) -> OrganisationPayload:
        """Change the organisation's name."""
        return OrganisationPayload(organisation=await rename_organisation(access, input.name))

    @command()
    @staticmethod
    async def update_organisation_settings(
        access: Access,
        input: UpdateOrganisationSettingsInput,
    ) -> OrganisationPayload:
        """Replace the organisation's settings."""
        settings = OrganisationSettings(
            members_may_install=input.members_may_install,
            forbidden_countries=tuple(input.forbidden_countries),
            grievance_contact=input.grievance_contact,
        )
        return OrganisationPayload(organisation=await update_settings(access, settings))

    @command()
    @staticmethod
    async def offer_ownership(access: Access, input: OfferOwnershipInput) -> OwnershipTransferPayload:
        """Offer ownership to another member, who has a week to accept; needs step-up."""
        member_id = parse_id("Member", input.member_id, path=("memberId",))
        return OwnershipTransferPayload(transfer=await offer_ownership(access, member_id))

    @command()
    @staticmethod
    async def accept_ownership(access: Access, input: OwnershipOfferInput) -> OwnershipTransferPayload:
        """Become the owner, as was offered; needs a second factor shown in the last ten minutes."""
        return OwnershipTransferPayload(transfer=await accept_ownership(access, input.parsed()))

    @command()
    @staticmethod
    async def decline_ownership(access: Access, input: OwnershipOfferInput) -> OwnershipTransferPayload:
        """Refuse the ownership that was offered to you."""
        return OwnershipTransferPayload(transfer=await decline_ownership(access, input.parsed()))

    @command()
    @staticmethod
    async def cancel_ownership_offer(access: Access, input: OwnershipOfferInput) -> OwnershipTransferPayload:
        """Take back your offer of ownership."""
        return OwnershipTransferPayload(transfer=await cancel_ownership_offer(access, input.parsed()))
