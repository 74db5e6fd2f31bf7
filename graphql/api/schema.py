"""The schema: one mixin of queries and one of mutations from each noun, composed here and nowhere else."""

from __future__ import annotations

import strawberry
from strawberry.schema.config import StrawberryConfig

from wardship.graphql.api.node import NodeQueries
from wardship.graphql.api.refusals import refusal_types

QUERIES: tuple[type, ...] = (NodeQueries,)
"""Each noun's queries: `graphql/<noun>/queries.py`."""

MUTATIONS: tuple[type, ...] = ()
"""Each noun's mutations: `graphql/<noun>/mutations.py`."""

EXTRA: tuple[type, ...] = ()
"""Types that no field names but that `node` may answer with."""


def make_schema() -> strawberry.Schema:
    """Return the schema of the whole API."""
    query = strawberry.type(type("Query", QUERIES, {}), description="What may be asked.")
    mutation = strawberry.type(type("Mutation", MUTATIONS, {}), description="What may be done.") if MUTATIONS else None
    return strawberry.Schema(
        query,
        mutation,
        types=[*EXTRA, *refusal_types()],
        config=StrawberryConfig(auto_camel_case=True, disable_field_suggestions=False),
    )
