"""The schema, put together of what each noun brings."""

from __future__ import annotations

from collections.abc import Iterable

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from wardship.core.errors import WardshipError
from wardship.graphql.api.node import node_queries
from wardship.graphql.api.nouns import ApiParts
from wardship.graphql.api.refusals import refusal_types
from wardship.graphql.api.relations import fields_with


def make_schema(parts: ApiParts, refusals: Iterable[type[WardshipError]]) -> strawberry.Schema:
    """Return the schema of the whole API.

    Args:
        parts: of every noun of the API.
        refusals: the domain's own.
    """

    class ApiSchema(strawberry.Schema):
        """A schema whose types have the fields that other nouns add to them."""

        def get_fields(self, type_definition: StrawberryObjectDefinition) -> list[StrawberryField]:
            """Return the fields of a type, those added to it among them."""
            return fields_with(parts.extensions, type_definition)

    queries = (node_queries(parts.node_loaders), *parts.queries)
    return ApiSchema(
        strawberry.type(merge_types("Query", queries), description="What may be asked."),
        strawberry.type(merge_types("Mutation", tuple(parts.mutations)), description="What may be done."),
        strawberry.type(merge_types("Subscription", tuple(parts.subscriptions)), description="What may be watched."),
        types=refusal_types(refusals),
        config=StrawberryConfig(auto_camel_case=True, disable_field_suggestions=False),
    )
