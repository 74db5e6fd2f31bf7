"""Every relation and every list of the schema, and a query that reaches each; from the schema, so that none is missed.

A connection counts as a list of its nodes; ``edges`` and ``node`` are not steps of a way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_enum_type,
    is_list_type,
    is_required_argument,
)

from tests.graphql.crowd import LIVE, global_key
from wardship.graphql.engine.schema.fields import BatchField

PAGING = frozenset({"first", "after", "last", "before"})
NUMBERS = {"Installation": LIVE, "Grant": LIVE}
"""Which of its kind an id names, where it is not the seventh."""
HEAVY = frozenset({"Viewer.content"})
"""Lists that lead nowhere else, because they cost more than others that lead there."""


@dataclass(frozen=True, slots=True)
class SchemaPath:
    """A field of a type, and the fields that lead to the type from the root, outermost first."""

    steps: tuple[tuple[str, GraphQLField], ...]
    parent: str

    @property
    def name(self) -> str:
        """The field, as ``Group.posts``."""
        return f"{self.parent}.{self.steps[-1][0]}"

    @property
    def field(self) -> GraphQLField:
        """The field itself."""
        return self.steps[-1][1]


def is_relation(field: GraphQLField) -> bool:
    """Whether a field is fetched for all parents at once."""
    return isinstance(field.extensions.get("strawberry-definition"), BatchField)


def is_connection(field: GraphQLField) -> bool:
    """Whether a field is a connection."""
    return get_named_type(field.type).name.endswith("Connection")


def target(field: GraphQLField) -> GraphQLNamedType:
    """The type that a field leads to: of a connection, that of its nodes."""
    found = get_named_type(field.type)
    if isinstance(found, GraphQLObjectType) and is_connection(field):
        edge = get_named_type(found.fields["edges"].type)
        assert isinstance(edge, GraphQLObjectType)
        return get_named_type(edge.fields["node"].type)
    return found


def schema_paths(schema: GraphQLSchema) -> list[SchemaPath]:
    """Every root field but ``node``, and every relation of every type that can be reached, the shortest way first."""
    assert schema.query_type is not None
    found: list[SchemaPath] = []
    led: dict[str, tuple[tuple[str, GraphQLField], ...]] = {schema.query_type.name: ()}
    queue: list[GraphQLObjectType] = [schema.query_type]
    for parent in queue:
        for name, field in parent.fields.items():
            if name == "node" or not (parent is schema.query_type or is_relation(field)):
                continue
            way = SchemaPath((*led[parent.name], (name, field)), parent.name)
            found.append(way)
            end = target(field)
            if isinstance(end, GraphQLObjectType) and end.name not in led and way.name not in HEAVY:
                led[end.name] = way.steps
                queue.append(end)
    return found


def relations(schema: GraphQLSchema) -> set[str]:
    """Every relation in the schema, reached or not."""
    return {
        f"{parent.name}.{name}"
        for parent in schema.type_map.values()
        if isinstance(parent, GraphQLObjectType)
        for name, field in parent.fields.items()
        if is_relation(field)
    }


def narrowings(schema: GraphQLSchema) -> set[str]:
    """Every argument that narrows or orders a list or relation: ``Query.members(where.role)``; of orders each value."""
    return {f"{way.name}({path})" for way in schema_paths(schema) for path in _arguments(way.field)}


def node_types(schema: GraphQLSchema) -> list[str]:
    """The types that ``node`` finds."""
    node = schema.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    return sorted(found.name for found in schema.get_possible_types(node))


def _arguments(field: GraphQLField) -> Iterator[str]:
    for name, argument in field.args.items():
        given = get_named_type(argument.type)
        if name in PAGING or is_required_argument(argument):
            continue
        if isinstance(given, GraphQLInputObjectType):
            yield from (f"{name}.{inner}" for inner in given.fields)
        elif is_enum_type(given) and "order" in name.lower():
            yield from (f"{name}: {value}" for value in given.values)  # type: ignore[attr-defined]  # is_enum_type does not narrow
        else:
            yield name


def document(way: SchemaPath, selection: str, arguments: str = "", first: int = 5) -> str:
    """Return a query that goes a way, with arguments at its last field, and selects there."""
    text = selection
    for place, (name, field) in reversed(list(enumerate(way.steps))):
        given = [f"first: {first}"] if "first" in field.args else []
        given += [
            f'{argument}: "{sample_id(target(field).name)}"'
            for argument, found in field.args.items()
            if is_required_argument(found) and get_named_type(found.type).name == "ID"
        ]
        given += [arguments] if arguments and place == len(way.steps) - 1 else []
        listed = f"({', '.join(given)})" if given else ""
        text = f"{name}{listed}{_braced(field, text)}"
    return f"{{ {text} }}"


def sample_id(type_name: str) -> str:
    """The id of an object of a type."""
    return global_key(type_name, NUMBERS.get(type_name, 7))


def _braced(field: GraphQLField, selection: str) -> str:
    if is_connection(field):
        return f" {{ edges {{ cursor node {{ {selection} }} }} pageInfo {{ hasNextPage endCursor }} }}"
    return f" {{ {selection} }}" if selection else ""


def leaves(found: GraphQLNamedType) -> str:
    """Return everything that an object of a type holds itself; empty for a leaf."""
    if not isinstance(found, GraphQLObjectType | GraphQLInterfaceType):
        return ""
    parts = []
    for name, field in found.fields.items():
        if not is_relation(field):
            inner = leaves(target(field))
            parts.append(f"{name} {{ {inner} }}" if inner else name)
    return " ".join(parts)


def related(found: GraphQLNamedType, first: int) -> Iterator[tuple[str, str]]:
    """Yield each relation of a type, as ``Group.posts``, with its selection: all leaves."""
    if isinstance(found, GraphQLObjectType):
        for name, field in found.fields.items():
            if is_relation(field):
                given = f"(first: {first})" if "first" in field.args else ""
                yield f"{found.name}.{name}", f"{name}{given}{_braced(field, leaves(target(field)))}"


def first_paths(schema: GraphQLSchema) -> list[SchemaPath]:
    """Return every root field, and one way to each type that has relations and that no root field leads to."""
    seen: set[str] = set()
    found = []
    for way in schema_paths(schema):
        end = target(way.field)
        if way.parent == "Query" or (end.name not in seen and any(related(end, 1))):
            found.append(way)
        seen.add(end.name)
    return found


def leads_through_list(way: SchemaPath) -> bool:
    """Whether a way leads through a list or a connection."""
    return any(is_connection(field) or is_list_type(get_nullable_type(field.type)) for _, field in way.steps)


def rows_at_end(answer: object, way: SchemaPath) -> int:
    """How many objects or values an answer holds at the end of a way."""
    return _rows(answer, [name for name, _ in way.steps])


def _rows(found: object, path: list[str]) -> int:
    if isinstance(found, list):
        return sum(_rows(each, path) for each in found)
    if isinstance(found, dict) and "edges" in found:
        return sum(_rows(edge["node"], path) for edge in found["edges"])
    if not path:
        return int(found is not None)
    return _rows(found[path[0]], path[1:]) if isinstance(found, dict) else 0
