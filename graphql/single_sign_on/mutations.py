"""What may be done with providers of sign-in, and with the sessions and identities of members."""

from __future__ import annotations

from uuid import UUID

import strawberry

from wardship.graphql.api.command import command, object_payload
from wardship.graphql.api.identifiers import id_argument
from wardship.graphql.api.types import input_type
from wardship.graphql.engine import field
from wardship.graphql.members.model import Member
from wardship.graphql.single_sign_on.model import IdentityProvider
from wardship.tenants.access import Access
from wardship.tenants.members.records import MemberRecord
from wardship.tenants.single_sign_on.ending import disconnect_member, end_member_sessions
from wardship.tenants.single_sign_on.records import Admission, ProviderRecord, SecondStep
from wardship.tenants.single_sign_on.registering import ProviderValues, create_provider, update_provider
from wardship.tenants.single_sign_on.states import (
    activate_provider,
    enforce_provider,
    relax_provider,
    turn_provider_off,
)


@input_type
class CreateIdentityProviderInput:
    """What to enter: as the provider shows it."""

    name: str = field("How people of the organisation call it, such as `Harbour Login`.")
    issuer: str = field("The provider exactly as its document names it, such as `https://login.example.org/tenant`.")
    client_id: str = field("How it calls this deployment.")
    client_secret: str = field("What it has given to this deployment; it is never shown again.")
    second_step: SecondStep = field("Where the second step of a sign-in is taken.", default=SecondStep.OWN)
    acr_values: list[str] = field("Levels of which each is a second factor there.", default_factory=list)
    hosted_domain: str = field("The Google Workspace to which accounts have to belong.", default="")
    admits: Admission = field("Whom it may bring that is no member yet.", default=Admission.MEMBERS)


@input_type
class UpdateIdentityProviderInput:
    """What to change: what is left out stays as it is."""

    provider_id: UUID = id_argument("IdentityProvider", "The provider's id.")
    name: str | None = field("How people of the organisation call it.", default=None)
    issuer: str | None = field("The provider exactly as its document names it.", default=None)
    client_id: str | None = field("How it calls this deployment.", default=None)
    client_secret: str | None = field("What it has given to this deployment.", default=None)
    second_step: SecondStep | None = field("Where the second step of a sign-in is taken.", default=None)
    acr_values: list[str] | None = field("Levels of which each is a second factor there.", default=None)
    hosted_domain: str | None = field("The Google Workspace to which accounts have to belong.", default=None)
    admits: Admission | None = field("Whom it may bring that is no member yet.", default=None)


@input_type
class IdentityProviderInput:
    """A provider of sign-in of the organisation."""

    provider_id: UUID = id_argument("IdentityProvider", "The provider's id.")


@input_type
class MemberSessionsInput:
    """A member whose sessions are meant."""

    member_id: UUID = id_argument("Member", "The member's id.")


IdentityProviderPayload = object_payload("IdentityProviderPayload", "identity_provider", IdentityProvider)
MemberSessionsPayload = object_payload("MemberSessionsPayload", "member", Member)


@strawberry.type
class SingleSignOnMutations:
    """Entered, put in force, and taken back."""

    @command(IdentityProviderPayload)
    async def create_identity_provider(self, access: Access, input: CreateIdentityProviderInput) -> ProviderRecord:
        """Enter a provider of sign-in: a draft, until somebody who manages sign-in has tried it. Needs step-up."""
        return await create_provider(access, _values(input))

    @command(IdentityProviderPayload)
    async def update_identity_provider(self, access: Access, input: UpdateIdentityProviderInput) -> ProviderRecord:
        """Change a provider that is not off; issuer and client of one in force stay as they are. Needs step-up."""
        return await update_provider(access, input.provider_id, _values(input))

    @command(IdentityProviderPayload)
    async def activate_identity_provider(self, access: Access, input: IdentityProviderInput) -> ProviderRecord:
        """Let people sign in by a provider that was tried. Needs step-up."""
        return await activate_provider(access, input.provider_id)

    @command(IdentityProviderPayload)
    async def enforce_identity_provider(self, access: Access, input: IdentityProviderInput) -> ProviderRecord:
        """Make an active provider the only way in, but for the owner; access tokens end. Needs step-up."""
        return await enforce_provider(access, input.provider_id)

    @command(IdentityProviderPayload)
    async def relax_identity_provider(self, access: Access, input: IdentityProviderInput) -> ProviderRecord:
        """Let people sign in by their own accounts again besides. Needs step-up."""
        return await relax_provider(access, input.provider_id)

    @command(IdentityProviderPayload)
    async def turn_off_identity_provider(self, access: Access, input: IdentityProviderInput) -> ProviderRecord:
        """Let nobody sign in by a provider any more; sessions that it has opened end at once. Needs step-up."""
        return await turn_provider_off(access, input.provider_id)

    @command(MemberSessionsPayload)
    async def end_member_sessions(self, access: Access, input: MemberSessionsInput) -> MemberRecord:
        """End what a member's sessions reach in this organisation; he or she can sign in again. Needs step-up."""
        return await end_member_sessions(access, input.member_id)

    @command(MemberSessionsPayload)
    async def disconnect_member(self, access: Access, input: MemberSessionsInput) -> MemberRecord:
        """Forget who a member is at the provider: the next sign-in by it asks whose account it is. Needs step-up."""
        return await disconnect_member(access, input.member_id)


def _values(given: CreateIdentityProviderInput | UpdateIdentityProviderInput) -> ProviderValues:
    return ProviderValues(
        name=given.name,
        issuer=given.issuer,
        client_id=given.client_id,
        client_secret=given.client_secret,
        second_step=given.second_step,
        acr_values=given.acr_values,
        hosted_domain=given.hosted_domain,
        admits=given.admits,
    )
