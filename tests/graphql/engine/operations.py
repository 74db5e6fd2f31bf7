"""Generates operations on any schema: arguments, variables, fragments, directives, introspection, mutations."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_object_type,
)
from hypothesis import strategies as st

LITERALS = {
    "Int": ["0", "1", "2", "3", "4"],
    "Int!": ["0", "1", "2", "3", "7"],
    "Float": ["1.5", "0.0", "-0.0", "0", "null"],
    "Decimal": ['"1.50"', '"1.5"', "1.5", "null", "0", '"-0"'],
    "DateTime": ['"2026-01-02T03:04:05Z"', '"2026-01-02T04:04:05+01:00"', "null"],
    "Date": ['"2026-01-02"', "null"],
    "String": ['"one"', "null", '"""\n  block\n"""'],
    "[String]": ['["a", null]', "[]", "null", '"a"', "[$word]"],
    "Wish": ["{}", "null", '{ amount: "1.0", sizes: [LARGE] }', "{ deeper: { sizes: SMALL, word: $word } }", "$wish"],
    "PaperFilter": ["{ newest: true, skip: [2] }", "{ skip: 1 }", "null", "{ newest: $yes }", "$which"],
}
LITERALS["Wish!"] = [one for one in LITERALS["Wish"] if one not in {"null", "$wish"}]
VARIABLES: dict[str, tuple[str, list[Any]]] = {
    "id": ("Int! = 2", [0, 1, 3, 8]),
    "first": ("Int = 2", [0, 1, 3, None]),
    "ratio": ("Float", [1, 0.5, -0.0, None]),
    "amount": ("Decimal = 2.50", ["1.0", "1.00", None, 3]),
    "moment": ("DateTime", ["2026-01-02T03:04:05Z", "2026-01-02T05:04:05+02:00", None]),
    "day": ("Date", ["2026-01-02", None]),
    "word": ('String! = "word"', ["", "ünï", "two words"]),
    "words": ("[String]", [["a", None], [], None, "one"]),
    "wish": ("Wish", [{}, {"amount": "1.00"}, {"sizes": ["LARGE", "SMALL"], "deeper": {"word": "w"}}, None]),
    "which": ("PaperFilter", [None, {"newest": True}, {"skip": [1, 2]}, {}]),
    "yes": ("Boolean! = true", [True, False]),
    "no": ("Boolean! = false", [True, False]),
    "maybe": ("Boolean = true", [True, False, None]),
}
OF_TYPE = {
    "Int": ["id", "first"], "Int!": ["id", "first"], "Float": ["ratio"], "Decimal": ["amount"], "DateTime": ["moment"],
    "Date": ["day"], "String": ["word"], "[String]": ["words"], "PaperFilter": ["which"], "Wish": ["wish"],
}  # fmt: skip
DIRECTIVES = [*[""] * 16, *(f" @{name}(if: ${one})" for name in ("include", "skip") for one in ("yes", "no"))]
DIRECTIVES += [" @include(if: true)", " @skip(if: false)", " @skip(if: true)", " @include(if: $maybe) @skip(if: $no)"]
INTROSPECTIONS = [
    "__schema { queryType { name fields { name args { name defaultValue type { kind ofType { name } } } } } }",
    '__type(name: "Odd") { name interfaces { name } fields(includeDeprecated: true) { name isDeprecated } }',
    "typed: __type(name: $word) { name }",
    '__type(name: "Mood") { kind enumValues @include(if: $yes) { name } ...Typed } ',
]


@dataclass
class Operation:
    """A document with its variables."""

    document: str
    variables: dict[str, Any] = field(default_factory=dict)
    name: str | None = None


class Writer:
    """Writes one document; response keys tell name, type and arguments, so that fields always merge."""

    def __init__(self, schema: GraphQLSchema, random: Random) -> None:
        self.schema, self.random = schema, random
        self.fragments: list[tuple[str, str]] = []
        self.left = 60

    def selections(self, type_: GraphQLNamedType, depth: int) -> str:
        parts = [self.selection(type_, depth) for _ in range(self.random.randint(1, 5))]
        return "{ " + " ".join(parts) + " }"

    def selection(self, type_: GraphQLNamedType, depth: int) -> str:
        drawn = self.random.random()
        self.left -= 1
        if depth > 0 and drawn < 0.3 and type_ not in {self.schema.query_type, self.schema.mutation_type}:
            return self.fragment(type_, depth, is_named=drawn < 0.12)
        fields: dict[str, GraphQLField] = getattr(type_, "fields", {})
        leaves = [name for name, one in fields.items() if is_leaf_type(get_named_type(one.type))]
        others = [name for name in fields if name not in leaves]
        if others and depth > 0 and (drawn < 0.75 or not leaves) and self.left > 0:
            name = self.random.choice(others)
        elif leaves and drawn < 0.95:
            name = self.random.choice(leaves)
        else:
            return self.random.choice(["__typename", "__typename", "kind: __typename"]) + self.directive()
        return self.field(name, fields[name], depth)

    def field(self, name: str, definition: GraphQLField, depth: int) -> str:
        given = [
            f"{key}: {self.argument(one)}"
            for key, one in definition.args.items()
            if (str(one.type).endswith("!") and one.default is None) or self.random.random() < 0.4
        ]
        arguments = f"({', '.join(given)})" if given else ""
        key = f"{name}_{zlib.crc32(f'{name}{definition.type}{arguments}'.encode()) % 10**6}"
        if self.random.random() < 0.2:
            key += "_too"
        below = get_named_type(definition.type)
        selected = "" if is_leaf_type(below) else " " + self.selections(below, depth - 1)
        return f"{key}: {name}{arguments}{self.directive()}{selected}"

    def argument(self, definition: GraphQLArgument) -> str:
        type_ = str(definition.type)
        names = OF_TYPE.get(type_, [])
        if names and self.random.random() < 0.4:
            return f"${self.random.choice(names)}"
        literals = LITERALS[type_ if type_ in LITERALS else type_.rstrip("!")]
        return self.random.choice(literals)

    def directive(self) -> str:
        return self.random.choice(DIRECTIVES)

    def fragment(self, type_: GraphQLNamedType, depth: int, *, is_named: bool) -> str:
        condition = self.random.choice(self.overlapping(type_))
        known = [name for name, on in self.fragments if on == condition.name]
        if is_named and known and self.random.random() < 0.4:
            return f"...{self.random.choice(known)}{self.directive()}"
        body = self.selections(condition, depth - 1)
        if not is_named:
            on = f" on {condition.name}" if condition is not type_ or self.random.random() < 0.5 else ""
            return f"...{on}{self.directive()} {body}"
        name = f"F{len(self.fragments)}"
        self.fragments.append((name, condition.name))
        self.bodies[name] = f"fragment {name} on {condition.name} {body}"
        return f"...{name}{self.directive()}"

    @property
    def bodies(self) -> dict[str, str]:
        return self.__dict__.setdefault("_bodies", {})

    def overlapping(self, type_: GraphQLNamedType) -> list[GraphQLNamedType]:
        if not (is_abstract_type(type_) or is_object_type(type_)):
            return [type_]
        composite = [one for one in self.schema.type_map.values() if is_object_type(one) or is_abstract_type(one)]
        possible = self.possible(type_)
        return [one for one in composite if possible & self.possible(one)]

    def possible(self, type_: GraphQLNamedType) -> set[str]:
        return {one.name for one in self.schema.get_possible_types(type_)} if is_abstract_type(type_) else {type_.name}


def written(schema: GraphQLSchema, random: Random) -> Operation:
    """Write an operation that is valid on a schema."""
    writer = Writer(schema, random)
    is_mutation = random.random() < 0.15
    root = schema.mutation_type if is_mutation else schema.query_type
    assert root is not None
    body = writer.selections(root, random.randint(2, 6))
    if random.random() < 0.1:
        asked = random.choice(INTROSPECTIONS) if not is_mutation else "__typename"
        body = f"{{ {asked} {body[1:]}" if random.random() < 0.5 else f"{body[:-1]} {asked} }}"
    parts = [body, *writer.bodies.values()]
    if "...Typed" in body:
        parts.append("fragment Typed on __Type { name __typename }")
    text = "\n".join(parts)
    used = [name for name in VARIABLES if any(f"${name}{end}" in text for end in " ),]}\n")]
    head = f"({', '.join(f'${name}: {VARIABLES[name][0]}' for name in used)})" if used else ""
    document = f"{'mutation' if is_mutation else 'query'} Asked{head} {text}"
    given = {name: random.choice(VARIABLES[name][1]) for name in used if random.random() < 0.6}
    if random.random() < 0.1:
        return Operation(f"query Other {{ __typename }}\n{document}", given, "Asked")
    return Operation(document, given)


def operations(schema: GraphQLSchema) -> Any:
    """Generate operations that are valid on a schema."""
    return st.randoms(use_true_random=False).map(lambda random: written(schema, random))
