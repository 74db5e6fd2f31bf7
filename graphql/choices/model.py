"""Consents and objections of members, as the API shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

import strawberry

from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.node import global_id_field
from wardship.graphql.api.relations import in_order, reference
from wardship.graphql.api.types import object_type
from wardship.graphql.disclosures.recipients import optional_recipients
from wardship.graphql.engine import BatchInfo, batch_field, field, root_field
from wardship.tenants.grants.choices import ConsentRecord, ObjectionRecord, consents_of, objections_of, withdrawals_of
from wardship.tenants.grants.choices import ConsentWithdrawal as ConsentWithdrawalRecord


@object_type(ConsentWithdrawalRecord)
class ConsentWithdrawal:
    """That a consent to every recipient was withdrawn for one."""

    withdrawn_at: datetime = field("When it was withdrawn.", source="created_at")
    recipient = reference(optional_recipients, "installation_id", "For whom it holds no more.")


@object_type(ConsentRecord)
class Consent:
    """A member's consent."""

    id: strawberry.ID = global_id_field("Consent")
    created_at: datetime = field("When it was given.")
    purpose: str = field("Key of the purpose.")
    category: str = field("Key of the category; empty for any that is not specially protected.")
    withdrawn_at: datetime | None = field("When it was withdrawn; null while it holds.")
    recipient = reference(optional_recipients, "installation_id", "To whom it was given; null for every recipient.")

    @batch_field(cost=2, size=2)
    @staticmethod
    async def withdrawn_for(
        parents: Sequence[ConsentRecord], info: BatchInfo[ApiContext]
    ) -> Sequence[list[ConsentWithdrawal]]:
        """The recipients for which it was withdrawn while it holds for the others."""
        keys = [parent.id for parent in parents]
        return in_order(await withdrawals_of(info.context.access, keys), keys)


@object_type(ObjectionRecord)
class Objection:
    """A member's objection."""

    id: strawberry.ID = global_id_field("Objection")
    created_at: datetime = field("When it was made.")
    purpose: str = field("Key of the purpose; empty for any.")
    withdrawn_at: datetime | None = field("When it was withdrawn; null while it holds.")
    recipient = reference(optional_recipients, "installation_id", "Against whom it was made; null for every recipient.")


@strawberry.type
class ChoiceQueries:
    """Consents and objections in lists."""

    @root_field(cost=2, size=10)
    async def my_consents(self, info: ApiInfo) -> list[Consent]:
        """Your consents, withdrawn ones too, oldest first; also after your membership has ended."""
        member_id = info.context.access.require_person("read")
        return cast("list[Consent]", (await consents_of(info.context.access, [member_id]))[member_id])

    @root_field(cost=2, size=10)
    async def my_objections(self, info: ApiInfo) -> list[Objection]:
        """Your objections, withdrawn ones too, oldest first; also after your membership has ended."""
        member_id = info.context.access.require_person("read")
        return cast("list[Objection]", (await objections_of(info.context.access, [member_id]))[member_id])
