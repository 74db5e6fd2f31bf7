"""What may be done about integrations that vendors serve themselves."""

from __future__ import annotations

from uuid import UUID

import strawberry

from wardship.graphql.api.command import Payload, command, object_field, object_payload
from wardship.graphql.api.identifiers import id_argument
from wardship.graphql.api.types import input_type, object_type
from wardship.graphql.engine import field
from wardship.graphql.vendors.remote_integrations import RemoteIntegration
from wardship.tenants.access import Access
from wardship.tenants.remote_integrations.deciding import (
    approve_remote_integration,
    end_remote_integration,
    suspend_remote_integration,
)
from wardship.tenants.remote_integrations.records import RemoteIntegrationRecord
from wardship.tenants.remote_integrations.registering import (
    check_remote_integration,
    register_remote_integration,
    rotate_signing_secret,
)


@input_type
class RegisterRemoteIntegrationInput:
    """An integration to register."""

    url: str = field("Where its document is served: https.")


@input_type
class RemoteIntegrationInput:
    """A remote integration."""

    remote_integration_id: UUID = id_argument("RemoteIntegration", "The remote integration's id.")


@input_type
class ApproveRemoteIntegrationInput(RemoteIntegrationInput):
    """A remote integration that is let in, by what it was seen to declare."""

    declaration_digest: str = field("Digest of the declaration that you have read; refused once it is another.")


@input_type
class RotateRemoteIntegrationSecretInput:
    """A remote integration whose signing secret is replaced."""

    remote_integration_id: UUID = id_argument("RemoteIntegration", "The remote integration's id.")
    ends_old_at_once: bool = field("Whether the old one signs no more, because it may have leaked.", default=False)


@object_type()
class IssuedRemoteIntegrationPayload(Payload):
    """A remote integration with a new signing secret, or why the call was refused."""

    remote_integration: RemoteIntegrationRecord | None = object_field(
        RemoteIntegration, "The remote integration, without its secret."
    )
    secret: str | None = field("The secret that signs its messages, told here and nowhere else.", default=None)


RemoteIntegrationPayload = object_payload("RemoteIntegrationPayload", "remote_integration", RemoteIntegration)


@strawberry.type
class RemoteIntegrationMutations:
    """Remote integrations registered, checked, let in, suspended and ended."""

    @command()
    async def register_remote_integration(
        self, access: Access, input: RegisterRemoteIntegrationInput
    ) -> IssuedRemoteIntegrationPayload:
        """Register an integration by its document, as a vendor; an operator of the provider lets it in. Step-up."""
        issued = await register_remote_integration(access, input.url)
        return IssuedRemoteIntegrationPayload(remote_integration=issued.remote, secret=issued.secret)

    @command()
    async def rotate_remote_integration_secret(
        self, access: Access, input: RotateRemoteIntegrationSecretInput
    ) -> IssuedRemoteIntegrationPayload:
        """Make a new signing secret, as its vendor; that of before signs beside it for another day. Needs step-up."""
        issued = await rotate_signing_secret(
            access, input.remote_integration_id, ends_old_at_once=input.ends_old_at_once
        )
        return IssuedRemoteIntegrationPayload(remote_integration=issued.remote, secret=issued.secret)

    @command(RemoteIntegrationPayload)
    async def check_remote_integration(self, access: Access, input: RemoteIntegrationInput) -> RemoteIntegrationRecord:
        """Have the document fetched now, as its vendor; an endpoint that was gone comes back if it answers."""
        return await check_remote_integration(access, input.remote_integration_id)

    @command(RemoteIntegrationPayload)
    async def approve_remote_integration(
        self, access: Access, input: ApproveRemoteIntegrationInput
    ) -> RemoteIntegrationRecord:
        """Let a remote integration in, or in again after a suspension; for the provider's operators. Needs step-up."""
        return await approve_remote_integration(access, input.remote_integration_id, input.declaration_digest)

    @command(RemoteIntegrationPayload)
    async def suspend_remote_integration(
        self, access: Access, input: RemoteIntegrationInput
    ) -> RemoteIntegrationRecord:
        """Send a remote integration nothing more: what is owed there goes to people; for operators. Needs step-up."""
        return await suspend_remote_integration(access, input.remote_integration_id)

    @command(RemoteIntegrationPayload)
    async def end_remote_integration(self, access: Access, input: RemoteIntegrationInput) -> RemoteIntegrationRecord:
        """End a remote integration for good, as its vendor or as one of the provider's operators. Needs step-up."""
        return await end_remote_integration(access, input.remote_integration_id)
