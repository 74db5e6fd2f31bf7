"""What a person may do to the own account."""

from __future__ import annotations

import strawberry

from wardship.graphql.accounts.model import Account
from wardship.graphql.api.command import command, object_payload
from wardship.graphql.api.types import input_type
from wardship.graphql.engine import field
from wardship.tenants.access import Access
from wardship.tenants.accounts.own import AccountRecord, update_own_account


@input_type
class UpdateMyAccountInput:
    """What changes of your account."""

    time_zone: str = field("A time zone of the IANA database, such as `Europe/Berlin`.")


AccountPayload = object_payload("AccountPayload", "account", Account)


@strawberry.type
class AccountMutations:
    """The caller's own account."""

    @command(AccountPayload)
    async def update_my_account(self, access: Access, input: UpdateMyAccountInput) -> AccountRecord | None:
        """Change your time zone, in all organisations."""
        return await update_own_account(access, input.time_zone)
