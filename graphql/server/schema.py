"""The schema, put together of what each noun brings, here and nowhere else."""

from __future__ import annotations

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from wardship.graphql.api.node import NodeQueries
from wardship.graphql.api.refusals import refusal_types
from wardship.graphql.api.relations import fields_with
from wardship.graphql.content.model import GroupContent
from wardship.graphql.content.mutations import ContentMutations
from wardship.graphql.data_access.queries import DataAccessQueries
from wardship.graphql.disclosures.model import InstallationDisclosures, MemberHoldings
from wardship.graphql.disclosures.queries import DisclosureQueries
from wardship.graphql.grants.model import InstallationGrants
from wardship.graphql.grants.mutations import ChoiceMutations, GrantMutations
from wardship.graphql.grants.queries import ChoiceQueries
from wardship.graphql.groups.model import MemberGroups
from wardship.graphql.groups.mutations import GroupMutations
from wardship.graphql.groups.queries import GroupQueries
from wardship.graphql.installations.mutations import InstallationMutations
from wardship.graphql.installations.queries import InstallationQueries
from wardship.graphql.installations.subscriptions import InstallationSubscriptions
from wardship.graphql.invitations.mutations import InvitationMutations
from wardship.graphql.invitations.queries import InvitationQueries
from wardship.graphql.members.mutations import MemberMutations
from wardship.graphql.members.queries import MemberQueries
from wardship.graphql.obligations.model import InstallationObligations
from wardship.graphql.obligations.queries import ObligationQueries
from wardship.graphql.organisations.mutations import OrganisationMutations
from wardship.graphql.organisations.queries import OrganisationQueries
from wardship.graphql.requests.mutations import RequestMutations
from wardship.graphql.requests.queries import RequestQueries
from wardship.graphql.requests.subscriptions import RequestSubscriptions
from wardship.graphql.tasks.model import ObligationTask
from wardship.graphql.tasks.mutations import TaskMutations
from wardship.graphql.tasks.queries import TaskQueries

QUERIES: tuple[type, ...] = (
    NodeQueries,
    OrganisationQueries,
    MemberQueries,
    GroupQueries,
    InvitationQueries,
    DataAccessQueries,
    InstallationQueries,
    ObligationQueries,
    TaskQueries,
    DisclosureQueries,
    ChoiceQueries,
    RequestQueries,
)
"""Each noun's queries: `graphql/<noun>/queries.py`."""

MUTATIONS: tuple[type, ...] = (
    OrganisationMutations,
    MemberMutations,
    GroupMutations,
    InvitationMutations,
    ContentMutations,
    InstallationMutations,
    GrantMutations,
    TaskMutations,
    ChoiceMutations,
    RequestMutations,
)
"""Each noun's mutations: `graphql/<noun>/mutations.py`."""

SUBSCRIPTIONS: tuple[type, ...] = (InstallationSubscriptions, RequestSubscriptions)
"""Each noun's subscriptions: `graphql/<noun>/subscriptions.py`."""

EXTENSIONS: tuple[type, ...] = (
    MemberGroups,
    GroupContent,
    InstallationGrants,
    InstallationObligations,
    ObligationTask,
    InstallationDisclosures,
    MemberHoldings,
)
"""What each noun adds to the types of nouns below it: `graphql/<noun>/model.py`."""


class ApiSchema(strawberry.Schema):
    """A schema whose types have the fields that other nouns add to them."""

    def get_fields(self, type_definition: StrawberryObjectDefinition) -> list[StrawberryField]:
        """Return the fields of a type, those added to it among them."""
        return fields_with(EXTENSIONS, type_definition)


def make_schema() -> strawberry.Schema:
    """Return the schema of the whole API."""
    return ApiSchema(
        strawberry.type(merge_types("Query", QUERIES), description="What may be asked."),
        strawberry.type(merge_types("Mutation", MUTATIONS), description="What may be done."),
        strawberry.type(merge_types("Subscription", SUBSCRIPTIONS), description="What may be watched."),
        types=refusal_types(),
        config=StrawberryConfig(auto_camel_case=True, disable_field_suggestions=False),
    )
