"""What may be done with consents and objections."""

from __future__ import annotations

from uuid import UUID

import strawberry

from wardship.graphql.api.command import command, object_payload
from wardship.graphql.api.identifiers import id_argument, optional_id
from wardship.graphql.api.types import input_type
from wardship.graphql.choices.model import Consent, Objection
from wardship.graphql.engine import field
from wardship.tenants.access import Access
from wardship.tenants.grants.choices import (
    ConsentRecord,
    ObjectionRecord,
    give_consent,
    object_to,
    withdraw_consent,
    withdraw_objection,
)


@input_type
class ObjectInput:
    """What to object to; with neither purpose nor installation, to all sharing."""

    member_id: UUID | None = optional_id(
        "Member", "The member; yourself when left out. Integration managers may note others'."
    )
    purpose: str = field("Key of the purpose; empty for any.", default="")
    installation_id: UUID | None = optional_id("Installation", "The recipient; any when left out.")


@input_type
class WithdrawObjectionInput:
    """An objection to withdraw."""

    objection_id: UUID = id_argument("Objection", "The objection's id.")


@input_type
class GiveConsentInput:
    """What to consent to."""

    purpose: str = field("Key of the purpose.")
    category: str = field("Key of the category; needed for those that are specially protected.", default="")
    installation_id: UUID | None = optional_id("Installation", "The recipient; any when left out.")


@input_type
class WithdrawConsentInput:
    """A consent to withdraw."""

    consent_id: UUID = id_argument("Consent", "The consent's id.")
    installation_id: UUID | None = optional_id(
        "Installation", "The recipient for which a consent to every recipient ends; for all of them when left out."
    )


ObjectionPayload = object_payload("ObjectionPayload", "objection", Objection)
ConsentPayload = object_payload("ConsentPayload", "consent", Consent)


@strawberry.type
class ChoiceMutations:
    """Consented and objected to."""

    @command(ObjectionPayload)
    async def object(self, access: Access, input: ObjectInput) -> ObjectionRecord:
        """Object to a purpose, a recipient, both, or to all sharing: it stops at once, for one alone where named."""
        return await object_to(
            access,
            access.require_person() if input.member_id is None else input.member_id,
            purpose=input.purpose,
            installation_id=input.installation_id,
        )

    @command(ObjectionPayload)
    async def withdraw_objection(self, access: Access, input: WithdrawObjectionInput) -> ObjectionRecord:
        """Withdraw an objection of yours."""
        return await withdraw_objection(access, input.objection_id)

    @command(ConsentPayload)
    async def give_consent(self, access: Access, input: GiveConsentInput) -> ConsentRecord:
        """Consent to a purpose; nobody can do that for you."""
        return await give_consent(
            access,
            input.purpose,
            category=input.category,
            installation_id=input.installation_id,
        )

    @command(ConsentPayload)
    async def withdraw_consent(self, access: Access, input: WithdrawConsentInput) -> ConsentRecord:
        """Withdraw a consent, or for one recipient: nothing more is sent under it, and what was sent is taken back."""
        return await withdraw_consent(access, input.consent_id, installation_id=input.installation_id)
