"""What may be done about provisioning."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import strawberry

from wardship.graphql.api.command import Payload, command, object_field, object_payload
from wardship.graphql.api.identifiers import id_argument
from wardship.graphql.api.types import input_type, object_type
from wardship.graphql.engine import field
from wardship.graphql.provisioning.model import ProvisioningToken
from wardship.tenants.access import Access
from wardship.tenants.provisioning.tokens import (
    ProvisioningTokenRecord,
    create_provisioning_token,
    revoke_provisioning_token,
)


@input_type
class CreateProvisioningTokenInput:
    """A token to make."""

    name: str = field("By which administrators recognise it, such as the directory's name.")
    expires_at: datetime | None = field("When it ends, within 366 days; in 180 days when not given.", default=None)


@input_type
class ProvisioningTokenInput:
    """A token of the organisation's directory."""

    token_id: UUID = id_argument("ProvisioningToken", "The token's id.")


@object_type()
class IssuedProvisioningTokenPayload(Payload):
    """A new token, or why the call was refused."""

    token: ProvisioningTokenRecord | None = object_field(ProvisioningToken, "The token, without its text.")
    text: str | None = field("What the directory shows: told here and nowhere else.", default=None)


ProvisioningTokenPayload = object_payload("ProvisioningTokenPayload", "token", ProvisioningToken)


@strawberry.type
class ProvisioningMutations:
    """Tokens made and ended."""

    @command()
    async def create_provisioning_token(
        self, access: Access, input: CreateProvisioningTokenInput
    ) -> IssuedProvisioningTokenPayload:
        """Make a token for the organisation's directory; those who administer are told. Needs step-up."""
        issued = await create_provisioning_token(access, input.name, input.expires_at)
        return IssuedProvisioningTokenPayload(token=issued.token, text=issued.text)

    @command(ProvisioningTokenPayload)
    async def revoke_provisioning_token(self, access: Access, input: ProvisioningTokenInput) -> ProvisioningTokenRecord:
        """End a token at once; people and groups stay as they are. Needs step-up."""
        return await revoke_provisioning_token(access, input.token_id)
