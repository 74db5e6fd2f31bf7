"""Consents and objections of members, as the API shows them."""

from __future__ import annotations

from datetime import datetime
from typing import cast

import strawberry

from wardship.graphql.api.context import ApiInfo
from wardship.graphql.api.node import global_id_field
from wardship.graphql.api.types import object_type
from wardship.graphql.engine import field, root_field
from wardship.tenants.grants.choices import ConsentRecord, ObjectionRecord, consents_of, objections_of


@object_type(ConsentRecord)
class Consent:
    """A member's consent."""

    id: strawberry.ID = global_id_field("Consent")
    created_at: datetime = field("When it was given.")
    purpose: str = field("Key of the purpose.")
    category: str = field("Key of the category; empty for any that is not specially protected.")
    withdrawn_at: datetime | None = field("When it was withdrawn; null while it holds.")


@object_type(ObjectionRecord)
class Objection:
    """A member's objection."""

    id: strawberry.ID = global_id_field("Objection")
    created_at: datetime = field("When it was made.")
    purpose: str = field("Key of the purpose; empty for any.")
    withdrawn_at: datetime | None = field("When it was withdrawn; null while it holds.")


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
