"""What may be done about vendors' clients, and about what they were let into."""

from __future__ import annotations

from uuid import UUID

import strawberry

from wardship.graphql.api.command import Payload, command, object_field, object_payload
from wardship.graphql.api.identifiers import id_argument
from wardship.graphql.api.types import input_type, object_type
from wardship.graphql.engine import field
from wardship.graphql.vendors.model import VendorClient, VendorGrant
from wardship.tenants.access import Access
from wardship.tenants.vendor_access.granting import VendorGrantRecord, withdraw_vendor_grant
from wardship.tenants.vendor_clients.change import (
    ClientRequest,
    approve_vendor_client,
    end_vendor_client,
    request_vendor_client,
    rotate_vendor_client_secret,
    suspend_vendor_client,
)
from wardship.tenants.vendor_clients.records import VendorClientRecord


@input_type
class RequestVendorClientInput:
    """A client to ask for."""

    name: str = field("By which administrators recognise it on the consent page.")
    integration: str = field("Key of the integration in whose name it fetches.")
    redirect_uris: list[str] = field("Where browsers are sent back to: https, one to ten.")
    is_confidential: bool = field("Whether it can keep a secret, as a server can.", default=True)


@input_type
class VendorClientInput:
    """A client of a vendor."""

    client_id: UUID = id_argument("VendorClient", "The client's id.")


@input_type
class RotateVendorClientSecretInput:
    """A client whose secret is replaced."""

    client_id: UUID = id_argument("VendorClient", "The client's id.")
    ends_old_at_once: bool = field("Whether the old one works no more, because it may have leaked.", default=False)


@input_type
class VendorGrantInput:
    """What a client was let into."""

    grant_id: UUID = id_argument("VendorGrant", "The grant's id.")


@object_type()
class IssuedVendorClientPayload(Payload):
    """A client with a new secret, or why the call was refused."""

    client: VendorClientRecord | None = object_field(VendorClient, "The client, without its secret.")
    secret: str | None = field("The secret, told here and nowhere else; null for a public client.", default=None)


VendorClientPayload = object_payload("VendorClientPayload", "client", VendorClient)
VendorGrantPayload = object_payload("VendorGrantPayload", "grant", VendorGrant)


@strawberry.type
class VendorMutations:
    """Clients asked for, let in, suspended and ended; grants withdrawn."""

    @command()
    async def request_vendor_client(self, access: Access, input: RequestVendorClientInput) -> IssuedVendorClientPayload:
        """Ask for a client, as a vendor; an operator of the provider lets it in. Needs step-up."""
        request = ClientRequest(
            name=input.name,
            integration=input.integration,
            redirect_uris=input.redirect_uris,
            is_confidential=input.is_confidential,
        )
        issued = await request_vendor_client(access, request)
        return IssuedVendorClientPayload(client=issued.client, secret=issued.secret)

    @command()
    async def rotate_vendor_client_secret(
        self, access: Access, input: RotateVendorClientSecretInput
    ) -> IssuedVendorClientPayload:
        """Make a new secret, as its vendor; that of before works for another day. Needs step-up."""
        issued = await rotate_vendor_client_secret(access, input.client_id, ends_old_at_once=input.ends_old_at_once)
        return IssuedVendorClientPayload(client=issued.client, secret=issued.secret)

    @command(VendorClientPayload)
    async def approve_vendor_client(self, access: Access, input: VendorClientInput) -> VendorClientRecord:
        """Let a client in, or in again after a suspension; for the provider's operators. Needs step-up."""
        return await approve_vendor_client(access, input.client_id)

    @command(VendorClientPayload)
    async def suspend_vendor_client(self, access: Access, input: VendorClientInput) -> VendorClientRecord:
        """Let a client in no more: its tokens open nothing from then on; for operators. Needs step-up."""
        return await suspend_vendor_client(access, input.client_id)

    @command(VendorClientPayload)
    async def end_vendor_client(self, access: Access, input: VendorClientInput) -> VendorClientRecord:
        """End a client for good, as its vendor or as one of the provider's operators. Needs step-up."""
        return await end_vendor_client(access, input.client_id)

    @command(VendorGrantPayload)
    async def withdraw_vendor_grant(self, access: Access, input: VendorGrantInput) -> VendorGrantRecord:
        """End what a vendor's client was let into: it fetches nothing from then on."""
        return await withdraw_vendor_grant(access, input.grant_id)
