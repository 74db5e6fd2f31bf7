"""All that somebody is answered by the API, from the schema: a list that is kept by hand misses the next field."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from uuid import UUID

import pytest
from graphql import GraphQLField, GraphQLObjectType, get_named_type, is_leaf_type, is_required_argument

from tests.builders import Person
from tests.graphql.calls import gid, make_api
from wardship.app.application import api_schema
from wardship.tenants.access import Services

_DEPTHS = (2, 1, 0)


def fields(root: str) -> dict[str, GraphQLField]:
    """Return the fields of a type."""
    kind = api_schema()._schema.type_map[root]
    assert isinstance(kind, GraphQLObjectType)
    return kind.fields


async def sweep(services: Services, person: Person) -> str:
    """Return the answers of every field of queries that needs no argument."""
    answers = []
    for name, field in fields("Query").items():
        if not _required(field):
            answers.append(
                await _deepest(services, person, lambda depth, n=name, f=field: f"{{ {_field(n, f, depth)} }}")
            )
    return " ".join(answers)


async def sweep_by_id(services: Services, person: Person, ids: Mapping[str, list[UUID]]) -> str:
    """Return the answers of every field of queries that takes an id, asked for each of these, which are of types."""
    answers = []
    for name, field in fields("Query").items():
        if not (required := _required(field)):
            continue
        assert required == {"id"}, f"{name} takes more than an id: teach this module to ask it"
        for kind in ids if name == "node" else {get_named_type(field.type).name} & ids.keys():
            for identifier in ids[kind]:
                asked = _by_id(name, kind)
                answers.append(await _deepest(services, person, asked, id=gid(kind, identifier)))
    return " ".join(answers)


def selection(kind: GraphQLObjectType, depth: int) -> str:
    """Select all of a type that needs no argument, as far down as asked."""
    return " ".join(filter(None, (_field(name, field, depth) for name, field in kind.fields.items())))


async def _deepest(services: Services, person: Person, asked: Callable[[int], str], **variables: str) -> str:
    """Return the answer to the deepest of some queries that costs no more than is let through."""
    api = make_api(services)
    for depth in _DEPTHS:
        answer = json.dumps(await api.call(person, asked(depth), **variables), ensure_ascii=False)
        if "COST_LIMIT" not in answer:
            return answer
    pytest.fail(f"{asked(0)} costs too much to be looked at")


def _by_id(name: str, kind: str) -> Callable[[int], str]:
    shown = api_schema()._schema.type_map[kind]
    assert isinstance(shown, GraphQLObjectType)

    def asked(depth: int) -> str:
        inner = f"__typename ... on {kind} {{ {selection(shown, depth)} }}"
        return f"query($id: ID!) {{ {name}(id: $id) {{ {inner} }} }}"

    return asked


def _required(field: GraphQLField) -> set[str]:
    return {name for name, argument in field.args.items() if is_required_argument(argument)}


def _field(name: str, field: GraphQLField, depth: int) -> str:
    shown = get_named_type(field.type)
    if _required(field):
        return ""
    if is_leaf_type(shown):
        return name
    if not isinstance(shown, GraphQLObjectType):
        return ""
    first = "(first: 10)" if "first" in field.args else ""
    if shown.name.endswith("Connection"):
        node = get_named_type(get_named_type(shown.fields["edges"].type).fields["node"].type)
        inner = selection(node, depth - 1) if isinstance(node, GraphQLObjectType) and depth else ""
        return f"{name}{first} {{ edges {{ node {{ __typename {inner} }} }} }}"
    inner = selection(shown, depth - 1) if depth else ""
    return f"{name}{first} {{ __typename {inner} }}"
