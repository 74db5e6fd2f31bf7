"""Enumerations of members, as the schema names them."""

from __future__ import annotations

from enum import Enum

import strawberry

from wardship.core.actor import Role
from wardship.tenants.members.read import MemberOrder
from wardship.tenants.members.records import MemberState

strawberry.enum(Role, name="Role", description="A role in the organisation; the contacts see, and decide nothing.")
strawberry.enum(
    MemberState,
    name="MemberState",
    description="Where a membership stands. Deactivated, removed and erased are three different things.",
)
strawberry.enum(MemberOrder, name="MemberOrder", description="What a list of members is ordered by.")


@strawberry.enum(description="How much of a member the caller sees; each includes what stands before it.")
class MemberDetail(Enum):
    """The GraphQL name of ``Detail``."""

    NAME = 1
    CONTACT = 2
    FULL = 3
