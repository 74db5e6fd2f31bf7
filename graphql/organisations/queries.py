"""What may be asked about the organisation and the caller."""

from __future__ import annotations

from typing import cast

import strawberry

from wardship.graphql.api.context import ApiInfo
from wardship.graphql.engine import root_field
from wardship.graphql.organisations.model import Organisation, Viewer
from wardship.tenants.organisations.read import own_organisation


@strawberry.type
class OrganisationQueries:
    """The organisation and the caller."""

    @root_field(cost=1)
    async def viewer(self, info: ApiInfo) -> Viewer:
        """You, as this call knows you."""
        access = info.context.access
        allowed = [permission for permission in sorted(access.permissions) if access.may(permission)]
        return Viewer(permissions=allowed, is_privacy_team=access.actor.is_privacy_team, key=access.actor.member_id)

    @root_field(cost=2)
    async def organisation(self, info: ApiInfo) -> Organisation:
        """The organisation of this call."""
        return cast("Organisation", await own_organisation(info.context.access))
