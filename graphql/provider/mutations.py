"""What operators do with organisations."""

from __future__ import annotations

from uuid import UUID

import strawberry

from wardship.graphql.api.command import command, object_payload
from wardship.graphql.api.identifiers import id_argument
from wardship.graphql.api.types import input_type
from wardship.graphql.engine import field
from wardship.graphql.provider.model import ManagedOrganisation
from wardship.tenants.access import Access
from wardship.tenants.organisation_lifecycle import changes
from wardship.tenants.organisation_lifecycle.found import found_organisation
from wardship.tenants.organisation_lifecycle.managed import ManagedOrganisation as ManagedOrganisationRecord
from wardship.tenants.organisation_lifecycle.tasks import complete_closing_task

_SLUG = "Its short name."
_REASON = "Why, in a line that its people read; no personal data."


@input_type
class CreateOrganisationInput:
    """An organisation to make, and who is to own it."""

    slug: str = field("The short name in addresses and headers: lower-case letters, digits and hyphens.")
    name: str = field("The name that people read.")
    owner_email: str = field("The address of the person who is to own it.")


@input_type
class ManagedOrganisationInput:
    """An organisation, by its short name."""

    organisation: str = field(_SLUG)


@input_type
class StopOrganisationInput:
    """An organisation that is to be suspended or closed, and why."""

    organisation: str = field(_SLUG)
    reason: str = field(_REASON, default="")


@input_type
class CompleteClosingTaskInput:
    """A task at a recipient of an organisation that closes."""

    organisation: str = field(_SLUG)
    task_id: UUID = id_argument("ClosingTask", "The task.")
    evidence: str = field("What was done, and how you know.")


ManagedOrganisationPayload = object_payload("ManagedOrganisationPayload", "organisation", ManagedOrganisation)


@strawberry.type
class OperatorMutations:
    """The life of organisations."""

    @command(ManagedOrganisationPayload)
    async def create_organisation(self, access: Access, input: CreateOrganisationInput) -> ManagedOrganisationRecord:
        """Make an organisation for the person who proves the address to own; asked again, the letter is sent again."""
        founded = await found_organisation(access, slug=input.slug, name=input.name, owner_email=input.owner_email)
        return founded.organisation

    @command(ManagedOrganisationPayload)
    async def suspend_organisation(self, access: Access, input: StopOrganisationInput) -> ManagedOrganisationRecord:
        """Keep everybody out of an organisation and let it share nothing, until it is resumed; rights go on."""
        return await changes.suspend_organisation(access, input.organisation, input.reason)

    @command(ManagedOrganisationPayload)
    async def resume_organisation(self, access: Access, input: ManagedOrganisationInput) -> ManagedOrganisationRecord:
        """Let the people of a suspended organisation in again, and let it share what waited."""
        return await changes.resume_organisation(access, input.organisation)

    @command(ManagedOrganisationPayload)
    async def close_organisation(self, access: Access, input: StopOrganisationInput) -> ManagedOrganisationRecord:
        """Let an organisation leave: after 48 hours everything of it is erased here and taken back at recipients."""
        return await changes.close_organisation(access, input.organisation, input.reason)

    @command(ManagedOrganisationPayload)
    async def reopen_organisation(self, access: Access, input: ManagedOrganisationInput) -> ManagedOrganisationRecord:
        """Keep an organisation that is leaving, within its 48 hours."""
        return await changes.reopen_organisation(access, input.organisation)

    @command(ManagedOrganisationPayload)
    async def complete_closing_task(self, access: Access, input: CompleteClosingTaskInput) -> ManagedOrganisationRecord:
        """Say that what only people can do at a recipient of a closing organisation is done."""
        return await complete_closing_task(access, input.organisation, input.task_id, input.evidence)
