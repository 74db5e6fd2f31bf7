"""What a person may do to the own account."""

from __future__ import annotations

from uuid import UUID

import strawberry

from wardship.graphql.accounts.model import Account
from wardship.graphql.api.command import command, object_payload
from wardship.graphql.api.identifiers import id_argument
from wardship.graphql.api.types import input_type
from wardship.graphql.engine import field
from wardship.tenants.access import Access
from wardship.tenants.accounts.addresses import (
    add_own_address,
    make_own_address_primary,
    remove_own_address,
    verify_own_address,
)
from wardship.tenants.accounts.identities import unlink_own_identity
from wardship.tenants.accounts.own import AccountRecord, close_own_account, update_own_account
from wardship.tenants.accounts.passkeys import remove_own_passkey, rename_own_passkey


@input_type
class UpdateMyAccountInput:
    """What changes of your account."""

    time_zone: str | None = field("A time zone of the IANA database, such as `Europe/Berlin`.", default=None)
    residence_country: str | None = field(
        "Where you live, as two letters of ISO 3166; an empty text says nothing.", default=None
    )


@input_type
class AddMyAddressInput:
    """An address that your account shall have."""

    email: str = field("The address, to which a link is mailed.")


@input_type
class VerifyMyAddressInput:
    """A link that was mailed to an address."""

    token: str = field("The last part of the link.")


@input_type
class MyAddressInput:
    """One of your addresses."""

    address_id: UUID = id_argument("AccountAddress", "The address.")


@input_type
class RenameMyPasskeyInput:
    """One of your passkeys, and its new name."""

    passkey_id: UUID = id_argument("AccountPasskey", "The passkey.")
    name: str = field("How you call it.")


@input_type
class MyPasskeyInput:
    """One of your passkeys."""

    passkey_id: UUID = id_argument("AccountPasskey", "The passkey.")


@input_type
class MyIdentityInput:
    """One of your identities at providers of the deployment."""

    identity_id: UUID = id_argument("AccountIdentity", "The identity.")


@input_type
class CloseMyAccountInput:
    """That you mean it."""

    email: str = field("Your primary address, typed again.")


AccountPayload = object_payload("AccountPayload", "account", Account)


@strawberry.type
class AccountMutations:
    """The caller's own account."""

    @command(AccountPayload)
    async def update_my_account(self, access: Access, input: UpdateMyAccountInput) -> AccountRecord | None:
        """Change your time zone, or where you live, in all organisations; what is left out stays."""
        return await update_own_account(access, time_zone=input.time_zone, residence_country=input.residence_country)

    @command(AccountPayload)
    async def add_my_address(self, access: Access, input: AddMyAddressInput) -> AccountRecord | None:
        """Mail a link to an address that your account shall have; needs step-up."""
        return await add_own_address(access, input.email)

    @command(AccountPayload)
    async def verify_my_address(self, access: Access, input: VerifyMyAddressInput) -> AccountRecord | None:
        """Use the link that was mailed to an address: it is added to your account, which asked for it."""
        return await verify_own_address(access, input.token)

    @command(AccountPayload)
    async def make_my_address_primary(self, access: Access, input: MyAddressInput) -> AccountRecord | None:
        """Have mail sent to another of your addresses; needs step-up."""
        return await make_own_address_primary(access, input.address_id)

    @command(AccountPayload)
    async def remove_my_address(self, access: Access, input: MyAddressInput) -> AccountRecord | None:
        """Remove an address that is not the primary one, or one that waits; ends your other sessions; needs step-up."""
        return await remove_own_address(access, input.address_id)

    @command(AccountPayload)
    async def rename_my_passkey(self, access: Access, input: RenameMyPasskeyInput) -> AccountRecord | None:
        """Give a passkey another name; needs step-up."""
        return await rename_own_passkey(access, input.passkey_id, input.name)

    @command(AccountPayload)
    async def remove_my_passkey(self, access: Access, input: MyPasskeyInput) -> AccountRecord | None:
        """Remove a passkey that is not your only second factor; ends your other sessions; needs step-up."""
        return await remove_own_passkey(access, input.passkey_id)

    @command(AccountPayload)
    async def unlink_my_identity(self, access: Access, input: MyIdentityInput) -> AccountRecord | None:
        """Unlink a provider that is not your only way in; ends your other sessions; needs step-up."""
        return await unlink_own_identity(access, input.identity_id)

    @command(AccountPayload)
    async def close_my_account(self, access: Access, input: CloseMyAccountInput) -> AccountRecord | None:
        """Close your account, if it belongs to no organisation; it is erased after two weeks; needs step-up."""
        return await close_own_account(access, input.email)
