"""What may be done with grants."""

from __future__ import annotations

import strawberry

from wardship.graphql.api.command import Payload, command, object_field
from wardship.graphql.api.identifiers import parse_id
from wardship.graphql.grants.model import Grant
from wardship.graphql.installations.mutations import InstallationInput, InstallationPayload
from wardship.tenants.access import Access
from wardship.tenants.grants.change import grant_category, withdraw_grant
from wardship.tenants.grants.granting import Grantable, GrantRecord


@strawberry.input(description="A category to grant.")
class GrantCategoryInput(InstallationInput):
    """Input of ``grantCategory``."""

    category: str = strawberry.field(description="Key of the data category.")
    purpose: str = strawberry.field(description="Key of the purpose.")


@strawberry.input(description="A grant to withdraw.")
class WithdrawGrantInput:
    """Input of ``withdrawGrant``."""

    grant_id: strawberry.ID = strawberry.field(description="The grant's id.")


@strawberry.type(description="The grant as it is afterwards, or why the call was refused.")
class GrantPayload(Payload):
    """What granting answers with."""

    grant: GrantRecord | None = object_field(Grant, "The grant as it is now.")


@strawberry.type
class GrantMutations:
    """Granted and withdrawn."""

    @command()
    @staticmethod
    async def grant_category(access: Access, input: GrantCategoryInput) -> GrantPayload:
        """Let an installation receive a declared category for a purpose, from now on."""
        wanted = Grantable(input.category, input.purpose)
        return GrantPayload(grant=await grant_category(access, input.installation, wanted))

    @command()
    @staticmethod
    async def withdraw_grant(access: Access, input: WithdrawGrantInput) -> InstallationPayload:
        """Withdraw a grant: nothing more is sent under it, and what was sent is taken back."""
        installation = await withdraw_grant(access, parse_id("Grant", input.grant_id, path=("grantId",)))
        return InstallationPayload(installation=installation)
