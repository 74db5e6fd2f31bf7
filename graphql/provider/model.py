"""Organisations as operators see them."""

from __future__ import annotations

from datetime import datetime

import strawberry

from wardship.graphql.api.context import ApiInfo
from wardship.graphql.api.node import global_id_field
from wardship.graphql.api.paging import connection, page_request
from wardship.graphql.api.types import object_type
from wardship.graphql.engine import Connection, field, root_field
from wardship.tenants.organisation_lifecycle.managed import ManagedOrganisation as ManagedOrganisationRecord
from wardship.tenants.organisation_lifecycle.managed import list_organisations
from wardship.tenants.organisation_lifecycle.tasks import ClosingTask as ClosingTaskRecord
from wardship.tenants.organisation_lifecycle.tasks import list_closing_tasks
from wardship.tenants.organisations.states import OrganisationState

strawberry.enum(OrganisationState, name="OrganisationState", description="Where an organisation stands.")


@object_type(ManagedOrganisationRecord)
class ManagedOrganisation:
    """A customer's organisation as the provider's operators see it: never what is in it."""

    created_at: datetime = field("When it was made.")
    slug: str = field("Its short name, by which it is named here.")
    name: str = field("Its name.")
    state: OrganisationState = field("Where it stands.")
    state_since: datetime = field("Since when.")
    state_reason: str = field("Why, as was said then; its people read it too.")
    state_until: datetime | None = field(
        "When the clock acts: the offer to the owner ends, the erasure begins, or the short name is free again."
    )
    awaited: str | None = field("The address of the owner that it waits for; null when the owner is there.")
    members: int = field("How many people are active in it.")
    open_installations: int = field("How many recipients have not given everything back.")
    open_tasks: int = field("How many tasks only people can do there, and nobody has done.")
    kept_remainders: int = field("How many limitations of erasures still keep something.")


@object_type(ClosingTaskRecord)
class ClosingTask:
    """What an operator has to do at a recipient of an organisation that closes, because no integration does it."""

    id: strawberry.ID = global_id_field("ClosingTask", "Opaque identifier, with which it is completed.")
    created_at: datetime = field("When it was opened.")
    organisation: str = field("The short name of the organisation.")
    instructions: str = field("What to do.")
    due_at: datetime = field("When it has to be done.")


@strawberry.type
class ManagedOrganisationQueries:
    """Organisations in lists."""

    @root_field(cost=5)
    async def organisations(
        self, info: ApiInfo, first: int = 20, after: str | None = None, states: list[OrganisationState] | None = None
    ) -> Connection[ManagedOrganisation]:
        """Customers' organisations in the order in which they were made; for the provider's operators."""
        request = page_request(first, after)
        page = await list_organisations(info.context.access, request, states=states or ())
        return connection(page, request)

    @root_field(cost=5)
    async def closing_tasks(
        self, info: ApiInfo, first: int = 20, after: str | None = None, organisation: str | None = None
    ) -> Connection[ClosingTask]:
        """Open tasks at recipients of organisations that close, soonest due first; for the provider's operators."""
        request = page_request(first, after)
        page = await list_closing_tasks(info.context.access, request, organisation)
        return connection(page, request, place=lambda item: (item.due_at, item.id))
