"""The provider's own people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

import strawberry

from wardship.graphql.api.command import Payload, command
from wardship.graphql.api.context import ApiInfo
from wardship.graphql.api.staff_roles import StaffRole
from wardship.graphql.api.types import input_type, object_type
from wardship.graphql.engine import field, root_field
from wardship.tenants.access import Access
from wardship.tenants.staff.staff import StaffMember as StaffMemberRecord
from wardship.tenants.staff.staff import add_to_staff, list_staff, remove_from_staff

_MOST = 200


@object_type(StaffMemberRecord)
class StaffMember:
    """Somebody of the staff, once for each role; or somebody who is waited for."""

    role: StaffRole = field("The role.")
    address: str = field("The primary address, or the one that is waited for.")
    display_name: str = field("How the person wants to be called; empty while nobody has proven the address.")
    since: datetime = field("Since when the person has the role, or is waited for.")
    awaited_until: datetime | None = field("How long the role waits; null for who has it.")


@object_type()
class StaffPayload(Payload):
    """The staff as it is afterwards, or why the call was refused."""

    staff: Sequence[StaffMemberRecord] = field(
        "The whole staff.", cost=1, size=_MOST, default_factory=list, graphql_type=list[StaffMember]
    )


@input_type
class AddStaffInput:
    """Somebody who is to join the staff."""

    email: str = field("The address.")
    role: StaffRole = field("The role.")


@input_type
class RemoveStaffInput:
    """Somebody who is to have a role no longer."""

    email: str = field("The primary address, or the one that is waited for.")
    role: StaffRole | None = field("The role; all of them when not given.", default=None)


@strawberry.type
class StaffQueries:
    """The staff in a list."""

    @root_field(cost=3, size=_MOST)
    async def staff(self, info: ApiInfo) -> list[StaffMember]:
        """The provider's own people by role, with those who are waited for; for its operators."""
        return cast("list[StaffMember]", await list_staff(info.context.access))


@strawberry.type
class StaffMutations:
    """Roles among the staff."""

    @command()
    async def add_staff(self, access: Access, input: AddStaffInput) -> StaffPayload:
        """Give somebody a role among the staff, once the address is proven; asked again, the letter is sent again."""
        await add_to_staff(access, input.email, input.role)
        return StaffPayload(staff=await list_staff(access))

    @command()
    async def remove_staff(self, access: Access, input: RemoveStaffInput) -> StaffPayload:
        """Take roles among the staff from somebody, at once; never the last operator's."""
        await remove_from_staff(access, input.email, [input.role] if input.role else ())
        return StaffPayload(staff=await list_staff(access))
