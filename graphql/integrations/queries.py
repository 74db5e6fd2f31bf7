"""What may be asked about integrations."""

from __future__ import annotations

from uuid import UUID

import strawberry

from wardship.graphql.api.context import ApiInfo
from wardship.graphql.api.identifiers import parse_id
from wardship.graphql.api.paging import connection, page_request
from wardship.graphql.engine import Connection, root_field
from wardship.graphql.integrations.declaration import AvailableIntegration, available_of
from wardship.graphql.integrations.ledger import (
    Consent,
    Disclosure,
    Objection,
    consent_of,
    disclosure_of,
    objection_of,
)
from wardship.graphql.integrations.model import Installation
from wardship.graphql.integrations.owed import ManualTask, Obligation, obligation_of, task_of
from wardship.tenants.egress.ledger import list_disclosures
from wardship.tenants.grants.choices import consents_of, objections_of
from wardship.tenants.installations.declarations import available_integrations
from wardship.tenants.installations.read import list_installations
from wardship.tenants.obligations.read import ObligationState, list_obligations
from wardship.tenants.tasks.tasks import TaskState, list_tasks


@strawberry.type
class IntegrationQueries:
    """Integrations in lists."""

    @root_field(
        cost=5, is_single=True, size=20, description="The integrations of this deployment, with what each declares."
    )
    async def available_integrations(self, info: ApiInfo) -> list[AvailableIntegration]:
        """Return all integrations."""
        return [available_of(item) for item in available_integrations(info.context.access)]

    @root_field(
        cost=3, is_single=True, description="What is installed, by time; those without the right to all see their own."
    )
    async def installations(
        self,
        info: ApiInfo,
        first: int = 20,
        after: str | None = None,
        with_removed: bool = False,  # noqa: FBT001, FBT002 - a GraphQL argument
    ) -> Connection[Installation]:
        """Return a page of installations."""
        request = page_request(first, after)
        page = await list_installations(info.context.access, request, with_removed=with_removed)
        return connection(page, request)

    @root_field(cost=3, is_single=True, description="What is and was owed at integrations, by time.")
    async def obligations(
        self,
        info: ApiInfo,
        first: int = 20,
        after: str | None = None,
        installation_id: strawberry.ID | None = None,
        states: list[ObligationState] | None = None,
    ) -> Connection[Obligation]:
        """Return a page of obligations."""
        request = page_request(first, after)
        page = await list_obligations(
            info.context.access,
            request,
            installation_id=_optional("Installation", installation_id, "installationId"),
            states=states or (),
        )
        return connection(page, request, node=obligation_of)

    @root_field(cost=3, is_single=True, description="Tasks for people, by the time they are due.")
    async def manual_tasks(
        self, info: ApiInfo, first: int = 20, after: str | None = None, states: list[TaskState] | None = None
    ) -> Connection[ManualTask]:
        """Return a page of tasks."""
        request = page_request(first, after)
        page = await list_tasks(info.context.access, request, states=states or ())
        return connection(page, request, node=task_of, place=lambda item: (item.due_at, item.id))

    @root_field(
        cost=3, is_single=True, description="The ledger, oldest first: of a member, of an installation, or all of it."
    )
    async def disclosures(
        self,
        info: ApiInfo,
        first: int = 20,
        after: str | None = None,
        member_id: strawberry.ID | None = None,
        installation_id: strawberry.ID | None = None,
    ) -> Connection[Disclosure]:
        """Return a page of the ledger."""
        request = page_request(first, after)
        page = await list_disclosures(
            info.context.access,
            request,
            member_id=_optional("Member", member_id, "memberId"),
            installation_id=_optional("Installation", installation_id, "installationId"),
        )
        return connection(page, request, node=disclosure_of)

    @root_field(cost=3, is_single=True, description="Who received what of you, oldest first.")
    async def my_disclosures(self, info: ApiInfo, first: int = 20, after: str | None = None) -> Connection[Disclosure]:
        """Return a page of the caller's own entries."""
        access = info.context.access
        request = page_request(first, after)
        page = await list_disclosures(access, request, member_id=access.require_member("read"))
        return connection(page, request, node=disclosure_of)

    @root_field(cost=2, is_single=True, size=10, description="Your consents, withdrawn ones too, oldest first.")
    async def my_consents(self, info: ApiInfo) -> list[Consent]:
        """Return the caller's own consents."""
        member_id = info.context.access.require_member("read")
        found = await consents_of(info.context.access, [member_id])
        return [consent_of(record) for record in found[member_id]]

    @root_field(cost=2, is_single=True, size=10, description="Your objections, withdrawn ones too, oldest first.")
    async def my_objections(self, info: ApiInfo) -> list[Objection]:
        """Return the caller's own objections."""
        member_id = info.context.access.require_member("read")
        found = await objections_of(info.context.access, [member_id])
        return [objection_of(record) for record in found[member_id]]


def _optional(type_name: str, value: strawberry.ID | None, path: str) -> UUID | None:
    return None if value is None else parse_id(type_name, value, path=(path,))
