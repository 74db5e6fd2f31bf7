"""Tell people that a rule put them into a group or took them out: in one statement for each group, however many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from wardship.tenants.access import Access
from wardship.tenants.groups.notices import GROUP_JOINED_BY_RULE, GROUP_LEFT_BY_RULE
from wardship.tenants.groups.read import GroupRecord
from wardship.tenants.groups.rules.records import RuleCondition
from wardship.tenants.notices.tell import Readers, tell_readers

_THESE: Final = "m.id = any($4::uuid[])"


async def tell_filled(
    access: Access,
    group: GroupRecord,
    conditions: Sequence[RuleCondition],
    joined: Sequence[UUID],
    left: Sequence[UUID],
) -> None:
    """Tell who came into a group by its rule, and who went: why, and what others in it see of them."""
    target, because = ("group", group.id), [condition.attribute.words for condition in conditions]
    if joined:
        await tell_readers(
            access,
            GROUP_JOINED_BY_RULE,
            Readers(_THESE, (list(joined),)),
            target=target,
            group=group.name,
            because=because,
            shows_contacts=group.contact_visibility == "contact_details",
        )
    if left:
        readers = Readers(_THESE, (list(left),))
        await tell_readers(access, GROUP_LEFT_BY_RULE, readers, target=target, group=group.name, because=because)
