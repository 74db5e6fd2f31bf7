"""What may be asked about the choices of members."""

from __future__ import annotations

from typing import cast

import strawberry

from wardship.graphql.api.context import ApiInfo
from wardship.graphql.choices.model import Consent, Objection
from wardship.graphql.engine import root_field
from wardship.tenants.grants.choices import consents_of, objections_of


@strawberry.type
class ChoiceQueries:
    """Consents and objections in lists."""

    @root_field(cost=2, size=10)
    async def my_consents(self, info: ApiInfo) -> list[Consent]:
        """Your consents, withdrawn ones too, oldest first."""
        member_id = info.context.access.require_member("read")
        return cast("list[Consent]", (await consents_of(info.context.access, [member_id]))[member_id])

    @root_field(cost=2, size=10)
    async def my_objections(self, info: ApiInfo) -> list[Objection]:
        """Your objections, withdrawn ones too, oldest first."""
        member_id = info.context.access.require_member("read")
        return cast("list[Objection]", (await objections_of(info.context.access, [member_id]))[member_id])
