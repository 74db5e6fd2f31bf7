"""What may be done with consents and objections."""

from __future__ import annotations

import strawberry

from wardship.graphql.api.command import Payload, command, object_field
from wardship.graphql.api.identifiers import parse_id, parse_optional
from wardship.graphql.choices.model import Consent, Objection
from wardship.tenants.access import Access
from wardship.tenants.grants.choices import (
    ConsentRecord,
    ObjectionRecord,
    give_consent,
    object_to,
    withdraw_consent,
    withdraw_objection,
)


@strawberry.input(description="What to object to; with neither purpose nor installation, to all sharing.")
class ObjectInput:
    """Input of ``object``."""

    member_id: strawberry.ID | None = strawberry.field(
        default=None, description="The member; yourself when left out. Those who manage integrations may note others'."
    )
    purpose: str = strawberry.field(default="", description="Key of the purpose; empty for any.")
    installation_id: strawberry.ID | None = strawberry.field(
        default=None, description="The recipient; any when left out."
    )


@strawberry.input(description="An objection to withdraw.")
class WithdrawObjectionInput:
    """Input of ``withdrawObjection``."""

    objection_id: strawberry.ID = strawberry.field(description="The objection's id.")


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

    consent_id: strawberry.ID = strawberry.field(description="The consent's id.")


@strawberry.type(description="The objection as it is afterwards, or why the call was refused.")
class ObjectionPayload(Payload):
    """What mutations of an objection answer with."""

    objection: ObjectionRecord | None = object_field(Objection, "The objection as it is now.")


@strawberry.type(description="The consent as it is afterwards, or why the call was refused.")
class ConsentPayload(Payload):
    """What mutations of a consent answer with."""

    consent: ConsentRecord | None = object_field(Consent, "The consent as it is now.")


@strawberry.type
class ChoiceMutations:
    """Consented and objected to."""

    @command()
    @staticmethod
    async def object(access: Access, input: ObjectInput) -> ObjectionPayload:
        """Object to a purpose, a recipient, both, or to all sharing: it stops at once."""
        member_id = parse_optional("Member", input.member_id, path=("memberId",))
        made = await object_to(
            access,
            access.require_member() if member_id is None else member_id,
            purpose=input.purpose,
            installation_id=parse_optional("Installation", input.installation_id, path=("installationId",)),
        )
        return ObjectionPayload(objection=made)

    @command()
    @staticmethod
    async def withdraw_objection(access: Access, input: WithdrawObjectionInput) -> ObjectionPayload:
        """Withdraw an objection of yours."""
        objection_id = parse_id("Objection", input.objection_id, path=("objectionId",))
        return ObjectionPayload(objection=await withdraw_objection(access, objection_id))

    @command()
    @staticmethod
    async def give_consent(access: Access, input: GiveConsentInput) -> ConsentPayload:
        """Consent to a purpose; nobody can do that for you."""
        given = await give_consent(
            access,
            input.purpose,
            category=input.category,
            installation_id=parse_optional("Installation", input.installation_id, path=("installationId",)),
        )
        return ConsentPayload(consent=given)

    @command()
    @staticmethod
    async def withdraw_consent(access: Access, input: WithdrawConsentInput) -> ConsentPayload:
        """Withdraw a consent: nothing more is sent under it, and what was sent is taken back."""
        consent_id = parse_id("Consent", input.consent_id, path=("consentId",))
        return ConsentPayload(consent=await withdraw_consent(access, consent_id))
