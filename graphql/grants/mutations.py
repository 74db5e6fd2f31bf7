"""What may be done with grants."""

from __future__ import annotations

from uuid import UUID

import strawberry

from wardship.graphql.api.command import command, object_payload
from wardship.graphql.api.identifiers import id_argument
from wardship.graphql.api.types import input_type
from wardship.graphql.engine import field
from wardship.graphql.grants.model import Grant
from wardship.graphql.installations.mutations import InstallationInput, InstallationPayload
from wardship.tenants.access import Access
from wardship.tenants.grants.change import grant_category
from wardship.tenants.grants.granting import Grantable, GrantRecord
from wardship.tenants.installations.records import InstallationRecord
from wardship.tenants.previews.acts import withdraw_grant_as_previewed


@input_type
class GrantCategoryInput(InstallationInput):
    """A category to grant."""

    category: str = field("Key of the data category.")
    purpose: str = field("Key of the purpose.")


@input_type
class WithdrawGrantInput:
    """A grant to withdraw."""

    grant_id: UUID = id_argument("Grant", "The grant's id.")
    digest: str | None = field(
        "That of the preview that you looked at: it is refused once it would do something else.", default=None
    )


GrantPayload = object_payload("GrantPayload", "grant", Grant)


@strawberry.type
class GrantMutations:
    """Granted and withdrawn."""

    @command(GrantPayload)
    async def grant_category(self, access: Access, input: GrantCategoryInput) -> GrantRecord:
        """Let an installation receive a declared category for a purpose, from now on."""
        wanted = Grantable(input.category, input.purpose)
        return await grant_category(access, input.installation_id, wanted)

    @command(InstallationPayload)
    async def withdraw_grant(self, access: Access, input: WithdrawGrantInput) -> InstallationRecord:
        """Withdraw a grant: nothing more is sent under it, and what was sent is taken back."""
        return await withdraw_grant_as_previewed(access, input.grant_id, input.digest)
