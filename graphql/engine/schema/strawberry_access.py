"""What the engine needs of Strawberry and Strawberry keeps to itself, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import strawberry
from graphql import GraphQLResolveInfo, GraphQLSchema
from strawberry.types import Info

BACKREF = "strawberry-definition"
"""Where Strawberry leaves its own definition of a field or type, among the extensions of graphql-core's."""

_BACK = "_strawberry_schema"


def core_schema_of(schema: strawberry.Schema) -> GraphQLSchema:
    """Return the graphql-core schema that Strawberry made."""
    return schema._schema


def strawberry_schema_of(schema: GraphQLSchema) -> strawberry.Schema:
    """Return Strawberry's schema, which left itself at graphql-core's."""
    found: strawberry.Schema = getattr(schema, _BACK)
    return found


def raw_info_of(info: Info[Any, Any] | GraphQLResolveInfo[Any]) -> GraphQLResolveInfo[Any]:
    """Return graphql-core's info from what a resolver got."""
    return info._raw_info if isinstance(info, Info) else info


def python_name(graphql_name: str, extensions: Mapping[str, Any]) -> str:
    """Return the Python name of a field, from Strawberry's definition of it."""
    definition = extensions.get(BACKREF)
    return definition.python_name if definition is not None else graphql_name
