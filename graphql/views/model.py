"""Saved views, as the API shows, keeps and changes them."""

from __future__ import annotations

from datetime import datetime
from typing import cast
from uuid import UUID

import strawberry

from wardship.graphql.api.command import command, object_payload
from wardship.graphql.api.context import ApiInfo
from wardship.graphql.api.identifiers import id_argument
from wardship.graphql.api.node import global_id_field
from wardship.graphql.api.relations import reference
from wardship.graphql.api.types import input_type, object_type
from wardship.graphql.engine import field, root_field
from wardship.graphql.members.model import related_members
from wardship.tenants.access import Access
from wardship.tenants.views.keep import create_view, remove_view, update_view
from wardship.tenants.views.read import ViewRecord, list_views


@object_type(ViewRecord)
class SavedView:
    """A list of the console as somebody has filtered and ordered it, kept by a name."""

    id: strawberry.ID = global_id_field("SavedView")
    created_at: datetime = field("When it was made.")
    name: str = field("How it is called.")
    page: str = field("The page, as its address has it after the organisation, such as `members`.")
    address: str = field("What the address has after `?`: filters and order.")
    is_shared: bool = field("Whether everybody in the organisation finds it.")
    is_own: bool = field("Whether it is yours.")
    member = reference(related_members, "member_id", "Whose it is; null when you may not see him or her.")


@strawberry.type
class ViewQueries:
    """Saved views."""

    @root_field(cost=2, size=20)
    async def saved_views(self, info: ApiInfo) -> list[SavedView]:
        """Your views and those that others share, by name: at most 200."""
        return cast("list[SavedView]", await list_views(info.context.access))


@input_type
class CreateSavedViewInput:
    """A view to keep."""

    name: str = field("How it is called.")
    page: str = field("The page, as its address has it after the organisation, such as `members`.")
    address: str = field("What the address has after `?`.")
    is_shared: bool = field("Whether everybody in the organisation finds it.", default=False)


@input_type
class UpdateSavedViewInput:
    """What changes of a view; what is left out stays."""

    view_id: UUID = id_argument("SavedView", "The view.")
    name: str | None = field("How it is called.", default=None)
    address: str | None = field("What the address has after `?`.", default=None)
    is_shared: bool | None = field("Whether everybody in the organisation finds it.", default=None)


@input_type
class RemoveSavedViewInput:
    """A view that goes."""

    view_id: UUID = id_argument("SavedView", "The view.")


SavedViewPayload = object_payload("SavedViewPayload", "view", SavedView)


@strawberry.type
class ViewMutations:
    """Saved views."""

    @command(SavedViewPayload)
    async def create_saved_view(self, access: Access, input: CreateSavedViewInput) -> ViewRecord:
        """Keep a list as it is filtered and ordered; to share it needs `views.share`."""
        return await create_view(
            access, name=input.name, page=input.page, address=input.address, is_shared=input.is_shared
        )

    @command(SavedViewPayload)
    async def update_saved_view(self, access: Access, input: UpdateSavedViewInput) -> ViewRecord:
        """Rename a view, give it another address, share it or keep it to its owner; shared ones need `views.share`."""
        return await update_view(
            access, input.view_id, name=input.name, address=input.address, is_shared=input.is_shared
        )

    @command(SavedViewPayload)
    async def remove_saved_view(self, access: Access, input: RemoveSavedViewInput) -> ViewRecord:
        """Remove an own view, or one that is shared, which needs `views.share`; shown as it was."""
        return await remove_view(access, input.view_id)
