"""Lists of the API as tables: which columns a table has, and the document by which its rows are read.

A table is read as a client reads the list, page by page: who may see it, what is filtered, how it is ordered, what it
costs and whose looks are recorded is the list's own, because nothing else is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    GraphQLString,
)

from wardship.graphql.engine import document_id

TABLES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "members": (
            *("id", "displayName", "firstName", "lastName", "email", "phone", "jobTitle", "company", "state"),
            *("roles.role", "joinedAt", "lastSeenAt", "leftAt"),
        ),
        "requests": (
            *("id", "submittedAt", "member.displayName", "rights.kind", "rights.state", "regime", "handler", "dueAt"),
            *("acknowledgedAt", "escalatedAt", "lateSince", "endedAt"),
        ),
        "auditLog": (
            *("sequence", "at", "actorKind", "actor.displayName", "action", "targetKind", "targetId", "purpose"),
            *("outcome", "requestId", "details"),
        ),
        "disclosures": (
            *("id", "createdAt", "member.displayName", "recipient", "categories", "fields", "purposes", "state"),
            "settledAt",
        ),
        "obligations": (
            *("id", "verb", "state", "recipient", "member.displayName", "submittedAt", "dueAt", "attempt", "failures"),
            *("endedAt", "outcome.status", "outcome.recordsAffected", "proof.level", "proof.basis"),
        ),
    }
)
"""The columns of each table, as paths of fields below the list's nodes, by the list's field of the query."""
TEXT: Final = "(text)"
"""What the audit chain says where somebody filtered by a text, which may name a person."""
_PAGING: Final = frozenset({"first", "after"})


def table_document(schema: GraphQLSchema, table: str) -> str:
    """Return the document that reads a page of a table; its variables are named as the list's arguments are."""
    listed = _list(schema, table)
    declared = "".join(f", ${name}: {_nullable(argument.type)}" for name, argument in _arguments(listed).items())
    given = "".join(f", {name}: ${name}" for name in _arguments(listed))
    return (
        f"query Table($first: Int!, $after: String{declared}) {{ {table}(first: $first, after: $after{given}) {{"
        f" edges {{ node {{ {_selection(TABLES[table])} }} }} pageInfo {{ hasNextPage endCursor }} }} }}"
    )


def table_documents(schema: GraphQLSchema) -> dict[str, str]:
    """Return the documents of all tables by their identifiers."""
    documents = [table_document(schema, table) for table in TABLES]
    return {document_id(document): document for document in documents}


def table_arguments(schema: GraphQLSchema, table: str) -> frozenset[str]:
    """Return by what the rows of a table may be filtered and ordered."""
    return frozenset(_arguments(_list(schema, table)))


def without_texts(schema: GraphQLSchema, table: str, given: Mapping[str, Any]) -> dict[str, object]:
    """Return of what a table was filtered by what may be kept for ever: states, identifiers, moments; texts left out.

    Args:
        schema: of the API.
        table: which.
        given: arguments of the list, with which it was read.
    """
    arguments = _arguments(_list(schema, table))
    return {name: _without_texts(value, arguments[name].type) for name, value in given.items()}


def cells(node: Mapping[str, Any], table: str) -> list[object]:
    """Return what stands in the columns of a row; a list where a path leads through one."""
    return [_at(dict(node), path.split(".")) for path in TABLES[table]]


def _without_texts(value: object, kind: object) -> object:
    bare = _nullable(kind)
    if isinstance(bare, GraphQLList) and value is not None:
        return [_without_texts(item, bare.of_type) for item in (value if isinstance(value, list) else [value])]
    if isinstance(bare, GraphQLInputObjectType) and isinstance(value, dict):
        return {name: _without_texts(item, bare.fields[name].type) for name, item in value.items()}
    return TEXT if bare is GraphQLString and value else value


def _list(schema: GraphQLSchema, table: str) -> GraphQLField:
    if schema.query_type is None:
        raise LookupError("The schema has no queries.")
    listed: GraphQLField = schema.query_type.fields[table]
    return listed


def _arguments(listed: GraphQLField) -> Mapping[str, Any]:
    return {name: argument for name, argument in listed.args.items() if name not in _PAGING}


def _nullable(kind: object) -> object:
    """Return a type without its exclamation mark: what is not given is what the list takes for it by itself."""
    return kind.of_type if isinstance(kind, GraphQLNonNull) else kind


def _selection(paths: Sequence[str]) -> str:
    """Return the selection of some paths of at most two fields, each first field once."""
    inner: dict[str, list[str]] = {}
    for path in paths:
        name, _, rest = path.partition(".")
        inner.setdefault(name, []).append(rest)
    return " ".join(name if not any(rests) else f"{name} {{ {' '.join(rests)} }}" for name, rests in inner.items())


def _at(value: object, path: Sequence[str]) -> object:
    """Return what stands at a path below a value of JSON."""
    if isinstance(value, list):
        return [_at(item, path) for item in value]
    return _at(value[path[0]], path[1:]) if path and isinstance(value, dict) else value
