"""What a rule of a group would share, told before it does."""

from __future__ import annotations

from collections.abc import Sequence

from wardship.graphql.api.context import ApiContext
from wardship.graphql.api.relations import extends, in_order
from wardship.graphql.api.types import object_type
from wardship.graphql.engine import BatchInfo, batch_field, field
from wardship.graphql.groups.rules import GroupRulePreview
from wardship.graphql.installations.model import Installation
from wardship.tenants.egress.new_recipient import GroupRecipient, recipients_for
from wardship.tenants.groups.rules.change import RulePreview


@object_type(GroupRecipient)
class GroupRuleRecipient:
    """An integration of the group, which gets data of who comes into it as far as that was granted and allowed."""

    installation: Installation = field("The integration.", cost=1)
    people: int = field("Of how many of those who would come it would be sent data.")


@extends(GroupRulePreview)
class GroupRuleRecipients:
    """Who receives data by a rule."""

    @batch_field(cost=5, size=5)
    @staticmethod
    async def recipients(
        parents: Sequence[RulePreview], info: BatchInfo[ApiContext]
    ) -> Sequence[list[GroupRuleRecipient]]:
        """Integrations of the group, and of how many of those who would come they would be sent data."""
        access = info.context.access
        found = {parent.group.id: await recipients_for(access, parent.group.id, parent.joining) for parent in parents}
        return in_order(found, [parent.group.id for parent in parents])
