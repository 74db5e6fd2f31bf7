"""The schema: mixins of queries, mutations and subscriptions from each noun, composed here and nowhere else."""

from __future__ import annotations

import strawberry
from strawberry.schema.config import StrawberryConfig

from wardship.graphql.api.node import NodeQueries
from wardship.graphql.api.refusals import refusal_types
from wardship.graphql.content.mutations import ContentMutations
from wardship.graphql.data_access.queries import DataAccessQueries
from wardship.graphql.groups.mutations import GroupMutations
from wardship.graphql.groups.queries import GroupQueries
from wardship.graphql.integrations.mutations import IntegrationMutations
from wardship.graphql.integrations.queries import IntegrationQueries
from wardship.graphql.integrations.subscriptions import IntegrationSubscriptions
from wardship.graphql.invitations.mutations import InvitationMutations
from wardship.graphql.invitations.queries import InvitationQueries
from wardship.graphql.members.mutations import MemberMutations
from wardship.graphql.members.queries import MemberQueries
from wardship.graphql.organisations.mutations import OrganisationMutations
from wardship.graphql.organisations.queries import OrganisationQueries
from wardship.graphql.requests.mutations import RequestMutations
from wardship.graphql.requests.queries import RequestQueries
from wardship.graphql.requests.subscriptions import RequestSubscriptions

QUERIES: tuple[type, ...] = (
    NodeQueries,
    OrganisationQueries,
    MemberQueries,
    GroupQueries,
    InvitationQueries,
    DataAccessQueries,
    IntegrationQueries,
    RequestQueries,
)
"""Each noun's queries: `graphql/<noun>/queries.py`."""

MUTATIONS: tuple[type, ...] = (
    OrganisationMutations,
    MemberMutations,
    GroupMutations,
    InvitationMutations,
    ContentMutations,
    IntegrationMutations,
    RequestMutations,
)
"""Each noun's mutations: `graphql/<noun>/mutations.py`."""

SUBSCRIPTIONS: tuple[type, ...] = (IntegrationSubscriptions, RequestSubscriptions)
"""Each noun's subscriptions: `graphql/<noun>/subscriptions.py`."""

EXTRA: tuple[type, ...] = ()
"""Types that no field names but that `node` may answer with."""


def make_schema() -> strawberry.Schema:
    """Return the schema of the whole API."""
    query = strawberry.type(type("Query", QUERIES, {}), description="What may be asked.")
    mutation = strawberry.type(type("Mutation", MUTATIONS, {}), description="What may be done.") if MUTATIONS else None
    subscription = strawberry.type(type("Subscription", SUBSCRIPTIONS, {}), description="What may be watched.")
    return strawberry.Schema(
        query,
        mutation,
        subscription,
        types=[*EXTRA, *refusal_types()],
        config=StrawberryConfig(auto_camel_case=True, disable_field_suggestions=False),
    )
